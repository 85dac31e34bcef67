public import Layers
public import Tensors

/// The head of DINO: how much a vector is like each of many directions that are learnt.
///
/// Caron and others, "Emerging Properties in Self-Supervised Vision Transformers" (ICCV 2021): three linear layers with GELU between
/// them, the last of them narrow; its output is scaled to length 1 and multiplied by prototypes of length 1.
public struct PrototypeHead {
  private let layers: [Linear]
  private let norms: [BatchNorm]
  private let prototypes: Tensor

  /// - Parameters:
  ///   - bottleneck: The size of the third layer, and of the prototypes.
  ///   - isNormalised: Whether a batch norm stands behind each of the first two layers.
  public init(
    _ scope: Scope, inputs: Int, hidden: Int, bottleneck: Int, prototypes: Int, isNormalised: Bool = true
  ) throws {
    layers = try zip([inputs, hidden, hidden], [hidden, hidden, bottleneck]).enumerated().map { index, sizes in
      try Linear(scope("layers")(index), inputs: sizes.0, outputs: sizes.1)
    }
    norms = try (0..<(isNormalised ? 2 : 0)).map { try BatchNorm(scope("norms")($0), channels: hidden) }
    self.prototypes = try scope.parameter("prototypes", [prototypes, bottleneck], .fanIn(bottleneck))
  }

  /// - Parameter vectors: `[windows, inputs]`.
  /// - Returns: `[windows, prototypes]`, in `-1...1`.
  public func callAsFunction(_ vectors: Tensor, _ mode: Mode) throws -> Tensor {
    var x = vectors
    for index in 0..<2 {
      x = try layers[index](x)
      x = try (norms.isEmpty ? x : norms[index](x, mode)).gelu()
    }
    return try unit(layers[2](x)).linear(unit(prototypes))
  }
}
