import Corpora
import Layers
import SleepCore
import Tensors
import Training

/// Puts each person's vectors on their own mean, and standard deviation where that is wanted.
struct PersonCentres {
  private let kind: AdaptationRecipe.Centring
  /// `[people, width]`.
  private let means: Tensor
  private let deviations: Tensor
  /// The row of each recording's person.
  private let rows: [Int: Int]

  /// Reads all windows of all people of a source.
  init(_ recipe: FineTuningRecipe, _ recogniser: Recogniser, _ source: WindowSource, device: Device) throws {
    let length = recogniser.keepsVectors ? 1 : max(1, recipe.sequence)
    let reader = BatchReader([source])
    try self.init(recipe.adaptation.centring, Self.people(source.recordings, source), recogniser.vectorWidth, device) {
      recordings in
      try LibTorch.withoutGradients {
        var parts: [Tensor] = []
        for recording in recordings {
          for plan in source.plans(
            recording: recording, length: length, stride: length, batchSize: max(1, 512 / length))
          {
            let batch = try DeviceBatch(reader.read(plan), on: device)
            guard batch.mask.contains(true) else { continue }
            let vectors = try recogniser.vectors(batch, .inference)
            parts.append(try vectors.reshaped([-1, vectors.shape[2]]).select(0, indices: batch.measuredPlaces()))
          }
        }
        return try parts.isEmpty ? nil : .concatenate(parts, axis: 0)
      }
    }
  }

  /// Takes the windows of a batch alone, as batch norms take their statistics while an encoder learns: means of all windows would be those of
  /// other weights.
  ///
  /// - Parameter vectors: `[batch, length, width]`.
  init(
    _ kind: AdaptationRecipe.Centring, _ vectors: Tensor, _ windows: [WindowReference], _ batch: DeviceBatch,
    _ source: WindowSource
  ) throws {
    let all = try vectors.reshaped([-1, vectors.shape[2]])
    let measured = windows.indices.filter { batch.mask[$0] }
    let places = Dictionary(grouping: measured) { windows[$0].recording }
    let people = Self.people(measured.map { windows[$0].recording }, source)
    try self.init(kind, people.isEmpty ? [[]] : people, all.shape[1], vectors.device) { recordings in
      let own = recordings.flatMap { places[$0] ?? [] }.sorted().map(Int64.init)
      return try own.isEmpty ? nil : all.select(0, indices: Tensor(own).to(vectors.device))
    }
  }

  /// - Parameters:
  ///   - people: The recordings of each.
  ///   - vectors: All that are known of some recordings, `[vectors, width]`; `nil` where there are none, which are then left as they are.
  private init(
    _ kind: AdaptationRecipe.Centring, _ people: [[Int]], _ width: Int, _ device: Device,
    _ vectors: ([Int]) throws -> Tensor?
  ) throws {
    self.kind = kind
    rows = Dictionary(uniqueKeysWithValues: people.enumerated().flatMap { row, own in own.map { ($0, row) } })
    let statistics = try people.map { own in
      try vectors(own).map(Self.statistics) ?? (.zeros([1, width], device: device), .ones([1, width]).to(device))
    }
    means = try .concatenate(statistics.map(\.mean), axis: 0)
    deviations = try .concatenate(statistics.map(\.deviation), axis: 0)
  }

  /// The recordings of each person, each once, in the order in which they come.
  private static func people(_ recordings: [Int], _ source: WindowSource) -> [[Int]] {
    var (people, rows): ([[Int]], [Subject: Int]) = ([], [:])
    for recording in recordings {
      let subject = source.store.recordings[recording].subject
      if let row = rows[subject] {
        if !people[row].contains(recording) { people[row].append(recording) }
      } else {
        rows[subject] = people.count
        people.append([recording])
      }
    }
    return people
  }

  /// The mean and the standard deviation of vectors, `[vectors, width]` to `[1, width]` each.
  private static func statistics(_ vectors: Tensor) throws -> (mean: Tensor, deviation: Tensor) {
    let mean = try vectors.mean([0]).unsqueezed(0)
    let centred = try vectors - mean
    return (mean, try ((centred * centred).mean([0]).unsqueezed(0) + 1e-6).squareRoot())
  }

  /// - Parameters:
  ///   - vectors: `[batch, length, width]`, zeros where a window was not measured, which they stay.
  ///   - windows: `[batch, length]`: which these are.
  func callAsFunction(_ vectors: Tensor, _ windows: [WindowReference], _ batch: DeviceBatch) throws -> Tensor {
    let length = batch.length
    // Padding stands behind windows of the same recording.
    let people = windows.indices.map { position -> Int64 in
      Int64(
        rows[windows[position].window < 0 ? windows[position / length * length].recording : windows[position].recording]
          ?? 0)
    }
    let places = try Tensor(people).to(vectors.device)
    let width = vectors.shape[2]
    func spread(_ table: Tensor) throws -> Tensor {
      try table.select(0, indices: places).reshaped([batch.count, length, width])
    }
    var result = try vectors - spread(means)
    if kind == .standard { result = try result / spread(deviations) }
    guard !batch.isWhole else { return result }
    let mask = try Tensor(batch.mask.map { $0 ? Float(1) : 0 }, shape: [batch.count, length, 1]).to(vectors.device)
    return try result * mask
  }
}
