import Corpora
import Foundation
import SleepCore
import TestSupport
import Testing
import Upstream

@Suite("Stays")
struct StaySamplerTests {
  private let maps = WindowContract(sensor: .pressureMap, shape: [4, 4])
  private let heart = WindowContract(
    sensor: .heartRate, channels: [Channel(name: "HR", unit: "bpm")], shape: [1, 3], sampleRateHz: 1)

  /// A map that is nearly the same throughout a stay, and unlike any other stay's.
  private func frames(_ stays: [Int], _ random: inout RandomSource) -> [Float] {
    stays.flatMap { count -> [Float] in
      let posture = (0..<16).map { _ in Float(random.normal()) }
      return (0..<count).flatMap { _ in posture.map { $0 + 0.01 * Float(random.normal()) } }
    }
  }

  private func recording(
    _ id: String, _ subject: String, _ values: [Float], _ contract: WindowContract, lost: Set<Int> = []
  )
    -> RecordingWindows
  {
    let count = values.count / contract.size
    return RecordingWindows(
      id: id, subject: Subject(subject), labels: [Int8](repeating: -1, count: count),
      sensors: [SensorWindows(contract: contract, values: values, measured: (0..<count).map { !lost.contains($0) })])
  }

  private func corpus(_ folder: URL, _ recordings: [RecordingWindows]) throws -> Corpus {
    let writer = try CorpusWriter(folder, dataset: "toy", labels: nil)
    for recording in recordings { try writer.write(recording) }
    return try writer.finish()
  }

  @Test("A stay of maps ends where the next map is unlike, where one is lost, and short ones are left out")
  func found() throws {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 1)
      let source = try WindowSource(
        corpus(
          folder,
          [
            recording("a", "S1", frames([8, 3, 20], &random), maps, lost: [19]),
            recording("b", "S2", frames([2, 7], &random), maps),
            recording("c", "S1", frames([6], &random), maps),
          ]), sensors: [.pressureMap])
      var stay = StayOptions()
      stay.minimum = 5
      let bySubject = BatchGrouping(unit: .subject, groups: 2, stays: 3, windows: 2, stay: stay)
      let sampler = try StaySampler([source], grouping: bySubject, seed: 1)
      #expect(sampler.stays == [[[0..<8, 11..<19, 20..<31, 0..<6], [2..<9]]])
      #expect(sampler.counts == [40])
      var byRecording = bySubject
      byRecording.unit = .recording
      byRecording.fewestStays = 2
      #expect(try StaySampler([source], grouping: byRecording, seed: 1).stays == [[[0..<8, 11..<19, 20..<31]]])
      stay.correlation = -1
      #expect(
        try StaySampler(
          [source], grouping: BatchGrouping(unit: .recording, groups: 2, stays: 3, windows: 2, stay: stay), seed: 1
        )
        .stays == [[[0..<19, 20..<31], [0..<9], [0..<6]]])
    }
  }

  @Test("A reference beside each map, which is the same in all, hides no end of a stay")
  func reference() throws {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 1)
      let plain = frames([8, 12], &random)
      let strong = (0..<16).map { 100 * Float($0) }
      let referred = stride(from: 0, to: plain.count, by: 16).flatMap { plain[$0..<($0 + 16)] + strong }
      let contract = WindowContract(sensor: .pressureMap, shape: [2, 4, 4])
      let source = try WindowSource(
        corpus(folder, [recording("a", "S1", referred, contract)]), sensors: [.pressureMap])
      let grouping = BatchGrouping(unit: .subject, groups: 1, stays: 2, windows: 2)
      #expect(try StaySampler([source], grouping: grouping, seed: 1).stays == [[[0..<8, 8..<20]]])
    }
  }

  @Test("Stays of long recordings are the same as of short ones: no cut where a part of the maps ends")
  func longRecording() throws {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 2)
      let source = try WindowSource(
        corpus(folder, [recording("a", "S1", frames([1024, 1500, 30], &random), maps)]), sensors: [.pressureMap])
      let sampler = try StaySampler(
        [source], grouping: BatchGrouping(unit: .subject, groups: 1, stays: 3, windows: 2), seed: 1)
      #expect(sampler.stays == [[[0..<1024, 1024..<2524, 2524..<2554]]])
    }
  }

  @Test("A batch holds pairs of different windows of one stay, stays of one group together, none twice")
  func batches() throws {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 3)
      let source = try WindowSource(
        corpus(
          folder,
          (0..<4).map { recording("r\($0)", "S\($0 / 2)", frames([10, 12, 9, 11], &random), maps) }),
        sensors: [.pressureMap])
      let grouping = BatchGrouping(unit: .subject, groups: 2, stays: 5, windows: 2, fewestStays: 2)
      let sampler = try StaySampler([source], grouping: grouping, seed: 1)
      let plans = sampler.epoch(0)
      #expect(plans.count == (4 * 42 + 19) / 20)
      for plan in plans {
        #expect(plan.windows.count == 20)
        var seen = Set<String>()
        for pair in stride(from: 0, to: 20, by: 2) {
          let (first, second) = (plan.windows[pair], plan.windows[pair + 1])
          #expect(first.recording == second.recording && first.window != second.window)
          func stay(_ window: WindowReference) -> String {
            "\(window.recording)-\([10, 22, 31].count { window.window >= $0 })"
          }
          #expect(stay(first) == stay(second))
          #expect(seen.insert(stay(first)).inserted)
          // The first five stays are of one subject, the others of the other.
          #expect(first.recording / 2 == plan.windows[pair / 10 * 10].recording / 2)
        }
      }
      #expect(plans == (try StaySampler([source], grouping: grouping, seed: 1)).epoch(0))
      #expect(plans != sampler.epoch(1))
      #expect(plans != (try StaySampler([source], grouping: grouping, seed: 2)).epoch(0))
    }
  }

  @Test("Stays of signals are stretches of so many windows, from another start in each epoch; kinds are balanced")
  func signals() throws {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 4)
      let night = (0..<300).map { _ in Float(random.normal()) }
      let sources = try [
        WindowSource(
          corpus(folder.appendingPathComponent("1"), [recording("a", "S1", night, heart, lost: [50])]),
          sensors: [.heartRate]),
        WindowSource(
          corpus(folder.appendingPathComponent("2"), [recording("b", "S2", frames([30, 30], &random), maps)]),
          sensors: [.pressureMap]),
      ]
      let grouping = BatchGrouping(unit: .subject, groups: 2, stays: 4, windows: 2, fewestStays: 2)
      let sampler = try StaySampler(sources, grouping: grouping, seed: 1)
      #expect(sampler.stays == [[[0..<50, 51..<100]], [[0..<30, 30..<60]]])
      let plans = sampler.epoch(0) + sampler.epoch(1)
      let heartPlans = plans.filter { $0.sensors == [.heartRate] }
      #expect(heartPlans.count * 2 == plans.count)
      for plan in heartPlans {
        #expect(plan.windows.count == 8)
        for pair in stride(from: 0, to: 8, by: 2) {
          let (first, second) = (plan.windows[pair].window, plan.windows[pair + 1].window)
          #expect(first != second && abs(first - second) < 10)
          #expect((first < 50) == (second < 50))
        }
      }
    }
  }

  @Test("A corpus without two stays of a subject gives no batch")
  func none() throws {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 5)
      let source = try WindowSource(
        corpus(folder, [recording("a", "S1", frames([1, 1, 9], &random), maps)]), sensors: [.pressureMap])
      let grouping = BatchGrouping(unit: .subject, groups: 2, stays: 4, windows: 2, fewestStays: 2)
      #expect(try StaySampler([source], grouping: grouping, seed: 1).epoch(0).isEmpty)
    }
  }
}
