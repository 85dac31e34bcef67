/// A run of letters, of digits, or of what separates them, in a file's name.
struct NameToken: Hashable, Sendable {
  enum Kind: Sendable {
    case letters, digits, separator
  }

  let kind: Kind
  let text: Substring

  var lowercased: String { text.lowercased() }

  /// The runs of a name, in order; together they are the name.
  static func all(of name: String) -> [NameToken] {
    func kind(_ character: Character) -> Kind {
      character.isLetter ? .letters : character.isNumber ? .digits : .separator
    }
    var tokens: [NameToken] = []
    var start = name.startIndex
    while start < name.endIndex {
      let own = kind(name[start])
      let end = name[start...].firstIndex { kind($0) != own } ?? name.endIndex
      tokens.append(NameToken(kind: own, text: name[start..<end]))
      start = end
    }
    return tokens
  }
}
