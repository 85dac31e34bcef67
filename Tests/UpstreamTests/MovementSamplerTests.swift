import Corpora
import Foundation
import SleepCore
import TestSupport
import Testing
import Upstream

@Suite("Windows drawn by how much moves")
struct MovementSamplerTests {
  private let axes = WindowContract(
    sensor: .accelerometer, channels: ["x", "y"].map { Channel(name: $0, unit: "g") }, shape: [2, 4], sampleRateHz: 1)
  private let maps = WindowContract(sensor: .pressureMap, shape: [2, 2])

  private func source(
    _ folder: URL, _ contract: WindowContract, _ nights: [[[Float]]], lost: [Set<Int>] = [], people: [String] = []
  ) throws -> WindowSource {
    let writer = try CorpusWriter(folder, dataset: "toy", labels: nil)
    for (number, windows) in nights.enumerated() {
      try writer.write(
        RecordingWindows(
          id: "r\(number)", subject: Subject("s\(number)"), labels: [Int8](repeating: -1, count: windows.count),
          sensors: [
            SensorWindows(
              contract: contract, values: windows.flatMap(\.self),
              measured: windows.indices.map { !(lost.indices.contains(number) && lost[number].contains($0)) },
              allowFlat: true)
          ]))
    }
    return try WindowSource(writer.finish(), sensors: [contract.sensor])
  }

  /// How often each window of each recording is drawn in many epochs, as shares.
  private func shares(_ sampler: MovementSampler, epochs: Int = 400) -> [[Int]: Double] {
    var counts: [[Int]: Double] = [:]
    let drawn = (0..<epochs).flatMap { sampler.epoch($0) }.flatMap(\.windows)
    for window in drawn { counts[[window.recording, window.window], default: 0] += 1 / Double(drawn.count) }
    return counts
  }

  @Test("A signal's window weighs the mean deviation of its channels, and rest a tenth of the mean weight")
  func signals() throws {
    try withTemporaryFolder { folder in
      // Deviations of 1 and 3, of 0.5 and 0.5, none, and much that was not measured.
      let windows: [[Float]] = [
        [1, -1, 1, -1, 3, -3, 3, -3], [5.5, 4.5, 5.5, 4.5, 0.5, -0.5, 0.5, -0.5], [7, 7, 7, 7, 2, 2, 2, 2],
        [90, -90, 90, -90, 90, -90, 90, -90],
      ]
      let source = try source(folder, axes, [windows], lost: [[3]])
      let found = try shares(MovementSampler([source], batchSize: 2, seed: 1))
      // Weights of 2, 0.5 and a tenth of their mean with none, 2.5 / 3.
      let weights = [2, 0.5, 0.25 / 3]
      let sum = weights.reduce(0, +)
      #expect(found.count == 3)
      for (window, weight) in weights.enumerated() {
        expectClose([found[[0, window]] ?? 0], [weight / sum], absolute: 0.03)
      }
    }
  }

  @Test("A map's window weighs what changed since the map before; a first map and one behind a gap rest")
  func movingMaps() throws {
    try withTemporaryFolder { folder in
      let night: [[Float]] = [
        [8, 8, 8, 8], [8, 8, 8, 4], [9, 9, 9, 9], [20, 20, 20, 20], [9, 9, 9, 9], [10, 10, 8, 8],
      ]
      let source = try source(folder, maps, [night, [[50, 50, 50, 50]]], lost: [[3]])
      let found = try shares(MovementSampler([source], batchSize: 3, seed: 1))
      // Changes of 0, 1, 2, not measured, behind the gap 0, 1; and of the other recording's first 0.
      let changes: [([Int], Double)] = [
        ([0, 0], 0), ([0, 1], 1), ([0, 2], 2), ([0, 4], 0), ([0, 5], 1), ([1, 0], 0),
      ]
      let weights = changes.map { ($0, max($1, 0.1 * 4 / 6)) }
      let sum = weights.reduce(0) { $0 + $1.1 }
      #expect(found.count == 6)
      for (window, weight) in weights { expectClose([found[window] ?? 0], [weight / sum], absolute: 0.03) }
    }
  }

  @Test("Long recordings are weighed as short ones, over the end of a part that is read at once")
  func parts() throws {
    try withTemporaryFolder { folder in
      // Only the map that begins the second part is unlike the one before it.
      let night = (0..<600).map { [Float](repeating: $0 < 512 ? 1 : 3, count: 4) }
      let found = try shares(MovementSampler([source(folder, maps, [night])], batchSize: 100, seed: 1), epochs: 20)
      // A weight of 2, and of all others 0.1 * 2 / 600.
      let rest = 0.2 / 600
      expectClose([found[[0, 512]] ?? 0], [2 / (2 + 599 * rest)], absolute: 0.02)
    }
  }

  @Test("An epoch has about as many windows as there are, all sensors equally many batches, and repeats with its seed")
  func epochs() throws {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 2)
      func noise(_ count: Int, _ size: Int) -> [[Float]] {
        (0..<count).map { _ in (0..<size).map { _ in Float(random.normal()) } }
      }
      let sources = try [
        source(folder.appendingPathComponent("a"), axes, [noise(30, 8), noise(20, 8)]),
        source(folder.appendingPathComponent("b"), maps, [noise(11, 4)]),
      ]
      let sampler = try MovementSampler(sources, batchSize: 8, seed: 1)
      let plans = sampler.epoch(0)
      // 61 windows of two kinds, in batches of 8: four of each.
      #expect(plans.count == 8)
      #expect(plans.count { $0.sensors == [.accelerometer] } == 4)
      for plan in plans {
        #expect(plan.length == 1 && plan.windows.count == 8)
        #expect(plan.windows.allSatisfy { $0.corpus == (plan.sensors == [.accelerometer] ? 0 : 1) })
      }
      #expect(try plans == MovementSampler(sources, batchSize: 8, seed: 1).epoch(0))
      #expect(plans != sampler.epoch(1))
      #expect(try plans != MovementSampler(sources, batchSize: 8, seed: 2).epoch(0))
      // Nothing moves anywhere: all windows weigh alike. Nothing was measured: there is none.
      let still = try source(folder.appendingPathComponent("c"), maps, [[[Float]](repeating: [1, 1, 1, 1], count: 5)])
      let even = try shares(MovementSampler([still], batchSize: 5, seed: 1))
      for window in 0..<5 { expectClose([even[[0, window]] ?? 0], [0.2], absolute: 0.04) }
      let lost = try source(folder.appendingPathComponent("d"), maps, [noise(2, 4)], lost: [[0, 1]])
      #expect(try MovementSampler([lost], batchSize: 5, seed: 1).epoch(0).isEmpty)
    }
  }
}
