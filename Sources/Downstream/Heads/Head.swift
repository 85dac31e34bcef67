import Layers
import Tensors
import Training

/// Scores of classes from an encoder's vectors.
protocol Head {
  /// - Parameters:
  ///   - features: `[batch, length, width]`, zeros where a window was not measured.
  ///   - batch: The windows that they are of: which were measured, and how far each sequence goes.
  /// - Returns: `[batch, length, classes]`; what stands where a window was not measured has no meaning.
  func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor
}

/// One linear layer on each window: what the vectors hold as they are.
struct LinearHead: Head {
  private let output: Linear
  private let dropout: Double

  init(_ scope: Scope, _ recipe: HeadRecipe, inputs: Int, classes: Int) throws {
    output = try Linear(scope("output"), inputs: inputs, outputs: classes)
    dropout = recipe.dropout
  }

  func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try output(features.relu().dropout(dropout, mode))
  }
}

/// Cosines between the vector and a direction of each class, times a scale.
///
/// Few labelled windows then say where a class lies before they have to say how far. Gidaris and Komodakis, "Dynamic Few-Shot
/// Visual Learning without Forgetting" (CVPR 2018).
struct CosineHead: Head {
  static let scale = 12.0
  private let weight: Tensor
  private let dropout: Double

  init(_ scope: Scope, _ recipe: HeadRecipe, inputs: Int, classes: Int) throws {
    weight = try scope.parameter("weight", [classes, inputs], .normal(deviation: 1))
    dropout = recipe.dropout
  }

  func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    func unit(_ rows: Tensor, _ axis: Int) throws -> Tensor { try rows / rows.norm([axis], keepAxes: true).clamp(1e-6) }
    let vectors = try unit(features.relu().dropout(dropout, mode), 2)
    return try vectors.linear(unit(weight, 1)) * Self.scale
  }
}

/// One or more hidden layers on each window.
struct PerceptronHead: Head {
  private let hidden: [Linear]
  private let output: Linear
  private let dropout: Double

  init(_ scope: Scope, _ recipe: HeadRecipe, inputs: Int, classes: Int) throws {
    hidden = try (0..<max(1, recipe.layers)).map {
      try Linear(scope("hidden")($0), inputs: $0 == 0 ? inputs : recipe.hidden, outputs: recipe.hidden)
    }
    output = try Linear(scope("output"), inputs: recipe.hidden, outputs: classes)
    dropout = recipe.dropout
  }

  func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    var x = try features.relu().dropout(dropout, mode)
    for layer in hidden { x = try layer(x).relu().dropout(dropout, mode) }
    return try output(x)
  }
}

/// A recurrent network over each sequence's own length in both directions, then one linear layer.
struct RecurrentHead: Head {
  private let layers: [Recurrent]
  private let output: Linear
  private let dropout: Double

  init(_ scope: Scope, _ cell: Recurrent.Cell, _ recipe: HeadRecipe, inputs: Int, classes: Int) throws {
    layers = try (0..<max(1, recipe.layers)).map {
      try Recurrent(
        scope("recurrent")($0), cell, inputs: $0 == 0 ? inputs : 2 * recipe.hidden, hiddenSize: recipe.hidden)
    }
    output = try Linear(scope("output"), inputs: 2 * recipe.hidden, outputs: classes)
    dropout = recipe.dropout
  }

  func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    var x = try features.dropout(dropout, mode)
    for layer in layers { x = try layer(x, lengths: batch.lengths).dropout(dropout, mode) }
    return try output(x)
  }
}
