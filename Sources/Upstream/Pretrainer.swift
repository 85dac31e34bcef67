import Foundation
public import Corpora
public import Encoders
public import Layers
import SleepCore
public import Tensors
import Training

/// Trains an encoder on unlabelled windows, of one sensor or of several, also those that were never recorded together.
public struct Pretrainer {
  private let recipe: PretrainingRecipe
  private let seed: UInt64
  private let device: Device

  public init(_ recipe: PretrainingRecipe, seed: UInt64, device: Device = .cpu) {
    self.recipe = recipe
    self.seed = seed
    self.device = device
  }

  /// What the last epoch was like.
  public struct Outcome: Sendable {
    /// Loss, metric and chance by `task/sensor/…`, each the mean over the epoch's windows; `effective rank/sensor` of
    /// the sensor's last full batch; `windows per second`.
    public let numbers: [String: Double]
    public let epochs: Int
    public let seconds: Double
  }

  /// Trains; every batch is of one sensor, and all sensors give equally many.
  ///
  /// - Parameters:
  ///   - store: The encoder's parameters, under `encoder.`; the tasks' own are added under `tasks.`.
  ///   - sources: One a corpus and sensor, of the subjects that may be seen; no label is read.
  ///   - log: Called after each epoch with its numbers.
  public func callAsFunction(
    _ encoder: any Encoder, _ store: ParameterStore, sources: [WindowSource],
    log: (Int, [String: Double]) throws -> Void = { _, _ in }
  ) throws -> Outcome {
    let started = ContinuousClock.now
    let tasks = try recipe.tasks.enumerated().map { index, task in
      try task.make(store.root("tasks")(index), encoder: encoder)
    }
    let sensors = Set(sources.flatMap(\.sensors))
    guard !recipe.tasks.isEmpty, sensors.allSatisfy({ sensor in recipe.tasks.contains { $0.serves(sensor) } }) else {
      let idle = sensors.filter { sensor in !recipe.tasks.contains { $0.serves(sensor) } }.map(\.rawValue).sorted()
      throw TrainingError.nothingToTrain(
        "pretraining.tasks has no task for \(idle.isEmpty ? "any sensor" : idle.joined(separator: ", "))")
    }
    let plans = try batchPlans(tasks, sources)
    let first = plans(0).count
    let steps = recipe.steps > 0 ? recipe.steps : first
    guard first > 0 else {
      throw TrainingError.nothingToTrain(
        tasks.contains { $0.grouping != nil }
          ? "the corpora hold no two stays of one subject to pretrain on: lower contrast.stay.correlation, stay.minimum "
            + "or stay.length"
          : "the corpora hold no valid window to pretrain on")
    }
    let subjects = SubjectNumbers(sources)
    let loop = TrainingLoop(
      recipe.optimization, groups: [Optimizer.Group(store.parameters())], steps: steps * recipe.epochs)
    var random = RandomSource(seed: seed, for: "pretext views")
    let generator = try Generator(seed: seed ^ 0x9ef7)
    let reader = BatchReader(sources)
    var numbers: [String: Double] = [:]
    for epoch in 0..<recipe.epochs {
      let began = ContinuousClock.now
      var sums: [String: (sum: Double, count: Double)] = [:]
      var (done, round, windows) = (0, 0, 0)
      var last: [Sensor: PretextWindows] = [:]
      while done < steps {
        let batches = Prefetcher(plans(epoch * 1000 + round), reader: reader)
        round += 1
        while done < steps, let batch = try batches.next() {
          let input = try pretextWindows(batch, subjects, encoder)
          let results = try zip(recipe.tasks, tasks).filter { $0.0.serves(input.contract.sensor) }.map {
            ($0.0, $0.1, try $0.1(input, encoder, &random, .training(generator)))
          }
          var loss: Tensor?
          for (recipe, _, result) in results {
            let weighted = try result.loss * recipe.weight
            loss = try loss.map { try $0 + weighted } ?? weighted
          }
          if let loss { try loop.step(loss) }
          for (_, task, result) in results {
            let key = "\(task.name)/\(input.contract.sensor.rawValue)"
            let entries = [
              ("loss", try result.loss.item()), (task.metricName, result.metric),
              ("chance", result.chance),
            ]
            for (name, value) in entries {
              sums["\(key)/\(name)", default: (0, 0)].sum += value * Double(input.count)
              sums["\(key)/\(name)", default: (0, 0)].count += Double(input.count)
            }
          }
          windows += input.count
          if input.count >= last[input.contract.sensor]?.count ?? 0 { last[input.contract.sensor] = input }
          done += 1
        }
      }
      numbers = sums.mapValues { $0.sum / $0.count }
      for (sensor, windows) in last { numbers["effective rank/\(sensor.rawValue)"] = try rank(encoder, windows) }
      numbers["windows per second"] = Double(windows) / (ContinuousClock.now - began).seconds
      try log(epoch, numbers)
    }
    return Outcome(
      numbers: numbers, epochs: recipe.epochs, seconds: (ContinuousClock.now - started).seconds)
  }

  /// The batches of an epoch, by its number: of windows, or grouped where a task asks for it.
  private func batchPlans(_ tasks: [any PretextTask], _ sources: [WindowSource]) throws -> (Int) -> [BatchPlan] {
    let wishes = Set(tasks.compactMap(\.grouping))
    guard wishes.count < 2 else {
      throw EncoderError.recipe("pretraining.tasks: two tasks group their batches differently, expected one grouping")
    }
    if let grouping = wishes.first {
      let sampler = try StaySampler(sources, grouping: grouping, seed: seed)
      return { sampler.epoch($0) }
    }
    let sampler = WindowSampler(sources, batchSize: recipe.batch, seed: seed)
    return { sampler.epoch($0) }
  }

  private func pretextWindows(_ batch: Batch, _ subjects: SubjectNumbers, _ encoder: any Encoder) throws
    -> PretextWindows
  {
    let input = batch.inputs[0]
    guard let contract = encoder.inputs.first(where: { $0.sensor == input.sensor }) else {
      throw EncoderError.sensor(input.sensor, known: encoder.inputs.map(\.sensor))
    }
    return PretextWindows(
      contract: contract, count: batch.count, values: input.values, places: batch.windows,
      subjects: batch.windows.map(subjects.number), device: device)
  }

  private func rank(_ encoder: any Encoder, _ windows: PretextWindows) throws -> Double {
    try LibTorch.withoutGradients {
      try effectiveRank(
        encoder(windows.tensor(windows.values), of: windows.contract.sensor, .inference).squeezed(1))
    }
  }
}

/// A number for each subject of all sources.
private struct SubjectNumbers {
  private let numbers: [[Int]]

  init(_ sources: [WindowSource]) {
    var known: [String: Int] = [:]
    numbers = sources.map { source in
      source.store.recordings.indices.map { recording in
        let name = source.groupName(recording: recording, .subject)
        if known[name] == nil { known[name] = known.count }
        return known[name] ?? 0
      }
    }
  }

  func number(_ window: WindowReference) -> Int { numbers[window.corpus][window.recording] }
}
