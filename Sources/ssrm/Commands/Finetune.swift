import Corpora
import Downstream
import Experiments
import Foundation
import Streams
import Tensors
import Training

extension Command {
  static let finetune = Command(
    "finetune", .training, "Train a recogniser on labelled windows",
    discussion: """
      Trains on the training subjects of the recipe's first fold, chooses the epoch on its validation subjects, and reads its \
      test subjects once, for the report. With --init the encoder starts from a pretrained one and learns at a tenth of the head's rate; \
      an earlier run of the same model may be given too: then all of it goes on at a tenth of the rate, on these data. Without --init \
      everything starts from scratch. Several corpora are joined: each has folds of its own, and names such as mesa.1234; 'trained_on' in the recipe \
      names those whose people are trained on.
      """,
    operands: [Operand("recipe", "A recipe's file, or the name of one in Recipes.")],
    options: [
      .joinedData, .set, .newRun, .extend("finetuning.epochs"),
      .value(
        "init", "RUN", "A run of 'ssrm pretrain', or one of 'ssrm finetune' with the same model, or its checkpoint."),
      .flag("frozen", "Keeps the encoder as it is, and trains the head alone."),
    ],
    examples: [
      Example(
        "Fine-tune a pretrained encoder:",
        "ssrm finetune pmd-17 --data corpora/pmd --init runs/pmd-17/2026-01-31-120000-1"),
      Example(
        "Carry a published system over to other data:",
        "ssrm finetune sleepvst-transfer --data corpora/mesa --init runs/sleepvst-shhs/2026-01-31-120000-1"),
      Example("Train from scratch:", "ssrm finetune pmd-17 --data corpora/pmd"),
      Example("Train on two data sets together:", "ssrm finetune sleepvst-shhs --data corpora/shhs corpora/mesa"),
    ]
  ) { arguments in
    try Meeting.refuse("ssrm finetune")
    let recipe = try arguments.recipe()
    Interruption.install()
    let (run, _) = try FineTuningRun.run(
      recipe, corpus: Corpus.joined(arguments.corpora()), initial: arguments.url("init"),
      frozen: arguments.has("frozen"),
      extending: arguments.url("extend"),
      vectors: .perUser(), out: arguments.url("out"))
    try StandardOutput.write(String(contentsOf: run.report, encoding: .utf8))
    try StandardOutput.print("wrote \(run.url.relativePath)")
  }
}
