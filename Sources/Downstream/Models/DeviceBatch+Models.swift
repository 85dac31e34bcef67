import SleepCore
import Encoders
import Tensors
import Training

extension DeviceBatch {
  /// The windows of one of a model's sensors, `[batch, length, …]`.
  ///
  /// - Throws: ``ModelError/absent(_:)``, or `EncoderError` for windows of another shape.
  func windows(of input: WindowContract) throws -> Tensor {
    guard let windows = inputs[input.sensor] else { throw ModelError.absent(input.sensor) }
    guard Array(windows.shape.dropFirst(2)) == input.shape else {
      throw EncoderError.shape(found: windows.shape, contract: input)
    }
    return windows
  }

  /// What an encoder makes of the windows that were measured; zeros where they were not.
  ///
  /// Padding and gaps have no part in an encoder's batch statistics, nor in its gradients.
  ///
  /// - Parameters:
  ///   - windows: `[batch, length, …]`, of one of the batch's sensors.
  ///   - width: The size of a vector.
  ///   - encode: `[sequences, windows, …]` to `[sequences, windows, width]`, each window by itself.
  /// - Returns: `[batch, length, width]`.
  func encodingMeasured(
    _ windows: Tensor, width: Int, _ encode: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    if isWhole { return try encode(windows) }
    guard mask.contains(true) else { return try .zeros([count, length, width], device: device) }
    let places = try measuredPlaces()
    let measured = try windows.reshaped([count * length, 1] + windows.shape.dropFirst(2)).select(0, indices: places)
    return try encode(measured).reshaped([-1, width]).placed(at: places, of: count * length)
      .reshaped([count, length, width])
  }

  /// Where attention may look: bool `[batch, length]`, everywhere in a sequence that has nothing valid; `nil` where all is.
  func attendable() throws -> Tensor? {
    guard !isWhole else { return nil }
    let places = mask.indices.map { mask[$0] || lengths[$0 / length] == 0 }
    return try Tensor(places, shape: [count, length]).to(device)
  }
}
