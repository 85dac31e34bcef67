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
    kind = recipe.adaptation.centring
    let length = recogniser.keepsVectors ? 1 : max(1, recipe.sequence)
    let reader = BatchReader([source])
    var (people, rows): ([Subject], [Int: Int]) = ([], [:])
    var (means, deviations): ([Tensor], [Tensor]) = ([], [])
    for recording in source.recordings {
      let subject = source.store.recordings[recording].subject
      if let row = people.firstIndex(of: subject) {
        rows[recording] = row
        continue
      }
      rows[recording] = people.count
      people.append(subject)
      let (mean, deviation) = try LibTorch.withoutGradients { () -> (Tensor, Tensor) in
        var parts: [Tensor] = []
        for other in source.recordings where source.store.recordings[other].subject == subject {
          for plan in source.plans(
            recording: other, length: length, stride: length, batchSize: max(1, 512 / length))
          {
            let batch = try DeviceBatch(reader.read(plan), on: device)
            guard batch.mask.contains(true) else { continue }
            let vectors = try recogniser.vectors(batch, .inference)
            parts.append(
              try vectors.reshaped([-1, vectors.shape[2]]).select(0, indices: batch.measuredPlaces()))
          }
        }
        guard !parts.isEmpty else {
          let width = recogniser.vectorWidth
          return (try .zeros([1, width], device: device), try .ones([1, width]).to(device))
        }
        return try Self.statistics(.concatenate(parts, axis: 0))
      }
      means.append(mean)
      deviations.append(deviation)
    }
    self.rows = rows
    self.means = try .concatenate(means, axis: 0)
    self.deviations = try .concatenate(deviations, axis: 0)
  }

  /// Takes the windows of a batch alone, as batch norms take their statistics while an encoder learns: means of all windows would be those of
  /// other weights.
  ///
  /// - Parameter vectors: `[batch, length, width]`.
  init(
    _ kind: AdaptationRecipe.Centring, _ vectors: Tensor, _ windows: [WindowReference], _ batch: DeviceBatch,
    _ source: WindowSource
  ) throws {
    self.kind = kind
    let all = try vectors.reshaped([-1, vectors.shape[2]])
    var (people, rows, places): ([Subject], [Int: Int], [[Int64]]) = ([], [:], [])
    for (position, window) in windows.enumerated() where batch.mask[position] {
      let subject = source.store.recordings[window.recording].subject
      let row = people.firstIndex(of: subject) ?? people.count
      if row == people.count {
        people.append(subject)
        places.append([])
      }
      rows[window.recording] = row
      places[row].append(Int64(position))
    }
    let pairs = try places.map { try Self.statistics(all.select(0, indices: Tensor($0).to(vectors.device))) }
    let none = (
      try Tensor.zeros([1, all.shape[1]], device: vectors.device),
      try Tensor.ones([1, all.shape[1]], device: vectors.device)
    )
    self.rows = rows
    means = try .concatenate(pairs.isEmpty ? [none.0] : pairs.map(\.mean), axis: 0)
    deviations = try .concatenate(pairs.isEmpty ? [none.1] : pairs.map(\.deviation), axis: 0)
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
