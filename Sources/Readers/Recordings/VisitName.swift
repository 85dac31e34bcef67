/// A name that says in words which visit of a subject it is: `subid0_visit1`, `S01_ses-2`, `P3-N1`, `night2_anna`.
///
/// The words are `visit`, `session`, `ses`, `night` and `day`, followed by a number or one letter; and `N` with a number at the end
/// of a name, where what stands before it holds a number of its own.
struct VisitName: Hashable, Sendable {
  /// What the name holds beside the visit; empty in `night1`.
  let subject: String
  /// As the name has it: `visit1`, `ses-2`.
  let session: String
  /// The word that it was known by.
  let word: String

  static let words: Set = ["visit", "session", "ses", "night", "day"]

  /// - Returns: `nil` for a name without such a word.
  init?(_ name: String) {
    let tokens = NameToken.all(of: name)
    for index in tokens.indices {
      guard let (word, end) = Self.visit(at: index, of: tokens) else { continue }
      var session = tokens[index..<end].map(\.text).joined()
      var rest = end
      // A visit may have nights: `P1_visit2_night1`.
      while rest + 1 < tokens.count, tokens[rest].kind == .separator, let next = Self.visit(at: rest + 1, of: tokens) {
        session += tokens[rest..<next.end].map(\.text).joined()
        rest = next.end
      }
      let before = tokens[..<index].map(\.text).joined()
      let after = tokens[rest...].map(\.text).joined()
      self.session = session
      self.word = word
      let named = before.isEmpty ? after : before
      subject = String(named.trimmed { !$0.isLetter && !$0.isNumber })
      return
    }
    return nil
  }

  /// The word for a visit that begins at a token, and the token after its number.
  private static func visit(at index: Int, of tokens: [NameToken]) -> (word: String, end: Int)? {
    let token = tokens[index]
    // `overnight1` holds no night of its own.
    guard token.kind == .letters, index == 0 || tokens[index - 1].kind != .letters else { return nil }
    func endsName(_ end: Int) -> Bool { end == tokens.count || tokens[end].kind == .separator }
    let text = token.lowercased
    if words.contains(text) {
      var end = index + 1
      if end < tokens.count, tokens[end].kind == .separator, tokens[end].text.count == 1 { end += 1 }
      guard end < tokens.count, tokens[end].kind == .digits, endsName(end + 1) else { return nil }
      return (text, end + 1)
    }
    if let last = text.last, last != "s", words.contains(String(text.dropLast())), endsName(index + 1) {
      return (String(text.dropLast()), index + 1)
    }
    let hasNumberBefore = tokens[..<index].contains { $0.kind == .digits }
    if text == "n", hasNumberBefore, tokens[index - 1].kind == .separator, index + 2 == tokens.count,
      tokens[index + 1].kind == .digits
    {
      return ("N", index + 2)
    }
    return nil
  }
}

extension StringProtocol {
  /// Without the characters at both ends of which the condition holds.
  func trimmed(_ condition: (Character) -> Bool) -> SubSequence {
    guard let start = firstIndex(where: { !condition($0) }), let last = lastIndex(where: { !condition($0) }) else {
      return self[endIndex...]
    }
    return self[start...last]
  }
}
