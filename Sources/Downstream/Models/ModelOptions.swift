public import SleepCore

/// What a recipe may say of a published system.
public protocol ModelSettings: Settings {
  /// The same with nothing that stays as it is: for a training from scratch.
  var thawed: Self { get }
  /// Whether the model is told the time of night.
  var readsClock: Bool { get }
}

extension ModelSettings {
  public var thawed: Self { self }
  public var readsClock: Bool { false }
}

/// What a recipe says of published systems, by ``PublishedModel/optionsKey``; what it says of another than its model has no effect.
public struct ModelOptions: Codable, Hashable, Sendable, Ranged {
  private var values: [String: AnySettings] = [:]

  public static let ranges = NumberRanges(Key.self, [:])

  public init() {}

  /// The options of one system, or of one family; `nil` where the recipe says nothing.
  public subscript(key: String) -> (any ModelSettings)? {
    get { values[key]?.value as? any ModelSettings }
    set { values[key] = newValue.map { AnySettings($0) } }
  }

  /// The same with nothing that stays as it is: for a training from scratch.
  public var withoutFreezing: ModelOptions {
    var options = self
    for key in values.keys { options[key] = self[key]?.thawed }
    return options
  }

  public var conflict: Misfit? {
    values.sorted { $0.key < $1.key }.lazy.compactMap { key, settings in
      settings.value.misfit.map { Misfit("\(key).\($0.key)", is: $0.found, expected: $0.expected) }
    }.first
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for model in RecognitionModels.all where values[model.optionsKey] == nil {
      values[model.optionsKey] = try Self.decode(model.options, Key(model.optionsKey), container)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (key, settings) in values.sorted(by: { $0.key < $1.key }) {
      try container.encode(settings.value, forKey: Key(key))
    }
  }

  private static func decode<Options: ModelSettings>(
    _ defaults: Options, _ key: Key, _ container: KeyedDecodingContainer<Key>
  ) throws -> AnySettings? {
    try container.decodeIfPresent(Options.self, forKey: key).map { AnySettings($0) }
  }

  /// As a document has it.
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }
}
