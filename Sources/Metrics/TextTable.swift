import SleepCore

/// Rows of text under a heading, for the terminal: the first column on the left, the others on the right unless they are of words.
package struct TextTable {
  private var rows: [(cells: [String], notes: [String])]
  /// The columns of words, which begin on the left.
  private let words: Set<Int>

  package init(_ heading: [String], words: Set<Int> = [0]) {
    rows = [(heading, [])]
    self.words = words
  }

  /// - Parameter notes: Sentences below the row, which are set in from the left.
  package mutating func append(_ row: [String], notes: [String] = []) {
    // What cannot be seen would stand in a column without its width.
    rows.append((row.map(\.visibleLine), notes))
  }

  /// Lines without trailing spaces, each with its end.
  package var text: String { text(width: .max) }

  /// The same in lines of so many characters: notes, and words of the last column, go on below.
  package func text(width: Int) -> String {
    let columns = rows.map(\.cells.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.cells.count ? $0.cells[column].count : 0 }.max() ?? 0
    }
    let before = widths.dropLast().reduce(0) { $0 + $1 + 2 }
    return rows.flatMap { cells, notes -> [String] in
      var line = ""
      for (column, cell) in cells.enumerated() where !(column == columns - 1 && words.contains(column)) {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 0 ? "" : "  ") + (words.contains(column) ? cell + space : space + cell)
      }
      var lines = [line]
      if columns > 0, words.contains(columns - 1), cells.count == columns {
        let last = cells[columns - 1].lines(width: width == .max ? width : max(width - before, 20))
        let indent = String(repeating: " ", count: before)
        lines = last.enumerated().map { ($0 == 0 ? line + (columns > 1 ? "  " : "") : indent) + $1 }
      }
      return lines + notes.flatMap { $0.lines(width: width, indent: "    ") }
    }.map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
