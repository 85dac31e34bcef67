import Corpora
public import Encoders
public import Layers
public import SleepCore
public import Tensors
public import Training

/// A model that gives each window of a sequence a score for each class: a head on an encoder, or a published system.
///
/// A new one is one file with such a type, and one line in the registry of models.
public protocol RecognitionModel {
  /// The windows that it takes, one contract a sensor.
  var inputs: [WindowContract] { get }
  var classes: Int { get }
  /// The chain that scores whole sequences, where there is one.
  var chain: ConditionalRandomField? { get }
  /// Whether the chain's likelihood is the loss; otherwise the scores are trained by cross-entropy, and the chain keeps its first values.
  var trainsChain: Bool { get }
  /// Beginnings of the names of parameters that no training changes.
  var frozen: [String] { get }
  /// Beginnings of the names of parameters that the weights of an earlier training may lack: they then begin anew.
  var additions: [String] { get }

  /// The head and its inputs, where it is computed from labelled windows and not trained.
  var fitting: Fitting? { get }

  /// This model, whose encoder, if it has one, keeps its running statistics in training too.
  func freezingEncoder() -> Self
  /// - Returns: `[batch, length, classes]`, before any softmax.
  func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor
  /// The scores of each of some sequences of a stretch of windows in inference, `[sequences, length, classes]`, within rounding. A model with an
  /// encoder encodes what several sequences hold once.
  ///
  /// - Parameter stretch: A batch of one sequence.
  func scores(_ sequences: Sequences, of stretch: DeviceBatch) throws -> Tensor
}

/// A head that is computed from labelled windows, with what leads from windows to its inputs.
public struct Fitting {
  let head: any FittedHead
  /// `[batch, length, inputs]`, of a batch's windows.
  let inputs: (DeviceBatch) throws -> Tensor
}

extension RecognitionModel {
  public var chain: ConditionalRandomField? { nil }
  public var trainsChain: Bool { true }
  public var frozen: [String] { [] }
  public var additions: [String] { [] }
  public var fitting: Fitting? { nil }

  public func freezingEncoder() -> Self { self }

  public func scores(_ sequences: Sequences, of stretch: DeviceBatch) throws -> Tensor {
    try scores(stretch.cut(into: sequences), .inference)
  }

  /// The loss of a batch's labels: the chain's negative log-likelihood a label, or cross-entropy.
  ///
  /// - Parameters:
  ///   - classWeights: `[classes]`; of the cross-entropy alone.
  ///   - labelSmoothing: Of the cross-entropy alone.
  /// - Returns: A scalar; `nil` where no window has a label.
  package func loss(
    _ batch: DeviceBatch, classWeights: Tensor?, labelSmoothing: Double, _ mode: Mode
  ) throws -> Tensor? {
    guard batch.isLabelled else { return nil }
    return try loss(of: scores(batch, mode), batch, classWeights: classWeights, labelSmoothing: labelSmoothing)
  }

  /// The loss of scores that are there already, of a batch with labels.
  package func loss(
    of scores: Tensor, _ batch: DeviceBatch, classWeights: Tensor?, labelSmoothing: Double,
    softLabels: SoftLabels? = nil
  ) throws -> Tensor {
    // Gaps within a sequence stay in the chain without a label.
    if trainsChain, let chain { return try chain.loss(scores, tags: batch.labels, lengths: batch.lengths) }
    if let softLabels { return try softLabels.loss(scores.reshaped([-1, classes]), batch, weights: classWeights) }
    return try scores.reshaped([-1, classes]).crossEntropy(
      batch.labelTensor().reshaped([-1]), weights: classWeights, ignoring: -1, labelSmoothing: labelSmoothing)
  }

  /// The scores of a batch whose vectors are put on their people's centres, where there are any and it has vectors.
  ///
  /// - Parameter windows: `[batch, length]`: which these are.
  func scores(
    _ batch: DeviceBatch, _ windows: [WindowReference], _ centres: PersonCentres?, _ mode: Mode
  ) throws -> Tensor {
    guard let centres, let recogniser = self as? Recogniser else { return try scores(batch, mode) }
    return try recogniser.scores(vectors: centres(recogniser.vectors(batch, mode), windows, batch), batch, mode)
  }

  /// The same for sequences of a stretch, in inference.
  ///
  /// - Parameter windows: `[sequences, length]`: which these are.
  func scores(
    _ sequences: Sequences, of stretch: DeviceBatch, _ windows: [WindowReference], _ centres: PersonCentres?
  ) throws -> Tensor {
    guard let centres, let recogniser = self as? Recogniser else { return try scores(sequences, of: stretch) }
    let batch = try stretch.cut(into: sequences, withInputs: false)
    let vectors = try centres(recogniser.vectors(sequences, of: stretch), windows, batch)
    return try recogniser.scores(vectors: vectors, batch, .inference)
  }

  /// How many of a batch's labelled windows have their own class by these scores, and how many there are.
  package func hits(_ scores: Tensor, _ batch: DeviceBatch) throws -> (right: Int, of: Int) {
    let classes =
      try chain?.decode(scores, lengths: batch.lengths).tags ?? scores.detach().argmax(2).values(Int64.self)
    let scored = batch.labels.indices.filter { batch.labels[$0] >= 0 }
    return (scored.count { Int64(batch.labels[$0]) == classes[$0] }, scored.count)
  }
}
