public import Corpora
import Encoders
public import Layers
public import SleepCore
public import Tensors
import Training

/// Predicts whole recordings.
///
/// Windows that stand alone are predicted in batches; sequences overlap as the recipe says, and each window's scores are
/// the mean over the sequences that hold it, which may also vote on its class. What several sequences hold is read and encoded once. A chain then
/// decodes the recording as a whole. Where the recipe adapts to people, each person's recordings are read once before they are predicted.
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
  ///
  /// - Parameter store: The model's parameters, whose batch norms' statistics a recipe may put on each person's own for as long as the
  ///   person is predicted.
  public func callAsFunction(
    _ model: any RecognitionModel, _ store: ParameterStore, _ source: WindowSource
  ) throws -> [Prediction] {
    guard recipe.adaptation.isOn else { return try predictions(model, source, nil) }
    var found: [Int: Prediction] = [:]
    for subject in Set(source.recordings.map { source.store.recordings[$0].subject }).sorted() {
      let own = source.keeping(subject)
      let predicted = try adapted(model, store, own) { centres in
        let before = try predictions(model, own, centres)
        guard recipe.adaptation.testTime.steps > 0 else { return before }
        return try TestTimeTraining(recipe, store, device: device)(model, own, centres, before: before) {
          try predictions(model, own, centres)
        }
      }
      for (recording, prediction) in zip(own.recordings, predicted) { found[recording] = prediction }
    }
    return source.recordings.compactMap { found[$0] }
  }

  private func predictions(
    _ model: any RecognitionModel, _ source: WindowSource, _ centres: PersonCentres?
  ) throws -> [Prediction] {
    try LibTorch.withoutGradients {
      try source.recordings.map { try predict(model, source, recording: $0, centres) }
    }
  }

  /// Does something with a model that is adapted to the person of a source.
  private func adapted<Result>(
    _ model: any RecognitionModel, _ store: ParameterStore, _ own: WindowSource,
    _ body: (PersonCentres?) throws -> Result
  ) throws -> Result {
    func centred() throws -> Result {
      guard recipe.adaptation.centring != .none, let recogniser = model as? Recogniser else { return try body(nil) }
      return try body(PersonCentres(recipe, recogniser, own, device: device))
    }
    guard recipe.adaptation.statistics == .person else { return try centred() }
    return try PersonStatistics(recipe, store, device: device).during(model, own, centred)
  }

  private func predict(
    _ model: any RecognitionModel, _ source: WindowSource, recording: Int, _ centres: PersonCentres?
  ) throws -> Prediction {
    try Interruption.check()
    let entry = source.store.recordings[recording]
    let tally = try tally(model, source, recording: recording, windows: entry.windows, centres)
    let valid = source.valid(recording: recording)
    let (likeliest, probabilities) = try decode(model, tally.means, length: (valid.lastIndex { $0 != 0 } ?? -1) + 1)
    let classes = recipe.votes ? tally.elected : likeliest
    return Prediction(
      recording: entry.id, subject: entry.subject, truth: source.classes(recording: recording),
      classes: zip(classes, valid).map { $1 == 0 ? -1 : $0 },
      probabilities: probabilities.enumerated().map { valid[$0 / model.classes] == 0 ? 0 : $1 })
  }

  /// What the sequences of a recording say of its windows.
  private func tally(
    _ model: any RecognitionModel, _ source: WindowSource, recording: Int, windows: Int, _ centres: PersonCentres?
  ) throws -> Tally {
    var tally = Tally(windows: windows, classes: model.classes)
    func add(_ scores: Tensor, _ windows: [WindowReference]) throws {
      try tally.add(scores.values(Float.self), of: windows)
    }
    let reader = BatchReader([source])
    if recipe.sequence <= 1 {
      for plan in source.plans(recording: recording, length: 1, stride: 1, batchSize: 512) {
        let batch = try DeviceBatch(reader.read(plan), on: device)
        try add(bothSides(batch) { try model.scores($0, plan.windows, centres, .inference) }, plan.windows)
      }
    } else {
      let whole = recipe.predictionStride <= 0
      let length = whole ? max(1, windows) : recipe.sequence
      let step = whole ? length : min(recipe.predictionStride, length)
      for (plan, starts) in source.stretches(recording: recording, length: length, stride: step) {
        let sequences = Sequences(starts: starts, length: length)
        let own = starts.flatMap { plan.windows[$0..<($0 + length)] }
        let stretch = try DeviceBatch(reader.read(plan), on: device)
        try add(bothSides(stretch) { try model.scores(sequences, of: $0, own, centres) }, own)
      }
    }
    return tally
  }

  /// The scores of a batch; with mirrored maps, the mean of those of the maps and of their mirror images.
  private func bothSides(_ batch: DeviceBatch, _ scores: (DeviceBatch) throws -> Tensor) throws -> Tensor {
    let own = try scores(batch)
    guard let mirror, batch.inputs.keys.contains(where: \.isMap) else { return own }
    var turned = batch.inputs
    for (sensor, values) in batch.inputs where sensor.isMap { turned[sensor] = try values.flipped([-1]) }
    let others = try scores(batch.replacing(inputs: turned))
    return try (own + others.select(2, indices: Tensor(mirror.map(Int64.init)).to(device))) * 0.5
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
