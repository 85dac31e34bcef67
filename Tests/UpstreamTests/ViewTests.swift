import Encoders
import Foundation
import Layers
import Signals
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

@Suite("Views")
struct ViewTests {
  let fixture = Fixture("views")

  @Test("The turned views are NumPy's and PyTorch's", arguments: [("maps", Sensor.pressureMap), ("signals", .ecg)])
  func turns(name: String, sensor: Sensor) throws {
    let (shape, windows) = try fixture.floats(name)
    let contract = WindowContract(
      sensor: sensor, channels: sensor.isMap ? [] : ["a", "b"], shape: Array(shape.dropFirst()), sampleRateHz: nil)
    let maker = try ViewMaker(contract)
    var random = RandomSource(seed: 1)
    let views = try maker(windows, View.rotations, &random)
    let expected = try fixture.floats("\(name)-views").values
    expectClose(Array(views.prefix(windows.count)), Array(expected.prefix(windows.count)), absolute: 1e-5)
    // A turned view has the order of PyTorch's values, and very nearly the raw view's values.
    let size = shape.dropFirst(sensor.isMap ? 1 : 2).reduce(1, *)
    for start in stride(from: 0, to: views.count, by: size) {
      let (view, other) = (views[start..<(start + size)], Array(expected[start..<(start + size)]))
      let raw = views[(start % windows.count)..<(start % windows.count + size)]
      let order = other.indices.sorted { other[$0] < other[$1] }
      let inOrder = order.map { view[start + $0] }
      #expect(zip(inOrder, inOrder.dropFirst()).allSatisfy { $0 <= $1 + 1e-5 })
      expectClose(inOrder, raw.sorted(), absolute: 0.05)
    }
    let squares = try maker.squares(windows)
    expectClose(squares, try fixture.floats("\(name)-squares").values)
    expectClose(
      try MapSpectrum(rows: 6, columns: 6, centered: false)(squares), try fixture.floats("\(name)-spectrum").values,
      absolute: 1e-5)
  }

  @Test("The frequency view is the spectrum's order of values, shifted at random, anew each time")
  func frequency() throws {
    // A square map, so that nothing is stretched.
    let contract = WindowContract(sensor: .pressureMap, channels: [], shape: [8, 8], sampleRateHz: nil)
    var random = RandomSource(seed: 2)
    let window = (0..<64).map { _ in Float(random.normal()) }
    let spectrum = try MapSpectrum(rows: 8, columns: 8, centered: false)(window)
    let maker = try ViewMaker(contract)
    let views = try (0..<6).map { _ in try maker(window, [.frequency], &random) }
    #expect(Set(views).count > 1)
    for view in views {
      let shift = try #require(
        (0..<64).first { shift in
          // The place of frequency 0, where all other values keep their order.
          let rolled = (0..<64).map { place -> Float in
            let (row, column) = ((place / 8 - shift / 8 + 8) % 8, (place % 8 - shift % 8 + 8) % 8)
            return spectrum[row * 8 + column]
          }
          let order = rolled.indices.sorted { rolled[$0] < rolled[$1] }
          return zip(order, order.dropFirst()).allSatisfy { (lower: Int, upper: Int) -> Bool in
            view[lower] <= view[upper] + 0.001
          }
        })
      #expect((0..<64).contains(shift))
    }
  }

  @Test("All views have mean 0, deviation 1 and the raw view's values; a flat window is zeros")
  func amplitude() throws {
    var random = RandomSource(seed: 3)
    let long = WindowContract(sensor: .ecg, channels: ["ECG"], shape: [1, 4000], sampleRateHz: 128)
    for contract in [mapContract, signalContract, long] {
      let size = contract.shape.reduce(1, *)
      let windows = Windows.structured(contract, 5, &random).values + [Float](repeating: 3, count: size)
      let views = try ViewMaker(contract)(windows, View.allCases, &random)
      for (index, start) in stride(from: 0, to: views.count, by: size).enumerated() {
        let values = views[start..<(start + size)].map(Double.init)
        if index % 6 == 5 {
          let flat = index / 6 == 4 || values.allSatisfy { $0 == 0 }
          #expect(flat)
          continue
        }
        let mean = values.reduce(0, +) / Double(size)
        let squares: [Double] = values.map { ($0 - mean) * ($0 - mean) }
        let variance: Double = squares.reduce(0, +) / Double(size)
        #expect(abs(mean) < 1e-4)
        #expect(abs(variance - 1) < 1e-3)
        let raw = views[(index % 6 * size)..<((index % 6 + 1) * size)]
        let differences = zip(values.sorted(), raw.sorted()).map { abs($0 - Double($1)) }
        let difference: Double = differences.reduce(0, +) / Double(size)
        #expect(difference < 0.05, "\(contract.sensor.rawValue), view \(index / 6)")
        // Few values are sorted, many go by histograms; a spectrum has its values twice.
        if size <= 256, index / 6 < 4 { #expect((differences.max() ?? 0) < 0.01) }
      }
    }
  }

  @Test("Values that are not finite pass without a crash")
  func notFinite() throws {
    var random = RandomSource(seed: 4)
    for value in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
      var windows = Windows.noise(mapContract, 2, &random).values
      windows[40] = value
      #expect(try ViewMaker(mapContract)(windows, View.allCases, &random).count == 5 * 2 * 512)
    }
    let empty = WindowContract(sensor: .ecg, channels: [], shape: [1, 0], sampleRateHz: 1)
    let error = #expect(throws: SignalError.self) { try ViewMaker(empty) }
    #expect(error?.localizedDescription == "found a window of 1 x 0, expected at least 1 x 1")
  }

  @Test("The loss of views is 0.8 of the cross-entropy and 0.2 of the distance from the raw view")
  func loss() throws {
    // The view as it is, in 16 values, is the vector; the output's weights are known.
    struct Identity: Encoder {
      let inputs = [WindowContract(sensor: .pressureMap, channels: [], shape: [4, 4], sampleRateHz: nil)]
      let width = 16
      func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
        try windows.reshaped([windows.shape[0], 1, 16])
      }
    }
    let (encoder, store) = (Identity(), try ParameterStore(seed: 1))
    let task = try Published.views.windowTask(store, encoder)
    var random = RandomSource(seed: 5)
    let windows = Windows.noise(encoder.inputs[0], 3, &random)
    var same = random
    let result = try task(windows, encoder, &random, .inference)
    let views = try ViewMaker(encoder.inputs[0])(windows.values, View.allCases, &same)
    let weights = try #require(store["task.output.weight"]).values(Float.self).map(Double.init)
    let bias = try #require(store["task.output.bias"]).values(Float.self).map(Double.init)
    let vectors = (0..<15).map { row in views[(row * 16)..<(row * 16 + 16)].map(Double.init) }
    var (entropy, distance, right) = (0.0, 0.0, 0.0)
    for (row, vector) in vectors.enumerated() {
      var logits: [Double] = bias
      for output in 0..<5 {
        for place in 0..<16 { logits[output] += weights[output * 16 + place] * vector[place] }
      }
      let total: Double = logits.map { exp($0) }.reduce(0, +)
      entropy += (log(total) - logits[row / 3]) / 15
      if logits.max() == logits[row / 3] { right += 1.0 / 15 }
      guard row >= 3 else { continue }
      // Deviation 1 in 16 values is a length of 4.
      for (value, raw) in zip(vector, vectors[row % 3]) { distance += (value - raw) * (value - raw) / 16 / 12 }
    }
    let expected: Double = 0.8 * entropy + 0.2 * distance
    #expect(abs(try result.loss.item() - expected) < 1e-4)
    #expect(abs(result.metric - right) < 1e-5)
  }

  @Test("Turns in the phase plane and about the third axis are exact, and add up")
  func planes() throws {
    let radar = WindowContract(sensor: .radar, channels: ["i", "q", "i2", "q2"], shape: [4, 2], sampleRateHz: 1)
    let plane = try #require(TurningPlane(radar))
    let window: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    let turns: [[Float]] = [
      window, [-3, -4, 1, 2, -7, -8, 5, 6], [-1, -2, -3, -4, -5, -6, -7, -8], [3, 4, -1, -2, 7, 8, -5, -6],
    ]
    for (turn, expected) in turns.enumerated() { expectClose(plane.turned(window, by: [turn]), expected) }
    let wrist = WindowContract(sensor: .accelerometer, channels: ["x", "y", "z"], shape: [3, 2], sampleRateHz: 1)
    let axis = try #require(TurningPlane(wrist))
    let motion: [Float] = [1, 2, 3, 4, 5, 6]
    expectClose(axis.turned(motion, by: [1]), [Float](arrayLiteral: -3, -4, 1, 2, 5, 6))
    expectClose(axis.turned(motion + motion, by: [0, 2]), motion + [Float](arrayLiteral: -1, -2, -3, -4, 5, 6))
    for first in 0..<4 {
      for second in 0..<4 {
        let twice = plane.turned(plane.turned(window, by: [first]), by: [second])
        #expect(twice == plane.turned(window, by: [first + second]))
      }
    }
    let single = WindowContract(sensor: .radar, channels: ["a"], shape: [1, 2], sampleRateHz: 1)
    let none = TurningPlane(mapContract) == nil && TurningPlane(single) == nil
    #expect(none)
  }
}
