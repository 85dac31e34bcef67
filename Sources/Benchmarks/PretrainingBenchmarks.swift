import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Training
import Upstream

/// A step of pretraining as `ssrm pretrain` takes it: a batch read from a corpus, views or masks, loss, gradient, AdamW.
enum PretrainingBenchmarks {
  static let all = objectives.flatMap { objective in
    objective.inputs.map { benchmark(objective, of: $0) }
  }

  private struct Objective: Sendable {
    let task: TaskRecipe
    let title: String
    let inputs: [PretrainingInput]
    let batch: String

    init(_ task: TaskRecipe, _ title: String, of inputs: PretrainingInput..., batch: String = "batch 256") {
      (self.task, self.title, self.inputs, self.batch) = (task, title, inputs, batch)
    }
  }

  private static let stretches = "16 stretches of 120"

  private static let objectives = [
    Objective(TaskRecipe(ContrastTask.self), "contrast of two changed copies", of: .psg, .map),
    Objective(
      TaskRecipe(ViewsTask.self) { $0.negatives = .all },
      "search for the window and its view, two changed copies in every view", of: .psg, .map),
    Objective(
      TaskRecipe(RotationTask.self) { $0.negatives = .all },
      "search for the window and its turn, two changed copies in every turn", of: .psg, .map),
    Objective(TaskRecipe(FrequencyTask.self), "masked spectrograms", of: .psg),
    Objective(TaskRecipe(MaskedTask.self), "masked patches", of: .psg, .map),
    Objective(TaskRecipe(VICRegTask.self), "VICReg", of: .psg, .map),
    Objective(TaskRecipe(BYOLTask.self), "BYOL", of: .psg, .map),
    Objective(TaskRecipe(DINOTask.self), "DINO", of: .psg, .map),
    Objective(TaskRecipe(SwAVTask.self), "SwAV", of: .psg, .map),
    Objective(TaskRecipe(ArrowTask.self), "arrow of time", of: .psg),
    Objective(TaskRecipe(PermutationTask.self), "shuffled segments", of: .psg),
    Objective(TaskRecipe(WarpTask.self), "warped time", of: .psg),
    Objective(TaskRecipe(FrequencySimilarityTask.self), "likeness of spectra", of: .psg),
    Objective(TaskRecipe(MadeUpSpectraTask.self), "made-up spectra", of: .psg),
    Objective(
      TaskRecipe(RelativePositionTask.self) { $0.recordings = 16 }, "near or far in time", of: .nights,
      batch: "8 pairs of 16 nights"),
    Objective(
      TaskRecipe(OrderTask.self) { $0.recordings = 16 }, "in order in time", of: .nights,
      batch: "6 triplets of 16 nights"),
    Objective(TaskRecipe(PredictiveCodingTask.self), "CPC", of: .nights, batch: "32 runs of 8"),
    Objective(TaskRecipe(TemporalContrastTask.self), "TS-TCC", of: .nights, batch: "32 runs of 8"),
    Objective(TaskRecipe(NightProfileTask.self), "plain quantities of a night", of: .nights, batch: stretches),
    Objective(TaskRecipe(MaskedWindowsTask.self), "hidden windows of a night", of: .nights, batch: stretches),
    Objective(TaskRecipe(NextWindowsTask.self), "the next windows of a night", of: .nights, batch: stretches),
    Objective(TaskRecipe(WhichNightTask.self), "which night is it", of: .nights, batch: stretches),
    Objective(TaskRecipe(CrossSensorTask.self), "windows of both sensors", of: .sensors, batch: stretches),
    Objective(TaskRecipe(CrossPredictionTask.self), "one sensor from the other", of: .sensors, batch: stretches),
    Objective(TaskRecipe(CrossContextTask.self), "nights of both sensors", of: .sensors, batch: stretches),
  ]

  private static func benchmark(_ objective: Objective, of input: PretrainingInput) -> Benchmark {
    let task = objective.task
    return Benchmark(
      name: "\(task.name)-\(input.rawValue)",
      title: "pretraining step, \(input.title), \(objective.batch): \(objective.title)", peer: "PyTorch",
      target: .times(3), rounds: 3, passes: 3
    ) { folder in
      let source = try input.source(in: folder)
      if task.isOfNights { try input.writeProfiles(in: folder) }
      let store = try ParameterStore(seed: 1)
      let network = try PretextNetwork(
        store, encoder: input.encoder, context: task.teachesContext ? input.context : .init(), inputs: input.contracts)
      var recipe = PretrainingRecipe()
      // More steps than will be timed, so that the rate does not end at 0.
      (recipe.tasks, recipe.batch, recipe.epochs, recipe.steps) = ([task], 256, 1, 10_000)
      let training = try Pretrainer(recipe, seed: 1).steps(
        network, sources: task.isOfNights ? [] : [source], nights: task.isOfNights ? [source] : [])
      var step = 0
      return {
        guard let loss = try training.loss(step: step) else { return 0 }
        try training.stepped(try training.loop.step(loss))
        step += 1
        return Double(store.parameterCount)
      }
    }
  }
}
