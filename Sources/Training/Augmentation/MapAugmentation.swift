import Foundation
public import SleepCore
public import Tensors

/// Small random changes of a pressure map that leave the posture as it is: where the sleeper lies, how tall and heavy they are,
/// the mat's gain. Drawn anew for each map of each batch.
public struct MapAugmentation: Settings {
  /// Greatest shift along the bed as a share of the rows. None unless a recipe says so: how high a body lies tells an inclined bed
  /// from a flat one.
  public var shiftRows: Double = 0
  /// Greatest shift across the bed as a share of the columns.
  public var shiftColumns: Double = 0.15
  /// Greatest relative change of size, in each direction by itself.
  public var scale: Double = 0.12
  public var rotateDegrees: Double = 8
  /// Greatest change of the logarithm of all values.
  public var gain: Double = 0.2
  /// Greatest change of the logarithm of the exponent.
  public var gamma: Double = 0.25
  /// Greatest deviation of added noise; each map has its own.
  public var noise: Double = 0.05
  /// Turns half of the maps left side right, and their labels with them.
  public var mirror: Bool = true

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .shiftRows: .number(0...1),
      .shiftColumns: .number(0...1),
      .scale: .number(0..<1),
      .rotateDegrees: .number(0...180),
      .gain: .number(0...10),
      .gamma: .number(0...10),
      .noise: .number(0...1000),
    ])

  public init() {}

  /// - Parameters:
  ///   - maps: `[maps, rows, columns]`, or `[maps, planes, rows, columns]` whose planes are changed alike; not negative.
  ///   - mirrored: Which maps to turn left side right.
  ///   - turned: Degrees by which each map is turned beside what is drawn.
  /// - Returns: The same shape.
  public func callAsFunction(
    _ maps: Tensor, mirrored: [Bool]? = nil, turned: [Double]? = nil, generator: Generator
  ) throws -> Tensor {
    try changed(maps, mirrored: mirrored, turned: turned, generator: generator).maps
  }

  /// What is drawn of a map: turn, size along the bed and across, shift along the bed and across, exponent, gain, deviation of noise.
  public static let drawn = 8

  /// Changed maps, and what was drawn for each, `[maps, drawn]`, each in -1...1 of its greatest.
  ///
  /// - Parameters: As of ``callAsFunction(_:mirrored:turned:generator:)``, and
  ///   - share: The maps that are to be changed; all where `nil`. The rest is drawn for, and becomes zeros.
  public func changed(
    _ maps: Tensor, mirrored: [Bool]? = nil, turned: [Double]? = nil, generator: Generator, _ share: RowShare? = nil
  ) throws -> (maps: Tensor, drawn: Tensor) {
    let share = share ?? RowShare(of: maps.shape[0], in: nil)
    let (count, rows, columns) = (maps.shape[0], maps.shape[maps.shape.count - 2], maps.shape[maps.shape.count - 1])
    let none = [Double](repeating: 0, count: count)
    func draw() throws -> [Double] {
      try Tensor.uniform([count], generator: generator).values(Double.self).map { 2 * $0 - 1 }
    }
    let (turn, tall, wide) = (try draw(), try draw(), try draw())
    let (down, across) = (try draw(), try draw())
    let exponent = gamma > 0 ? try draw() : none
    let factor = gain > 0 ? try draw() : none
    let deviation = noise > 0 ? try draw() : none
    // From a place in the result, in -1...1, to one in the map; a turn is one of the mat, whose sides differ.
    let aspect = Double(rows) / Double(columns)
    let own = share.positions
    let transforms = own.flatMap { index -> [Float] in
      let angle = turn[index] * (rotateDegrees * .pi / 180) + (turned?[index] ?? 0) * .pi / 180
      let (cosine, sine) = (cos(angle), sin(angle))
      let flip = mirrored?[index] == true ? -1.0 : 1.0
      let (height, width) = (1 + tall[index] * scale, 1 + wide[index] * scale)
      return [
        Float(flip * cosine * width), Float(-flip * sine * aspect * width),
        Float(flip * (across[index] * (2 * shiftColumns))),
        Float(sine / aspect * height), Float(cosine * height), Float(down[index] * (2 * shiftRows)),
      ]
    }
    var x = try share.own(maps.reshaped([count, -1, rows, columns])).transformed(
      by: Tensor(transforms, shape: [own.count, 2, 3]).to(maps.device))
    func column(_ values: [Double], _ value: (Double) -> Double) throws -> Tensor {
      try Tensor(own.map { Float(value(values[$0])) }, shape: [own.count, 1, 1, 1]).to(maps.device)
    }
    if gamma > 0 { x = try (x.clamp(1e-4).log() * column(exponent) { exp($0 * gamma) }).exp() }
    if gain > 0 { x = try x * column(factor) { exp($0 * gain) } }
    if noise > 0 {
      let planes = [count, x.shape[1], rows, columns]
      x =
        try x + share.own(.noise(planes, generator: generator)).to(maps.device)
        * column(deviation) { abs($0 * noise) }
    }
    // A change that a recipe leaves out was not made.
    let told = zip(
      [turn, tall, wide, down, across, exponent, factor, deviation.map(abs)],
      [rotateDegrees, scale, scale, shiftRows, shiftColumns, gamma, gain, noise]
    ).map { $1 > 0 ? $0 : none }
    let numbers = (0..<count).flatMap { index in told.map { Float($0[index]) } }
    return (
      try share.spread(x.reshaped([own.count] + maps.shape.dropFirst())),
      try Tensor(numbers, shape: [count, Self.drawn]).to(maps.device)
    )
  }
}
