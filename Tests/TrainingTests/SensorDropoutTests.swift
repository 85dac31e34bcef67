import Corpora
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Sensors left out of sequences")
struct SensorDropoutTests {
  private static let sensors: [Sensor] = [.heartRate, .activity, .ecg]

  /// Sequences of two windows; a sensor has the windows that are given of it.
  private func batch(_ measured: [Sensor: [Bool]]) -> DeviceBatch {
    let count = measured[.heartRate]?.count ?? 0
    let mask = (0..<count).map { window in measured.values.contains { $0[window] } }
    return DeviceBatch(
      inputs: [:], labels: mask.map { $0 ? 1 : -1 }, mask: mask, measured: measured, length: 2)
  }

  @Test("A window that no other sensor measured counts no more and loses its label")
  func byHand() {
    let batch = batch([
      .heartRate: [true, false, true, true], .activity: [true, true, false, true],
      .ecg: [false, false, false, false],
    ])
    let left = batch.leavingOut([[.heartRate], [.activity]], of: Self.sensors)
    #expect(left.measured?[.heartRate] == [false, false, true, true])
    #expect(left.measured?[.activity] == [true, true, false, false])
    #expect(left.mask == [true, true, true, true])
    let other = batch.leavingOut([[.activity], [.heartRate]], of: Self.sensors)
    #expect(other.mask == [true, false, false, true] && other.labels == [1, -1, -1, 1])
    #expect(other.lengths == [1, 2])
    // Of windows that all sensors measured, none is left out but where one is named.
    let whole = DeviceBatch(inputs: [:], labels: [0, 1], mask: [true, false], length: 2)
    #expect(whole.leavingOut([[.ecg]], of: Self.sensors).measured?[.activity] == [true, false])
    #expect(whole.leavingOut([Set(Self.sensors)], of: Self.sensors).labels == [-1, -1])
  }

  @Test("Each sensor goes with its probability, never all of them, and only whole sequences of it")
  func random() {
    let count = 4000
    let all = [Bool](repeating: true, count: 2 * count)
    // The last sensor measured every second sequence.
    let some = (0..<count).flatMap { [Bool](repeating: $0.isMultiple(of: 2), count: 2) }
    let batch = batch([.heartRate: all, .activity: all, .ecg: some])
    var source = RandomSource(seed: 1)
    let left = batch.leavingOut(0.3, of: Self.sensors, using: &source)
    var again = RandomSource(seed: 1)
    #expect(batch.leavingOut(0.3, of: Self.sensors, using: &again).measured == left.measured)
    #expect(left.mask == all)
    var (gone, alone) = ([Sensor: Int](), 0)
    for row in 0..<count {
      let there = Self.sensors.filter { left.hasMeasured(row, $0) }
      for sensor in Self.sensors where batch.hasMeasured(row, sensor) && !there.contains(sensor) {
        gone[sensor, default: 0] += 1
      }
      alone += row.isMultiple(of: 2) && there.count == 1 ? 1 : 0
      for sensor in Self.sensors { #expect(left.measured?[sensor]?[2 * row] == left.measured?[sensor]?[2 * row + 1]) }
    }
    // Where all of two or three would go one stays: 0.3 less half of 0.09, or a third of 0.027.
    let expected = [Sensor.heartRate: 0.5 * (0.3 - 0.045) + 0.5 * (0.3 - 0.009), .ecg: 0.5 * (0.3 - 0.009)]
    for (sensor, share) in expected { #expect(abs(Double(gone[sensor] ?? 0) / Double(count) - share) < 0.02) }
    #expect(abs(Double(alone) / Double(count / 2) - (3 * 0.09 * 0.7 + 0.027)) < 0.02)
  }

  @Test("Nothing is left out of a sequence of one sensor, nor with a probability of 0")
  func nothing() {
    let one = batch([.heartRate: [true, true], .activity: [false, false], .ecg: [false, false]])
    var source = RandomSource(seed: 1)
    for _ in 0..<50 {
      #expect(one.leavingOut(0.99, of: Self.sensors, using: &source).measured == one.measured)
    }
    var missing = MissingSensors()
    missing.drop = 0
    let all = batch([.heartRate: [true, true], .activity: [true, true], .ecg: [true, true]])
    #expect(SensorDropout(missing, sensors: Self.sensors, seed: 1)(all).measured == all.measured)
  }

  @Test("Joined vectors are zeros where a sensor did not measure, with a flag a sensor behind them")
  func flags() throws {
    let batch = batch([.heartRate: [true, false], .activity: [true, true], .ecg: [false, false]])
    let vectors = try Tensor((1...12).map { Float($0) }, shape: [1, 2, 6])
    let flagged = try batch.flagged(vectors, of: Self.sensors)
    #expect(flagged.shape == [1, 2, 9])
    #expect(
      try flagged.values(Float.self) == [1, 2, 3, 4, 0, 0, 1, 1, 0] + [0, 0, 9, 10, 0, 0, 0, 1, 0])
    #expect(
      try batch.zeroed(vectors, of: Self.sensors).values(Float.self) == [1, 2, 3, 4, 0, 0] + [0, 0, 9, 10, 0, 0])
  }
}
