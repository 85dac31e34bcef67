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

  @Test("slpdb-wrist, sleep-accel and its days: heart rate of one contract; the days end before the nights begin")
  func wrists() throws {
    try prepare("sleep-accel", from: "sleep-accel-1.0.0") { nights in
      let contract = try nights.sensor(.heartRate)
      try prepare("slpdb-wrist", from: "slpdb-rr") { corpus in
        let own = try corpus.sensor(.heartRate)
        #expect(own == contract)
        #expect(corpus.index.population == "slpdb")
        #expect(corpus.recordings.count == 12)
        #expect(corpus.recordings.allSatisfy { $0.scoredWindows > 100 })
      }
      try prepare("sleep-accel-days", from: "sleep-accel-1.0.0") { days in
        let own = try days.sensor(.heartRate)
        #expect(own == contract)
        #expect(days.index.population == "sleep-accel")
        #expect(days.subjects == nights.subjects)
        for recording in days.recordings {
          #expect(recording.scoredWindows == 0)
          let end = recording.startSeconds + 30 * Double(recording.windows)
          #expect(end <= -300 && end > -400, "\(recording.id)")
        }
        #expect(days.recordings.compactMap { $0.validWindows[.heartRate] }.reduce(0, +) > 1000)
      }
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

  @Test("pmd-nights: two nights of each person, in which all 17 postures recur, out of that person's windows alone")
  func nights() throws {
    try prepare("pmd", from: "pmd-1.0.0") { plain in
      try prepare("pmd-nights", from: "pmd-1.0.0") { corpus in
        #expect(corpus.recordings.count == 16)
        #expect(corpus.subjects == Set(plain.recordings.filter { $0.id.hasPrefix("i-") }.map(\.subject)).sorted())
        #expect(corpus.contracts == plain.contracts)
        for (position, recording) in corpus.recordings.enumerated() {
          let source = try #require(plain.position(of: "i-\(recording.subject.id)"))
          #expect(recording.sourceHashes == plain.recordings[source].sourceHashes)
          // 30 holds of 20 to 90 s and 29 movements of 2 to 6 s, at 1 Hz.
          let shortest = 30 * 20 + 29 * 2
          #expect(recording.windows >= shortest && recording.windows <= 2874)
          guard position < 2 else { continue }
          func frames(_ corpus: Corpus, _ recording: Int) throws -> [[Float]] {
            let count = corpus.recordings[recording].windows
            let values = try corpus.windows(recording: recording, sensor: .pressureMap, range: 0..<count)
            return (0..<count).map { Array(values[$0 * 512..<($0 + 1) * 512]) }
          }
          var own: [Int8: Set<[Float]>] = [:]
          for (frame, label) in zip(try frames(plain, source), plain.labels(recording: source)) {
            own[label, default: []].insert(frame)
          }
          for (frame, label) in zip(try frames(corpus, position), corpus.labels(recording: position)) where label >= 0 {
            #expect(own[label]?.contains(frame) == true)
          }
        }
        for subject in corpus.subjects {
          let counts = corpus.recordings.filter { $0.subject == subject }.flatMap(\.labelCounts.keys)
          #expect(Set(counts).subtracting(["-1"]).count == 17, "\(subject)")
        }
      }
    }
  }
}
