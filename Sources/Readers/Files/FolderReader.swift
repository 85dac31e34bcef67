public import Foundation
public import SleepCore

/// Any folder of signal files. Where a card has patterns of files, those decide; else each file with signals is one recording.
///
/// Channels that the card names belong to its sensors; those of a file whose role is a sensor's name belong to that one; others go by their
/// labels. Whose a recording is, is decided by an exact rule or not at all: as a card says; by names after BIDS; by Sleep-EDF's own names; by
/// names with a word for a visit, `subid0_visit1.edf`; or each name for itself, where none looks like another night of somebody.
///
/// Stages are read from the file's own annotations, else from its label file: where a card says, or in the file's own folder under its
/// own name with a word for scoring after it, `night-Hypnogram.edf`, `night_scoring.edf` or `night.csv` with `night.edf` or
/// `night-PSG.edf`. A file of annotations alone is a label file whatever its name.
public struct FolderReader: DatasetReader {
  public let name: String
  public let sensors: [Sensor] = Sensor.allCases
  public let labels: LabelKind? = .stages
  public let roles: FileRoles
  /// Whose files are taken for signals where no card says which are.
  let formats: Set<SignalFormat>

  /// EDF, EDF+ and BDF.
  public static let edf = FolderReader(name: "edf", formats: [.edf], signals: ["psg"])
  /// Every format whose files are known by their names.
  public static let any = FolderReader(
    name: "files", formats: Set(SignalFormat.allCases.filter(\.isPlain)), signals: nil)

  private init(name: String, formats: Set<SignalFormat>, signals: [String]?) {
    self.name = name
    roles = FileRoles(main: "psg", signals: signals)
    self.formats = formats
  }

  private var expectation: String {
    let endings = SignalFormat.allCases.filter(formats.contains).flatMap(\.extensions)
    let words = formats == [.edf] ? ["edf", "bdf"] : endings
    return "a folder of \(words.dropLast().map { ".\($0)" }.joined(separator: ", ")) or .\(words.last ?? "") files"
  }

  public func discover(in root: URL) throws -> [RecordingSource] {
    try discover(in: root, rules: ReadingRules()).decided(in: root, reader: name)
  }

  public func discover(in root: URL, rules: ReadingRules) throws -> Discovery {
    let tree = try FolderTree(root, expected: expectation)
    let recordings = RecordingRules(root: root, rules: rules, roles: roles)
    if let patterns = rules.files {
      let files = try PatternFiles(tree, patterns)
      var found = try recordings.discovery(of: files.signals, scorings: [], texts: [])
      found.notes += files.notes
      found.passedOver += files.passedOver
      try shift(&found, patterns, root)
      try passOver(&found, patterns, root)
      try rules.subjects?.apply(to: &found, root: root)
      found.sources.sort { $0.id.compare($1.id, options: .numeric) == .orderedAscending }
      return found
    }
    let files = FolderFiles(tree, formats: formats)
    guard !files.signals.isEmpty else {
      let names = tree.files.map { FileName($0, below: root).quoted }
      throw ReadError(
        root,
        found: names.isEmpty
          ? "no files" : "\(names.count == 1 ? "1 file" : "\(names.count) files") of other names, \(listed(names))",
        expected: names.isEmpty
          ? expectation : "\(expectation), or a card whose 'files' say which hold signals (--card FILE)")
    }
    var found = try recordings.discovery(of: files.signals, scorings: files.scorings, texts: files.texts)
    try rules.subjects?.apply(to: &found, root: root)
    return found
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    try read(source, ReadingRequest(sensors: sensors))
  }

  /// Takes from the tables that a card names how much later files begin; a file that a table does not name is left out, and told.
  private func shift(_ found: inout Discovery, _ rules: [String: FileRule], _ root: URL) throws {
    for (role, rule) in rules.sorted(by: { $0.key < $1.key }) {
      guard let table = rule.shift else { continue }
      let shifts = try table.shifts(root: root)
      var missing: [String] = []
      found.sources = found.sources.map { source in
        guard source.files[role] != nil else { return source }
        var source = source
        source.shifts[role] = shifts[ShiftTable.plain(source.subject.id)]
        if source.shifts[role] == nil {
          source.files[role] = nil
          missing.append(source.id)
        }
        return source
      }
      if !missing.isEmpty {
        found.notes.append(
          "\(table.table) does not say when the '\(role)' of \(listed(missing.map(quotedName))) begins: left out")
      }
    }
  }

  /// Takes away the recordings without a file that a card requires, and tells how many they are.
  ///
  /// - Throws: ``ReadError`` where that leaves none.
  private func passOver(_ found: inout Discovery, _ rules: [String: FileRule], _ root: URL) throws {
    for (role, rule) in rules.sorted(by: { $0.key < $1.key }) where rule.required == true {
      let without = found.sources.filter { $0.files[role] == nil }
      guard !without.isEmpty else { continue }
      let all = found.sources.count
      guard without.count < all else {
        throw ReadError(
          root, found: "no recording of \(all) with a file of the kind '\(role)', which the card requires",
          expected: "files as \(rule.path.map { "'\($0)'" }.joined(separator: " or "))")
      }
      found.sources.removeAll { $0.files[role] == nil }
      let said =
        "\(without.count) of \(all) recordings have no '\(role)' file, which the card requires, and are passed over: "
        + listed(without.map { quotedName($0.id) })
      found.notes.append(said)
      found.passedOver.append(said)
    }
  }
}
