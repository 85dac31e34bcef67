public import Layers
public import SleepCore

/// What a recipe says of an encoder.
public struct EncoderRecipe: Codable, Hashable, Sendable, Ranged {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// A stem a sensor, and one trunk for all.
    case shared
    /// SSRM's perceptron: each window flattened, one hidden layer.
    case perceptron
    /// SSRM's convolutional network for pressure maps.
    case mapCNN = "map-cnn"
  }

  public var kind: Kind = .shared
  /// The size of a window's vector, and of the trunk's tokens.
  public var width: Int = 64
  /// Of the stems of one-dimensional signals.
  public var signal: SignalStem.Options = .init()
  /// Of the stems of maps.
  public var map: MapStem.Options = .init()
  public var trunk: Trunk.Options = .init()

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .width: .whole(1...65_536)
    ])

  public var conflict: Misfit? {
    guard kind == .shared, trunk.kind == .transformer, width % trunk.heads != 0 else { return nil }
    return Misfit(
      "trunk.heads", with: ["width"], is: "\(trunk.heads)", expected: "a divisor of the width, \(width)")
  }

  public init() {}

  /// Makes the encoder's parameters.
  ///
  /// - Parameter inputs: At most one a sensor.
  public func make(_ scope: Scope, inputs: [WindowContract]) throws -> any Encoder {
    if let misfit { throw EncoderError.recipe("encoder: \(misfit)") }
    return switch kind {
    case .shared: try SharedEncoder(scope, self, inputs: inputs)
    case .perceptron: try Perceptron(scope, width: width, inputs: inputs)
    case .mapCNN: try PressureMapCNN(scope, width: width, inputs: inputs)
    }
  }
}
