/// Rows of text under a heading, for the terminal: the first column on the left, the others on the right.
package struct TextTable {
  private var rows: [[String]]

  package init(_ heading: [String]) { rows = [heading] }

  package mutating func append(_ row: [String]) { rows.append(row) }

  /// Lines without trailing spaces, each with its end.
  package var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += column == 0 ? cell + space : "  " + space + cell
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
