import Figures
import Foundation
import NumPy
import SleepCore

extension Inspected {
  /// A .npy array.
  static func array(_ url: URL) throws -> Inspected {
    let map = try NpyMap(url)
    var array = ArrayFacts(shape: map.header.shape, type: map.header.descriptor)
    var facts = Facts(path: url.relativePath, kind: ".npy array")
    if let kind = map.header.descriptor.dropFirst().first, "fiub".contains(kind) {
      var sum = 0.0
      var range: (Double, Double)?
      // In pieces, so that memory does not grow with the file.
      for start in stride(from: 0, to: map.count, by: 1 << 20) {
        let values: [Double] = try map.elements(start..<min(start + 1 << 20, map.count))
        for value in values {
          guard value.isFinite else {
            array.notFinite += 1
            continue
          }
          sum += value
          range = range.map { (min($0.0, value), max($0.1, value)) } ?? (value, value)
        }
      }
      array.minimum = range?.0
      array.maximum = range?.1
      if map.count > array.notFinite { array.mean = sum / Double(map.count - array.notFinite) }
      if map.header.shape.count == 1, map.header.descriptor.hasSuffix("1"), map.count > 0 {
        let values: [Int64] = try map.elements(0..<map.count)
        facts.annotations = counted(values.map { "value \($0)" })
      }
    }
    facts.array = array
    return Inspected(facts) { try figure(of: map, title: url.lastPathComponent) }
  }

  /// Maps where the two last axes are long, else the channels of the windows joined.
  private static func figure(of map: NpyMap, title: String) throws -> Figure {
    let shape = map.header.shape
    let limit = 1 << 22
    if shape.count == 2 || shape.count == 3, shape.suffix(2).allSatisfy({ $0 > 16 }) {
      let count = shape.count == 3 ? min(shape[0], 12) : 1
      let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
      let all = shape.count == 3 ? shape[0] : 1
      var values: [Float] = []
      for index in 0..<count {
        let at = index * all / count * rows * columns
        values += try map.elements(at..<at + rows * columns)
      }
      let frames = PressureFrames(
        rows: rows, columns: columns, framesPerSecond: nil, values: values,
        postures: Array(repeating: nil, count: count))
      return try Portrait(title: title, frames: frames).figure()
    }
    let samples = shape.last ?? 1
    let channels = shape.count == 3 ? shape[1] : 1
    let windows = min(map.count, limit) / max(channels * samples, 1)
    let values: [Float] = try map.elements(0..<windows * channels * samples)
    let traces = (0..<channels).map { channel in
      Trace(
        name: channels > 1 ? "channel \(channel)" : "values", sensor: nil, unit: "",
        timing: .regular(startSeconds: 0, sampleRateHz: 1),
        samples: (0..<windows).flatMap { window in
          let start = (window * channels + channel) * samples
          return values[start..<start + samples]
        })
    }
    return try Portrait(title: "\(title), a sample a second", traces: traces).figure()
  }
}
