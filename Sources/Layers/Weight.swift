import Tensors

/// The weight of a linear layer or a convolution, with a change of low rank where its scope asks for one.
///
/// Hu and others, "LoRA: Low-Rank Adaptation of Large Language Models" (2021): the layer computes with `W + (alpha / rank) B A`, where `A`
/// is `[rank, inputs]` and `B`, `[outputs, rank]`, begins as zeros, so that the layer begins as it is without. A convolution's `inputs` are those of
/// one place times the kernel's places. Parameters are named `<name>`, and `<name>.lora_a` and `<name>.lora_b` where there is a change.
struct Weight {
  private let whole: Tensor
  private let change: (a: Tensor, b: Tensor, scale: Double)?

  init(_ scope: Scope, named name: String = "weight", _ shape: [Int], _ initializer: Initializer) throws {
    whole = try scope.parameter(name, shape, initializer)
    change = try scope.lowRank.map { lowRank in
      let inputs = shape.dropFirst().reduce(1, *)
      return (
        a: try scope(name).addition(LowRank.names[0], [lowRank.rank, inputs], .fanIn(inputs)),
        b: try scope(name).addition(LowRank.names[1], [shape[0], lowRank.rank], .zeros), scale: lowRank.scale
      )
    }
  }

  var shape: [Int] { whole.shape }

  /// The weight that the layer computes with.
  func callAsFunction() throws -> Tensor {
    guard let change else { return whole }
    return try whole + (change.b.matmul(change.a) * change.scale).reshaped(shape)
  }
}

/// What the weights of a scope may change by while they themselves stay as they are.
public struct LowRank: Hashable, Sendable {
  public let rank: Int
  public let alpha: Double

  /// - Parameter rank: At least 1.
  public init(rank: Int, alpha: Double) {
    precondition(rank > 0, "a rank of at least 1")
    self.rank = rank
    self.alpha = alpha
  }

  var scale: Double { alpha / Double(rank) }

  static let names = ["lora_a", "lora_b"]

  /// Whether a parameter of this name is a part of such a change.
  public static func isPart(_ name: String) -> Bool { names.contains { name.hasSuffix(".\($0)") } }
}
