public import Layers
public import Tensors

/// The head of DINO: how much a vector is like each of many directions that are learnt.
///
/// Caron and others, "Emerging Properties in Self-Supervised Vision Transformers" (ICCV 2021): three linear layers with GELU between
/// them, the last of them narrow; its output is scaled to length 1 and multiplied by prototypes of length 1.
public struct PrototypeHead {
  private let layers: [Linear]
  private let prototypes: Tensor

  /// - Parameter bottleneck: The size of the third layer, and of the prototypes.
  public init(_ scope: Scope, inputs: Int, hidden: Int, bottleneck: Int, prototypes: Int) throws {
    layers = try zip([inputs, hidden, hidden], [hidden, hidden, bottleneck]).enumerated().map { index, sizes in
      try Linear(scope("layers")(index), inputs: sizes.0, outputs: sizes.1)
    }
    self.prototypes = try scope.parameter("prototypes", [prototypes, bottleneck], .fanIn(bottleneck))
  }

  /// - Parameter vectors: `[windows, inputs]`.
  /// - Returns: `[windows, prototypes]`, in `-1...1`.
  public func callAsFunction(_ vectors: Tensor) throws -> Tensor {
    let narrow = try layers[2](layers[1](layers[0](vectors).gelu()).gelu())
    return try unit(narrow).linear(unit(prototypes))
  }
}
