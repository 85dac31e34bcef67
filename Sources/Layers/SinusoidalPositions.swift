import Foundation
public import Tensors

/// A vector for each place of a sequence: sines and cosines of falling frequency, in turn.
///
/// Vaswani and others, "Attention Is All You Need" (2017). Nothing in it is trained.
public enum SinusoidalPositions {
  /// - Parameter width: An even number.
  /// - Returns: `[length, width]`.
  public static func make(length: Int, width: Int, device: Device = .cpu) throws -> Tensor {
    try make(at: Tensor.range(0..<length, device: device).to(.float32), width: width)
  }

  /// The vectors of some places, which may lie between two of a sequence.
  ///
  /// - Parameters:
  ///   - places: float32 `[count]`: 0 is a sequence's first.
  ///   - width: An even number.
  /// - Returns: `[count, width]`.
  public static func make(at places: Tensor, width: Int) throws -> Tensor {
    guard width > 0, width % 2 == 0 else {
      throw TensorError.invalid("positions of width \(width), expected an even number")
    }
    let frequencies = try
      (Tensor.range(0..<(width / 2), device: places.device).to(.float32) * (-2 * log(10000) / Double(width)))
      .exp()
    let angles = try places.unsqueezed(1) * frequencies
    return try .stack([angles.sine(), angles.cosine()], axis: 2).reshaped([places.count, width])
  }
}
