import Experiments
import Foundation
import Streams

extension Command {
  static let export = Command(
    "export", .results, "Write a run's weights as one safetensors file",
    discussion: """
      The weights under PyTorch's names; the recipe, the input contract, the label scheme and the preprocessing stand in the file's \
      metadata. The weights are checked against the recipe first.
      """,
    operands: [Operand("run", "The folder of a run of 'ssrm pretrain' or 'ssrm finetune'.")],
    options: [.value("out", "FILE", "The file to write, new, ending in .safetensors.", isRequired: true)],
    examples: [
      Example(
        "Weights for Python:", "ssrm export runs/pmd-17/2026-01-31-120000-1 --out pmd-17.safetensors")
    ]
  ) { arguments in
    let (tensors, numbers) = try WeightsExport.run(
      URL(fileURLWithPath: arguments.operand("run")), to: arguments.folder("out"))
    try StandardOutput.print("wrote \(arguments.required("out")): \(numbers) numbers in \(counted(tensors, "tensor"))")
  }
}
