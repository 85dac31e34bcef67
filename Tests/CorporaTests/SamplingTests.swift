import Corpora
import Foundation
import SleepCore
import TestSupport
import Testing

@Suite("Samplers and batches")
struct SamplingTests {
  private let activity = WindowContract(
    sensor: .activity, channels: [Channel(name: "count", unit: "count")], shape: [1, 3], sampleRateHz: 0.1)

  private func read(_ plans: [BatchPlan], _ sources: [WindowSource]) throws -> [Batch] {
    let prefetcher = Prefetcher(plans, reader: BatchReader(sources))
    var batches: [Batch] = []
    while let batch = try prefetcher.next() { batches.append(batch) }
    return batches
  }

  @Test("An epoch of windows holds each valid window once, with its values and class")
  func windows() throws {
    try withTemporaryFolder { folder in
      var night = toyRecording("a", windows: 7, first: 0.5)
      night.sensors[0] = SensorWindows(
        contract: toyHeartRate, values: night.sensors[0].values,
        measured: [true, true, false, true, true, true, true])
      let corpus = try toyCorpus(folder, [night, toyRecording("b", windows: 4, first: 100)])
      let source = try WindowSource(corpus, sensors: [.heartRate], scheme: .wakeNREMREM)
      let sampler = WindowSampler([source], batchSize: 4, seed: 1)
      let batches = try read(sampler.epoch(0), [source])
      #expect(batches.map(\.count) == [4, 4, 2])
      #expect(batches[0].shape == [4, 1, 1, 2])
      var seen = Set<WindowReference>()
      for batch in batches {
        #expect(batch.mask.allSatisfy { $0 == 1 })
        for (row, reference) in batch.windows.enumerated() {
          seen.insert(reference)
          let first = (reference.recording == 0 ? 0.5 : 100) + Float(reference.window * 10)
          #expect(Array(batch.values[(row * 2)..<(row * 2 + 2)]) == [first, first + 1])
          #expect(batch.labels[row] == [0, 1, 1, 1, 2][reference.window % 5])
        }
      }
      #expect(seen.count == 10)
      #expect(!seen.contains(WindowReference(recording: 0, window: 2)))
      #expect(sampler.epoch(0) == WindowSampler([source], batchSize: 4, seed: 1).epoch(0))
      #expect(sampler.epoch(0) != sampler.epoch(1))
      #expect(sampler.epoch(0) != WindowSampler([source], batchSize: 4, seed: 2).epoch(0))
    }
  }

  @Test("Labels that may not be seen are -1, and their windows can be left out")
  func labelled() throws {
    try withTemporaryFolder { folder in
      let corpus = try toyCorpus(folder, [toyRecording("a"), toyRecording("b")])
      let labelled = LabelledWindows(
        flags: ["a": [false, true, false, false, true, false]], subjects: [Subject("a")])
      let source = try WindowSource(corpus, sensors: [.heartRate], scheme: .fiveStages, labelled: labelled)
      let all = try read(WindowSampler([source], batchSize: 12, seed: 1).epoch(0), [source])[0]
      #expect(all.labels.filter { $0 >= 0 }.sorted() == [1, 4])
      let some = try read(WindowSampler([source], batchSize: 12, onlyLabelled: true, seed: 1).epoch(0), [source])[0]
      #expect(some.labels.sorted() == [1, 4])
      #expect(source.classCounts() == [0, 1, 0, 0, 1])
    }
  }

  @Test("Balanced sampling draws each class as often as every other")
  func balanced() throws {
    try withTemporaryFolder { folder in
      let labels: [Int8] = (0..<1000).map { $0 % 50 == 0 ? 4 : 2 }
      let corpus = try toyCorpus(folder, [toyRecording("a", windows: 1000, labels: labels)])
      let source = try WindowSource(corpus, sensors: [.heartRate], scheme: .wakeNREMREM)
      let plans = WindowSampler([source], batchSize: 100, balance: .classes, seed: 1).epoch(0)
      let drawn = try read(plans, [source]).flatMap(\.labels)
      #expect(drawn.count == 1000)
      // About 25 times each, so that none is left out by chance.
      let seen = Set(plans.flatMap(\.windows).map(\.window))
      let rare: Set<Int> = seen.filter { labels[$0] == 4 }
      #expect(rare.count == 20)
      #expect((430...570).contains(drawn.count { $0 == 2 }))
    }
  }

  @Test(
    "A quota draws so many windows of each class: rare ones repeatedly, common ones once", arguments: [true, false])
  func quota(anew: Bool) throws {
    try withTemporaryFolder { folder in
      let labels: [Int8] = (0..<200).map { $0 < 7 ? 4 : $0 < 27 ? 0 : $0 == 199 ? -1 : 2 }
      let corpus = try toyCorpus(folder, [toyRecording("a", windows: 200, labels: labels)])
      let source = try WindowSource(corpus, sensors: [.heartRate], scheme: .wakeNREMREM)
      let sampler = WindowSampler(
        [source], batchSize: 16, onlyLabelled: true, quota: .init(windowsPerClass: 20, isDrawnAnew: anew), seed: 1)
      let epochs = (0..<4).map { sampler.epoch($0).flatMap(\.windows).map(\.window) }
      for windows in epochs {
        #expect(windows.count == 60)
        let counts = Dictionary(grouping: windows) { $0 }.mapValues(\.count)
        let rem = (0..<7).map { counts[$0] ?? 0 }
        #expect(rem.reduce(0, +) == 20 && rem.allSatisfy { 2...3 ~= $0 })
        #expect((7..<27).allSatisfy { counts[$0] == 1 })
        let sleep = counts.filter { $0.key >= 27 }
        #expect(sleep.count == 20 && sleep.values.allSatisfy { $0 == 1 } && sleep[199] == nil)
      }
      #expect(epochs[0] != epochs[1])
      #expect((epochs[0].sorted() == epochs[1].sorted()) == !anew)
    }
  }

  @Test("Corpora of different sensors give equally many batches; corpora of one sensor share theirs")
  func joint() throws {
    try withTemporaryFolder { folder in
      let sources = try [
        WindowSource(
          toyCorpus(folder.appendingPathComponent("1"), [toyRecording("a", windows: 100)]), sensors: [.heartRate]),
        WindowSource(
          toyCorpus(folder.appendingPathComponent("2"), [toyRecording("b", windows: 10, contract: activity)]),
          sensors: [.activity]),
        WindowSource(
          toyCorpus(folder.appendingPathComponent("3"), [toyRecording("c", windows: 50)]), sensors: [.heartRate]),
      ]
      let sampler = WindowSampler(sources, batchSize: 8, seed: 1)
      #expect(sampler.counts == [150, 10])
      let batches = try read(sampler.epoch(0), sources)
      #expect(batches.count { $0.sensor == .heartRate } == 10)
      #expect(batches.count { $0.sensor == .activity } == 10)
      #expect(batches.allSatisfy { $0.shape == ($0.sensor == .activity ? [8, 1, 1, 3] : [8, 1, 1, 2]) })
      #expect(Set(batches.filter { $0.sensor == .activity }.flatMap(\.windows)).count == 10)
      #expect(Set(batches.filter { $0.sensor == .heartRate }.flatMap(\.windows).map(\.corpus)) == [0, 2])
    }
  }

  @Test(
    "Sequences cover every window, and the last is padded",
    arguments: [(4, 4, [0, 4, 8]), (4, 2, [0, 2, 4, 6]), (4, 1, [0, 1, 2, 3, 4, 5, 6]), (12, 3, [0]), (10, 10, [0])])
  func sequences(length: Int, stride: Int, starts: [Int]) throws {
    try withTemporaryFolder { folder in
      let corpus = try toyCorpus(folder, [toyRecording("a", windows: 10)])
      let source = try WindowSource(corpus, sensors: [.heartRate], scheme: .fiveStages)
      let sampler = SequenceSampler(source, length: length, stride: stride, batchSize: 100, seed: 1)
      let batch = try read(sampler.inOrder(), [source])[0]
      #expect(batch.shape == [starts.count, length, 1, 2])
      #expect(stride == length || Set(batch.windows.map(\.window)).isSuperset(of: 0..<10))
      for (row, start) in starts.enumerated() {
        for offset in 0..<length {
          let position = row * length + offset
          let window = start + offset
          let inside = window < 10
          #expect(batch.windows[position].window == (inside ? window : -1))
          #expect(batch.mask[position] == (inside ? 1 : 0))
          #expect(batch.labels[position] == (inside ? Int8(window % 5) : -1))
          #expect(batch.values[position * 2] == (inside ? Float(window * 10) : 0))
        }
      }
      #expect(Set(sampler.epoch(0).flatMap(\.windows)) == Set(batch.windows))
    }
  }

  @Test("Several sensors are read for the same windows; recordings that lack one are left out")
  func together() throws {
    try withTemporaryFolder { folder in
      var both = toyRecording("a")
      both.sensors += toyRecording("a", first: 1000, contract: activity).sensors
      both.sensors[1].valid[3] = 0
      let corpus = try toyCorpus(folder, [both, toyRecording("b")])
      let source = try WindowSource(corpus, sensors: [.heartRate, .activity], scheme: .fiveStages)
      #expect(source.recordings == [0])
      let batch = try read(SequenceSampler(source, length: 6, stride: 6, batchSize: 1, seed: 1).inOrder(), [source])[0]
      #expect(batch.inputs.map(\.sensor) == [.heartRate, .activity])
      #expect(batch.inputs[0].valid == [1, 1, 1, 1, 1, 1])
      #expect(batch.mask == [1, 1, 1, 0, 1, 1])
      #expect(batch.labels == [0, 1, 2, -1, 4, 0])
      #expect(batch.inputs[1].values[15] == 1050)
      let error = #expect(throws: CorpusError.self) { try WindowSource(corpus, sensors: [.ecg]) }
      #expect(
        error.map(words)
          == "\(folder.path): found no ecg, expected it; the sensors here are activity and heart-rate")
    }
  }

  @Test("A prefetcher that nobody reads to the end stops")
  func abandoned() throws {
    try withTemporaryFolder { folder in
      let source = try WindowSource(toyCorpus(folder, [toyRecording("a", windows: 100)]), sensors: [.heartRate])
      let plans = WindowSampler([source], batchSize: 1, seed: 1).epoch(0)
      for _ in 0..<50 { _ = try Prefetcher(plans, reader: BatchReader([source])).next() }
      #expect(try Prefetcher([], reader: BatchReader([source])).next() == nil)
    }
  }

  @Test("The order of sequences depends on the seed and the epoch alone")
  func sequenceOrder() throws {
    try withTemporaryFolder { folder in
      let source = try WindowSource(toyCorpus(folder, [toyRecording("a", windows: 60)]), sensors: [.heartRate])
      func sampler(_ seed: UInt64) -> SequenceSampler {
        SequenceSampler(source, length: 3, stride: 3, batchSize: 4, seed: seed)
      }
      #expect(sampler(1).epoch(0) == sampler(1).epoch(0))
      #expect(sampler(1).epoch(0) != sampler(1).epoch(1))
      #expect(sampler(1).epoch(0) != sampler(2).epoch(0))
    }
  }

  @Test("A window that any of its sensors did not measure is neither counted nor drawn")
  func unmeasured() throws {
    try withTemporaryFolder { folder in
      var both = toyRecording("a")
      both.sensors += toyRecording("a", first: 1000, contract: activity).sensors
      both.sensors[0].valid[1] = 0
      both.sensors[1].valid[3] = 0
      let source = try WindowSource(
        toyCorpus(folder, [both]), sensors: [.heartRate, .activity], scheme: .fiveStages)
      #expect(source.valid(recording: 0) == [1, 0, 1, 0, 1, 1])
      #expect(source.classCounts() == [2, 0, 1, 0, 1])
      let drawn = WindowSampler([source], batchSize: 8, seed: 1).epoch(0).flatMap(\.windows)
      let windows: [Int] = drawn.map(\.window).sorted()
      #expect(windows == [0, 2, 4, 5])
    }
  }

  @Test("Recordings in memory give the batches of the corpus that they are written to, with hours from lights off")
  func memory() throws {
    try withTemporaryFolder { folder in
      var first = toyRecording("a", windows: 5)
      first.startSeconds = 600
      first.lightsOffSeconds = 630
      let second = toyRecording("b", windows: 3, first: 7)
      let corpus = try toyCorpus(folder, [first, second])
      let memory = RecordingsInMemory(
        [first, second], dataset: DatasetDescription(name: "toy", labels: .stages), windowSeconds: 30, path: "memory")
      let batches = try [corpus as any WindowStore, memory].map { store in
        let source = try WindowSource(store, sensors: [.heartRate], scheme: .fiveStages)
        let plans = source.recordings.flatMap { source.plans(recording: $0, length: 4, stride: 4, batchSize: 2) }
        return try plans.map { try BatchReader([source]).read($0) }
      }
      #expect(batches[0] == batches[1] && batches[0].count == 2)
      let hours = batches[0][0].hours.map { ($0 * 120).rounded() }
      #expect(hours == [-1, 0, 1, 2, 3, 0, 0, 0])
      #expect(batches[0][0].lengths == [4, 1] && batches[0][1].lengths == [3])
      #expect(memory.recordings.map(\.clockCountsFrom) == ["lights off", "the first window"])
      let error = #expect(throws: CorpusError.self) { try memory.sensor(.ecg) }
      #expect(error.map(words) == "memory: found no ecg, expected it; the sensors here are heart-rate")
    }
  }
}
