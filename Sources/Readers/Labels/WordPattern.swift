/// A text in which `*` is anything, and in which case, spaces and punctuation do not count: `Sleep stage *`, `*sleeping*`.
struct WordPattern: Sendable {
  /// What counts of the text: two of one key are one pattern.
  let key: String
  /// What stands between the stars; one where there is none.
  private let parts: [String]

  init(_ text: String) {
    let texts = text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    parts = texts.count == 1 ? [StageVocabulary.key(text)] : texts.map(StageVocabulary.words)
    key = parts.joined(separator: "*")
  }

  var hasStar: Bool { parts.count > 1 }
  /// Whether it is nothing but stars.
  var isAnything: Bool { hasStar && letters == 0 }
  /// How much of a text it says.
  var letters: Int { parts.reduce(0) { $0 + $1.count } }

  /// - Parameter text: As ``StageVocabulary/key(_:)`` makes it.
  func matches(key text: String) -> Bool {
    guard let first = parts.first, let last = parts.last, parts.count > 1 else { return text == key }
    guard text.hasPrefix(first) else { return false }
    var rest = text.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(last)
  }
}
