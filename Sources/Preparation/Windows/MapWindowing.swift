import Corpora
import Foundation
import Signals
import SleepCore

/// Turns the frames of a pressure mat, or ready-made images, into windows, as the card says.
struct MapWindowing {
  private let settings: MapPreprocessing
  private let scale: Float
  private let allowFlat: Bool
  private let preparation: [String: String]

  init(_ settings: SensorPreprocessing, preparation: [String: String] = [:]) {
    self.preparation = preparation
    self.settings = settings.map ?? MapPreprocessing()
    scale = Float(settings.scale ?? 1)
    allowFlat = settings.allowFlat ?? false
  }

  /// - Returns: A window a frame.
  /// - Throws: ``Signals/SignalError`` when the card's size is none.
  func windows(of frames: PressureFrames) throws -> SensorWindows {
    let size = settings.size ?? [frames.rows, frames.columns]
    var values = frames.values
    let cells = frames.rows * frames.columns
    values.withUnsafeMutableBufferPointer { buffer in
      var sorted: [Float] = []
      for start in stride(from: 0, to: buffer.count, by: cells) {
        adjust(UnsafeMutableBufferPointer(rebasing: buffer[start..<(start + cells)]), &sorted)
      }
    }
    if size != [frames.rows, frames.columns] {
      values = try BilinearResampling(
        rows: frames.rows, columns: frames.columns, newRows: size[0], newColumns: size[1])(values)
    }
    if let mean = settings.mean.map(Float.init) { Self.scale(&values, each: size[0] * size[1], toMean: mean) }
    if settings.unitLength == true { Self.toUnitLength(&values, each: size[0] * size[1]) }
    let isReferred = settings.reference == true
    return SensorWindows(
      contract: WindowContract(sensor: frames.sensor, shape: isReferred ? [2] + size : size, preparation: preparation),
      values: isReferred ? Self.withMean(values, cells: size[0] * size[1]) : values, allowFlat: allowFlat)
  }

  /// Each map followed by the mean of all that are whole.
  private static func withMean(_ values: [Float], cells: Int) -> [Float] {
    let starts = stride(from: 0, to: values.count, by: cells)
    var sums = [Double](repeating: 0, count: cells)
    var count = 0.0
    for start in starts where values[start..<(start + cells)].allSatisfy(\.isFinite) {
      for index in 0..<cells { sums[index] += Double(values[start + index]) }
      count += 1
    }
    let mean = sums.map { Float($0 / max(1, count)) }
    var result: [Float] = []
    result.reserveCapacity(2 * values.count)
    for start in starts { result += values[start..<(start + cells)] + mean }
    return result
  }

  private func adjust(_ map: UnsafeMutableBufferPointer<Float>, _ sorted: inout [Float]) {
    // A comparison with NaN would make a number of it; as it is, the window is masked.
    guard map.allSatisfy(\.isFinite) else { return }
    if let baseline = settings.baseline.map(Float.init) {
      for index in map.indices { map[index] = max(0, map[index] - baseline) }
    }
    if let percentile = settings.baselinePercentile {
      sorted = map.sorted()
      let baseline = Self.percentile(percentile, of: sorted)
      for index in map.indices { map[index] = max(0, map[index] - baseline) }
    }
    if let maximum = settings.maximum.map(Float.init) {
      for index in map.indices { map[index] = min(maximum, map[index]) }
    }
    if let percentile = settings.peakPercentile {
      sorted = map.filter { $0 > 0 }.sorted()
      let peak = Self.percentile(percentile, of: sorted)
      if peak > 0 { for index in map.indices { map[index] /= peak } }
    }
    if scale != 1 { for index in map.indices { map[index] /= scale } }
    if let power = settings.power.map(Float.init) {
      for index in map.indices { map[index] = pow(max(0, map[index]), power) }
    }
  }

  private static func scale(_ values: inout [Float], each cells: Int, toMean wanted: Float) {
    for start in stride(from: 0, to: values.count, by: cells) {
      let mean = values[start..<(start + cells)].reduce(0, +) / Float(cells)
      if mean > 0 { for index in start..<(start + cells) { values[index] *= wanted / mean } }
    }
  }

  private static func toUnitLength(_ values: inout [Float], each cells: Int) {
    for start in stride(from: 0, to: values.count, by: cells) {
      let length = values[start..<(start + cells)].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      if length > 0 { for index in start..<(start + cells) { values[index] = Float(Double(values[index]) / length) } }
    }
  }

  private static func percentile(_ percentile: Double, of sorted: [Float]) -> Float {
    guard let last = sorted.indices.last else { return 0 }
    return sorted[min(last, Int((percentile / 100 * Double(last)).rounded()))]
  }
}
