import Experiments
import Foundation
import Streams
import Training

extension Command {
  static let search = Command(
    "search", .training, "Choose rates, steps and strengths on people inside the training part",
    discussion: """
      Tries what the recipe's 'comparison.search' names, for every arm and budget the same number of trials, each trained and measured on \
      folds inside the training part of the recipe's first fold. Nobody who is tested on there is read. What is done is kept: the same \
      command goes on where it was stopped. The folder then holds a report, and each arm's recipe with the values that were best. \
      'ssrm compare' does the same for every fold by itself.
      """,
    operands: [Operand("recipe", "A recipe's file, or the name of one in Recipes.")],
    options: [
      .comparedData, .set,
      .value("init", "RUN", "An earlier run that pretrained arms begin with, instead of pretraining for each fold."),
      .value("out", "RUN", "The search's folder; one that the recipe and the data determine without it."),
      .value("jobs", "N", "Folds at once, each on its share of the cores; 1 without it."),
    ],
    examples: [
      Example(
        "Three learning rates and two lengths for each arm:",
        "ssrm search pmd-17 --data corpora/pmd --set comparison.search.trials=6 --set 'comparison.search.values={finetuning.optimization.learning_rate: [0.003, 0.01, 0.03], finetuning.minimum_steps: [150, 300]}'"
      ),
      Example("Then with the values that were best:", "ssrm finetune runs/search/scratch-all.yaml --data corpora/pmd"),
    ]
  ) { arguments in
    let recipe = try arguments.recipe()
    var options = Comparison.Options()
    options.jobs = try arguments.integer("jobs", in: 1...256) ?? 1
    Interruption.install()
    let (folder, text) = try Comparison(
      recipe, corpora: arguments.corpora(), initial: arguments.url("init"), options: options
    )
    .search(out: arguments.url("out"))
    try StandardOutput.print(text)
    try StandardOutput.print("wrote \(folder.url.relativePath)")
  }
}
