public import Foundation
public import SleepCore

/// A list of people in a file, as papers publish their test subjects: separated by commas or line ends, `#` before
/// a comment.
public struct SubjectList: Hashable, Sendable {
  /// Those of the list who are in the corpus.
  public let subjects: [Subject]
  /// The names in the list that are not.
  public let absent: [String]

  /// - Parameter corpus: A name in the list is a subject's or a recording's.
  /// - Throws: ``CorpusError/noListedSubject(path:listed:dataset:examples:)`` when no name is known.
  public init(contentsOf url: URL, in corpus: CorpusIndex) throws {
    let known = Dictionary(
      corpus.recordings.flatMap { [($0.id, $0.subject), ($0.subject.id, $0.subject)] },
      uniquingKeysWith: { first, _ in first })
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
    let names = lines.flatMap { Self.names(in: String($0.prefix { $0 != "#" })) }
    subjects = Set(names.compactMap { known[$0] }).sorted()
    absent = names.filter { known[$0] == nil }
    guard !subjects.isEmpty else {
      throw CorpusError.noListedSubject(
        path: url.path, listed: names.count, dataset: corpus.dataset,
        examples: Set(corpus.recordings.map(\.subject)).sorted().prefix(3).map(\.id))
    }
  }

  static func names(in line: String) -> [String] {
    line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}
