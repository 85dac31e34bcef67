import Files
public import Foundation
import NumPy
public import SleepCore
import Synchronization

/// Writes a corpus, one recording at a time, from any number of threads.
///
/// A recording's folder gets its name when it is whole, and `corpus.json` is written last: what was interrupted
/// is gone on with and never read.
public final class CorpusWriter: Sendable {
  public let folder: URL
  private let dataset: DatasetDescription
  private let preprocessing: Preprocessing
  private let hash: String
  private let entries = Mutex<[String: RecordingEntry]>([:])
  private let isReopened = Atomic<Bool>(false)

  /// What `recording.json` says, so that an interrupted preparation knows what it has.
  private struct RecordingEntry: Codable {
    let preprocessingHash: String
    let origin: String
    let sensors: [WindowContract]
    let recording: CorpusRecording
  }

  /// Opens a folder for writing, and takes over the recordings there that were prepared in the same way.
  ///
  /// - Parameters:
  ///   - dataset: Where the data is from.
  ///   - preprocessing: How it is prepared.
  ///   - force: Removes recordings that were prepared in another way, instead of refusing.
  /// - Throws: ``CorpusError/otherPreprocessing(path:found:expected:)``.
  public init(
    _ folder: URL, _ dataset: DatasetDescription, preprocessing: Preprocessing, force: Bool = false
  ) throws {
    self.folder = folder
    self.dataset = dataset
    self.preprocessing = preprocessing
    hash = preprocessing.hash
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var found: [String: RecordingEntry] = [:]
    for child in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
      if child.lastPathComponent.hasPrefix(Self.unfinished) {
        try FileManager.default.removeItem(at: child)
        continue
      }
      let file = child.appendingPathComponent("recording.json")
      guard let data = try? Data(contentsOf: file) else { continue }
      let entry = try? JSONDecoder().decode(RecordingEntry.self, from: data)
      if let entry, entry.preprocessingHash == hash, entry.recording.id == child.lastPathComponent {
        found[entry.recording.id] = entry
      } else if force {
        try? FileManager.default.removeItem(at: folder.appendingPathComponent("corpus.json"))
        try FileManager.default.removeItem(at: child)
      } else {
        throw CorpusError.otherPreprocessing(
          path: folder.path, found: entry?.preprocessingHash ?? "something else", expected: hash)
      }
    }
    entries.withLock { $0 = found }
  }

  /// A corpus for tests and synthetic data, that needs no card.
  public convenience init(
    _ folder: URL, dataset: String, population: String? = nil, labels: LabelKind?, windowSeconds: Double? = 30
  ) throws {
    try self.init(
      folder, DatasetDescription(name: dataset, population: population, title: dataset, labels: labels),
      preprocessing: Preprocessing(windowSeconds: windowSeconds, sensors: [:]))
  }

  private static let unfinished = ".unfinished-"

  /// The identifiers of the recordings that are whole.
  public var finished: Set<String> { entries.withLock { Set($0.keys) } }

  /// From now on the corpus is not read until it is finished again, and whole recordings may be written anew.
  package func reopen() throws {
    let index = folder.appendingPathComponent("corpus.json")
    if FileManager.default.fileExists(atPath: index.path) { try FileManager.default.removeItem(at: index) }
    isReopened.store(true, ordering: .relaxed)
  }

  /// What each whole recording was made of.
  package var origins: [String: String] { entries.withLock { $0.mapValues(\.origin) } }

  /// Writes one recording and gives it its name when all of it is there.
  ///
  /// - Precondition: Every sensor has as many windows as there are labels.
  /// - Throws: ``CorpusError/unsafeIdentifier(_:)``, ``CorpusError/repeatedRecording(_:)``,
  ///   ``CorpusError/notOurs(path:)``, or an error of the file system.
  public func write(_ windows: RecordingWindows) throws {
    let id = windows.id
    guard !id.isEmpty, !id.hasPrefix("."), !id.contains("/"), !id.contains("\0"), id != "corpus.json" else {
      throw CorpusError.unsafeIdentifier(id)
    }
    let isAnew = isReopened.load(ordering: .relaxed) && finished.contains(id)
    guard isAnew || !finished.contains(id) else { throw CorpusError.repeatedRecording(id) }
    let target = folder.appendingPathComponent(id)
    guard isAnew || !FileManager.default.fileExists(atPath: target.path) else {
      throw CorpusError.notOurs(path: target.path)
    }
    let temporary = folder.appendingPathComponent(Self.unfinished + id)
    try? FileManager.default.removeItem(at: temporary)
    do {
      try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
      let entry = try writeFiles(of: windows, to: temporary)
      if isAnew { try FileManager.default.removeItem(at: target) }
      try FileManager.default.moveItem(at: temporary, to: target)
      entries.withLock { $0[id] = entry }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
  }

  private func writeFiles(of windows: RecordingWindows, to folder: URL) throws -> RecordingEntry {
    let count = windows.labels.count
    var hashes: [Sensor: String] = [:]
    for sensor in windows.sensors {
      precondition(sensor.valid.count == count, "as many windows as labels")
      let contract = sensor.contract
      let name = contract.sensor.rawValue
      try Self.write(sensor.values, rowShape: contract.shape, to: folder.appendingPathComponent("\(name).npy"))
      try NpyArray(shape: [count], values: sensor.valid)
        .write(to: folder.appendingPathComponent("\(name).valid.npy"))
      var hash = ContentHash()
      sensor.values.withUnsafeBytes { hash.combine($0) }
      hashes[contract.sensor] = hash.text
    }
    try NpyArray(shape: [count], values: windows.labels).write(to: folder.appendingPathComponent("labels.npy"))
    let entry = RecordingEntry(
      preprocessingHash: hash, origin: windows.origin, sensors: windows.sensors.map(\.contract),
      recording: CorpusRecording(windows, contentHashes: hashes))
    try Self.encoder.encode(entry).write(to: folder.appendingPathComponent("recording.json"))
    return entry
  }

  /// Writes some windows at a time, so that a long night is not held twice.
  private static func write(_ values: [Float], rowShape: [Int], to url: URL) throws {
    let chunk = rowShape.reduce(1, *) * 256
    let writer = try NpyWriter<Float>(url, rowShape: rowShape)
    for start in stride(from: 0, to: values.count, by: chunk) {
      try writer.append(Array(values[start..<min(start + chunk, values.count)]))
    }
    try writer.finish()
  }

  /// Removes recordings that this corpus holds, whole ones too.
  package func remove(_ ids: some Sequence<String>) {
    for id in ids where entries.withLock({ $0.removeValue(forKey: id) }) != nil {
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(id))
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
      notes: notes + Self.copies(entries.map(\.recording)))
    try Self.encoder.encode(index).write(to: folder.appendingPathComponent("corpus.json"), options: .atomic)
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
      "\(ids.joined(separator: " and ")) hold the same samples under several subjects: a copy is no other person's night"
    }
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
