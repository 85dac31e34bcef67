import Corpora
import Downstream
import Figures
import Foundation
import Metrics
import SleepCore

/// One raw recording with the class of each of its windows, as files for people and programs.
struct PredictedRecording {
  let summary: RecordingSummary
  private let prediction: Prediction
  private let scheme: LabelScheme

  init(_ windows: RecordingWindows, _ prediction: Prediction, scheme: LabelScheme, windowSeconds: Double?) {
    self.prediction = prediction
    self.scheme = scheme
    summary = RecordingSummary(
      prediction, scheme: scheme, startSeconds: windows.startSeconds, windowSeconds: windowSeconds,
      warnings: windows.warnings)
  }

  /// Writes all files into a new folder.
  func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(csv.utf8).write(to: folder.appendingPathComponent("predictions.csv"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(summary).write(to: folder.appendingPathComponent("summary.json"))
    guard scheme.kind == .stages, !prediction.classes.isEmpty, let gnuplot = try? Gnuplot() else { return }
    let track = StageTrack(name: "predicted", classes: prediction.classes.map { $0 < 0 ? nil : Int($0) })
    try Figure.hypnograms(
      title: prediction.recording, [track], classNames: scheme.classes, windowSeconds: summary.windowSeconds ?? 30
    ).render(to: folder.appendingPathComponent("hypnogram.png"), with: gnuplot)
  }

  /// `window,start_seconds,label`, and a probability a class; a window that was not measured has neither label nor probability.
  private var csv: String {
    let classes = scheme.classes.count
    var lines = [(["window", "start_seconds", "label"] + scheme.classes).joined(separator: ",")]
    for (window, label) in prediction.classes.enumerated() {
      let start = summary.windowSeconds.map { "\(summary.startSeconds + Double(window) * $0)" } ?? ""
      let probabilities = prediction.probabilities[(window * classes)..<((window + 1) * classes)]
      let cells =
        label < 0
        ? [String](repeating: "", count: classes + 1)
        : [scheme.classes[Int(label)]] + probabilities.map { String(format: "%.6f", $0) }
      lines.append((["\(window)", start] + cells).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// What a prediction says of one recording: `summary.json`.
public struct RecordingSummary: Codable, Hashable, Sendable {
  public let recording: String
  public let windows: Int
  /// Windows with a class; the others were not measured.
  public let predictedWindows: Int
  /// From the start of the recording to the first window.
  public let startSeconds: Double
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
    case recording, windows, counts, fractions, warnings
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
    _ prediction: Prediction, scheme: LabelScheme, startSeconds: Double, windowSeconds: Double?, warnings: [String]
  ) {
    let classes = prediction.classes
    let predicted = classes.count { $0 >= 0 }
    recording = prediction.recording
    windows = classes.count
    predictedWindows = predicted
    self.startSeconds = startSeconds
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
    self.warnings = warnings
  }
}
