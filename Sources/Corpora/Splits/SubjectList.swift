import Files
public import Foundation
public import SleepCore

/// A list of people in a file, as papers publish their test subjects: separated by commas or line ends, `#` before
/// a comment.
///
/// A name is a subject's or a recording's, in any case; of numbers, zeros at the front do not count: `1`, `0001` and
/// `mesa-sleep-0001` are one person of MESA.
public struct SubjectList: Hashable, Sendable {
  /// Those of the list who are in the corpus.
  public let subjects: [Subject]
  /// The names in the list that are not.
  public let absent: [String]
  /// Names in the list, each counted once.
  public let count: Int

  /// - Parameters:
  ///   - corpus: Where names are looked for.
  ///   - subjects: Only these people count; all where `nil`.
  /// - Throws: ``CorpusError/unreadableList(path:)``, ``CorpusError/noListedSubject(path:listed:dataset:examples:)`` when no
  ///   name is known.
  public init(contentsOf url: URL, in corpus: CorpusIndex, among subjects: [Subject]? = nil) throws {
    guard let text = try? InputFile(url).text() else {
      throw CorpusError.unreadableList(path: url.path)
    }
    let people = Set(corpus.recordings.map(\.subject)).filter { subjects?.contains($0) ?? true }
    let known = Dictionary(
      corpus.recordings.filter { people.contains($0.subject) }
        .flatMap { [(Self.plain($0.id), Set([$0.subject])), (Self.plain($0.subject.id), Set([$0.subject]))] },
      uniquingKeysWith: { $0.union($1) })
    func subject(_ name: String) -> Subject? {
      if people.contains(Subject(name)) { return Subject(name) }
      // A name that two people could go by is nobody's.
      return known[Self.plain(name)].flatMap { $0.count == 1 ? $0.first : nil }
    }
    var seen: Set<String> = []
    let names = text.split(whereSeparator: \.isNewline).flatMap { Self.names(in: String($0.prefix { $0 != "#" })) }
      .filter { seen.insert($0).inserted }
    count = names.count
    self.subjects = Set(names.compactMap(subject)).sorted()
    absent = names.filter { subject($0) == nil }
    guard !self.subjects.isEmpty else {
      throw CorpusError.noListedSubject(
        path: url.path, listed: names.count, dataset: corpus.dataset, examples: people.sorted().prefix(3).map(\.id))
    }
  }

  static func names(in line: String) -> [String] {
    line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  private static func plain(_ name: String) -> String {
    let name = name.lowercased()
    return name.allSatisfy(\.isNumber) ? String(name.drop { $0 == "0" }) : name
  }
}
