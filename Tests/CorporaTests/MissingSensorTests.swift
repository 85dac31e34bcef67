import Corpora
import Foundation
import SleepCore
import TestSupport
import Testing

@Suite("Recordings that lack a sensor")
struct MissingSensorTests {
  private static let activity = WindowContract(
    sensor: .activity, channels: [Channel(name: "count", unit: "count")], shape: [1, 3], sampleRateHz: 0.1)

  /// One recording of both sensors with a gap in each, one of heart rate alone, one of activity alone.
  private func withCorpus(_ body: (Corpus) throws -> Void) throws {
    try withTemporaryFolder { folder in
      var both = toyRecording("both", windows: 4)
      both.sensors += toyRecording("both", windows: 4, first: 1000, contract: Self.activity).sensors
      both.sensors[0].valid = [1, 0, 0, 1]
      both.sensors[1].valid = [1, 1, 0, 0]
      let other = toyRecording("motion", windows: 2, first: 500, contract: Self.activity)
      try body(toyCorpus(folder, [both, toyRecording("pulse", windows: 3, first: 7), other]))
    }
  }

  private func source(_ corpus: Corpus, _ need: SensorNeed) throws -> WindowSource {
    try WindowSource(corpus, sensors: [.heartRate, .activity], scheme: .fiveStages, need: need)
  }

  @Test("Where one sensor is enough, recordings with any of them are read, and windows that any measured")
  func any() throws {
    try withCorpus { corpus in
      let all = try source(corpus, .all)
      #expect(all.recordings.map { corpus.recordings[$0].id } == ["both"])
      #expect(all.valid(recording: 0) == [1, 0, 0, 0])
      let any = try source(corpus, .any)
      #expect(any.recordings.map { corpus.recordings[$0].id } == ["both", "motion", "pulse"])
      #expect(any.recordings.map { any.valid(recording: $0) } == [[1, 1, 0, 1], [1, 1], [1, 1, 1]])
      #expect(any.classCounts() == [3, 3, 1, 1, 0] && all.classCounts() == [1, 0, 0, 0, 0])
    }
  }

  @Test("A sensor that is not there is zeros with flags that say so, and a window is masked where all are")
  func batches() throws {
    try withCorpus { corpus in
      let source = try source(corpus, .any)
      let plans = source.recordings.flatMap { source.plans(recording: $0, length: 4, stride: 4, batchSize: 1) }
      let batches = try plans.map { try BatchReader([source]).read($0) }
      #expect(batches.map(\.mask) == [[1, 1, 0, 1], [1, 1, 0, 0], [1, 1, 1, 0]])
      #expect(batches.map(\.labels) == [[0, 1, -1, 3], [0, 1, -1, -1], [0, 1, 2, -1]])
      #expect(
        batches.map { $0.inputs.map(\.valid) }
          == [[[1, 0, 0, 1], [1, 1, 0, 0]], [[0, 0, 0, 0], [1, 1, 0, 0]], [[1, 1, 1, 0], [0, 0, 0, 0]]])
      #expect(batches[1].inputs[0].values == [Float](repeating: 0, count: 8))
      #expect(batches[1].inputs[1].values == [500, 501, 502, 510, 511, 512, 0, 0, 0, 0, 0, 0])
      #expect(batches[2].inputs[0].values == [7, 8, 17, 18, 27, 28, 0, 0])
      #expect(batches.allSatisfy { $0.need == .any })
    }
  }

  @Test("A sensor that is left out is as one that was never there")
  func leavingOut() throws {
    try withCorpus { corpus in
      let source = try source(corpus, .any).leavingOut([.activity])
      #expect(source.recordings.map { corpus.recordings[$0].id } == ["both", "pulse"])
      #expect(source.valid(recording: 0) == [1, 0, 0, 1])
      let batch = try BatchReader([source]).read(source.plans(recording: 0, length: 4, stride: 4, batchSize: 1)[0])
      #expect(batch.mask == [1, 0, 0, 1] && batch.inputs[1].valid == [0, 0, 0, 0])
      #expect(batch.inputs[1].values == [Float](repeating: 0, count: 12))
      #expect(try source.windows(recording: 0, sensor: .activity) == [Float](repeating: 0, count: 12))
    }
  }

  @Test("A store without any recording of a sensor takes its contract from elsewhere, where one sensor is enough")
  func knownContract() throws {
    try withTemporaryFolder { folder in
      let corpus = try toyCorpus(folder, [toyRecording("pulse", windows: 2)])
      func make(_ need: SensorNeed, _ known: [WindowContract]) throws -> WindowSource {
        try WindowSource(corpus, sensors: [.activity, .heartRate], need: need, contracts: known)
      }
      let source = try make(.any, [Self.activity])
      let batch = try BatchReader([source]).read(source.plans(recording: 0, length: 2, stride: 2, batchSize: 1)[0])
      #expect(batch.inputs.map(\.shape) == [[1, 2, 1, 3], [1, 2, 1, 2]] && batch.mask == [1, 1])
      for (need, known) in [(SensorNeed.all, [Self.activity]), (.any, [])] {
        let error = #expect(throws: CorpusError.self) { try make(need, known) }
        #expect(
          error.map(words) == "\(corpus.path): found no activity, expected it; the sensors here are heart-rate")
      }
    }
  }
}
