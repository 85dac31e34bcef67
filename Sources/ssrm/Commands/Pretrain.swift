import Experiments
import Foundation
import Streams
import Tensors
import Training

extension Command {
  static let pretrain = Command(
    "pretrain", .training, "Pretrain an encoder on unlabelled windows",
    discussion: """
      Trains the recipe's encoder on its pretext tasks. No label is read. Corpora may hold different sensors, also ones that were \
      never recorded together; every sensor gives equally many batches. The run's folder then holds encoder.safetensors.

      Several processes train one encoder together, each with its share of every batch: started by --processes on \
      this machine, or by torchrun or srun on several, with the same command for all.
      """,
    operands: [Operand("recipe", "A recipe's file, or the name of one in Recipes.")],
    options: [
      .data, .set, .newRun, .extend("pretraining.epochs"),
      .value("init", "RUN", "Goes on from this run's encoder."),
      .value("processes", "N", "Trains in so many processes on this machine, which share its processors."),
    ],
    examples: [
      Example("Pretrain on the pressure maps:", "ssrm pretrain pmd-17 --data corpora/pmd"),
      Example(
        "The same with other numbers:",
        "ssrm pretrain pmd-17 --data corpora/pmd --set pretraining.epochs=5 --set seed=2 --out runs/look"),
      Example(
        "In four processes on this machine:", "ssrm pretrain pmd-17 --data corpora/pmd --processes 4"),
      Example(
        "In all tasks of a Slurm job:", "srun ssrm pretrain pmd-17 --data corpora/pmd --out runs/large"),
    ]
  ) { arguments in
    let recipe = try arguments.recipe()
    Interruption.install()
    let processes = try arguments.integer("processes", in: 1...1024) ?? 1
    if processes > 1, !Launcher.hasStartedThis {
      guard try Meeting.announced() == nil else {
        throw UsageError.badValue(
          option: "--processes", found: "\(processes)",
          expected: "to be left out where torchrun or srun starts the processes")
      }
      // What is wrong with the data is said once.
      _ = try arguments.corpora()
      return try Launcher.run(processes)
    }
    guard let meeting = try Meeting.announced(), meeting.rank > 0 else {
      let run = try arguments.pretrain(recipe, Meeting.announced())
      try StandardOutput.write(String(contentsOf: run.report, encoding: .utf8))
      return try StandardOutput.print("wrote \(run.url.relativePath)")
    }
    do { try arguments.takePart(recipe, meeting) } catch {
      throw TogetherError(rank: meeting.rank, count: meeting.count, error: error)
    }
  }
}

extension Arguments {
  /// Pretrains as the first process, or the only one.
  fileprivate func pretrain(_ recipe: Recipe, _ meeting: Meeting?) throws -> RunFolder {
    let group = try meeting.map { try join($0, recipe) }
    return try PretrainingRun.run(
      recipe, corpora: corpora(), from: url("init"), extending: url("extend"), out: url("out"), in: group)
  }

  /// Pretrains as one of the others.
  fileprivate func takePart(_ recipe: Recipe, _ meeting: Meeting) throws {
    try PretrainingRun.takePart(
      recipe, corpora: corpora(), from: url("init"), extending: url("extend"), in: join(meeting, recipe))
  }

  private func join(_ meeting: Meeting, _ recipe: Recipe) throws -> ProcessGroup {
    Launcher.watchParent()
    LocalProcesses.shareThreads()
    return try ProcessGroup(meeting, device: LocalProcesses.device(recipe.device))
  }
}
