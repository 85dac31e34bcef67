/// A part of a recipe all of whose keys may be left out: those that are take their values from `init()`.
///
/// The type keeps its synthesised `Codable`. A left-out key takes the whole value of `init()`; a given one is decoded alone.
public protocol Settings: Codable, Hashable, Sendable, Ranged {
  init()
}

/// Nothing to set.
public struct NoOptions: Settings {
  public static let ranges = NumberRanges(NoKeys.self, [:])

  private enum NoKeys: CodingKey {}

  public init() {}
}

/// Settings whose type depends on what was chosen; their keys stand beside the choice itself.
public struct AnySettings: Hashable, Sendable {
  public var value: any Settings

  public init(_ value: any Settings) { self.value = value }

  public static func == (left: AnySettings, right: AnySettings) -> Bool {
    AnyHashable(left.value) == AnyHashable(right.value)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(value)) }
}

/// A decoder that can read a part whose keys stand among those of another.
public protocol InlineDecoder: Decoder {
  func inlined<Value: Settings>(_ type: Value.Type) throws -> Value
}

extension Decoder {
  /// The settings whose keys stand in this very mapping, beside others.
  public func inlined<Value: Settings>(_ type: Value.Type) throws -> Value {
    try (self as? any InlineDecoder)?.inlined(type) ?? Value(from: self)
  }
}
