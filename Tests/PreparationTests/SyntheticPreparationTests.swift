import Corpora
import Preparation
import Foundation
import SleepCore
import Synthesis
import TestSupport
import Testing

@Suite("Preparing synthetic recordings in their publishers' formats")
struct SyntheticPreparationTests {
  @Test(
    "Every sensor of the card comes out, valid in nearly every window",
    arguments: [
      (Synthesizer.Dataset.sleepbrl, [[16, 300]]), (.sleepEDF, [[4, 3000]]),
      (.shhs, [[3, 3000], [1, 300], [1, 150]]),
      (.mesa, [[1, 300], [1, 150], [1, 960]]), (.sleepAccel, [[3, 1500], [1, 22], [2, 66], [65, 73]]),
    ])
  func prepared(dataset: Synthesizer.Dataset, shapes: [[Int]]) throws {
    let datasets = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Datasets")
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try Synthesizer.write(dataset, Synthesizer.Options(subjects: 1, hours: 0.5), to: raw)
      let card = try Card(named: dataset.rawValue, in: datasets)
      let corpus = try Preparation(card: card, options: .init(sensors: Set(card.preprocessing.sensors.keys)))
        .run(raw: raw, out: folder.appendingPathComponent("corpus"))
      #expect(corpus.contracts.map(\.shape) == shapes)
      for recording in corpus.recordings {
        #expect(recording.scoredWindows > 30)
        for (sensor, valid) in recording.validWindows {
          #expect(Double(valid) >= 0.9 * Double(recording.windows), "\(sensor.rawValue): \(recording.warnings)")
        }
      }
    }
  }
}
