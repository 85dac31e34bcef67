import Experiments
import Foundation
import Streams
import Training

extension Command {
  static let pretrain = Command(
    "pretrain", .training, "Pretrain an encoder on unlabelled windows",
    discussion: """
      Trains the recipe's encoder on its pretext tasks. No label is read. Corpora may hold different sensors, also ones that were \
      never recorded together; every sensor gives equally many batches. The run's folder then holds encoder.safetensors.
      """,
    operands: [Operand("recipe", "A recipe's file, or the name of one in Recipes.")],
    options: [
      .data, .set, .newRun, .extend("pretraining.epochs"),
      .value("init", "RUN", "Goes on from this run's encoder."),
    ],
    examples: [
      Example("Pretrain on the pressure maps:", "ssrm pretrain pmd-17 --data corpora/pmd"),
      Example(
        "The same with other numbers:",
        "ssrm pretrain pmd-17 --data corpora/pmd --set pretraining.epochs=5 --set seed=2 --out runs/look"),
    ]
  ) { arguments in
    let recipe = try arguments.recipe()
    Interruption.install()
    let run = try PretrainingRun.run(
      recipe, corpora: arguments.corpora(), from: arguments.url("init"),
      extending: arguments.url("extend"), out: arguments.url("out"))
    try StandardOutput.write(String(contentsOf: run.report, encoding: .utf8))
    try StandardOutput.print("wrote \(run.url.relativePath)")
  }
}
