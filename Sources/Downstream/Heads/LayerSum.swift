import Layers
import Tensors

/// A weighted sum of what an encoder's layers give, in place of its vector: the weights, which begin equal, are learned.
///
/// Yang and others, "SUPERB: Speech processing Universal PERformance Benchmark" (Interspeech 2021), and the featurizer of s3prl: each layer is
/// normalised, and its weight is a softmax over all. Layers are of several widths here, so each is projected to the encoder's own.
struct LayerSum {
  private let widths: [Int]
  private let projections: [Linear]
  private let weights: Tensor

  /// Parameters are named `weights` and `projections.<layer>.…`.
  ///
  /// - Parameter widths: Of the layers, the vector itself last.
  init(_ scope: Scope, widths: [Int], width: Int) throws {
    self.widths = widths
    weights = try scope.parameter("weights", [widths.count], .zeros)
    projections = try widths.enumerated().map {
      try Linear(scope("projections")($0), inputs: $1, outputs: width)
    }
  }

  /// - Parameter layers: `[batch, length, sum of widths]`, side by side.
  /// - Returns: `[batch, length, width]`.
  func callAsFunction(_ layers: Tensor) throws -> Tensor {
    var start = 0
    let parts = try zip(widths, projections).map { width, projection in
      defer { start += width }
      return try projection(
        layers.narrowed(2, start..<(start + width)).layerNorm([width], weight: nil, bias: nil, epsilon: 1e-5))
    }
    return try Tensor.stack(parts, axis: 3).matmul(weights.softmax(0))
  }
}
