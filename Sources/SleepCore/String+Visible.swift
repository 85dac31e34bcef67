extension String {
  /// The text with every character that steers a terminal, or turns the order of what is read, written as `\u001b`; line feeds and tabs
  /// stay.
  ///
  /// Names and labels come from files that anybody may have written. JSON stays the same JSON: in its strings, where alone such
  /// characters can be, this form means the character.
  public var visible: String { visible { $0 == "\n" || $0 == "\t" } }

  /// The same in one line: line feeds and tabs are written so, too.
  public var visibleLine: String { visible { _ in false } }

  private func visible(_ isKept: (Unicode.Scalar) -> Bool) -> String {
    func isHidden(_ scalar: Unicode.Scalar) -> Bool { scalar.isSteering && !isKept(scalar) }
    guard unicodeScalars.contains(where: isHidden) else { return self }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      guard isHidden(scalar) else {
        text.append(scalar)
        continue
      }
      let digits = Swift.String(scalar.value, radix: 16)
      text.append(contentsOf: ("\\u" + Swift.String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
    }
    return Swift.String(text)
  }
}

extension Unicode.Scalar {
  /// Whether it is a control character (C0, DEL, C1), ends a line or paragraph, or embeds, overrides or isolates a direction of reading.
  fileprivate var isSteering: Bool {
    switch value {
    case 0...0x1f, 0x7f...0x9f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
