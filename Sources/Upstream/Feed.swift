import Corpora
import Encoders
import Layers
import SleepCore
import Tensors
import Training

/// Gives batches to the tasks that want them put together in one way.
protocol Feed: AnyObject, Resumable {
  var batchesInEpoch: Int { get }
  /// The last batch in words: which windows, of whom.
  var lastBatch: String { get }
  /// The last full batch of windows of each sensor; empty of nights.
  func lastWindows(_ encoder: any Encoder) throws -> [PretextWindows]

  /// Reads the next batch and adds the weighted losses of its tasks.
  ///
  /// - Returns: How many windows were read.
  func step(_ network: PretextNetwork, _ mode: Mode, _ loss: inout Tensor?, _ sums: inout Sums) throws -> Int
}

/// The batches of epoch after epoch, read ahead.
private final class Batches: Resumable {
  private struct Place: Codable {
    var epoch = 0
    /// Batches of the epoch that were given.
    var taken = 0
  }

  private let sources: [WindowSource]
  private let plans: (Int) -> [BatchPlan]
  private let reader: BatchReader
  private var current: Prefetcher?
  private var place = Place()
  private var last: [WindowReference] = []

  init(_ sources: [WindowSource], plans: @escaping (Int) -> [BatchPlan]) {
    (self.sources, self.plans) = (sources, plans)
    reader = BatchReader(sources)
  }

  func next() throws -> Batch {
    while true {
      let reading = current ?? Prefetcher(Array(plans(place.epoch).dropFirst(place.taken)), reader: reader)
      current = reading
      if let batch = try reading.next() {
        place.taken += 1
        last = batch.windows
        return batch
      }
      current = nil
      place = Place(epoch: place.epoch + 1)
    }
  }

  /// Reads one batch by itself.
  func read(_ plan: BatchPlan) throws -> Batch { try reader.read(plan) }

  /// The last batch in words.
  var inWords: String { last.inWords(of: sources) }

  func save(to state: inout TrainingState, as name: String) throws { try state.put(name, place) }

  func load(from state: TrainingState, as name: String) throws {
    place = try state.value(name)
    current = nil
  }
}

/// Batches of windows of one sensor, in groups or not.
final class WindowFeed: Feed {
  let batchesInEpoch: Int
  private let tasks: [RunningTask]
  private let batches: Batches
  private let subjects: SubjectNumbers
  private let device: Device
  private let group: ProcessGroup?
  private var last: [Sensor: BatchPlan] = [:]

  init(
    _ tasks: [RunningTask], _ recipe: PretrainingRecipe, _ sources: [WindowSource], grouping: BatchGrouping?,
    seed: UInt64, device: Device, in group: ProcessGroup?
  ) throws {
    self.group = group
    // Other sensors would be read for nothing.
    let used = sources.filter { source in tasks.contains { $0.recipe.serves(source.sensors[0]) } }
    let plans: (Int) -> [BatchPlan]
    if let grouping {
      let sampler = try StaySampler(used, grouping: grouping, seed: seed)
      plans = { sampler.epoch($0) }
    } else if recipe.draw == .byMovement {
      let sampler = try MovementSampler(used, batchSize: recipe.batch, seed: seed)
      plans = { sampler.epoch($0) }
    } else {
      let sampler = WindowSampler(used, batchSize: recipe.batch, seed: seed)
      plans = { sampler.epoch($0) }
    }
    batchesInEpoch = plans(0).count
    guard batchesInEpoch > 0 else {
      throw TrainingError.nothingToTrain(
        "the corpora hold \(grouping?.lack ?? "no valid window to pretrain on")")
    }
    self.tasks = tasks
    self.device = device
    batches = Batches(used, plans: plans)
    subjects = SubjectNumbers(used)
  }

  func lastWindows(_ encoder: any Encoder) throws -> [PretextWindows] {
    try last.sorted { $0.key.rawValue < $1.key.rawValue }.map { try pretextWindows(batches.read($1), encoder) }
  }

  var lastBatch: String { batches.inWords }

  func save(to state: inout TrainingState, as name: String) throws {
    try batches.save(to: &state, as: "\(name)/batches")
    try state.put("\(name)/last", last.sorted { $0.key.rawValue < $1.key.rawValue }.map(\.value))
  }

  func load(from state: TrainingState, as name: String) throws {
    try batches.load(from: state, as: "\(name)/batches")
    let plans: [BatchPlan] = try state.value("\(name)/last")
    last = Dictionary(plans.map { ($0.sensors[0], $0) }) { $1 }
  }

  func step(_ network: PretextNetwork, _ mode: Mode, _ loss: inout Tensor?, _ sums: inout Sums) throws -> Int {
    let windows = try pretextWindows(batches.next(), network.encoder)
    let sensor = windows.contract.sensor
    for running in tasks where running.recipe.serves(sensor) {
      guard let task = running.task as? any WindowTask else { continue }
      let result = try task(windows, network.encoder, &running.random, mode)
      try running.add(result, of: sensor.rawValue, count: windows.count, &loss, &sums)
    }
    if windows.count >= last[sensor]?.count ?? 0 {
      last[sensor] = BatchPlan(sensors: [sensor], length: 1, windows: windows.places)
    }
    return windows.count
  }

  private func pretextWindows(_ batch: Batch, _ encoder: any Encoder) throws -> PretextWindows {
    let input = batch.inputs[0]
    guard let contract = encoder.inputs.first(where: { $0.sensor == input.sensor }) else {
      throw EncoderError.sensor(input.sensor, known: encoder.inputs.map(\.sensor))
    }
    return PretextWindows(
      contract: contract, count: batch.count, values: input.values, places: batch.windows,
      subjects: batch.windows.map(subjects.number), device: device, in: group)
  }
}

/// Batches of stretches of nights.
final class NightFeed: Feed {
  let batchesInEpoch: Int
  private let tasks: [RunningTask]
  private let batches: Batches
  private let contracts: [WindowContract]
  private let profiles: NightProfiles
  private let dropout: SensorDropout?
  private let device: Device

  init(
    _ tasks: [RunningTask], _ options: NightOptions, _ nights: [WindowSource], _ network: PretextNetwork,
    missing: MissingSensors?, seed: UInt64, device: Device
  ) throws {
    let sampler = NightSampler(nights, options, seed: seed)
    batchesInEpoch = sampler.epoch(0).count
    guard batchesInEpoch > 0 else {
      throw TrainingError.nothingToTrain(
        "the corpora hold no recording with \(missing == nil ? "all" : "any") of \(network.night.map(\.sensor.rawValue).joined(separator: ", ")) "
          + "to pretrain nights on")
    }
    if let task = tasks.first(where: \.recipe.asksAcross), !nights.contains(where: \.hasSensorsTogether) {
      throw TrainingError.nothingToTrain(
        "\(task.recipe.name): the corpora hold no recording with two of "
          + "\(network.night.map(\.sensor.rawValue).joined(separator: ", ")), of which one tells of the other")
    }
    self.tasks = tasks
    self.device = device
    dropout = missing.map { SensorDropout($0, sensors: network.night.map(\.sensor), seed: seed) }
    contracts = network.night
    profiles = NightProfiles(nights)
    batches = Batches(nights, plans: { sampler.epoch($0) })
  }

  func lastWindows(_ encoder: any Encoder) -> [PretextWindows] { [] }

  var lastBatch: String { batches.inWords }

  func save(to state: inout TrainingState, as name: String) throws {
    try batches.save(to: &state, as: "\(name)/batches")
    try dropout?.save(to: &state, as: "\(name)/dropout")
  }

  func load(from state: TrainingState, as name: String) throws {
    try batches.load(from: state, as: "\(name)/batches")
    try dropout?.load(from: state, as: "\(name)/dropout")
  }

  func step(_ network: PretextNetwork, _ mode: Mode, _ loss: inout Tensor?, _ sums: inout Sums) throws -> Int {
    let batch = try batches.next()
    let whole = try DeviceBatch(batch, on: device)
    let nights = PretextNights(
      dropout?(whole) ?? whole, whole: whole, places: batch.windows, contracts: contracts, profiles: profiles)
    let measured = nights.batch.mask.count { $0 }
    for running in tasks {
      guard let task = running.task as? any NightTask else { continue }
      let result = try task(nights, network, &running.random, mode)
      try running.add(result, of: "nights", count: batch.count, &loss, &sums)
    }
    return measured
  }
}

extension WindowSource {
  /// Whether a recording has windows of two sensors or more.
  fileprivate var hasSensorsTogether: Bool {
    recordings.contains { recording in
      sensors.count { store.recordings[recording].validWindows[$0, default: 0] > 0 } > 1
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
