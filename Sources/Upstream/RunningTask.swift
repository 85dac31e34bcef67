import Tensors
import SleepCore
import Training

/// A task at work: with its weight, and random numbers of its own.
final class RunningTask {
  let recipe: TaskRecipe
  let task: any PretextTask
  var random: RandomSource

  init(_ recipe: TaskRecipe, _ task: any PretextTask, seed: UInt64, index: Int) {
    self.recipe = recipe
    self.task = task
    random = RandomSource(seed: seed, for: "pretext task \(index)")
  }

  /// Follows a step of the optimiser: slow copies move.
  func followStep() throws { for copy in task.slowCopies { try copy.follow() } }

  /// Adds the task's weighted loss, and what it is like.
  func add(_ result: PretextResult, of what: String, count: Int, _ loss: inout Tensor?, _ sums: inout Sums) throws {
    let weighted = try result.loss * recipe.weight
    loss = try loss.map { try $0 + weighted } ?? weighted
    let key = "\(recipe.name)/\(what)"
    sums.add("\(key)/loss", try result.loss.item(), count)
    sums.add("\(key)/\(type(of: task).metricName)", result.metric, count)
    sums.add("\(key)/chance", result.chance, count)
  }
}

extension RunningTask: Resumable {
  func save(to state: inout TrainingState, as name: String) throws {
    try state.put("\(name)/random", random)
    for (number, copy) in task.slowCopies.enumerated() {
      try copy.network.store.save(to: &state, as: "\(name)/slow\(number)")
    }
  }

  func load(from state: TrainingState, as name: String) throws {
    random = try state.value("\(name)/random")
    for (number, copy) in task.slowCopies.enumerated() {
      try copy.network.store.load(from: state, as: "\(name)/slow\(number)")
    }
  }
}
