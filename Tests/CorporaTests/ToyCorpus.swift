import Corpora
import Foundation
import SleepCore

/// A sensor's contract for tests: 2 samples of one channel.
let toyHeartRate = WindowContract(
  sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], shape: [1, 2], sampleRateHz: 1)

/// A recording whose window `i` holds `first + 10 i` and the number after it, and whose labels count 0, 1, 2, 3, 4, 0...
func toyRecording(
  _ id: String, subject: String? = nil, windows: Int = 6, first: Float = 0, contract: WindowContract = toyHeartRate,
  labels: [Int8]? = nil
) -> RecordingWindows {
  let size = contract.size
  let values = (0..<windows).flatMap { window in (0..<size).map { first + Float(window * 10 + $0) } }
  return RecordingWindows(
    id: id, subject: Subject(subject ?? id), labels: labels ?? (0..<windows).map { Int8($0 % 5) },
    sensors: [SensorWindows(contract: contract, values: values)])
}

/// A corpus of toy recordings in a folder.
func toyCorpus(_ folder: URL, dataset: String = "toy", _ recordings: [RecordingWindows]) throws -> Corpus {
  let writer = try CorpusWriter(folder, dataset: dataset, labels: .stages)
  for recording in recordings { try writer.write(recording) }
  return try writer.finish()
}
