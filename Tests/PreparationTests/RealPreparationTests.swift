import Corpora
import Preparation
import Foundation
import SleepCore
import TestSupport
import Testing

/// The recordings beside the checkout, with the cards of the project.
@Suite("Preparing real recordings", .needsRecordings)
struct RealPreparationTests {
  private static let datasets = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Datasets")

  private func prepare(_ name: String, from folder: String, _ body: (Corpus) throws -> Void) throws {
    let raw = try #require(sharedDatasets).appendingPathComponent(folder)
    let card = try Card(named: name, in: Self.datasets)
    try withTemporaryFolder { out in
      try body(Preparation(card: card).run(raw: raw, out: out.appendingPathComponent("corpus")))
    }
  }

  @Test("sleep-accel: 21 nights of heart rate and counts, all labels kept")
  func sleepAccel() throws {
    try prepare("sleep-accel", from: "sleep-accel-1.0.0") { corpus in
      #expect(corpus.recordings.count == 21)
      #expect(corpus.contracts.map(\.sensor) == [.activity, .heartRate])
      #expect(corpus.contracts.map(\.shape) == [[1, 22], [2, 66]])
      for (position, recording) in corpus.recordings.enumerated() {
        #expect(recording.scoredWindows > 200, "\(recording.id)")
        for sensor in recording.sensors {
          #expect(
            Double(recording.validWindows[sensor] ?? 0) > 0.9 * Double(recording.scoredWindows), "\(recording.id)")
          let values = try corpus.windows(recording: position, sensor: sensor, range: 0..<recording.windows)
          #expect(values.allSatisfy { $0.isFinite && abs($0) <= 8 }, "\(recording.id)")
        }
      }
    }
  }

  @Test("slpdb-rr: 12 nights, 10 people")
  func slpdb() throws {
    try prepare("slpdb-rr", from: "slpdb-rr") { corpus in
      #expect(corpus.recordings.count == 12)
      #expect(corpus.subjects.count == 10)
      #expect(corpus.contracts.map(\.shape) == [[2, 60]])
    }
  }

  @Test("santafe-b: heart rate and breathing of one night")
  func santaFe() throws {
    try prepare("santafe-b", from: "santafe-b") { corpus in
      #expect(corpus.contracts.map(\.sensor) == [.respiration, .heartRate])
      #expect(corpus.recordings[0].windows > 500)
    }
  }

  @Test("pmd: both experiments as maps of one size, people who took part twice once")
  func pmd() throws {
    try prepare("pmd", from: "pmd-1.0.0") { corpus in
      #expect(corpus.contracts.map(\.shape) == [[32, 16]])
      #expect(corpus.subjects.count < corpus.recordings.count)
      #expect(corpus.index.failures.isEmpty)
      let split = try Split.leaveOneSubjectOut(corpus.subjects, validationShare: 0.2, seed: 0)
      try SplitAuditor(split, of: corpus.index).auditFolds()
      let first = try corpus.windows(recording: 0, sensor: .pressureMap, range: 0..<10)
      #expect(first.allSatisfy { (0...4).contains($0) })
    }
  }
}
