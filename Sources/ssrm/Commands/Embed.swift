import Experiments
import Foundation
import Streams
import Training

extension Command {
  static let embed = Command(
    "embed", .results, "Write the encoder's vector of each window",
    discussion: """
      Writes <recording>/<sensor>.npy, one row a window, in the order of the corpus and its labels.npy; NaN where the sensor did not \
      measure.
      """,
    operands: [Operand("run", "The folder of a run of 'ssrm pretrain' or 'ssrm finetune', or its .safetensors.")],
    options: [.corpus, .value("out", "DIR", "The folder to write, new.", isRequired: true)],
    examples: [
      Example(
        "Vectors for a plot of your own:",
        "ssrm embed runs/pmd-17/2026-01-31-120000-1 --data corpora/pmd --out vectors")
    ]
  ) { arguments in
    Interruption.install()
    let (windows, width) = try EmbeddingRun.run(
      URL(fileURLWithPath: arguments.operand("run")), corpus: arguments.corpus(), out: arguments.folder("out"))
    try StandardOutput.print("wrote \(arguments.required("out")): \(counted(windows, "vector")) of \(width)")
  }
}
