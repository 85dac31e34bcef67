import Experiments
import Foundation
import Streams

extension Command {
  static let average = Command(
    "average", .results, "Write the mean of several runs' weights as one file",
    discussion: """
      The runs must be of one architecture. Their mean is a good model only where they began with the same weights, as runs of 'ssrm finetune' \
      with the same --init. Running statistics of batch norms are averaged too, and not taken anew. The file has the first run's recipe, and \
      has seen whom any of the runs has seen; --init and 'ssrm predict' take it.
      """,
    operands: [
      Operand(
        "run", "Runs of 'ssrm pretrain', or of 'ssrm finetune', or their checkpoints: two or more.", isRepeated: true)
    ],
    options: [.value("out", "FILE", "The file to write, new, ending in .safetensors.", isRequired: true)],
    examples: [
      Example(
        "Three recognisers from one encoder as one:",
        "ssrm average runs/pmd-17/seed-1 runs/pmd-17/seed-2 runs/pmd-17/seed-3 --out pmd-17.safetensors")
    ]
  ) { arguments in
    let runs = arguments.operands("run").map { URL(fileURLWithPath: $0) }
    let tensors = try AveragedWeights.run(runs, to: arguments.folder("out"))
    try StandardOutput.print(
      "wrote \(arguments.required("out")): the mean of \(counted(runs.count, "run")), \(counted(tensors, "tensor"))")
  }
}
