import Foundation
import SleepCore

/// What is known about a file, a data set, a corpus or a run. What does not apply is absent.
struct Facts: Encodable {
  let path: String
  /// `EDF+C file`, `corpus`, `run`.
  let kind: String
  /// In a sentence or two, for people.
  var title: String?
  var durationSeconds: Double?
  var channels: [ChannelFacts] = []
  var maps: MapFacts?
  /// Of a .npy array.
  var array: ArrayFacts?
  var sensors: [SensorFacts] = []
  var labels: LabelFacts?
  /// The texts of annotations that are no labels, the most frequent first.
  var annotations: [CountedName] = []
  var recordings: [RecordingFacts] = []
  var failures: [String] = []
  var run: RunFacts?
  var warnings: [String] = []

  init(path: String, kind: String, title: String? = nil) {
    self.path = path
    self.kind = kind
    self.title = title
  }
}

/// One channel of a raw file.
struct ChannelFacts: Encodable {
  let name: String
  let sensor: Sensor?
  let unit: String
  /// `nil` where samples come at times of their own.
  var sampleRateHz: Double?
  /// The usual time between two samples, where there is no rate.
  var intervalSeconds: Double?
  let samples: Int
  /// NaN in the file, or in gaps of it.
  let missing: Int
  var minimum: Float?
  var maximum: Float?

  init(_ trace: Trace) {
    name = trace.name
    sensor = trace.sensor
    unit = trace.unit
    samples = trace.samples.count
    switch trace.timing {
    case .regular(_, let rate): sampleRateHz = rate
    case .irregular: intervalSeconds = trace.usualIntervalSeconds.map { ($0 * 1000).rounded() / 1000 }
    }
    var missing = 0
    var range: (Float, Float)?
    for value in trace.samples {
      guard value.isFinite else {
        missing += 1
        continue
      }
      range = range.map { (min($0.0, value), max($0.1, value)) } ?? (value, value)
    }
    self.missing = missing
    minimum = range?.0
    maximum = range?.1
  }
}

/// Frames of a mat, or spectrogram images.
struct MapFacts: Encodable {
  let sensor: Sensor
  let frames: Int
  let rows: Int
  let columns: Int
  let framesPerSecond: Double?
  let minimum: Float
  let maximum: Float

  init(_ frames: PressureFrames) {
    sensor = frames.sensor
    self.frames = frames.count
    rows = frames.rows
    columns = frames.columns
    framesPerSecond = frames.framesPerSecond
    minimum = frames.values.min() ?? 0
    maximum = frames.values.max() ?? 0
  }
}

struct ArrayFacts: Encodable {
  let shape: [Int]
  /// As NumPy writes it: `<f4`.
  let type: String
  var minimum: Double?
  var maximum: Double?
  var mean: Double?
  /// How many elements are NaN or infinite.
  var notFinite = 0
}

/// One sensor of a corpus, or of a data set.
struct SensorFacts: Encodable {
  let sensor: Sensor
  var channels: [Channel] = []
  var sampleRateHz: Double?
  var windowShape: [Int] = []
  /// Recordings that hold it.
  var recordings: Int?
  var windows: Int?
  var validWindows: Int?
}

struct CountedName: Encodable {
  let name: String
  let count: Int
}

struct LabelFacts: Encodable {
  let kind: LabelKind
  /// Seconds; `nil` where each label is of one frame.
  var windowSeconds: Double?
  /// In the order of the classes; those that do not occur are left out.
  let counts: [CountedName]
  let unscored: Int

  init(_ hypnogram: Hypnogram) {
    self.init(.stages, stored: hypnogram.stages.map { $0?.rawValue ?? -1 }, windowSeconds: hypnogram.windowSeconds)
  }

  init(_ kind: LabelKind, stored: some Sequence<Int8>, windowSeconds: Double?) {
    var counts: [Int8: Int] = [:]
    for label in stored { counts[label, default: 0] += 1 }
    self.init(kind, counts: counts, windowSeconds: windowSeconds)
  }

  init(_ kind: LabelKind, counts: [Int8: Int], windowSeconds: Double?) {
    self.kind = kind
    self.windowSeconds = windowSeconds
    let names: [(Int8, String)] =
      kind == .stages
      ? Stage.stored.map { ($0.rawValue, $0.name) } : Posture.allCases.map { ($0.rawValue, $0.name) }
    self.counts = names.compactMap { value, name in counts[value].map { CountedName(name: name, count: $0) } }
    unscored = counts[-1] ?? 0
  }
}

struct RecordingFacts: Encodable {
  let id: String
  let subject: Subject
  var sensors: [Sensor] = []
  var windows: Int?
  var scoredWindows: Int?
  var files: [String] = []
}

/// What a run's folder says of itself.
struct RunFacts: Encodable {
  let recipe: String
  /// As `environment.json` has it.
  var environment: [String: String] = [:]
  /// The last value of each number that was logged.
  var metrics: [String: Double] = [:]
  var steps = 0
  /// The report's text, where the run is finished.
  var report: String?
  let files: [String]
}
