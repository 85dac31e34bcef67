public import Corpora
import Files
public import Foundation
public import Readers
public import SleepCore

/// Turns a data set's raw files into a corpus: several recordings at once, and at most so many in memory.
///
/// Any number of processes that are told the same share the recordings of one folder; each ends when all are there, with the same corpus or error.
/// What was interrupted is gone on with: recordings that are whole and were prepared in the same way are kept.
public struct Preparation: Sendable {
  /// How it is done; nothing here changes a number of the corpus.
  public struct Options: Sendable {
    /// Prepares what can be read, and lists the failures in the corpus, instead of stopping at the first.
    public var keepGoing: Bool
    /// Recordings at once, each on a thread.
    public var jobs: Int
    /// Of the card's sensors those to prepare; all but those that it makes on request alone where `nil`.
    public var sensors: Set<Sensor>?
    /// Prepares everything again where the folder holds a corpus that was prepared in another way.
    public var force: Bool
    /// So many recordings at most, spread over all that there are, for a look at what becomes of them; all where `nil`.
    public var sample: Int?

    public init(
      keepGoing: Bool = false, jobs: Int = 2, sensors: Set<Sensor>? = nil, force: Bool = false, sample: Int? = nil
    ) {
      self.sample = sample
      self.keepGoing = keepGoing
      self.jobs = jobs
      self.sensors = sensors
      self.force = force
    }
  }

  /// How far it is.
  public struct Progress: Hashable, Sendable {
    /// Recordings that are whole or failed.
    public let done: Int
    public let total: Int
    /// What was just finished; `nil` in the first report, which counts what was found whole.
    public let recording: String?
    /// Why it failed.
    public let failure: String?
    /// In the first report, what is made again and why, a sentence each.
    public var notes: [String] = []
    /// In the first report, who else prepares the same.
    public var others: [String] = []
  }

  private let reader: any DatasetReader
  private let card: Card
  private let options: Options
  /// What to tell of sensors that nobody asked for.
  private let unasked: [String]

  /// - Throws: ``CorpusError/absentSensor(_:path:present:)`` when the card does not know an asked-for sensor.
  public init(reader: any DatasetReader, card: Card, options: Options = Options()) throws {
    precondition(options.jobs > 0, "at least one job")
    self.reader = reader
    self.options = options
    var card = card
    let known = Sensor.allCases.filter { card.preprocessing.sensors[$0] != nil }
    let onRequest = known.filter { card.preprocessing.sensors[$0]?.onRequest == true }
    let chosen = options.sensors ?? Set(known).subtracting(onRequest)
    for sensor in Sensor.allCases where chosen.contains(sensor) && !known.contains(sensor) {
      throw CorpusError.absentSensor(sensor, path: "card of \(card.name)", present: known)
    }
    unasked = options.sensors == nil ? onRequest.map { Self.words(onRequest: $0, among: known) } : []
    card.preprocessing.sensors = card.preprocessing.sensors.filter { chosen.contains($0.key) }
    // What was asked for is made as if nobody had to.
    for sensor in chosen { card.preprocessing.sensors[sensor]?.onRequest = nil }
    self.card = card
  }

  private static func words(onRequest sensor: Sensor, among known: [Sensor]) -> String {
    "\(sensor.rawValue) is prepared on request alone, and was not: --sensors \(sensor.rawValue) asks for it, "
      + "--sensors \(known.map(\.rawValue).joined(separator: ",")) for all of the card"
  }

  /// With the card's own reader.
  ///
  /// - Throws: ``PreparationError/noReader(dataset:known:)``.
  public init(card: Card, options: Options = Options()) throws {
    try self.init(reader: card.datasetReader(), card: card, options: options)
  }

  /// Prepares all recordings below `raw` into the corpus `out`.
  ///
  /// - Parameters:
  ///   - table: Whose recordings there are and which files are theirs; without it the card's rules and exact rules say so.
  ///   - isCancelled: Asked before each recording; once it is true, what is begun is finished and the rest left.
  ///   - progress: Called from the threads that prepare, one at a time.
  /// - Throws: The first damaged recording's error, in the order of recordings, with nothing left of this call;
  ///   ``PreparationError/cancelled(done:of:)``, and ``Files/DiskError`` whatever the options, with all that is whole left for the next
  ///   call.
  public func run(
    raw: URL, table: RecordingTable? = nil, out: URL, isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> Corpus {
    let discovery = try discovery(in: raw, table)
    let sources = try discovery.decided(in: raw, reader: reader.name)
    try sources.checkSubjects(in: raw)
    let all =
      try card.preprocessing.compose.map { try PreparationItem.nights(of: sources, $0, path: raw.path) }
      ?? sources.map { PreparationItem($0) }
    let items = options.sample.map { all.spread($0) } ?? all
    let known = KnownFiles()
    var first: CorpusWriter?
    let (session, plan): (SharedSession, PreparationPlan) = try SharedSession.join(
      out, as: identity(items),
      check: { if isCancelled() { throw PreparationError.cancelled(done: 0, of: items.count) } },
      plan: {
        let writer = try CorpusWriter(
          sharing: out, card.description, preprocessing: card.preprocessing, force: options.force,
          unfinished: SharedSession.place(in: out))
        first = writer
        return try self.plan(items, writer, out, known)
      })
    defer { session.leave() }
    guard !items.isEmpty || !plan.stock.whole.isEmpty else { throw CorpusError.noRecordings(path: raw.path) }
    let writer =
      first
      ?? CorpusWriter(
        sharing: out, card.description, preprocessing: card.preprocessing, unfinished: session.place, stock: plan.stock)
    let work = SharedPreparation(
      items, plan, writer, session, keepsGoing: options.keepGoing, isCancelled: isCancelled, progress: progress)
    do {
      try work.run(
        jobs: options.jobs, isMade: { isMade($0, of: $1, known) }, { try prepare($0, writer, known, check: $1) })
      return try work.finish(notes: discovery.notes + composed(items) + unasked)
    } catch {
      switch error {
      case is DiskError, is SharedSession.Lost, PreparationError.cancelled: break
      default: work.undo()
      }
      throw error
    }
  }

  /// What becomes of each recording, as the folder stands.
  ///
  /// - Throws: ``CorpusError/otherRecordings(path:recordings:)``.
  private func plan(
    _ items: [PreparationItem], _ writer: CorpusWriter, _ out: URL, _ known: KnownFiles
  ) throws -> PreparationPlan {
    let strangers = writer.finished.union(writer.unsound).subtracting(items.map(\.id)).sorted()
    guard strangers.isEmpty || options.force else {
      throw CorpusError.otherRecordings(path: out.path, recordings: strangers)
    }
    try writer.remove(strangers)
    // What was made of other content, for someone else or by other rules is made again; until then the old one stays.
    let before = writer.finished
    let origins = writer.origins
    let kept = Set(items.filter { isMade($0, of: origins[$0.id], known) }.map(\.id))
    if kept != before { try writer.close() }
    let notes = madeAgain(changed: before.subtracting(kept), unsound: writer.unsound)
    return PreparationPlan(stock: writer.stock, kept: kept, notes: notes)
  }

  /// What processes that share a corpus must all have been told.
  private func identity(_ items: [PreparationItem]) throws -> [String: String] {
    func hash(_ parts: [String]) -> String {
      var hash = ContentHash()
      Array(parts.joined(separator: "\n").utf8).withUnsafeBytes { hash.combine($0) }
      return hash.text
    }
    let files = items.flatMap { item in
      [item.id]
        + item.sources.flatMap { source in source.files.sorted { $0.key < $1.key }.map { "\($0) \($1.size)" } }
    }
    let (description, sensors) = (card.description, Sensor.allCases.filter { card.preprocessing.sensors[$0] != nil })
    return [
      "data set": card.name,
      "card": hash(
        [card.preprocessing.hash, description.population, description.title, description.citation, description.licence]
          + [try items.first?.rules(card.rules) ?? ""]),
      "sensors": sensors.map(\.rawValue).joined(separator: ","),
      "recordings": "\(items.count), \(hash(files))",
      "--keep-going": options.keepGoing ? "yes" : "no",
      "--force": options.force ? "yes" : "no",
    ]
  }

  /// The recordings below `raw`, found but not read.
  ///
  /// - Throws: ``Readers/ReadError`` for what nobody can tell of them.
  public func sources(raw: URL, table: RecordingTable? = nil) throws -> [RecordingSource] {
    try discovery(in: raw, table).decided(in: raw, reader: reader.name)
  }

  private func discovery(in raw: URL, _ table: RecordingTable?) throws -> Discovery {
    var found =
      try table.map { Discovery(try $0.sources(root: raw, reader: reader), notes: $0.notes) }
      ?? reader.discover(in: raw, rules: card.rules)
    // What is undecided is told first.
    if found.undecided.isEmpty {
      try choose(from: &found, raw)
      try found.group(by: card.rules, in: raw)
    }
    return found
  }

  /// Leaves the recordings that the card is of, and tells how many others there were.
  ///
  /// - Throws: ``PreparationError/noSuchRecordings(path:prefixes:)``.
  private func choose(from found: inout Discovery, _ raw: URL) throws {
    guard !card.recordings.isEmpty, !found.sources.isEmpty else { return }
    let chosen = found.sources.filter { source in card.recordings.contains { source.id.hasPrefix($0) } }
    guard !chosen.isEmpty else {
      throw PreparationError.noSuchRecordings(path: raw.path, prefixes: card.recordings)
    }
    let others = found.sources.count - chosen.count
    if others > 0 {
      let note =
        "\(others) of \(found.sources.count) recordings are left out, since 'recordings' of the card names others"
      found.notes.append(note)
      found.passedOver.append(note)
    }
    found.sources = chosen
  }

  private func prepare(
    _ item: PreparationItem, _ writer: CorpusWriter, _ known: KnownFiles, check: () throws -> Void
  ) throws {
    // Before they are read: what changes from now on is noticed by the next call. What cannot be read, the reader says better.
    let origin = Result { try RecordingOrigin(rules: item.rules(card.rules), reading: item.files, known) }
    let recordings = try item.sources.map { try reader.recording($0, card.request) }
    let first = item.sources[0]
    var windows: RecordingWindows
    if let night = item.night, let settings = card.preprocessing.compose {
      windows = try card.night(night, id: item.id, of: recordings, settings, path: first.path)
      windows.session = "\(night + 1)"
    } else {
      windows = try card.preprocessing.windows(of: recordings[0], path: first.path)
      windows.session = first.session
    }
    windows.group = first.group
    windows.decidedBy = first.decidedBy
    windows.origin = try origin.get()
    try writer.write(windows, replaces: true, check: check)
  }

  /// Whether a recording of the corpus was made of what this one is made of now.
  private func isMade(_ item: PreparationItem, of origin: RecordingOrigin?, _ known: KnownFiles) -> Bool {
    // What cannot be read is not the same; it fails by itself when it is prepared.
    (try? origin?.holds(rules: item.rules(card.rules), files: item.files, known)) == true
  }

  /// What is said of recordings that were there and are made again.
  private func madeAgain(changed: Set<String>, unsound: Set<String>) -> [String] {
    func words(_ ids: Set<String>, _ why: String) -> [String] {
      ids.isEmpty ? [] : ["\(shortened(ids.sorted()).joined(separator: ", ")): made again, since \(why)"]
    }
    return words(changed, "the raw files, the subject or the rules of the labels are not those of before")
      + words(unsound, "files of the corpus are missing or were changed")
  }

  /// What the corpus says of nights that nobody slept.
  private func composed(_ items: [PreparationItem]) -> [String] {
    card.preprocessing.compose.map { settings in
      [settings.note(of: items.filter { $0.night == 0 }.flatMap { $0.sources.map(\.id) })]
    } ?? []
  }
}

extension URL {
  /// Bytes; none where there is no such file.
  fileprivate var size: Int {
    (try? FileManager.default.attributesOfItem(atPath: resolvingSymlinksInPath().path)[.size] as? Int) ?? 0
  }
}

extension PreparationItem {
  /// All files that are read for it, by what they are for.
  fileprivate var files: [String: URL] {
    get throws {
      var files: [String: URL] = [:]
      for source in sources {
        for (role, url) in try source.filesRead { files[sources.count > 1 ? "\(source.id) \(role)" : role] = url }
      }
      return files
    }
  }

  /// Whose it is, when it began and by which rules it is read, as text.
  fileprivate func rules(_ rules: ReadingRules) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let parts = [String(decoding: try encoder.encode(rules), as: UTF8.self)]
    return
      (parts
      + sources.flatMap { source in
        [source.id, source.subject.id, source.session ?? "", source.start?.text ?? ""]
          + (source.group.map { ["group \($0)"] } ?? [])
          + source.shifts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      })
      .joined(separator: "\n")
  }
}

extension [RecordingSource] {
  /// - Throws: ``PreparationError/oneSubject(path:names:)`` where two subjects differ by case or by zeros before a number alone: one person
  ///   would stand in training and test.
  fileprivate func checkSubjects(in root: URL) throws {
    let names = Set(map(\.subject.id)).sorted()
    func plain(_ name: String) -> String {
      name.lowercased().replacing(#/[0-9]+/#) { number in String(number.output.drop { $0 == "0" }) }
    }
    let groups = Dictionary(grouping: names, by: plain)
    guard let group = groups.values.filter({ $0.count > 1 }).min(by: { $0[0] < $1[0] }) else { return }
    throw PreparationError.oneSubject(path: root.path, names: group)
  }
}

extension Array {
  /// So many of the elements, the first and the last among them.
  fileprivate func spread(_ wanted: Int) -> [Element] {
    guard wanted > 1, wanted < count else { return Array(prefix(wanted)) }
    return (0..<wanted).map { self[$0 * (count - 1) / (wanted - 1)] }
  }
}
