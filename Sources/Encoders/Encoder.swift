public import SleepCore
public import Tensors
public import Layers

/// Turns windows into vectors: what pretraining teaches and recognition uses.
///
/// A new one that recipes may choose is one file with an ``EncoderKind``, and one line of ``Encoders``.
public protocol Encoder {
  /// The windows that it takes, one contract a sensor.
  var inputs: [WindowContract] { get }
  /// The size of a window's vector.
  var width: Int { get }
  /// Whether a window's vector depends on the windows beside it in its sequence.
  var readsNeighbours: Bool { get }

  /// - Parameter windows: `[batch, length]` and the contract's shape: channels and samples of a signal, rows and columns of a map.
  /// - Returns: `[batch, length, width]`.
  /// - Throws: ``EncoderError`` for a sensor or a shape that it was not made for.
  func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor

  /// What a window's vector is the mean of, in order of time: `[batch, length, tokens, width]`; the vector itself where there is nothing
  /// finer.
  func tokens(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor

  /// What each layer makes of windows, pooled over tokens, samples or places: `[batch, length, features]`, each layer of its own number of
  /// features, from the first to the window's vector, which is the last; the vector alone where there is nothing before it.
  func layers(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> [Tensor]

  /// The vectors that each of some sequences of a stretch of windows has in inference, within rounding, with as little as may be computed twice.
  ///
  /// - Parameter stretch: `[1, windows]` and the contract's shape.
  /// - Returns: `[sequences, length, width]`.
  func vectors(_ sequences: Sequences, in stretch: Tensor, of sensor: Sensor) throws -> Tensor
}

/// An encoder that recipes choose by its name.
public protocol EncoderKind: Encoder, Choosable {
  /// Makes the encoder's parameters.
  ///
  /// - Parameter inputs: At most one a sensor.
  /// - Throws: ``EncoderError`` for windows that it cannot take.
  init(_ scope: Scope, _ options: Options, inputs: [WindowContract]) throws
}

/// The encoders that a recipe may choose.
public enum Encoders: Registry {
  public static let key = "kind"
  public static var all: [any Choosable.Type] { kinds }
  static let kinds: [any EncoderKind.Type] = [
    SharedEncoder.self, Perceptron.self, PressureMapCNN.self, WaveformEncoder.self, SeparableEncoder.self,
    SpectrogramEncoder.self, AccelerometerEncoder.self, AccelerometerDense.self,
  ]
}

/// What a recipe says of an encoder.
public typealias EncoderRecipe = Choice<Encoders>

extension Choice where Kinds == Encoders {
  /// Makes the encoder's parameters.
  ///
  /// - Parameter inputs: At most one a sensor.
  /// - Throws: ``EncoderError`` for windows that it cannot take, or options that do not go together.
  public func make(_ scope: Scope, inputs: [WindowContract]) throws -> any Encoder {
    if let misfit { throw EncoderError.recipe("encoder: \(misfit)") }
    guard let kind = Encoders.kinds.first(where: { $0.name == name }) else { throw EncoderError.recipe(name) }
    return PreciseEncoder(try kind.made(scope, options, inputs: inputs))
  }
}

extension EncoderKind {
  fileprivate static func made(_ scope: Scope, _ options: any Settings, inputs: [WindowContract]) throws -> Self {
    try Self(scope, options as? Options ?? Options(), inputs: inputs)
  }
}

extension Encoder {
  public var readsNeighbours: Bool { false }

  public func tokens(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
    try self(windows, of: sensor, mode).unsqueezed(2)
  }

  public func layers(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> [Tensor] {
    [try self(windows, of: sensor, mode)]
  }

  public func vectors(_ sequences: Sequences, in stretch: Tensor, of sensor: Sensor) throws -> Tensor {
    readsNeighbours
      ? try self(sequences(stretch), of: sensor, .inference) : try sequences(self(stretch, of: sensor, .inference))
  }

  /// The contract of a sensor, checked against the windows' shape.
  func contract(of sensor: Sensor, for windows: Tensor) throws -> WindowContract {
    guard let contract = inputs.first(where: { $0.sensor == sensor }) else {
      throw EncoderError.sensor(sensor, known: inputs.map(\.sensor))
    }
    guard Array(windows.shape.dropFirst(2)) == contract.shape else {
      throw EncoderError.shape(found: windows.shape, contract: contract)
    }
    return contract
  }
}
