import SleepCore

/// The property name that reads `name` in a document.
func camelCase(_ name: String) -> String {
  let words = name.split(separator: "_", omittingEmptySubsequences: false)
  return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
}

extension CodingKey {
  /// Whether the type takes any text, as a dictionary's keys do. Such keys stand in a document as they are.
  private static var takesAnyText: Bool { Self(stringValue: "\u{0}") != nil }

  /// How it reads in a document.
  var documentName: String { Self.takesAnyText ? stringValue : snakeCase(stringValue) }

  /// The key that reads `name` in a document.
  init?(documentName name: String) {
    self.init(stringValue: Self.takesAnyText || Self(stringValue: name) != nil ? name : camelCase(name))
  }
}

/// The position of an item.
struct IndexKey: CodingKey {
  let intValue: Int?
  var stringValue: String { String(intValue ?? 0) }

  init(_ index: Int) { intValue = index }
  init?(stringValue: String) { nil }
  init?(intValue: Int) { self.init(intValue) }
}
