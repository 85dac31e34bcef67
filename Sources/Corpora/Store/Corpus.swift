import Files
public import Foundation
import NumPy
public import SleepCore

/// Prepared recordings on disk, of which windows are read when they are asked for: memory does not grow with the corpus.
public final class Corpus: WindowStore {
  /// Where it lies on disk; the first of several that were joined.
  public let folder: URL
  /// Where it is, for messages.
  public let path: String
  public let index: CorpusIndex
  private let contents: [Contents]
  private let positions: [String: Int]

  private struct Contents: Sendable {
    let labels: [Int8]
    let sensors: [Sensor: (map: NpyFile, valid: [UInt8])]
  }

  /// Opens a corpus and checks that its files have the shapes that `corpus.json` says.
  ///
  /// - Throws: ``CorpusError``, or ``NumPy/NpyError`` naming the file.
  public init(_ folder: URL) throws {
    self.folder = folder
    path = folder.path
    let file = folder.appendingPathComponent("corpus.json")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw CorpusError.notACorpus(path: folder.path)
    }
    let index = try Self.readIndex(file)
    self.index = index
    let contracts = Dictionary(index.sensors.map { ($0.sensor, $0) }, uniquingKeysWith: { first, _ in first })
    contents = try index.recordings.map { recording in
      let folder = folder.appendingPathComponent(recording.id)
      let labels: [Int8] = try Self.column("labels", in: folder, count: recording.windows)
      let known = index.labels?.stored ?? -1...(-1)
      if let label = labels.first(where: { !known.contains($0) }) {
        throw CorpusError.unreadableIndex(
          path: folder.appendingPathComponent("labels.npy").path, reason: "the label \(label)")
      }
      var sensors: [Sensor: (map: NpyFile, valid: [UInt8])] = [:]
      for sensor in recording.sensors {
        guard let contract = contracts[sensor] else {
          throw CorpusError.unreadableIndex(
            path: file.path, reason: "no shape for the \(sensor.rawValue) of \(recording.id)")
        }
        let map = try NpyFile(folder.appendingPathComponent("\(sensor.rawValue).npy"))
        let shape = [recording.windows] + contract.shape
        guard map.header.shape == shape else {
          throw CorpusError.wrongShape(path: map.path, found: map.header.shape, expected: shape)
        }
        guard map.header.descriptor == Float.descriptor else {
          throw CorpusError.wrongType(path: map.path, found: map.header.descriptor, expected: Float.descriptor)
        }
        sensors[sensor] = (map, try Self.column("\(sensor.rawValue).valid", in: folder, count: recording.windows))
      }
      return Contents(labels: labels, sensors: sensors)
    }
    positions = Self.positions(index)
  }

  /// The recordings of several corpora, in their order.
  init(folder: URL, path: String, index: CorpusIndex, of corpora: [Corpus]) {
    (self.folder, self.path, self.index) = (folder, path, index)
    contents = corpora.flatMap(\.contents)
    positions = Self.positions(index)
  }

  private static func positions(_ index: CorpusIndex) -> [String: Int] {
    Dictionary(index.recordings.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func readIndex(_ file: URL) throws -> CorpusIndex {
    struct Version: Decodable { let format: Int }
    do {
      let data = Data(try InputFile(file).bytes())
      let format = try JSONDecoder().decode(Version.self, from: data).format
      guard format == CorpusIndex.currentFormat else { throw CorpusError.otherFormat(path: file.path, found: format) }
      let index = try JSONDecoder().decode(CorpusIndex.self, from: data)
      try index.check(path: file.path)
      return index
    } catch let error as DecodingError {
      throw CorpusError.unreadableIndex(path: file.path, reason: error.words)
    }
  }

  private static func column<Element: NpyElement>(_ name: String, in folder: URL, count: Int) throws -> [Element] {
    let url = folder.appendingPathComponent("\(name).npy")
    let array = try NpyArray<Element>(contentsOf: url)
    guard array.shape == [count] else {
      throw CorpusError.wrongShape(path: url.path, found: array.shape, expected: [count])
    }
    return array.values
  }

  public var dataset: String { index.dataset }
  public var population: String { index.population }
  public func person(_ subject: Subject) -> Person { index.person(subject) }
  public var labelKind: LabelKind? { index.labels }
  public var windowSeconds: Double? { index.windowSeconds }
  public var contracts: [WindowContract] { index.sensors }
  public var recordings: [CorpusRecording] { index.recordings }

  /// The position of a recording in ``recordings``.
  public func position(of recording: String) -> Int? { positions[recording] }

  /// The stored labels of a recording, one a window; -1 is unscored.
  public func labels(recording: Int) -> [Int8] { contents[recording].labels }

  /// One a window: 0 where the sensor measured nothing; `nil` where the recording lacks the sensor.
  public func valid(recording: Int, sensor: Sensor) -> [UInt8]? { contents[recording].sensors[sensor]?.valid }

  public func copyWindows(
    recording: Int, sensor: Sensor, range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer
  ) throws {
    guard let map = contents[recording].sensors[sensor]?.map else {
      throw CorpusError.absentSensor(
        sensor, path: folder.appendingPathComponent(recordings[recording].id).path,
        present: recordings[recording].sensors)
    }
    precondition(range.lowerBound >= 0 && range.upperBound <= recordings[recording].windows, "windows \(range)")
    let size = map.header.shape.dropFirst().reduce(1, *)
    try map.copy((range.lowerBound * size)..<(range.upperBound * size), into: buffer)
  }
}

extension Corpus {
  /// Checks that every file of the corpus holds what was prepared: an array that was edited since would be trained on as if it were data.
  ///
  /// A file is read only where it was copied or changed since it was written.
  ///
  /// - Throws: ``CorpusError/changed(path:)``, or ``Files/InputError``.
  public func checkContent() throws {
    for recording in recordings {
      let folder = folder.appendingPathComponent(recording.id)
      for (name, facts) in recording.files.sorted(by: { $0.key < $1.key }) {
        let file = folder.appendingPathComponent(name)
        guard try facts.hold(of: file) else { throw CorpusError.changed(path: file.path) }
      }
    }
  }
}

extension CorpusIndex {
  /// Checks what comes from a file: names that are no way to another folder, and numbers that can be.
  fileprivate func check(path: String) throws {
    if let misfit = preprocessing.misfit { throw CorpusError.badNumber(path: path, misfit.under("preprocessing")) }
    for contract in sensors {
      if let misfit = contract.impossible { throw CorpusError.badNumber(path: path, misfit) }
    }
    var known: Set<String> = []
    for recording in recordings {
      if let problem = SafeName.problem(with: recording.id) {
        throw CorpusError.unreadableIndex(path: path, reason: CorpusError.unsafe(recording.id, problem))
      }
      guard known.insert(recording.id).inserted else {
        throw CorpusError.unreadableIndex(path: path, reason: "the recording '\(recording.id)' twice")
      }
      guard let bad = recording.files.keys.sorted().first(where: { !SafeName.isSafe($0) }) else {
        if let misfit = recording.impossible { throw CorpusError.badNumber(path: path, misfit) }
        continue
      }
      throw CorpusError.unreadableIndex(path: path, reason: "the file '\(bad)' of '\(recording.id)'")
    }
  }
}

extension CorpusRecording {
  /// The first of its numbers that cannot be.
  fileprivate var impossible: Misfit? {
    // Ninety days, as the window settings of a card have it.
    let seconds = NumberRange.number(-7_776_000...7_776_000)
    let numbers: [(String, Double, NumberRange)] = [
      ("windows", Double(windows), .whole(0...1_000_000_000)), ("startSeconds", startSeconds, seconds),
      ("lightsOffSeconds", lightsOffSeconds ?? 0, seconds),
    ]
    for (key, number, range) in numbers where !range.contains(number) {
      return Misfit("\(key) of \(id)", is: "\(number)", expected: range.words)
    }
    let counts =
      validWindows.map { ("validWindows of \(id)", $0.value) } + labelCounts.map { ("labelCounts of \(id)", $0.value) }
    for (key, count) in counts where !(0...windows).contains(count) {
      return Misfit(key, is: "\(count)", expected: NumberRange.whole(0...windows).words)
    }
    return nil
  }
}
