public import Foundation
public import SleepCore

/// What a folder of raw files holds, by the headers of some of them: formats, channels and their rates, label files and their words.
public struct FolderSurvey: Sendable {
  /// A channel by its name, over the files that were opened.
  public struct FoundChannel: Sendable, Hashable {
    public let name: String
    /// In how many of them it is.
    public var files = 0
    public var units: Set<String> = []
    /// Samples a second; empty where each sample has a time of its own.
    public var ratesHz: Set<Double> = []
    /// What its name and its unit speak of; `nil` where it speaks of nothing that is known.
    public internal(set) var sensor: Sensor?
  }

  /// A text of label files.
  public struct FoundWord: Sendable, Hashable {
    public let word: String
    public var count = 0
    /// `nil` where nobody knows.
    public let meaning: StageWord?
  }

  /// Files with signals.
  public let signalFiles: Int
  /// The endings of their names with how many there are, the most frequent first.
  public let endings: [(ending: String, count: Int)]
  /// Whether a card must say which files are signals, since the ending does not.
  public let needsPatterns: Bool
  /// How many were opened.
  public let opened: Int
  /// In the order in which they were met.
  public let channels: [FoundChannel]
  /// What could not be opened and why, a sentence each.
  public let unreadable: [String]
  /// Recordings with a label file, or stages of their own.
  public let scored: Int
  /// The most frequent first.
  public let words: [FoundWord]
  /// Lengths of scored windows, in seconds.
  public let windowSeconds: Set<Double>
  /// What nobody can decide of whose they are, and what there is to know, a sentence each.
  public let undecided: [String]
  public let notes: [String]
  public let subjects: Int

  private static let mostOpened = 40

  /// - Throws: ``ReadError`` where the folder cannot be read or holds no file of signals.
  public init(root: URL) throws {
    let tree = try FolderTree(root, expected: "a folder of recordings")
    let plain = FolderFiles(tree, formats: FolderReader.any.formats)
    var signals = plain.signals.map(\.file.url)
    needsPatterns = signals.isEmpty
    if signals.isEmpty {
      signals = tree.files.filter { url in
        SignalFormat(of: url) != nil
          && !["participants", "readme", "records"].contains { url.lastPathComponent.lowercased().hasPrefix($0) }
      }
    }
    guard !signals.isEmpty else {
      let known = SignalFormat.allCases.flatMap(\.extensions).map { ".\($0)" }.joined(separator: ", ")
      throw ReadError(
        root,
        found: tree.files.isEmpty
          ? "no files" : "\(tree.files.count) files, \(listed(tree.files.map { quotedName($0.lastPathComponent) }))",
        expected: "recordings in files of a known format: \(known)")
    }
    signalFiles = signals.count
    let counts = Dictionary(signals.map { ($0.pathExtension, 1) }, uniquingKeysWith: +)
    endings = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }

    let rules =
      needsPatterns
      ? ReadingRules(files: ["signals": FileRule(endings.map { "**/{recording}.\($0.ending)" })]) : ReadingRules()
    let discovery = try FolderReader.any.discover(in: root, rules: rules)
    undecided = discovery.undecided
    notes = discovery.notes
    subjects = Set(discovery.sources.map(\.subject)).count

    var channels: [FoundChannel] = []
    var unreadable: [String] = []
    var words: [String: FoundWord] = [:]
    var lengths: Set<Double> = []
    var opened = 0
    var scored = 0
    let labels = Dictionary(
      discovery.sources.map { ($0.files["psg"] ?? $0.files["signals"] ?? root, $0.files[FileRoles.labelsRole]) },
      uniquingKeysWith: { first, _ in first })
    for url in Self.spread(signals) {
      guard let format = SignalFormat(of: url) else { continue }
      do {
        let file = try format.open(url)
        opened += 1
        for channel in file.channels { Self.note(channel, in: &channels) }
        let own = try labels[url].flatMap { $0 }.map { url in
          try LabelFormat(of: url).reader.read(url, rules: LabelRules(), signal: file.clock())
        }
        guard let found = own ?? file.ownLabels, !found.entries.isEmpty else { continue }
        let vocabulary = StageVocabulary(nil, numbers: found.numbers)
        let known = found.entries.contains { vocabulary.meaning(of: $0.word)?.stage != nil }
        // A signal file's own annotations may be about anything.
        guard known || own != nil else { continue }
        scored += 1
        for entry in found.entries {
          words[entry.word, default: FoundWord(word: entry.word, meaning: vocabulary.meaning(of: entry.word))].count +=
            1
        }
        if let seconds = try? LabelReading(found, rules: nil, signal: nil).hypnogram?.windowSeconds {
          lengths.insert(seconds)
        }
      } catch {
        unreadable.append(error.localizedDescription)
      }
    }
    (self.channels, self.unreadable, self.opened, self.scored) = (channels, unreadable, opened, scored)
    self.words = words.values.sorted { ($1.count, $0.word) < ($0.count, $1.word) }
    windowSeconds = lengths
  }

  private static func note(_ channel: StoredChannel, in channels: inout [FoundChannel]) {
    let place = channels.firstIndex { $0.name == channel.label } ?? channels.count
    let sensor = SensorGuess.sensor(label: channel.label, unit: channel.unit)
    if place == channels.count { channels.append(FoundChannel(name: channel.label, sensor: sensor)) }
    // Of one label with several units one may tell.
    channels[place].sensor = channels[place].sensor ?? sensor
    channels[place].files += 1
    channels[place].units.insert(channel.unit)
    if let rate = channel.sampleRateHz { channels[place].ratesHz.insert(rate) }
  }

  /// Some of many, from the first to the last.
  private static func spread(_ files: [URL]) -> [URL] {
    guard files.count > mostOpened else { return files }
    return (0..<mostOpened).map { files[$0 * (files.count - 1) / (mostOpened - 1)] }
  }
}
