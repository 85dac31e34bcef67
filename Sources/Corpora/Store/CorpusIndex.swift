public import Files
public import SleepCore

/// What `corpus.json` says: where the data is from, how it was prepared, and what every recording holds.
public struct CorpusIndex: Codable, Hashable, Sendable {
  /// The version of the layout on disk, ``currentFormat``.
  public let format: Int
  /// The data set's name, as its card gives it.
  public let dataset: String
  /// Whose recordings these are: people of one population are the same people, whatever their data set is called.
  public let population: String
  /// The reader of its raw files; empty where there were none.
  public let reader: String
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
  public let sensors: [WindowContract]
  /// In order of their identifiers.
  public let recordings: [CorpusRecording]
  /// The recordings that could not be read, where the preparation was told to keep going.
  public let failures: [CorpusFailure]
  /// What a user should know of how recordings and their label files were told apart, a sentence each.
  public let notes: [String]
  /// Where the recordings of each of several corpora came from that were joined; `nil` of one that lies on disk, whose file never says it.
  var joined: [RawSource]? = nil

  private enum CodingKeys: String, CodingKey {
    case format, dataset, population, reader, title, citation, licence, labels, windowSeconds, preprocessing
    case preprocessingHash, sensors, recordings, failures, notes
  }

  /// The layout that this version writes and reads.
  public static let currentFormat = 3

  public init(
    _ dataset: DatasetDescription, preprocessing: Preprocessing, sensors: [WindowContract],
    recordings: [CorpusRecording], failures: [CorpusFailure] = [], notes: [String] = []
  ) {
    format = Self.currentFormat
    self.dataset = dataset.name
    population = dataset.population
    reader = dataset.reader
    title = dataset.title
    citation = dataset.citation
    licence = dataset.licence
    labels = dataset.labels
    windowSeconds = preprocessing.windowSeconds
    self.preprocessing = preprocessing
    preprocessingHash = preprocessing.hash
    self.sensors = sensors
    self.recordings = recordings
    self.failures = failures
    self.notes = notes
  }
}

extension CorpusIndex {
  /// A hash of how it was prepared and of what all its files hold: `fnv1a64:` and 16 hexadecimal digits. A copy elsewhere has the same.
  public var contentHash: String {
    let files = recordings.flatMap { recording in
      recording.files.sorted { $0.key < $1.key }.map {
        "\(recording.id) \(recording.subject.id) \($0.key) \($0.value.hash)"
          + (recording.group.map { " \($0)" } ?? "")
      }
    }
    var hash = ContentHash()
    Array(([preprocessingHash] + files).joined(separator: "\n").utf8).withUnsafeBytes { hash.combine($0) }
    return hash.text
  }
}

/// What a corpus says of where its recordings are from.
public struct DatasetDescription: Hashable, Sendable {
  public var name: String
  /// Whose recordings they are; the data set's name where nothing else is given.
  public var population: String
  public var reader: String
  public var title: String
  public var citation: String
  public var licence: String
  public var labels: LabelKind?

  public init(
    name: String, population: String? = nil, reader: String = "", title: String = "", citation: String = "",
    licence: String = "", labels: LabelKind?
  ) {
    self.name = name
    self.population = population ?? name
    self.reader = reader
    self.title = title
    self.citation = citation
    self.licence = licence
    self.labels = labels
  }
}

/// One recording of a corpus.
public struct CorpusRecording: Codable, Hashable, Sendable {
  /// Also the name of its folder.
  public let id: String
  public let subject: Subject
  /// The group of people that the subject belongs to, such as a family, where that is known: they never stand in two parts of a split.
  public let group: String?
  /// Which night or visit of the subject it is, where that is known.
  public let session: String?
  /// By which rule its subject and label file were decided, in a few words: `BIDS names`, `the table of recordings`.
  public let decidedBy: String
  /// Windows of every sensor, and labels.
  public let windows: Int
  /// Seconds from the recording's zero to the first window.
  public let startSeconds: Double
  /// What the clock said at the recording's zero, where that is known.
  public let start: LocalTime?
  /// When the lights went off, in seconds from the recording's zero, where that is known.
  public let lightsOffSeconds: Double?
  /// The sensors that were recorded, with how many of their windows are valid.
  public let validWindows: [Sensor: Int]
  /// How many windows carry each stored label, by its raw value as text; `-1` is unscored.
  public let labelCounts: [String: Int]
  /// FNV-1a hash of each sensor's windows, so that one recording under two names is noticed.
  public let contentHashes: [Sensor: String]
  /// FNV-1a hash of each sensor's samples as they were read, so that one recording in two corpora is noticed, however it was
  /// prepared.
  public let sourceHashes: [Sensor: String]
  /// What was odd in the files and how it was read.
  public let warnings: [String]
  /// What each channel was made of, `'C4-M1' at 256 Hz`, by the sensor's and the channel's name, `psg EEG`.
  public let leads: [String: String]?
  /// What each of its files in the corpus held when it was written, by name: one that was changed since is noticed.
  public let files: [String: FileFacts]

  public init(
    id: String, subject: Subject, group: String? = nil, session: String? = nil,
    decidedBy: String = "whoever wrote the corpus", windows: Int,
    startSeconds: Double = 0, start: LocalTime? = nil,
    lightsOffSeconds: Double? = nil, validWindows: [Sensor: Int], labelCounts: [String: Int],
    contentHashes: [Sensor: String], sourceHashes: [Sensor: String] = [:], warnings: [String] = [],
    leads: [String: String]? = nil, files: [String: FileFacts] = [:]
  ) {
    self.leads = leads
    self.group = group
    self.id = id
    self.subject = subject
    self.session = session
    self.decidedBy = decidedBy
    self.windows = windows
    self.startSeconds = startSeconds
    self.start = start
    self.lightsOffSeconds = lightsOffSeconds
    self.validWindows = validWindows
    self.labelCounts = labelCounts
    self.contentHashes = contentHashes
    self.sourceHashes = sourceHashes
    self.warnings = warnings
    self.files = files
  }

  /// The sensors that were recorded, in the order of ``SleepCore/Sensor``.
  public var sensors: [Sensor] { Sensor.allCases.filter { validWindows[$0] != nil } }
  /// From where the time of night counts, in seconds from the recording's zero: lights off where that is known, else the first
  /// window.
  public var clockStartSeconds: Double { lightsOffSeconds ?? startSeconds }
  /// The same in words.
  public var clockCountsFrom: String { lightsOffSeconds == nil ? "the first window" : "lights off" }
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
