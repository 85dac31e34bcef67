public import Encoders
public import Layers
public import SleepCore
public import Tensors
public import Training

/// An encoder and a head on it, with or without a chain.
///
/// Vectors of several sensors are joined; those of a window that a sensor did not measure are zeros.
public struct Recogniser: RecognitionModel {
  public let classes: Int
  public let chain: ConditionalRandomField?
  private let encoder: any Encoder
  private let head: any Head
  private let clock: Bool
  /// Keeps the encoder's running statistics as they are, in training too.
  private var encoderIsFrozen = false

  /// Parameters are named `encoder.…`, as a pretrained encoder's file has them, `head.…` and `chain.…`.
  public init(
    _ scope: Scope, encoder recipe: EncoderRecipe, head: HeadRecipe, inputs: [WindowContract], classes: Int
  ) throws {
    encoder = try recipe.make(scope("encoder"), inputs: inputs)
    self.head = try head.make(
      scope("head"), inputs: encoder.width * inputs.count + (head.clock ? Clock.width : 0), classes: classes)
    chain = head.crf ? try ConditionalRandomField(scope("chain"), classes: classes) : nil
    clock = head.clock
    self.classes = classes
  }

  public var inputs: [WindowContract] { encoder.inputs }
  /// The size of a window's vector, of all sensors together.
  var vectorWidth: Int { encoder.width * encoder.inputs.count }

  public func freezingEncoder() -> Recogniser {
    var copy = self
    copy.encoderIsFrozen = true
    return copy
  }

  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try scores(vectors: vectors(batch, mode), batch, mode)
  }

  /// The joined vectors of all sensors, `[batch, length, vectorWidth]`: of the measured windows alone, and zeros elsewhere.
  func vectors(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    let mode = encoderIsFrozen ? .inference : mode
    let parts = try inputs.map { input -> Tensor in
      guard let windows = batch.inputs[input.sensor] else {
        throw EncoderError.sensor(input.sensor, known: Array(batch.inputs.keys))
      }
      return try batch.encodingMeasured(windows, width: encoder.width) { try encoder($0, of: input.sensor, mode) }
    }
    return parts.count == 1 ? parts[0] : try .concatenate(parts, axis: 2)
  }

  /// What ``scores(_:_:)`` makes of vectors that are there already.
  func scores(vectors: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try head(clock ? .concatenate([vectors, Clock.features(batch)], axis: 2) : vectors, batch, mode)
  }
}

/// The time since the start of a recording, as inputs of a head.
enum Clock {
  static let width = 3

  /// Hours, their square, and the phase of a 90-minute cycle: `[batch, length, 3]`.
  static func features(_ batch: DeviceBatch) throws -> Tensor {
    let hours = try batch.hourTensor().unsqueezed(2)
    let scaled = try hours * 0.25 - 1
    return try .concatenate([scaled, scaled * scaled, (hours * (2 * .pi / 1.5)).sine()], axis: 2)
  }
}
