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

  /// Where attention may look: bool `[batch, length]`, everywhere in a sequence that has nothing valid; `nil` where all is.
  func attendable() throws -> Tensor? {
    var valid = try mask.values(Bool.self)
    guard valid.contains(false) else { return nil }
    for row in 0..<count {
      let places = (row * length)..<((row + 1) * length)
      if !valid[places].contains(true) { for place in places { valid[place] = true } }
    }
    return try Tensor(valid, shape: [count, length]).to(mask.device)
  }
}
