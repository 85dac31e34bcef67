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
    try NumberTable(["seconds"] + columns, separatedBy: separator).forEachRow(of: file) { line, row in
      guard abs(row[0]) <= RecordingLimits.farthestTimeSeconds else {
        throw ReadError(
          url, line: line, found: "the time \(plain(row[0])) s", expected: "seconds of a night, or of a clock")
      }
      seconds.append(row[0])
      for channel in 0..<channels { values[channel].append(Float(row[channel + 1])) }
    }
    self.seconds = seconds
    self.values = values
    putInOrder(url.lastPathComponent)
  }

  /// What to tell where no sample lies in the scored night, or without one, past its start at 0.
  func clockWarning(_ name: String, hypnogram: Hypnogram?) -> String? {
    guard let first = seconds.first, let last = seconds.last else { return nil }
    let night = hypnogram.map { $0.startSeconds...($0.startSeconds + $0.windowSeconds * Double($0.stages.count)) }
    let place: String
    if let night {
      let next = seconds.partitioningIndex { $0 >= night.lowerBound }
      guard !seconds.indices.contains(next) || seconds[next] > night.upperBound else { return nil }
      place = "in the scored night (\(whole(night.lowerBound)) to \(whole(night.upperBound)) s)"
    } else {
      guard last < 0 else { return nil }
      place = "past 0 s, where the night begins"
    }
    return
      "\(name): none of its \(seconds.count) samples lie \(place); they run from \(whole(first)) to \(whole(last)) s: "
      + "is its clock off?"
  }

  private func whole(_ seconds: Double) -> String { plain(seconds.rounded()) }

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
