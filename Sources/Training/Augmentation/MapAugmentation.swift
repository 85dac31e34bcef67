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
    let (count, rows, columns) = (maps.shape[0], maps.shape[maps.shape.count - 2], maps.shape[maps.shape.count - 1])
    func draw(_ limit: Double) throws -> [Double] {
      try Tensor.uniform([count], generator: generator).values(Double.self).map { (2 * $0 - 1) * limit }
    }
    let (drawn, tall, wide) = (try draw(rotateDegrees * .pi / 180), try draw(scale), try draw(scale))
    let angles = drawn.indices.map { drawn[$0] + (turned?[$0] ?? 0) * .pi / 180 }
    let (down, across) = (try draw(2 * shiftRows), try draw(2 * shiftColumns))
    // From a place in the result, in -1...1, to one in the map; a turn is one of the mat, whose sides differ.
    let aspect = Double(rows) / Double(columns)
    let transforms = (0..<count).flatMap { index -> [Float] in
      let (cosine, sine) = (cos(angles[index]), sin(angles[index]))
      let flip = mirrored?[index] == true ? -1.0 : 1.0
      return [
        Float(flip * cosine * (1 + wide[index])), Float(-flip * sine * aspect * (1 + wide[index])),
        Float(flip * across[index]),
        Float(sine / aspect * (1 + tall[index])), Float(cosine * (1 + tall[index])), Float(down[index]),
      ]
    }
    var x = try maps.reshaped([count, -1, rows, columns]).transformed(
      by: Tensor(transforms, shape: [count, 2, 3]).to(maps.device))
    let column = [count, 1, 1, 1]
    if gamma > 0 {
      let exponents = try Tensor(draw(gamma).map { Float(exp($0)) }, shape: column).to(maps.device)
      x = try (x.clamp(1e-4).log() * exponents).exp()
    }
    if gain > 0 { x = try x * Tensor(draw(gain).map { Float(exp($0)) }, shape: column).to(maps.device) }
    if noise > 0 {
      let deviations = try Tensor(draw(noise).map { Float(abs($0)) }, shape: column).to(maps.device)
      x = try x + Tensor.normal(x.shape, generator: generator).to(maps.device) * deviations
    }
    return try x.reshaped(maps.shape)
  }
}
