import SleepCore

/// Windows of one recording, one after the other.
package struct Stay: Hashable, Sendable {
  /// By position among the sources.
  package let corpus: Int
  package let recording: Int
  package let windows: Range<Int>

  /// The stretches of a recording in which every window is valid.
  package static func valid(_ source: WindowSource, corpus: Int, recording: Int) -> [Stay] {
    let valid = source.valid(recording: recording)
    return ranges(count: valid.count) { valid[$0] != 0 && valid[$0 - 1] != 0 }
      .filter { valid[$0.lowerBound] != 0 }
      .map { Stay(corpus: corpus, recording: recording, windows: $0) }
  }

  /// Runs of positions, each of which `goesOn` from the one before it.
  private static func ranges(count: Int, _ goesOn: (Int) -> Bool) -> [Range<Int>] {
    guard count > 0 else { return [] }
    let cuts = [0] + (1..<count).filter { !goesOn($0) } + [count]
    return zip(cuts, cuts.dropFirst()).map { $0..<$1 }
  }

  /// The stretch cut wherever a map correlates too little with the one before it, or with the first one of its stay.
  ///
  /// - Parameter anchor: The least correlation with the first map; -1 never cuts.
  package func cut(_ source: WindowSource, correlation least: Double, anchor: Double = -1) throws -> [Stay] {
    let sensor = source.sensors[0]
    let contract = try source.store.sensor(sensor)
    let (size, cells) = (contract.size, contract.mapSize)
    // A bounded number of maps is in memory at a time, whatever the recording.
    var cuts: [Int] = []
    var first: [Float] = []
    for start in stride(from: windows.lowerBound, to: windows.upperBound - 1, by: 1024) {
      let part = start..<min(start + 1025, windows.upperBound)
      let maps = try source.store.windows(recording: recording, sensor: sensor, range: part)
      maps.withUnsafeBufferPointer { maps in
        func map(_ index: Int) -> UnsafeBufferPointer<Float> {
          UnsafeBufferPointer(rebasing: maps[(index * size)..<(index * size + cells)])
        }
        if first.isEmpty { first = Array(map(0)) }
        for index in 1..<part.count {
          let drifts = anchor > -1 && first.withUnsafeBufferPointer { Self.correlation($0, map(index)) < anchor }
          guard drifts || Self.correlation(map(index - 1), map(index)) < least else { continue }
          cuts.append(start + index)
          if anchor > -1 { first = Array(map(index)) }
        }
      }
    }
    let edges = [windows.lowerBound] + cuts + [windows.upperBound]
    return zip(edges, edges.dropFirst()).map { Stay(corpus: corpus, recording: recording, windows: $0..<$1) }
  }

  /// The stretch cut into pieces of `length` windows, the first of them `first` long.
  package func cut(length: Int, first: Int) -> [Stay] {
    let edges =
      [windows.lowerBound] + stride(from: windows.lowerBound + first, to: windows.upperBound, by: length)
      + [windows.upperBound]
    return zip(edges, edges.dropFirst()).filter { $0 < $1 }
      .map { Stay(corpus: corpus, recording: recording, windows: $0..<$1) }
  }

  /// Pearson's correlation; 1 between equal flat maps, 0 where one of the two is flat.
  private static func correlation(_ first: UnsafeBufferPointer<Float>, _ second: UnsafeBufferPointer<Float>) -> Double {
    var (a, b, aa, bb, ab) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for index in first.indices {
      let (x, y) = (Double(first[index]), Double(second[index]))
      a += x
      b += y
      aa += x * x
      bb += y * y
      ab += x * y
    }
    let count = Double(first.count)
    let (varianceA, varianceB) = (max(0, aa - a * a / count), max(0, bb - b * b / count))
    let tiny = 1e-12 * max(aa, bb)
    if varianceA <= tiny, varianceB <= tiny { return 1 }
    return varianceA <= tiny || varianceB <= tiny ? 0 : (ab - a * b / count) / (varianceA * varianceB).squareRoot()
  }
}
