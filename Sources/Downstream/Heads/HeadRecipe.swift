import Layers
public import SleepCore

/// What a recipe says of the layers between an encoder's vectors and the classes.
public struct HeadRecipe: Codable, Hashable, Sendable, Ranged {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case linear
    case mlp
    /// The cosine between the vector and one of each class: a class's direction, whatever the vectors' lengths.
    case cosine
    case bilstm
    case bigru
  }

  public var kind: Kind = .linear
  /// Width of the hidden layer, or of the recurrent state in each direction.
  public var hidden: Int = 128
  public var layers: Int = 1
  public var dropout: Double = 0.1
  /// Whether a linear chain scores the sequence.
  public var crf: Bool = false
  /// Whether the time since the start of the recording is one more input.
  public var clock: Bool = false

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .hidden: .whole(1...65_536),
      .layers: .whole(1...100),
      .dropout: .number(0..<1),
    ])

  public init() {}

  func make(_ scope: Scope, inputs: Int, classes: Int) throws -> any Head {
    switch kind {
    case .linear: try LinearHead(scope, self, inputs: inputs, classes: classes)
    case .mlp: try PerceptronHead(scope, self, inputs: inputs, classes: classes)
    case .cosine: try CosineHead(scope, self, inputs: inputs, classes: classes)
    case .bilstm: try RecurrentHead(scope, .lstm, self, inputs: inputs, classes: classes)
    case .bigru: try RecurrentHead(scope, .gru, self, inputs: inputs, classes: classes)
    }
  }
}
