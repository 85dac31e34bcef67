/// A kind of thing that recipes choose by its name: a pretext task, an encoder, a context, a head.
///
/// A new one is one file with a type that says this of itself, and one line in its ``Registry``.
public protocol Choosable: SendableMetatype {
  /// What a recipe may say of it.
  associatedtype Options: Settings
  /// As recipes name it: `masked-windows`.
  static var name: String { get }
  /// What it does, in one line of a list.
  static var summary: String { get }
}

/// All kinds of one thing.
public protocol Registry: SendableMetatype {
  /// The key under which a recipe names one: `kind`, `task`.
  static var key: String { get }
  /// In the order in which they are listed to users; the first is taken where a recipe names none.
  static var all: [any Choosable.Type] { get }
}

extension Registry {
  public static var names: [String] { all.map { $0.name } }

  /// - Throws: ``Misfit`` with the nearest name.
  public static func named(_ name: String) throws -> any Choosable.Type {
    guard let found = all.first(where: { $0.name == name }) else { throw Misfit(key, is: name, oneOf: names) }
    return found
  }
}

/// One thing of a registry with its options, which stand beside its name in a recipe: `{kind: bilstm, hidden: 64}`.
public struct Choice<Kinds: Registry>: Codable, Hashable, Sendable {
  public private(set) var name: String
  private var settings: AnySettings

  /// The registry's first, with its defaults.
  public init() { self.init(Kinds.all[0]) }

  public init(_ type: any Choosable.Type) {
    name = type.name
    settings = AnySettings(type.defaults)
  }

  public init<Kind: Choosable>(_ type: Kind.Type, _ change: (inout Kind.Options) -> Void) {
    var options = Kind.Options()
    change(&options)
    name = type.name
    settings = AnySettings(options)
  }

  /// The options, of the type that belongs to the kind that was chosen.
  public var options: any Settings { settings.value }

  /// The options of a kind; its defaults where another was chosen.
  public func options<Kind: Choosable>(of type: Kind.Type) -> Kind.Options {
    options as? Kind.Options ?? Kind.Options()
  }

  /// - Throws: ``Misfit`` for a name that nothing has.
  public var type: any Choosable.Type { get throws { try Kinds.named(name) } }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    name = try container.decodeIfPresent(String.self, forKey: NameKey(Kinds.key)) ?? Kinds.names[0]
    settings = AnySettings(try Kinds.named(name).options(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: NameKey.self)
    try container.encode(name, forKey: NameKey(Kinds.key))
    try options.encode(to: encoder)
  }
}

extension Choice: Ranged {
  public static var ranges: NumberRanges { NumberRanges(NameKey.self, [:]) }
}

extension Choosable {
  fileprivate static var defaults: any Settings { Options() }
  fileprivate static func options(from decoder: any Decoder) throws -> any Settings {
    try decoder.inlined(Options.self)
  }
}

/// A key as it stands in a document.
private struct NameKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}
