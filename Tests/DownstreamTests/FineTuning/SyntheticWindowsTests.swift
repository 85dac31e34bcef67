import Corpora
import Downstream
import Foundation
import SleepCore
import TestSupport
import Testing

@Suite("Synthetic windows of rare classes")
struct SyntheticWindowsTests {
  private static let contract = WindowContract(
    sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], shape: [1, 2], sampleRateHz: 1)

  /// Windows of REM at 0, 1, 2, 100 and 101 on a line, one of N1, and eight of wake.
  private func source(_ folder: URL) throws -> WindowSource {
    let rem: [Float] = [0, 1, 2, 100, 101]
    let values = rem + [55] + (0..<8).map { 1000 + Float($0) }
    let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages)
    try writer.write(
      RecordingWindows(
        id: "a", subject: Subject("a"), labels: rem.map { _ in 4 } + [1] + [Int8](repeating: 0, count: 8),
        sensors: [SensorWindows(contract: Self.contract, values: values.flatMap { [$0, 2 * $0 + 1] })]))
    return try WindowSource(writer.finish(), sensors: [.heartRate], scheme: .fiveStages)
  }

  @Test("A window comes to lie between itself and one of its nearest neighbours of the same class")
  func between() throws {
    try withTemporaryFolder { folder in
      let source = try source(folder)
      let synthetic = try SyntheticWindows(source, below: 8, neighbours: 2)
      let windows = (0..<14).map { WindowReference(recording: 0, window: $0) }
      let plain = try BatchReader([source]).read(BatchPlan(sensors: [.heartRate], length: 1, windows: windows))
      var random = RandomSource(seed: 1)
      // Two nearest neighbours: of 100 they are 101 and 2.
      let reach: [ClosedRange<Float>] = [0...2, 0...2, 0...2, 2...101, 2...101]
      var moved = Set<Int>()
      for _ in 0..<50 {
        var batch = plain
        for position in windows.indices { synthetic.replace(position, in: &batch, using: &random) }
        for (position, range) in reach.enumerated() {
          let pair = batch.values[(2 * position)..<(2 * position + 2)]
          #expect(range.contains(pair.first ?? -1))
          expectClose([pair.last ?? 0], [2 * (pair.first ?? 0) + 1], absolute: 1e-4)
          if Array(pair) != Array(plain.values[(2 * position)..<(2 * position + 2)]) { moved.insert(position) }
        }
        // The only window of its class, and a class that is not rare, stay; so do the labels.
        #expect(batch.values[10...] == plain.values[10...])
        #expect(batch.labels == plain.labels)
      }
      #expect(moved == [0, 1, 2, 3, 4])
    }
  }
}
