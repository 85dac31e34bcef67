import Experiments
import Foundation
import Streams

extension Command {
  static let export = Command(
    "export", .results, "Write a run's weights as one safetensors file",
    discussion: """
      The weights under PyTorch's names; the recipe, the input contract, the label scheme and the preprocessing stand in the file's \
      metadata. The weights are checked against the recipe first. PyTorch takes them with load_state_dict(safetensors.torch.load_file(FILE)). \
      With --names theirs they are called as in the class of a published system's authors, of which SleepVST's is known.
      """,
    operands: [Operand("run", "The folder of a run of 'ssrm pretrain' or 'ssrm finetune'.")],
    options: [
      .value("out", "FILE", "The file to write, new, ending in .safetensors.", isRequired: true),
      .value("names", "NAMES", "'ours', or 'theirs' for the class of a published system's authors; ours without it."),
    ],
    examples: [
      Example(
        "Weights for Python:", "ssrm export runs/pmd-17/2026-01-31-120000-1 --out pmd-17.safetensors"),
      Example(
        "SleepVST for its authors' class:",
        "ssrm export runs/sleepvst-shhs/2026-01-31-120000-1 --names theirs --out sleepvst.safetensors"),
    ]
  ) { arguments in
    let chosen = arguments.value("names") ?? WeightsExport.Names.ours.rawValue
    guard let names = WeightsExport.Names(rawValue: chosen) else {
      throw UsageError.badValue(option: "--names", found: chosen, expected: "ours or theirs")
    }
    let (tensors, numbers) = try WeightsExport.run(
      URL(fileURLWithPath: arguments.operand("run")), to: arguments.folder("out"), names: names)
    try StandardOutput.print("wrote \(arguments.required("out")): \(numbers) numbers in \(counted(tensors, "tensor"))")
  }
}
