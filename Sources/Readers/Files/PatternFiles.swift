import Foundation
import SleepCore

/// The files below a folder that a card's patterns name, joined to recordings.
struct PatternFiles {
  /// In order of the main files' paths.
  private(set) var signals: [FoundSignal] = []
  private(set) var notes: [String] = []
  /// Those of the notes that tell of files which are passed over.
  private(set) var passedOver: [String] = []

  private struct Match {
    let file: FileName
    let values: [String: String]
    /// Of which of the patterns it is.
    let rank: Int

    /// What tells it from other files of its recording.
    var part: String? { values["part"] ?? values["posture"] }
    /// What a recording of several files is called.
    var name: String? {
      let names = ["subject", "session"].compactMap { values[$0] }
      return names.isEmpty ? nil : FileName.identifier(names.joined(separator: "-")[...])
    }

    /// What a recording of one file is called: as the file, where its own name says whose it is and which visit, else by these; `nil` where
    /// nothing says whose it is.
    func name(by pattern: FilePattern) -> String? {
      guard values["subject"] != nil else { return nil }
      let isInName = ["subject", "session"].allSatisfy { name in
        values[name].map { pattern.ownNames.contains(name) && !$0.contains("/") } ?? true
      }
      return isInName ? file.stemIdentifier : name
    }
  }

  /// - Throws: ``ReadError`` for patterns that cannot be followed, for two files of one kind of a recording, and where no file is a recording's.
  init(_ tree: FolderTree, _ rules: [String: FileRule]) throws {
    let root = tree.root
    guard let main = rules.main else {
      throw ReadError(root, found: "no files but labels in the card", expected: "'files: {psg: …}'")
    }
    let files = tree.files.map { FileName($0, below: root) }
    let patterns = try rules.mapValues { try $0.path.map { try FilePattern($0, root: root) } }
    let found = try Self.matches(patterns[main, default: []], files, root)
    guard !found.isEmpty else { throw Self.absent(files, root, patterns[main, default: []]) }
    var used = Set(found.map(\.file.path))
    let nights = Self.grouped(found)
    let mains = nights.map { $0[0] }
    var parts = nights.map { night in
      night.count == 1 && night[0].part == nil
        ? [main: night[0].file]
        : Dictionary(
          uniqueKeysWithValues: night.enumerated().map { index, match in
            ("\(main)/\(index + 1)" + (match.values["posture"].map { "/\($0)" } ?? ""), match.file)
          })
    }
    var labelFiles: [FileName] = []
    for role in patterns.keys.sorted() where role != main {
      let others = try Self.matches(patterns[role, default: []], files, root)
      used.formUnion(others.map(\.file.path))
      if role == FileRoles.labelsRole { labelFiles = others.filter { $0.rank == 0 }.map(\.file) }
      var companions = Companions(others)
      for (index, night) in mains.enumerated() {
        let own = companions.of(night)
        guard let rank = own.map(\.rank).min() else { continue }
        let best = own.filter { $0.rank == rank }
        guard best.count == 1 else {
          throw ReadError(
            best[1].file.url, found: "a second file of the kind '\(role)' of \(night.file.quoted)",
            expected: "\(best[0].file.quoted) alone, or this one: move the other away")
        }
        parts[index][role] = best[0].file
      }
    }
    signals = zip(mains, parts).map { night, parts in
      FoundSignal(
        file: night.file, files: parts.filter { $0.key != FileRoles.labelsRole }.mapValues(\.url),
        mayHoldLabels: rules[FileRoles.labelsRole] == nil,
        identifier: night.values["recording"]
          ?? (night.part == nil ? night.name(by: patterns[main, default: []][night.rank]) : night.name),
        owner: night.values["subject"].map {
          RecordingOwner(subject: Subject($0), session: night.values["session"], decidedBy: "the card's files")
        }, session: night.values["session"], group: night.values["group"], labels: parts[FileRoles.labelsRole])
    }
    let other = files.filter { !used.contains($0.path) && SignalFormat(of: $0.url)?.isPlain == true }
    if !other.isEmpty {
      let said =
        "\(other.count) \(other.count == 1 ? "file is" : "files are") of no pattern among the card's files and left out: "
        + listed(other.map(\.quoted))
      notes.append(said)
      passedOver.append(said)
    }
    let scored = Set(parts.compactMap { $0[FileRoles.labelsRole]?.path })
    let orphans = labelFiles.filter { !scored.contains($0.path) }
    if !orphans.isEmpty {
      notes.append(
        "\(orphans.count) label \(orphans.count == 1 ? "file is" : "files are") of no recording: \(listed(orphans.map(\.quoted)))"
      )
    }
    for role in patterns.keys.sorted() where role != main {
      let without = parts.count { $0[role] == nil }
      // Those without a file that the card requires are told where they are passed over.
      guard without > 0, role != FileRoles.labelsRole, rules[role]?.required != true else { continue }
      notes.append("\(without) of \(parts.count) recordings have no file of the kind '\(role)'")
    }
  }

  /// Each file with the first pattern that it is of.
  private static func matches(_ patterns: [FilePattern], _ files: [FileName], _ root: URL) throws -> [Match] {
    try files.compactMap { file in
      for (rank, pattern) in patterns.enumerated() {
        if let values = try pattern.values(in: file.path, root: root) {
          return Match(file: file, values: values, rank: rank)
        }
      }
      return nil
    }
  }

  /// The files of each recording: one, or those that differ by a part's name alone.
  private static func grouped(_ matches: [Match]) -> [[Match]] {
    var order: [[String: String]] = []
    var groups: [[String: String]: [Match]] = [:]
    for match in matches {
      // A file of no part is a recording of its own, whatever its names.
      var key = match.values.filter { !FilePattern.partNames.contains($0.key) }.mapValues { $0.lowercased() }
      if match.part == nil { key["path"] = match.file.path }
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(match)
    }
    return order.map { groups[$0] ?? [] }
  }

  /// Files by the names that others may share with them, since thousands are not compared with thousands.
  private struct Companions {
    /// Which names some files have, and which of them another has too.
    private struct Kind: Hashable {
      let names: Set<String>
      let shared: Set<String>
    }

    private let matches: [Match]
    /// Positions in `matches`, by the names that they have.
    private let byNames: [Set<String>: [Int]]
    /// The same by what the shared names are, as far as anyone asked.
    private var tables: [Kind: [[String: String]: [Int]]] = [:]

    init(_ matches: [Match]) {
      self.matches = matches
      byNames = Dictionary(grouping: matches.indices) { Set(matches[$0].values.keys) }
    }

    /// Those that have a name in common with a file, and no common one otherwise, in their order.
    mutating func of(_ match: Match) -> [Match] {
      let own = Set(match.values.keys)
      var found: [Int] = []
      for (names, positions) in byNames {
        let kind = Kind(names: names, shared: names.intersection(own))
        guard !kind.shared.isEmpty else { continue }
        if tables[kind] == nil {
          tables[kind] = Dictionary(grouping: positions) { Self.key(matches[$0], kind.shared) }
        }
        found += tables[kind]?[Self.key(match, kind.shared)] ?? []
      }
      return found.sorted().map { matches[$0] }
    }

    private static func key(_ match: Match, _ names: Set<String>) -> [String: String] {
      match.values.filter { names.contains($0.key) }.mapValues { $0.lowercased() }
    }
  }

  private static func absent(_ files: [FileName], _ root: URL, _ patterns: [FilePattern]) -> ReadError {
    let wanted = patterns.map { "'\($0.text)'" }.joined(separator: " or ")
    let found =
      files.isEmpty
      ? "no files"
      : files.count == 1 ? "the file \(files[0].quoted) alone" : "\(files.count) files, \(listed(files.map(\.quoted)))"
    return ReadError(
      root, found: found, expected: "files as \(wanted): is it the folder that the data set lies in, and whole?")
  }
}
