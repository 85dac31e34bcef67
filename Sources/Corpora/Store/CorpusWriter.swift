import Files
public import Foundation
import NumPy
public import SleepCore
import Synchronization

/// Writes a corpus, one recording at a time, from any number of threads.
///
/// A recording's folder gets its name when it is whole, and `corpus.json` is written last: what was interrupted
/// is gone on with and never read. The folder is kept for one writer, or for those of one session.
public final class CorpusWriter: Sendable {
  public let folder: URL
  private let dataset: DatasetDescription
  private let preprocessing: Preprocessing
  private let hash: String
  private let entries = Mutex<[String: RecordingEntry]>([:])
  private let damaged: Set<String>
  /// What the first of several writers found whole.
  private let foundWhole: Set<String>
  private let lock: FolderLock?
  /// Where recordings are that are not whole yet.
  private let unfinished: URL

  /// What stood in a folder when the first writer came.
  package struct Stock: Codable, Hashable, Sendable {
    /// The identifiers of the recordings that were whole.
    package let whole: Set<String>
    /// Those of which something was missing or changed.
    package let unsound: Set<String>
  }

  /// What `recording.json` says, so that an interrupted preparation knows what it has.
  private struct RecordingEntry: Codable {
    let preprocessingHash: String
    let origin: RecordingOrigin
    let sensors: [WindowContract]
    let recording: CorpusRecording

    static let name = "recording.json"
  }

  /// Opens a folder for writing, and takes over the recordings there that were prepared in the same way and are whole.
  ///
  /// - Parameters:
  ///   - dataset: Where the data is from.
  ///   - preprocessing: How it is prepared.
  ///   - force: Removes recordings that were prepared in another way, instead of refusing.
  /// - Throws: ``CorpusError/otherPreprocessing(path:found:expected:)``, ``Files/Busy`` where someone else writes here.
  public convenience init(
    _ folder: URL, _ dataset: DatasetDescription, preprocessing: Preprocessing, force: Bool = false
  ) throws {
    _ = try folder.makeFolder()
    let lock = try FolderLock(folder)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where OwnName.isOwn(name) && name != FolderLock.name {
      try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
    try self.init(
      folder, dataset, preprocessing, lock, unfinished: folder,
      found: Self.look(folder, hash: preprocessing.hash, force: force))
  }

  /// One of several writers of a session, the first, which looks at what is there.
  ///
  /// - Parameter unfinished: Where recordings are that are not whole yet.
  /// - Throws: ``CorpusError/otherPreprocessing(path:found:expected:)``.
  package convenience init(
    sharing folder: URL, _ dataset: DatasetDescription, preprocessing: Preprocessing, force: Bool, unfinished: URL
  ) throws {
    try self.init(
      folder, dataset, preprocessing, nil, unfinished: unfinished,
      found: Self.look(folder, hash: preprocessing.hash, force: force))
  }

  /// One of several writers of a session, which goes by what the first one found.
  package init(
    sharing folder: URL, _ dataset: DatasetDescription, preprocessing: Preprocessing, unfinished: URL, stock: Stock
  ) {
    self.folder = folder
    self.dataset = dataset
    self.preprocessing = preprocessing
    hash = preprocessing.hash
    (damaged, foundWhole, lock) = (stock.unsound, stock.whole, nil)
    self.unfinished = unfinished
  }

  private init(
    _ folder: URL, _ dataset: DatasetDescription, _ preprocessing: Preprocessing, _ lock: FolderLock?, unfinished: URL,
    found: (whole: [String: RecordingEntry], unsound: Set<String>)
  ) throws {
    self.folder = folder
    self.dataset = dataset
    self.preprocessing = preprocessing
    hash = preprocessing.hash
    (damaged, foundWhole, self.lock) = (found.unsound, Set(found.whole.keys), lock)
    self.unfinished = unfinished
    entries.withLock { $0 = found.whole }
    if !damaged.isEmpty { try close() }
  }

  /// Looks for recordings in a folder.
  private static func look(
    _ folder: URL, hash: String, force: Bool
  ) throws -> (whole: [String: RecordingEntry], unsound: Set<String>) {
    var (found, damaged): ([String: RecordingEntry], Set<String>) = ([:], [])
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !OwnName.isOwn(name) {
      let child = folder.appendingPathComponent(name)
      let file = child.appendingPathComponent(RecordingEntry.name)
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      let entry = try? JSONFile(file).read(RecordingEntry.self, expected: "")
      if let entry, entry.preprocessingHash == hash, entry.recording.id == name {
        if entry.recording.isWhole(in: child) { found[name] = entry } else { damaged.insert(name) }
      } else if let entry, entry.preprocessingHash != hash, !force {
        throw CorpusError.otherPreprocessing(path: folder.path, found: entry.preprocessingHash, expected: hash)
      } else {
        // It cannot be told what it was, or it is to be made anew.
        damaged.insert(name)
      }
    }
    return (found, damaged)
  }

  /// A corpus for tests and synthetic data, that needs no card.
  public convenience init(
    _ folder: URL, dataset: String, population: String? = nil, labels: LabelKind?, windowSeconds: Double? = 30
  ) throws {
    try self.init(
      folder, DatasetDescription(name: dataset, population: population, title: dataset, labels: labels),
      preprocessing: Preprocessing(windowSeconds: windowSeconds, sensors: [:]))
  }

  /// Whether a folder holds a corpus that nobody has finished, or that is being written.
  public static func hasBegun(in folder: URL) throws -> Bool {
    try FolderLock.isMarked(folder) || SharedSession.isMarked(folder)
      || FileManager.default.contentsOfDirectory(atPath: folder.path).contains { name in
        let child = folder.appendingPathComponent(name)
        return FileManager.default.fileExists(atPath: child.appendingPathComponent(RecordingEntry.name).path)
      }
  }

  /// The identifiers of the recordings that are whole.
  public var finished: Set<String> { entries.withLock { Set($0.keys) } }

  /// Recordings of which something is missing or changed, which stay until they are written anew.
  public var unsound: Set<String> { damaged.subtracting(finished) }

  /// What the first writer found and left, for those that come after it.
  package var stock: Stock { Stock(whole: finished, unsound: unsound) }

  /// Takes over a recording that another writer made, or one that was killed before it could say so, if it is whole and passes a test.
  ///
  /// - Returns: Whether it did.
  package func takeOver(_ id: String, if passes: (RecordingOrigin) -> Bool) -> Bool {
    guard let entry = entry(of: id), entry.recording.isWhole(in: folder.appendingPathComponent(id)),
      passes(entry.origin)
    else { return false }
    entries.withLock { $0[id] = entry }
    return true
  }

  /// Takes over the recordings that other writers of the session made or found.
  ///
  /// - Throws: ``CorpusError/changed(path:)`` where one is gone.
  package func takeOver(_ ids: some Sequence<String>) throws {
    for id in ids where entries.withLock({ $0[id] == nil }) {
      guard let entry = entry(of: id) else {
        throw CorpusError.changed(path: folder.appendingPathComponent("\(id)/\(RecordingEntry.name)").path)
      }
      entries.withLock { $0[id] = entry }
    }
  }

  /// What a recording says that was prepared in this way.
  private func entry(of id: String) -> RecordingEntry? {
    let file = folder.appendingPathComponent("\(id)/\(RecordingEntry.name)")
    guard FileManager.default.fileExists(atPath: file.path),
      let entry = try? JSONFile(file).read(RecordingEntry.self, expected: ""),
      entry.preprocessingHash == hash, entry.recording.id == id
    else { return nil }
    return entry
  }

  /// From now on the corpus is not read until it is finished again.
  package func close() throws {
    let index = folder.appendingPathComponent("corpus.json")
    guard unlink(index.path) == 0 || errno == ENOENT else { throw DiskError(errno, path: index.path) }
  }

  /// What each whole recording was made of.
  package var origins: [String: RecordingOrigin] { entries.withLock { $0.mapValues(\.origin) } }

  /// Writes one recording and gives it its name when all of it is there.
  ///
  /// - Parameters:
  ///   - replaces: Whether a whole one of that name gives way, once the new one is whole.
  ///   - check: Asked before the name is given; what it throws leaves all as it was.
  /// - Precondition: Every sensor has as many windows as there are labels.
  /// - Throws: ``CorpusError/unsafeIdentifier(_:problem:)``, ``CorpusError/repeatedRecording(_:)``,
  ///   ``CorpusError/notOurs(path:)``, or ``Files/DiskError``.
  public func write(_ windows: RecordingWindows, replaces: Bool = false, check: () throws -> Void = {}) throws {
    let id = windows.id
    if let problem = id == "corpus.json" ? "the name of the index" : SafeName.problem(with: id) {
      throw CorpusError.unsafeIdentifier(id, problem: problem)
    }
    let target = folder.appendingPathComponent(id)
    let isFinished = entries.withLock { $0[id] != nil }
    let isOurs =
      isFinished || damaged.contains(id) || foundWhole.contains(id) || replaces && entry(of: id) != nil
    guard replaces || !isFinished else { throw CorpusError.repeatedRecording(id) }
    guard isOurs || !FileManager.default.fileExists(atPath: target.path) else {
      throw CorpusError.notOurs(path: target.path)
    }
    // Another name each time: who was held up for long may come back to its own while another makes the same.
    let temporary = unfinished.appendingPathComponent("\(OwnName.prefix)\(id).\(UUID().uuidString)")
    do {
      _ = try temporary.makeFolder()
      let entry = try writeFiles(of: windows, to: temporary)
      temporary.syncFolder()
      try check()
      if isOurs, FileManager.default.fileExists(atPath: target.path) {
        try close()
        try target.removeRecording()
      }
      guard rename(temporary.path, target.path) == 0 else { throw DiskError(errno, path: target.path) }
      folder.syncFolder()
      entries.withLock { $0[id] = entry }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
  }

  /// Writes a recording's files into a folder whose names are still to be synced.
  private func writeFiles(of windows: RecordingWindows, to folder: URL) throws -> RecordingEntry {
    let count = windows.labels.count
    var hashes: [Sensor: String] = [:]
    for sensor in windows.sensors {
      precondition(sensor.valid.count == count, "as many windows as labels")
      let contract = sensor.contract
      let name = contract.sensor.rawValue
      try Self.write(sensor.values, rowShape: contract.shape, to: folder.appendingPathComponent("\(name).npy"))
      try NpyArray(shape: [count], values: sensor.valid)
        .write(to: folder.appendingPathComponent("\(name).valid.npy"), sync: .file)
      var hash = ContentHash()
      sensor.values.withUnsafeBytes { hash.combine($0) }
      hashes[contract.sensor] = hash.text
    }
    try NpyArray(shape: [count], values: windows.labels).write(
      to: folder.appendingPathComponent("labels.npy"), sync: .file)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let facts = try names.map { ($0, try FileFacts(of: folder.appendingPathComponent($0))) }
    let entry = RecordingEntry(
      preprocessingHash: hash, origin: windows.origin, sensors: windows.sensors.map(\.contract),
      recording: CorpusRecording(windows, contentHashes: hashes, files: Dictionary(uniqueKeysWithValues: facts)))
    try Self.encoder.encode(entry).writeWhole(to: folder.appendingPathComponent(RecordingEntry.name), sync: .file)
    return entry
  }

  /// Writes some windows at a time, so that a long night is not held twice.
  private static func write(_ values: [Float], rowShape: [Int], to url: URL) throws {
    let chunk = rowShape.reduce(1, *) * 256
    let writer = try NpyWriter<Float>(url, rowShape: rowShape, sync: .file)
    for start in stride(from: 0, to: values.count, by: chunk) {
      try writer.append(Array(values[start..<min(start + chunk, values.count)]))
    }
    try writer.finish()
  }

  /// Removes recordings that this corpus holds, whole ones too.
  package func remove(_ ids: some Sequence<String>) throws {
    for id in ids
    where entries.withLock({ $0.removeValue(forKey: id) }) != nil || damaged.contains(id) || foundWhole.contains(id) {
      try close()
      try folder.appendingPathComponent(id).removeRecording()
    }
  }

  /// The first recording, in order of identifiers, whose sensors differ from those before it, and how.
  package func otherContract() -> (recording: String, error: CorpusError)? {
    var first: [Sensor: (contract: WindowContract, recording: String)] = [:]
    for entry in ordered() {
      for contract in entry.sensors {
        let (expected, recording) = first[contract.sensor, default: (contract, entry.recording.id)]
        first[contract.sensor] = (expected, recording)
        if let misfit = expected.misfit(contract) {
          let error = CorpusError.otherContract(
            recording: entry.recording.id, found: contract, misfit: misfit, first: recording)
          return (entry.recording.id, error)
        }
      }
    }
    return nil
  }

  private func ordered() -> [RecordingEntry] {
    entries.withLock { $0.values.sorted { $0.recording.id < $1.recording.id } }
  }

  /// Writes `corpus.json`: from here on the corpus can be read.
  ///
  /// - Throws: ``CorpusError/otherContract(recording:sensor:found:expected:first:)`` where two recordings disagree,
  ///   ``CorpusError/noRecordings(path:)`` where there is none.
  @discardableResult
  public func finish(failures: [CorpusFailure] = [], notes: [String] = []) throws -> Corpus {
    if let (_, error) = otherContract() { throw error }
    let entries = ordered()
    guard !entries.isEmpty else { throw CorpusError.noRecordings(path: folder.path) }
    let contracts = Dictionary(
      entries.flatMap(\.sensors).map { ($0.sensor, $0) }, uniquingKeysWith: { first, _ in first })
    let index = CorpusIndex(
      dataset, preprocessing: preprocessing, sensors: Sensor.allCases.compactMap { contracts[$0] },
      recordings: entries.map(\.recording), failures: failures.sorted { $0.recording < $1.recording },
      notes: notes + Leads.notes(on: entries.map(\.recording)) + Self.copies(entries.map(\.recording)))
    try Self.encoder.encode(index).writeWhole(to: folder.appendingPathComponent("corpus.json"))
    return try Corpus(folder)
  }

  /// What to tell of recordings of several subjects that hold the same samples.
  private static func copies(_ recordings: [CorpusRecording]) -> [String] {
    var holders: [String: [CorpusRecording]] = [:]
    for recording in recordings {
      for content in recording.contents { holders[content, default: []].append(recording) }
    }
    let groups = holders.values.filter { Set($0.map(\.subject)).count > 1 }.map { $0.map(\.id) }
    return Set(groups).sorted { $0.joined() < $1.joined() }.map { ids in
      "\(shortened(ids).joined(separator: " and ")) hold the same samples under several subjects: a copy is no other person's night"
    }
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}

extension CorpusRecording {
  /// Whether all files that were written are there and hold what they did.
  fileprivate func isWhole(in folder: URL) -> Bool {
    !files.isEmpty
      && files.allSatisfy { name, facts in
        SafeName.isSafe(name) && (try? facts.hold(of: folder.appendingPathComponent(name))) == true
      }
  }
}

extension URL {
  /// Removes a recording's folder with what this program writes into one.
  ///
  /// - Throws: ``CorpusError/notOurs(path:)`` with everything left where something else is in it.
  fileprivate func removeRecording() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    guard names.allSatisfy({ $0 == "recording.json" || $0.hasSuffix(".npy") || OwnName.isOwn($0) }) else {
      throw CorpusError.notOurs(path: path)
    }
    for name in names {
      let file = appendingPathComponent(name).path
      guard unlink(file) == 0 else { throw DiskError(errno, path: file) }
    }
    guard rmdir(path) == 0 else { throw DiskError(errno, path: path) }
  }
}
