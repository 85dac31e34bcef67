import Foundation
public import Tensors

/// A vector for each place of a sequence: sines and cosines of falling frequency, in turn.
///
/// Vaswani and others, "Attention Is All You Need" (2017). Nothing in it is trained.
public enum SinusoidalPositions {
  /// - Parameter width: An even number.
  /// - Returns: `[length, width]`.
  public static func make(length: Int, width: Int, device: Device = .cpu) throws -> Tensor {
    guard width > 0, width % 2 == 0 else {
      throw TensorError.invalid("positions of width \(width), expected an even number")
    }
    let places = try Tensor.range(0..<length, device: device).to(.float32).unsqueezed(1)
    let frequencies = try
      (Tensor.range(0..<(width / 2), device: device).to(.float32) * (-2 * log(10000) / Double(width)))
      .exp()
    let angles = try places * frequencies
    return try .stack([angles.sine(), angles.cosine()], axis: 2).reshaped([length, width])
  }
}
