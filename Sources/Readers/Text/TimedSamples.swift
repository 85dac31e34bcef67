import Foundation
import SleepCore

/// Samples with a time each, out of a text file whose first column is seconds.
struct TimedSamples {
  private(set) var seconds: [Double] = []
  /// `[channels][samples]`.
  private(set) var values: [[Float]]
  /// What was odd and how it was read.
  private(set) var warnings: [String] = []

  /// Reads a file and puts its samples in order of time; of samples with one time the first stays.
  ///
  /// - Throws: ``ReadError``.
  init(_ url: URL, columns: [String], separatedBy separator: NumberTable.Separator) throws {
    let channels = columns.count
    var values = [[Float]](repeating: [], count: channels)
    var seconds: [Double] = []
    let file = try TextFile(url)
    for channel in 0..<channels { values[channel].reserveCapacity(file.bytes.count / 30) }
    seconds.reserveCapacity(file.bytes.count / 30)
    try NumberTable(["seconds"] + columns, separatedBy: separator).forEachRow(of: file) { _, row in
      seconds.append(row[0])
      for channel in 0..<channels { values[channel].append(Float(row[channel + 1])) }
    }
    self.seconds = seconds
    self.values = values
    putInOrder(url.lastPathComponent)
  }

  /// Leaves out what is outside `range`.
  mutating func crop(to range: ClosedRange<Double>) {
    let start = seconds.partitioningIndex { $0 >= range.lowerBound }
    let end = seconds.partitioningIndex { $0 > range.upperBound }
    seconds = Array(seconds[start..<max(start, end)])
    values = values.map { Array($0[start..<max(start, end)]) }
  }

  func signal(_ sensor: Sensor, _ channels: [Channel]) -> Signal {
    Signal(sensor: sensor, channels: channels, timing: .irregular(seconds: seconds), samples: values)
  }

  private mutating func putInOrder(_ name: String) {
    var backward = 0
    var repeated = 0
    for index in seconds.indices.dropFirst() {
      if seconds[index] < seconds[index - 1] { backward += 1 }
      if seconds[index] == seconds[index - 1] { repeated += 1 }
    }
    guard backward + repeated > 0 else { return }
    // Stable, so that the first of several samples with one time is the one in the file.
    let order = seconds.indices.sorted { (seconds[$0], $0) < (seconds[$1], $1) }
    var kept: [Int] = []
    kept.reserveCapacity(order.count)
    for index in order where kept.last.map({ seconds[$0] < seconds[index] }) ?? true { kept.append(index) }
    if backward > 0 {
      warnings.append("\(name): time steps back \(backward == 1 ? "once" : "\(backward) times"); sorted")
    }
    if kept.count < order.count {
      let count = order.count - kept.count
      warnings.append("\(name): \(count) \(count == 1 ? "sample repeats a time" : "samples repeat a time"); left out")
    }
    seconds = kept.map { seconds[$0] }
    values = values.map { row in kept.map { row[$0] } }
  }
}
