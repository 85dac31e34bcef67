import Foundation
import Readers
import SleepCore

/// A data set whose raw files are text with one number a line: a heart rate each second, called otherwise where the first one is -1.
struct ToyReader: DatasetReader {
  let name = "toy"
  let sensors: [Sensor] = [.heartRate]
  let labels: LabelKind? = .stages

  func discover(in root: URL) throws -> [RecordingSource] {
    try FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)
      .sorted { $0.path < $1.path }
      .map { RecordingSource(id: $0.lastPathComponent, subject: Subject($0.lastPathComponent), files: ["signal": $0]) }
  }

  /// Told of each recording before it is read.
  var willRead: @Sendable (String) -> Void = { _ in }

  func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    willRead(source.id)
    let url = source.files["signal"] ?? URL(fileURLWithPath: "/")
    var samples: [Float] = []
    for (index, line) in try String(contentsOf: url, encoding: .utf8).split(separator: "\n").enumerated() {
      guard let sample = Float(line) else {
        throw ReadError(url, line: index + 1, found: "'\(line)'", expected: "a number")
      }
      samples.append(sample)
    }
    return Recording(
      id: source.id, subject: source.subject,
      signals: [
        Signal(
          sensor: .heartRate, channels: [Channel(name: samples.first == -1 ? "pulse" : "hr", unit: "bpm")],
          timing: .regular(startSeconds: 0, sampleRateHz: 1), samples: [samples])
      ],
      hypnogram: Hypnogram(windowSeconds: 4, stages: [.wake, .n1, .n2, nil, .rem]))
  }
}
