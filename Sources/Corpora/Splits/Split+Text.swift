import Files
public import Foundation
import SleepCore

/// Splits as text: one line a part, subjects separated by commas.
///
///     scheme: 5-fold
///     seed: 7
///     fold: 0
///     train: S1, S2, S3
///     validation: S4
///     test: S5
extension Split {
  /// The text that ``init(text:path:)`` reads.
  public var text: String {
    var lines = ["scheme: \(scheme)", "seed: \(seed)"]
    for (index, fold) in folds.enumerated() {
      lines.append("fold: \(index)")
      for part in Part.allCases {
        lines.append("\(part.rawValue): " + fold.subjects(part).map(\.id).joined(separator: ", "))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Reads a split as it was saved.
  ///
  /// - Throws: ``CorpusError/badSplit(path:line:found:expected:)``, ``Files/InputError``.
  public init(contentsOf url: URL) throws {
    try self.init(text: InputFile(url).text(), path: url.path)
  }

  /// - Parameter path: Stands in the error.
  /// - Throws: ``CorpusError/badSplit(path:line:found:expected:)``.
  public init(text: String, path: String = "split") throws {
    var wanted = ["scheme", "seed"]
    var scheme = ""
    var seed: UInt64 = 0
    var parts: [[Subject]] = []
    var number = 0
    func refuse(_ found: String, _ expected: String) -> CorpusError {
      .badSplit(path: path, line: number, found: found, expected: expected)
    }
    for raw in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      let line = raw.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      let words = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      if wanted.isEmpty { wanted = ["fold"] + Part.allCases.map(\.rawValue) }
      guard let key = words.first, key == wanted[0] else {
        throw refuse("'\(line.prefix(40))'", "'\(wanted[0]): ...'")
      }
      wanted.removeFirst()
      let value = words.count > 1 ? words[1] : ""
      switch key {
      case "scheme": scheme = value
      case "seed":
        guard let found = UInt64(value) else { throw refuse("the seed '\(value)'", "a whole number") }
        seed = found
      case "fold":
        guard Int(value) == parts.count / 3 else {
          throw refuse("fold '\(value)'", "fold \(parts.count / 3)")
        }
      default: parts.append(SubjectList.names(in: value).map(Subject.init))
      }
    }
    number += 1
    guard wanted.isEmpty else { throw refuse("the end of the file", "'\(wanted[0]): ...'") }
    guard !parts.isEmpty else { throw refuse("the end of the file", "'fold: ...'") }
    self.init(
      scheme: scheme, seed: seed,
      folds: stride(from: 0, to: parts.count, by: 3).map {
        Fold(train: parts[$0], validation: parts[$0 + 1], test: parts[$0 + 2])
      })
  }

  /// Writes ``text``, to a temporary name first.
  public func write(to url: URL) throws {
    try Data(text.utf8).writeWhole(to: url)
  }
}
