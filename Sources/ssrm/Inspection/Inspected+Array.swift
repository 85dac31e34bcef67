import Figures
import Foundation
import NumPy
import SleepCore

extension Inspected {
  /// A .npy array.
  static func array(_ url: URL) throws -> Inspected {
    let file = try NpyFile(url)
    var array = ArrayFacts(shape: file.header.shape, type: file.header.descriptor)
    var facts = Facts(path: url.relativePath, kind: ".npy array")
    if let kind = file.header.descriptor.dropFirst().first, "fiub".contains(kind) {
      var sum = 0.0
      var range: (Double, Double)?
      // The labels of a recording, by how often each occurs.
      let isColumn = file.header.shape.count == 1 && file.header.elementSize == 1
      var counts: [Double: Int] = [:]
      // In pieces, so that memory does not grow with the file.
      for start in stride(from: 0, to: file.count, by: 1 << 20) {
        let values: [Double] = try file.elements(start..<min(start + 1 << 20, file.count))
        for value in values {
          if isColumn { counts[value, default: 0] += 1 }
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
      if file.count > array.notFinite { array.mean = sum / Double(file.count - array.notFinite) }
      facts.annotations = counts.map { CountedName(name: "value \(Int($0))", count: $1) }
        .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
    facts.array = array
    return Inspected(facts) { try figure(of: file, title: url.lastPathComponent) }
  }

  /// Maps where the two last axes are long, else the channels of the windows joined.
  private static func figure(of file: NpyFile, title: String) throws -> Figure {
    let shape = file.header.shape
    let limit = 1 << 22
    if shape.count == 2 || shape.count == 3, shape.suffix(2).allSatisfy({ $0 > 16 }),
      shape.suffix(2).reduce(1, *) <= limit
    {
      let count = shape.count == 3 ? min(shape[0], 12) : 1
      let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
      let all = shape.count == 3 ? shape[0] : 1
      var values: [Float] = []
      for index in 0..<count {
        let at = index * all / count * rows * columns
        values += try file.elements(at..<at + rows * columns)
      }
      let frames = PressureFrames(
        rows: rows, columns: columns, framesPerSecond: nil, values: values,
        postures: Array(repeating: nil, count: count))
      return try Portrait(title: title, frames: frames).figure()
    }
    let samples = shape.last ?? 1
    let channels = shape.count == 3 ? shape[1] : 1
    guard file.count > 0, channels * samples <= limit else {
      return try Portrait(title: "\(title): none of its windows can be drawn").figure()
    }
    let windows = min(file.count, limit) / (channels * samples)
    let values: [Float] = try file.elements(0..<windows * channels * samples)
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
