import Layers
import Tensors

/// A bottleneck beside a window's vector, which begins as nothing.
///
/// Houlsby and others, "Parameter-Efficient Transfer Learning for NLP" (ICML 2019): `x + up(gelu(down(x)))` with `up` of zeros at the start.
/// Neither has a bias, so that the zeros of a window that was not measured stay zeros.
struct VectorAdapter {
  private let down: Tensor
  private let up: Tensor

  /// Parameters are named `down` and `up`.
  init(_ scope: Scope, width: Int, hidden: Int) throws {
    down = try scope.addition("down", [hidden, width], .fanIn(width))
    up = try scope.addition("up", [width, hidden], .zeros)
  }

  /// - Parameter x: `[…, width]`.
  func callAsFunction(_ x: Tensor) throws -> Tensor { try x + x.linear(down).gelu().linear(up) }
}
