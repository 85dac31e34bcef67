import Layers

/// What a recipe says of the layers between an encoder's vectors and the classes.
public struct HeadRecipe: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case linear
    case mlp
    case bilstm
    case bigru
  }

  public var kind: Kind
  /// Width of the hidden layer, or of the recurrent state in each direction.
  public var hidden: Int
  public var layers: Int
  public var dropout: Double
  /// Whether a linear chain scores the sequence.
  public var crf: Bool
  /// Whether the time since the start of the recording is one more input.
  public var clock: Bool

  public init(
    kind: Kind = .linear, hidden: Int = 128, layers: Int = 1, dropout: Double = 0.1, crf: Bool = false,
    clock: Bool = false
  ) {
    self.kind = kind
    self.hidden = hidden
    self.layers = layers
    self.dropout = dropout
    self.crf = crf
    self.clock = clock
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let plain = HeadRecipe()
    kind = try container.decodeIfPresent(Kind.self, forKey: .kind) ?? plain.kind
    hidden = try container.decodeIfPresent(Int.self, forKey: .hidden) ?? plain.hidden
    layers = try container.decodeIfPresent(Int.self, forKey: .layers) ?? plain.layers
    dropout = try container.decodeIfPresent(Double.self, forKey: .dropout) ?? plain.dropout
    crf = try container.decodeIfPresent(Bool.self, forKey: .crf) ?? plain.crf
    clock = try container.decodeIfPresent(Bool.self, forKey: .clock) ?? plain.clock
  }

  func make(_ scope: Scope, inputs: Int, classes: Int) throws -> any Head {
    switch kind {
    case .linear: try LinearHead(scope, self, inputs: inputs, classes: classes)
    case .mlp: try PerceptronHead(scope, self, inputs: inputs, classes: classes)
    case .bilstm: try RecurrentHead(scope, .lstm, self, inputs: inputs, classes: classes)
    case .bigru: try RecurrentHead(scope, .gru, self, inputs: inputs, classes: classes)
    }
  }
}
