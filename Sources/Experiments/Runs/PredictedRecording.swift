import Corpora
import Downstream
import Figures
import Files
import Foundation
import Metrics
import SleepCore

/// One raw recording with the class of each of its windows, as files for people and programs.
struct PredictedRecording {
  let summary: RecordingSummary
  private let prediction: Prediction
  private let file: PredictionFile
  private let scheme: LabelScheme

  /// - Parameters:
  ///   - store: Where the recording is the first.
  ///   - absent: The sensors of the model that the recording lacks.
  init(_ prediction: Prediction, of store: any WindowStore, scheme: LabelScheme, without absent: [Sensor] = []) {
    self.prediction = prediction
    self.scheme = scheme
    let recording = store.recordings[0]
    file = PredictionFile(
      prediction, of: recording, windowSeconds: store.windowSeconds, scheme: scheme, showsTruth: false)
    summary = RecordingSummary(
      prediction, of: recording, scheme: scheme, windowSeconds: store.windowSeconds, without: absent)
  }

  /// Writes all files into a new folder.
  func write(to folder: URL) throws {
    _ = try folder.makeFolder()
    try Data(file.text.utf8).writeWhole(to: folder.appendingPathComponent("predictions.csv"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(summary).writeWhole(to: folder.appendingPathComponent("summary.json"))
    guard scheme.kind == .stages, !prediction.classes.isEmpty else { return }
    let track = StageTrack(name: "predicted", classes: prediction.classes.map { $0 < 0 ? nil : Int($0) })
    try Figure.hypnograms(
      title: prediction.recording, [track], classNames: scheme.classes, windowSeconds: summary.windowSeconds ?? 30
    ).accompany(folder.appendingPathComponent("hypnogram.png"))
  }
}

/// What a prediction says of one recording: `summary.json`.
public struct RecordingSummary: Codable, Hashable, Sendable {
  public let recording: String
  public let windows: Int
  /// Windows with a class; the others were not measured.
  public let predictedWindows: Int
  /// From the recording's zero to the first window.
  public let startSeconds: Double
  /// What the recording's clock said at its zero; `nil` where nobody knows.
  public let start: String?
  /// From what the time of night counts, for recognisers that are told it: `lights off` or `the first window`.
  public let clockCountsFrom: String
  /// `nil` where windows are single shots.
  public let windowSeconds: Double?
  /// Windows of each class.
  public let counts: [String: Int]
  /// Share of each class in the predicted windows; empty without any.
  public let fractions: [String: Double]
  /// Of stages alone: minutes asleep.
  public let totalSleepMinutes: Double?
  /// Share of the predicted windows asleep.
  public let sleepEfficiency: Double?
  public let sleepOnsetLatencyMinutes: Double?
  public let wakeAfterSleepOnsetMinutes: Double?
  public let remLatencyMinutes: Double?
  /// What was odd in the files and how it was read.
  public let warnings: [String]

  private enum CodingKeys: String, CodingKey {
    case recording, windows, counts, fractions, warnings, start
    case clockCountsFrom = "clock_counts_from"
    case predictedWindows = "predicted_windows"
    case startSeconds = "start_seconds"
    case windowSeconds = "window_seconds"
    case totalSleepMinutes = "total_sleep_minutes"
    case sleepEfficiency = "sleep_efficiency"
    case sleepOnsetLatencyMinutes = "sleep_onset_latency_minutes"
    case wakeAfterSleepOnsetMinutes = "wake_after_sleep_onset_minutes"
    case remLatencyMinutes = "rem_latency_minutes"
  }

  init(
    _ prediction: Prediction, of entry: CorpusRecording, scheme: LabelScheme, windowSeconds: Double?,
    without absent: [Sensor]
  ) {
    let classes = prediction.classes
    let predicted = classes.count { $0 >= 0 }
    recording = prediction.recording
    windows = classes.count
    predictedWindows = predicted
    startSeconds = entry.startSeconds
    start = entry.start?.text
    clockCountsFrom = entry.clockCountsFrom
    self.windowSeconds = windowSeconds
    let counted = scheme.classes.enumerated().map { index, name in (name, classes.count { Int($0) == index }) }
    counts = Dictionary(uniqueKeysWithValues: counted)
    fractions = predicted == 0 ? [:] : counts.mapValues { Double($0) / Double(predicted) }
    let sleep = windowSeconds.flatMap { seconds in
      scheme.kind == .stages ? SleepMeasures(labels: classes, scheme: scheme, windowSeconds: seconds) : nil
    }
    totalSleepMinutes = sleep?.totalSleepMinutes
    sleepEfficiency = sleep?.sleepEfficiency
    sleepOnsetLatencyMinutes = sleep?.sleepOnsetLatencyMinutes
    wakeAfterSleepOnsetMinutes = sleep?.wakeAfterSleepOnsetMinutes
    remLatencyMinutes = sleep?.remLatencyMinutes
    warnings =
      entry.warnings + absent.map { "\(prediction.recording): predicted without \($0.rawValue), which it lacks" }
  }
}
