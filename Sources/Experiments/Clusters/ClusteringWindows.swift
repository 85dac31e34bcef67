import Clustering
import Corpora
import Foundation
import SleepCore

/// The windows of a corpus as points: what each is described by, and its class.
struct ClusteringWindows {
  let points: Points
  /// Of each point.
  let windows: [(recording: Int, window: Int, label: Int)]
  /// How many there were before a sample was drawn.
  let total: Int
  /// What a point is, in words.
  let described: String

  /// - Parameters:
  ///   - run: Whose encoder makes the points; `nil` takes plain features.
  ///   - sample: At most so many windows, drawn evenly at random.
  /// - Throws: ``RecipeError`` where no window has a class.
  init(
    _ corpus: Corpus, sensor: Sensor, scheme: LabelScheme, run: URL?, sample: Int, random: inout RandomSource
  ) throws {
    let source = try WindowSource(corpus, sensors: [sensor], subjects: corpus.subjects, scheme: scheme, labelled: nil)
    var chosen = source.recordings.flatMap { recording in
      source.labelled(recording: recording).map { (recording: recording, window: $0.window.window, label: $0.label) }
    }
    guard !chosen.isEmpty else {
      throw RecipeError(
        path: corpus.folder.path, problem: "no scored window of \(sensor.rawValue)",
        wanted: "windows with a class of '\(scheme.name)'")
    }
    total = chosen.count
    if chosen.count > sample {
      chosen = chosen.shuffled(using: &random).prefix(sample).sorted {
        ($0.recording, $0.window) < ($1.recording, $1.window)
      }
    }
    let embedder = try run.map { try Embedder($0, corpus: corpus) }
    if let embedder, !embedder.sensors.contains(sensor) {
      throw RecipeError(
        path: run?.path ?? "", problem: "no encoder of \(sensor.rawValue)",
        wanted: "--sensor \(embedder.sensors.map(\.rawValue).joined(separator: " or "))")
    }
    var values: [Float] = []
    var width = 1
    for (recording, own) in Dictionary(grouping: chosen, by: \.recording).sorted(by: { $0.key < $1.key }) {
      let rows =
        try embedder?.vectors(recording: recording, of: sensor)
        ?? Self.plain(source, recording: recording, sensor)
      width = rows.count / max(1, corpus.recordings[recording].windows)
      for one in own { values += rows[one.window * width..<(one.window + 1) * width] }
    }
    windows = chosen
    points = try Points(values, width: width).standardized()
    let kind =
      embedder != nil
      ? "numbers of the encoder's vector" : sensor == .spectrogram ? "frequencies' means over time" : "plain features"
    described = "\(width) \(kind) of each window of \(sensor.rawValue), each standardised over the windows"
  }

  /// `[windows, features]`: of a spectrogram its mean over time, of other sensors what the logistic baseline sees.
  private static func plain(_ source: WindowSource, recording: Int, _ sensor: Sensor) throws -> [Float] {
    guard sensor == .spectrogram else { return try LogisticBaseline.describe(.plain, source, recording: recording) }
    let corpus = source.store
    let frames = try corpus.sensor(sensor).shape.last ?? 1
    let values = try corpus.windows(
      recording: recording, sensor: sensor, range: 0..<corpus.recordings[recording].windows)
    return stride(from: 0, to: values.count, by: frames).map { start in
      values[start..<start + frames].reduce(0, +) / Float(frames)
    }
  }
}
