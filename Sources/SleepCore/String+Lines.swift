extension String {
  /// Its paragraphs in lines of so many characters, broken between words; a longer word has a line of its own.
  package func lines(width: Int, indent: String = "") -> [String] {
    split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph -> [String] in
      var lines = [indent]
      for word in paragraph.split(separator: " ") {
        let isEmpty = lines[lines.count - 1].count == indent.count
        if !isEmpty, lines[lines.count - 1].count + 1 + word.count > width {
          lines.append(indent + word)
        } else {
          lines[lines.count - 1] += (isEmpty ? "" : " ") + word
        }
      }
      return lines
    }
  }
}
