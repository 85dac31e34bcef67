public import Corpora
import Layers
public import SleepCore
public import Tensors
import Training

/// Predicts whole recordings.
///
/// Windows that stand alone are predicted in batches; sequences overlap as the recipe says, and each window's scores are
/// the mean over the sequences that hold it. A chain then decodes the recording as a whole.
public struct Predictor {
  private let recipe: FineTuningRecipe
  private let device: Device
  /// The class of each class's mirror image, where the recipe wants maps seen from both sides.
  private let mirror: [Int]?

  /// - Parameter scheme: Of the model's classes.
  public init(_ recipe: FineTuningRecipe, scheme: LabelScheme, device: Device = .cpu) {
    self.recipe = recipe
    self.device = device
    mirror = recipe.mirrored ? scheme.classes.indices.map(scheme.mirrored) : nil
  }

  /// One prediction a recording of the source, in its order.
  public func callAsFunction(_ model: any RecognitionModel, _ source: WindowSource) throws -> [Prediction] {
    try LibTorch.withoutGradients { try source.recordings.map { try predict(model, source, recording: $0) } }
  }

  private func predict(_ model: any RecognitionModel, _ source: WindowSource, recording: Int) throws -> Prediction {
    try Interruption.check()
    let entry = source.store.recordings[recording]
    let scores = try scores(model, source, recording: recording, windows: entry.windows)
    let valid = source.valid(recording: recording)
    let (classes, probabilities) = try decode(model, scores, length: (valid.lastIndex { $0 != 0 } ?? -1) + 1)
    return Prediction(
      recording: entry.id, subject: entry.subject, truth: source.classes(recording: recording),
      classes: zip(classes, valid).map { $1 == 0 ? -1 : $0 },
      probabilities: probabilities.enumerated().map { valid[$0 / model.classes] == 0 ? 0 : $1 })
  }

  /// `[windows, classes]`, the mean over overlapping sequences.
  private func scores(
    _ model: any RecognitionModel, _ source: WindowSource, recording: Int, windows: Int
  ) throws -> [Float] {
    let alone = recipe.sequence <= 1
    let whole = !alone && recipe.predictionStride <= 0
    let length = alone ? 1 : whole ? max(1, windows) : recipe.sequence
    let step = alone ? 1 : whole ? max(1, windows) : min(recipe.predictionStride, recipe.sequence)
    let plans = source.plans(
      recording: recording, length: length, stride: step, batchSize: alone ? 512 : max(1, 1024 / length))
    var sums = [Float](repeating: 0, count: windows * model.classes)
    var counts = [Float](repeating: 0, count: windows)
    let reader = BatchReader([source])
    for plan in plans {
      let batch = try DeviceBatch(reader.read(plan), on: device)
      let values = try bothSides(model, batch).values(Float.self)
      for (position, window) in plan.windows.enumerated() where window.window >= 0 {
        counts[window.window] += 1
        for index in 0..<model.classes {
          sums[window.window * model.classes + index] += values[position * model.classes + index]
        }
      }
    }
    return sums.indices.map { sums[$0] / max(1, counts[$0 / model.classes]) }
  }

  /// The model's scores; with mirrored maps, the mean of those of the maps and of their mirror images.
  private func bothSides(_ model: any RecognitionModel, _ batch: DeviceBatch) throws -> Tensor {
    let scores = try model.scores(batch, .inference)
    guard let mirror, batch.inputs.keys.contains(where: \.isMap) else { return scores }
    var turned = batch.inputs
    for (sensor, windows) in batch.inputs where sensor.isMap { turned[sensor] = try windows.flipped([-1]) }
    let others = try model.scores(batch.replacing(inputs: turned), .inference)
    return try (scores + others.select(2, indices: Tensor(mirror.map(Int64.init)).to(device))) * 0.5
  }

  private func decode(
    _ model: any RecognitionModel, _ scores: [Float], length: Int
  ) throws -> (classes: [Int8], probabilities: [Float]) {
    let windows = scores.count / model.classes
    let tensor = try Tensor(scores, shape: [1, windows, model.classes])
    if let chain = model.chain, windows > 0 {
      let path = try chain.decode(tensor, lengths: [length])
      return (path.tags.map { Int8($0) }, try chain.marginals(tensor, lengths: [length]).map { Float($0) })
    }
    let probabilities = try tensor.softmax(2).values(Float.self)
    let classes = try windows == 0 ? [] : tensor.argmax(2).values(Int64.self).map { Int8($0) }
    return (classes, probabilities)
  }
}
