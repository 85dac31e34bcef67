public import Layers

/// What a recipe says of an encoder.
public struct EncoderRecipe: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// A stem a sensor, and one trunk for all.
    case shared
    /// SSRM's perceptron: each window flattened, one hidden layer.
    case perceptron
  }

  public var kind: Kind
  /// The size of a window's vector, and of the trunk's tokens.
  public var width: Int
  /// Of the stems of one-dimensional signals.
  public var signal: SignalStem.Options
  /// Of the stems of maps.
  public var map: MapStem.Options
  public var trunk: Trunk.Options

  public init(
    kind: Kind = .shared, width: Int = 64, signal: SignalStem.Options = .init(), map: MapStem.Options = .init(),
    trunk: Trunk.Options = .init()
  ) {
    self.kind = kind
    self.width = width
    self.signal = signal
    self.map = map
    self.trunk = trunk
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let plain = EncoderRecipe()
    kind = try container.decodeIfPresent(Kind.self, forKey: .kind) ?? plain.kind
    width = try container.decodeIfPresent(Int.self, forKey: .width) ?? plain.width
    signal = try container.decodeIfPresent(SignalStem.Options.self, forKey: .signal) ?? plain.signal
    map = try container.decodeIfPresent(MapStem.Options.self, forKey: .map) ?? plain.map
    trunk = try container.decodeIfPresent(Trunk.Options.self, forKey: .trunk) ?? plain.trunk
  }

  /// Makes the encoder's parameters.
  ///
  /// - Parameter inputs: At most one a sensor.
  public func make(_ scope: Scope, inputs: [InputContract]) throws -> any Encoder {
    guard width > 0 else { throw EncoderError.recipe("encoder.width is \(width), expected at least 1") }
    return switch kind {
    case .shared: try SharedEncoder(scope, self, inputs: inputs)
    case .perceptron: try Perceptron(scope, width: width, inputs: inputs)
    }
  }
}
