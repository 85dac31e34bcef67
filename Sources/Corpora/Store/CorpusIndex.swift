public import SleepCore

/// What `corpus.json` says: where the data is from, how it was prepared, and what every recording holds.
public struct CorpusIndex: Codable, Hashable, Sendable {
  /// The version of the layout on disk, ``currentFormat``.
  public let format: Int
  /// The data set's name, as its card gives it.
  public let dataset: String
  public let title: String
  public let citation: String
  public let licence: String
  /// What the stored labels are; `nil` where the data set has none.
  public let labels: LabelKind?
  /// Length of a scored window; `nil` where windows are single shots without a time.
  public let windowSeconds: Double?
  /// How the raw files became these windows; its hash is ``preprocessingHash``.
  public let preprocessing: Preprocessing
  /// ``Preprocessing/hash`` when the corpus was written. A recording prepared in another way never joins this corpus.
  public let preprocessingHash: String
  public let sensors: [CorpusSensor]
  /// In order of their identifiers.
  public let recordings: [CorpusRecording]
  /// The recordings that could not be read, where the preparation was told to keep going.
  public let failures: [CorpusFailure]

  /// The layout that this version writes and reads.
  public static let currentFormat = 1

  public init(
    dataset: String, title: String = "", citation: String = "", licence: String = "",
    labels: LabelKind?, preprocessing: Preprocessing, sensors: [CorpusSensor], recordings: [CorpusRecording],
    failures: [CorpusFailure] = []
  ) {
    format = Self.currentFormat
    self.dataset = dataset
    self.title = title
    self.citation = citation
    self.licence = licence
    self.labels = labels
    windowSeconds = preprocessing.windowSeconds
    self.preprocessing = preprocessing
    preprocessingHash = preprocessing.hash
    self.sensors = sensors
    self.recordings = recordings
    self.failures = failures
  }
}

/// One sensor of a corpus: the contract that all its recordings keep.
public struct CorpusSensor: Codable, Hashable, Sendable {
  public let sensor: Sensor
  /// In the order of the channel axis; empty for maps.
  public let channels: [Channel]
  /// Samples a second within a window; `nil` for maps.
  public let sampleRateHz: Double?
  /// `[channels, samples]`, or `[rows, columns]` for maps; `[planes, rows, columns]` for maps with a reference.
  public let windowShape: [Int]

  public init(sensor: Sensor, channels: [Channel] = [], sampleRateHz: Double? = nil, windowShape: [Int]) {
    self.sensor = sensor
    self.channels = channels
    self.sampleRateHz = sampleRateHz
    self.windowShape = windowShape
  }

  /// Values in one window.
  public var windowSize: Int { windowShape.reduce(1, *) }
  /// Rows and columns of a map, channels and samples of a signal.
  public var mapShape: (rows: Int, columns: Int) {
    (windowShape[windowShape.count - 2], windowShape[windowShape.count - 1])
  }
  /// Values in a window without a map's reference.
  public var mapSize: Int { mapShape.rows * mapShape.columns }
  /// Windows without the maps' reference, `[windows, rows, columns]`.
  public func withoutReference(_ windows: [Float]) -> [Float] {
    guard mapSize < windowSize else { return windows }
    return stride(from: 0, to: windows.count, by: windowSize).flatMap { windows[$0..<($0 + mapSize)] }
  }
  /// Whether the shape is one that a window can have.
  var isWhole: Bool { (2...(sensor.isMap ? 3 : 2)).contains(windowShape.count) && windowShape.allSatisfy { $0 > 0 } }
}

/// One recording of a corpus.
public struct CorpusRecording: Codable, Hashable, Sendable {
  /// Also the name of its folder.
  public let id: String
  public let subject: Subject
  /// Windows of every sensor, and labels.
  public let windows: Int
  /// Seconds from the start of the recording to the first window.
  public let startSeconds: Double
  /// The sensors that were recorded, with how many of their windows are valid.
  public let validWindows: [Sensor: Int]
  /// How many windows carry each stored label, by its raw value as text; `-1` is unscored.
  public let labelCounts: [String: Int]
  /// FNV-1a hash of each sensor's windows, so that one recording under two names is noticed.
  public let contentHashes: [Sensor: String]
  /// What was odd in the files and how it was read.
  public let warnings: [String]

  public init(
    id: String, subject: Subject, windows: Int, startSeconds: Double = 0, validWindows: [Sensor: Int],
    labelCounts: [String: Int], contentHashes: [Sensor: String], warnings: [String] = []
  ) {
    self.id = id
    self.subject = subject
    self.windows = windows
    self.startSeconds = startSeconds
    self.validWindows = validWindows
    self.labelCounts = labelCounts
    self.contentHashes = contentHashes
    self.warnings = warnings
  }

  /// The sensors that were recorded, in the order of ``SleepCore/Sensor``.
  public var sensors: [Sensor] { Sensor.allCases.filter { validWindows[$0] != nil } }
  /// Windows with a label.
  public var scoredWindows: Int { windows - (labelCounts["-1"] ?? 0) }
}

/// A recording that could not be prepared, and why.
public struct CorpusFailure: Codable, Hashable, Sendable {
  public let recording: String
  /// `path[:line]: what was found, what was expected`.
  public let reason: String

  public init(recording: String, reason: String) {
    self.recording = recording
    self.reason = reason
  }
}
