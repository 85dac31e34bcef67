import Experiments
import Foundation
import Streams
import Training

extension Command {
  static let compare = Command(
    "compare", .results, "Compare supervised and self-supervised arms on the same folds and labels",
    discussion: """
      Runs every arm of the recipe with every budget of labels, fold and seed. Encoders never see their fold's test subjects. What is \
      done is kept: the same command goes on where it was stopped. A published system's name, as 'ssrm models' lists them, is an arm \
      too: it is trained from scratch on the same folds and labels, as its publication says. It ends with a table, the paired differences between arms, and \
      a figure of score against labels.
      """,
    operands: [Operand("recipe", "A recipe's file, or the name of one in Recipes.")],
    options: [
      .comparedData, .set,
      .value(
        "init", "RUN", "An earlier run that 'frozen' and 'fine-tuned' begin with, instead of pretraining for each fold."
      ),
      .value("out", "RUN", "The comparison's folder; one that the recipe and the data determine without it."),
      .value("jobs", "N", "Cells at once, each on its share of the cores; 1 without it."),
      .flag("quick", "One seed, two folds and few steps, to see that it runs; the numbers mean nothing."),
    ],
    examples: [
      Example("Does pretraining help on pressure maps?", "ssrm compare pmd-17 --data corpora/pmd --jobs 2"),
      Example(
        "With published systems beside it:",
        "ssrm compare psg-synthetic --data corpora/psg --set 'comparison.arms=[scratch, fine-tuned, ulw-sleepnet]'"),
      Example("See that it runs:", "ssrm compare pmd-17 --data corpora/pmd --quick"),
    ]
  ) { arguments in
    let recipe = try arguments.recipe()
    var options = Comparison.Options()
    options.jobs = try arguments.integer("jobs", in: 1...256) ?? 1
    options.quick = arguments.has("quick")
    Interruption.install()
    let (folder, table) = try Comparison(
      recipe, corpora: arguments.corpora(), initial: arguments.url("init"), options: options
    )
    .run(out: arguments.url("out"))
    try StandardOutput.print(table.text)
    try StandardOutput.print("wrote \(folder.url.relativePath)")
  }
}
