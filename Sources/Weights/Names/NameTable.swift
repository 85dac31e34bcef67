import Files
public import Foundation
import SleepCore

/// A user's own table of names, two columns a line: theirs, ours. An empty second column leaves a tensor of theirs out.
public struct NameTable: Sendable {
  /// In the order of the file.
  public let rows: [(theirs: String, ours: String)]
  public let path: String

  private static let mostBytes = 16 << 20

  /// - Throws: ``WeightsError`` with the line that is none.
  public init(contentsOf url: URL) throws(WeightsError) {
    let text = try reading { () throws(InputError) in try InputFile(url).text(atMost: Self.mostBytes) }
    path = url.path
    var rows: [(theirs: String, ours: String)] = []
    var (known, taken): (Set<String>, Set<String>) = ([], [])
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      if index == 0, fields.map({ $0.lowercased() }) == ["theirs", "ours"] { continue }
      func refuse(_ found: String, _ expected: String) -> WeightsError {
        WeightsError("\(url.path):\(index + 1)", found: found, expected: expected)
      }
      guard fields.count == 2, !fields[0].isEmpty else {
        throw refuse("'\(line.prefix(80))'".visibleLine, "two names with a comma between them: theirs, ours")
      }
      guard known.insert(fields[0]).inserted, fields[1].isEmpty || taken.insert(fields[1]).inserted else {
        let twice = rows.contains { $0.theirs == fields[0] } ? fields[0] : fields[1]
        throw refuse("'\(twice.prefix(80))' a second time".visibleLine, "each name once")
      }
      rows.append((fields[0], fields[1]))
    }
    self.rows = rows
  }
}
