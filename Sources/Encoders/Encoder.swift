public import SleepCore
public import Tensors
public import Layers

/// Turns windows into vectors: what pretraining teaches and recognition uses.
///
/// A new encoder is one file with such a type, and one case of ``EncoderRecipe/Kind``.
public protocol Encoder {
  /// The windows that it takes, one contract a sensor.
  var inputs: [WindowContract] { get }
  /// The size of a window's vector.
  var width: Int { get }

  /// - Parameter windows: `[batch, length]` and the contract's shape: channels and samples of a signal, rows and columns of a map.
  /// - Returns: `[batch, length, width]`.
  /// - Throws: ``EncoderError`` for a sensor or a shape that it was not made for.
  func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor
}

extension Encoder {
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
