import Foundation
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Augmentation")
struct AugmentationTests {
  /// One that changes nothing.
  static let still: MapAugmentation = {
    var map = MapAugmentation()
    (map.shiftRows, map.shiftColumns, map.scale, map.rotateDegrees) = (0, 0, 0, 0)
    (map.gain, map.gamma, map.noise, map.mirror) = (0, 0, 0, false)
    return map
  }()

  func random(_ shape: [Int], seed: UInt64 = 1) throws -> Tensor {
    try .uniform(shape, generator: Generator(seed: seed))
  }

  @Test("With every option 0 a map stays as it is; mirrored, its columns turn round")
  func identity() throws {
    let maps = try random([3, 12, 7])
    let same = try Self.still(maps, generator: Generator(seed: 2))
    expectClose(try same.values(Float.self), try maps.values(Float.self), shape: same.shape, expectedShape: maps.shape)
    let turned = try Self.still(maps, mirrored: [true, false, true], generator: Generator(seed: 2))
    for (index, mirrored) in [true, false, true].enumerated() {
      let map = try maps.select(0, index)
      expectClose(
        try turned.select(0, index).values(Float.self),
        try (mirrored ? map.flipped([1]) : map).values(Float.self))
    }
  }

  @Test("Shift, size, turn and mirror are those that PyTorch makes from the same draws")
  func reference() throws {
    var geometry = MapAugmentation()
    (geometry.gain, geometry.gamma, geometry.noise, geometry.shiftRows) = (0, 0, 0, 0.1)
    let fixture = Fixture("maps")
    let (shape, values) = try fixture.floats("maps")
    let expected = try fixture.floats("expected")
    let result = try geometry(
      Tensor(values, shape: shape), mirrored: [false, true, false, true], generator: Generator(seed: 9))
    expectClose(
      try result.values(Float.self), expected.values, shape: result.shape, expectedShape: expected.shape,
      relative: 1e-5, absolute: 1e-5)
  }

  @Test("Both planes of a map with a reference are moved, turned and mirrored alike")
  func planes() throws {
    var geometry = MapAugmentation()
    (geometry.gain, geometry.gamma, geometry.noise) = (0, 0, 0)
    let (first, second) = (try random([3, 8, 6]), try random([3, 8, 6], seed: 4))
    let mirrored = [true, false, true]
    let both = try geometry(
      .concatenate([first.unsqueezed(1), second.unsqueezed(1)], axis: 1), mirrored: mirrored,
      generator: Generator(seed: 9))
    #expect(both.shape == [3, 2, 8, 6])
    for (plane, maps) in [first, second].enumerated() {
      let alone = try geometry(maps, mirrored: mirrored, generator: Generator(seed: 9))
      expectClose(try both.select(1, plane).values(Float.self), try alone.values(Float.self))
    }
  }

  @Test("A blob moves by up to the greatest shift, and never further")
  func shift() throws {
    var augmentation = Self.still
    augmentation.shiftRows = 0.25
    let count = 200
    // A blob in the middle of 21 x 9, where shifts of 5.25 rows do not reach the border.
    let blob = (0..<21 * 9).map { place -> Float in
      let (row, column) = (Double(place / 9) - 10, Double(place % 9) - 4)
      return Float(exp(-(row * row + column * column) / 2))
    }
    let maps = try Tensor(blob, shape: [1, 21, 9]).repeated([count, 1, 1])
    let moved = try augmentation(maps, generator: Generator(seed: 3)).values(Double.self)
    let shifts = (0..<count).map { map -> (rows: Double, columns: Double) in
      var (sum, rows, columns) = (0.0, 0.0, 0.0)
      for place in 0..<21 * 9 {
        let value = moved[map * 21 * 9 + place]
        sum += value
        rows += value * Double(place / 9)
        columns += value * Double(place % 9)
      }
      return (rows / sum - 10, columns / sum - 4)
    }
    let rows = shifts.map(\.rows)
    #expect(try #require(rows.max()) > 4.8 && #require(rows.max()) < 5.3)
    #expect(try #require(rows.min()) < -4.8 && #require(rows.min()) > -5.3)
    #expect(shifts.allSatisfy { abs($0.columns) < 1e-3 })
    #expect(abs(rows.reduce(0, +) / Double(count)) < 0.7)
  }

  @Test("What is told of a map is what was done to it, and what a recipe leaves out is told as nothing")
  func told() throws {
    var augmentation = Self.still
    (augmentation.shiftRows, augmentation.gain) = (0.25, 0.5)
    let blob = (0..<21 * 9).map { place -> Float in
      let (row, column) = (Double(place / 9) - 10, Double(place % 9) - 4)
      return Float(exp(-(row * row + column * column) / 2))
    }
    let maps = try Tensor(blob, shape: [1, 21, 9]).repeated([20, 1, 1])
    let (moved, drawn) = try augmentation.changed(maps, generator: Generator(seed: 3))
    #expect(drawn.shape == [20, MapAugmentation.drawn])
    #expect(try moved.values(Float.self) == augmentation(maps, generator: Generator(seed: 3)).values(Float.self))
    let (values, numbers) = (try moved.values(Double.self), try drawn.values(Double.self))
    let sum = blob.reduce(0.0) { $0 + Double($1) }
    for map in 0..<20 {
      let told = Array(numbers[(8 * map)..<(8 * map + 8)])
      #expect(told.indices.filter { told[$0] != 0 } == [3, 6] && told.allSatisfy { abs($0) <= 1 })
      let own = Array(values[(map * 21 * 9)..<((map + 1) * 21 * 9)])
      let total = own.reduce(0, +)
      let row = own.enumerated().reduce(0.0) { $0 + Double($1.offset / 9) * $1.element } / total
      expectClose([row - 10, log(total / sum)], [-told[3] * 0.25 * 21, told[6] * 0.5], absolute: 0.05)
    }
  }

  @Test("What is told of a signal is each channel's gain and offset")
  func toldSignal() throws {
    var augmentation = SignalAugmentation()
    (augmentation.gain, augmentation.offset, augmentation.noise) = (0.4, 2, 0)
    let windows = try random([3, 1, 2, 8])
    let (changed, drawn) = try augmentation.changed(windows, generator: Generator(seed: 5))
    #expect(drawn.shape == [3, 4])
    #expect(try changed.values(Float.self) == augmentation(windows, generator: Generator(seed: 5)).values(Float.self))
    let gains = try (drawn.narrowed(1, 0..<2) * 0.4).exp().reshaped([3, 1, 2, 1])
    let offsets = try (drawn.narrowed(1, 2..<4) * 2).reshaped([3, 1, 2, 1])
    expectClose(try changed.values(), try (windows * gains + offsets).values(), relative: 1e-4, absolute: 1e-5)
    augmentation.gain = 0
    let without = try augmentation.changed(windows, generator: Generator(seed: 5)).drawn.values(Float.self)
    #expect((0..<3).allSatisfy { without[4 * $0] == 0 && without[4 * $0 + 1] == 0 && without[4 * $0 + 2] != 0 })
  }

  @Test("Gain and gamma are one for a map; noise is not")
  func values() throws {
    let maps = try random([4, 6, 5])
    func ratios(_ change: (inout MapAugmentation) -> Void, _ value: (Tensor) throws -> Tensor) throws -> [[Float]] {
      var augmentation = Self.still
      change(&augmentation)
      let changed = try value(augmentation(maps, generator: Generator(seed: 4))) / value(maps)
      return try changed.reshaped([4, 30]).split(1, axis: 0).map { try $0.values(Float.self) }
    }
    for rows in [try ratios({ $0.gain = 0.5 }, { $0 }), try ratios({ $0.gamma = 0.5 }, { try $0.log() })] {
      for row in rows {
        let (low, high) = (try #require(row.min()), try #require(row.max()))
        #expect(high - low < 1e-3 * high && abs(log(low)) < 0.501)
      }
      #expect(Set(rows.map { ($0[0] * 1000).rounded() }).count == 4)
    }
    let noisy = try ratios({ $0.noise = 0.1 }, { $0 })
    #expect(noisy.allSatisfy { Set($0).count > 20 })
  }

  @Test("Half of the maps are mirrored, and their labels with them; stages stay")
  func labels() throws {
    var augmentation = Augmentation()
    augmentation.map = Self.still
    augmentation.map?.mirror = true
    #expect(augmentation.changes(.pressureMap) && !augmentation.changes(.radar))
    let (batch, length) = (50, 2)
    let maps = try random([batch, length, 6, 5])
    // 3 postures: supine, right, left; -1 unscored.
    let stored = (0..<batch * length).map { Int8($0 % 4) - 1 }
    let source = DeviceBatch(inputs: [.pressureMap: maps], labels: stored, length: length)
    for (scheme, opposite) in [(LabelScheme.postures3, [0, 2, 1, -1] as [Int8]), (.wakeNREMREM, [0, 1, 2, -1])] {
      let result = try augmentation(source, scheme: scheme, generator: Generator(seed: 6))
      let windows = try #require(result.inputs[.pressureMap])
      let (flipped, labels) = (try maps.flipped([3]), result.labels)
      #expect(windows.shape == maps.shape && labels.count == batch * length)
      #expect(try result.labelTensor().values(Int8.self) == labels)
      var count = 0
      for index in stored.indices {
        func window(_ tensor: Tensor) throws -> Tensor { try tensor.reshaped([-1, 30]).select(0, index) }
        func isNear(_ other: Tensor) throws -> Bool {
          try (window(windows) - window(other)).magnitude().maximum([0]).item() < 1e-4
        }
        let mirrored = try isNear(flipped)
        #expect(try mirrored != isNear(maps))
        #expect(labels[index] == (mirrored ? opposite[stored[index] < 0 ? 3 : Int(stored[index])] : stored[index]))
        count += mirrored ? 1 : 0
      }
      #expect(count > 30 && count < 70)
    }
    #expect(try Augmentation()(source, scheme: .postures3, generator: Generator(seed: 6)).inputs[.pressureMap] === maps)
  }

  @Test("A signal's gain and offset hold for a channel's whole sequence, noise for a sample")
  func signals() throws {
    let windows = try random([3, 4, 2, 50]) + 1
    func differences(
      _ change: (inout SignalAugmentation) -> Void, _ compare: (Tensor, Tensor) throws -> Tensor
    ) throws -> [[Float]] {
      var augmentation = SignalAugmentation()
      augmentation.noise = 0
      change(&augmentation)
      let changed = try augmentation(windows, generator: Generator(seed: 8))
      #expect(changed.shape == windows.shape)
      let rows = try compare(changed, windows).permuted([0, 2, 1, 3]).reshaped([6, 200])
      return try rows.split(1, axis: 0).map { try $0.values(Float.self) }
    }
    #expect(try differences({ _ in }, -).allSatisfy { $0.allSatisfy { $0 == 0 } })
    let gains = try differences({ $0.gain = 0.4 }, /)
    let offsets = try differences({ $0.offset = 0.4 }, -)
    for (rows, range) in [(gains, Float(exp(-0.401))...Float(exp(0.401))), (offsets, -0.401...0.401)] {
      for row in rows {
        let (low, high) = (try #require(row.min()), try #require(row.max()))
        #expect(high - low < 1e-5 && range.contains(low))
      }
      #expect(Set(rows.map { ($0[0] * 1000).rounded() }).count == 6)
    }
    let noise = try differences({ $0.noise = 0.3 }, -).flatMap { $0 }.map(Double.init)
    let deviation = (noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)).squareRoot()
    #expect(abs(deviation - 0.3) < 0.03)
    let dropped = try differences({ $0.dropChannel = 0.5 }, /)
    #expect(dropped.allSatisfy { Set($0) == [0] || Set($0) == [1] })
    #expect(Set(dropped.map { $0[0] }) == [0, 1])
  }
}
