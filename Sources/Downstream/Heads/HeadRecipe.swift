import Layers
public import SleepCore
import Encoders

/// What a recipe says of the layers between the vectors and the classes: a head with its options, and what any may have.
public struct HeadRecipe: Codable, Hashable, Sendable, Ranged {
  public var choice: Choice<Heads> = .init()
  /// Whether a linear chain scores the sequence.
  public var crf: Bool = false
  /// Whether the time since the start of the recording is one more input.
  public var clock: Bool = false
  /// Whether each window's plain quantities, against the rest of its night and as no augmentation has changed them, are more inputs.
  public var profile: Bool = false

  /// What it reads of the encoder.
  public var encoderLayers: Layers = .last

  /// What a head may read of an encoder.
  public enum Layers: String, Codable, CaseIterable, Sendable {
    /// The window's vector.
    case last
    /// A sum of all layers with weights that are learned, each pooled, normalised and projected.
    case weighted
  }

  private enum CodingKeys: String, CodingKey { case crf, clock, profile, encoderLayers }

  public static let ranges = NumberRanges(CodingKeys.self, [:])
  public static let partsBeside = ["choice"]

  /// A head that is computed has no likelihood by which a chain or a sum of layers could be trained.
  public var conflict: Misfit? {
    guard isFitted, crf || encoderLayers == .weighted else { return nil }
    guard crf else {
      return Misfit(
        "encoder_layers", with: ["kind"], is: "weighted with 'kind' of \(choice.name)",
        expected: "last: the weights are trained, and this head is computed from the labelled windows")
    }
    return Misfit(
      "crf", with: ["kind"], is: "true with 'kind' of \(choice.name)",
      expected: "false: a chain is trained, and this head is computed from the labelled windows")
  }

  /// Whether it is computed from labelled windows, and not trained.
  public var isFitted: Bool { Heads.kinds.first { $0.name == choice.name } is any FittedHead.Type }

  public init(_ choice: Choice<Heads> = .init()) { self.choice = choice }

  public init(from decoder: any Decoder) throws {
    choice = try Choice(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    crf = try container.decodeIfPresent(Bool.self, forKey: .crf) ?? false
    clock = try container.decodeIfPresent(Bool.self, forKey: .clock) ?? false
    profile = try container.decodeIfPresent(Bool.self, forKey: .profile) ?? false
    encoderLayers = try container.decodeIfPresent(Layers.self, forKey: .encoderLayers) ?? .last
  }

  public func encode(to encoder: any Swift.Encoder) throws {
    try choice.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(crf, forKey: .crf)
    try container.encode(clock, forKey: .clock)
    try container.encode(profile, forKey: .profile)
    try container.encode(encoderLayers, forKey: .encoderLayers)
  }

  func make(_ scope: Scope, inputs: Int, classes: Int) throws -> any Head {
    guard let kind = Heads.kinds.first(where: { $0.name == choice.name }) else {
      throw Misfit("head.kind", is: choice.name, oneOf: Heads.names)
    }
    return try kind.made(scope, choice.options, inputs: inputs, classes: classes)
  }
}
