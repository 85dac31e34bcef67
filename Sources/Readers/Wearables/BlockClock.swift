import Foundation
import SleepCore

/// A device's blocks of samples on the device's own clock: which follow each other, how long each truly lasted, and where samples are missing.
///
/// A device samples by one crystal and tells the time by another, and the nominal rate may be off by a per cent or more. So the samples of a
/// block lie evenly between its own time and that of the next block, and are put on a grid at the nominal rate by straight lines, as the
/// [reference converter](https://github.com/digitalinteraction/openmovement) and [GGIRread](https://github.com/wadpac/GGIRread) do.
/// Unlike GGIRread, which makes up the acceleration of a gap, missing samples are NaN here.
struct BlockClock: Sendable {
  struct Block: Sendable {
    /// Of its first sample, from the first block's.
    let startSeconds: Double
    let count: Int
  }

  /// Blocks without a long gap between them.
  struct Stretch: Sendable {
    let blocks: Range<Int>
    let startSeconds: Double
    let endSeconds: Double
  }

  let sampleRateHz: Double
  let blocks: [Block]
  /// How long the samples of each block lasted.
  private(set) var durations: [Double] = []
  private(set) var stretches: [Stretch] = []
  /// The places, among the blocks that came, of those that begin before the end of the one before them: their time is not known.
  private(set) var leftOut = 0
  /// Where each block stood among those that came.
  private(set) var kept: [Int] = []
  private(set) var gapCount = 0
  private(set) var missingSeconds = 0.0

  /// Longer gaps begin a new stretch.
  static let longestGap = 60.0

  /// - Parameters:
  ///   - found: In the order of the file; no count is 0.
  ///   - tolerance: The share of a block's nominal length by which the time to the next block may differ from it, where none is missing.
  ///   - toleranceSeconds: The same in seconds, where that is more.
  /// - Throws: ``ReadError`` where a block lies further from the first than any recording.
  init(
    _ found: [Block], sampleRateHz rate: Double, tolerance: Double = 0.1, toleranceSeconds: Double = 0, url: URL
  ) throws(ReadError) {
    sampleRateHz = rate
    var blocks: [Block] = []
    var end = -Double.infinity
    for (index, block) in found.enumerated() {
      guard abs(block.startSeconds) <= RecordingLimits.farthestSeconds else {
        throw ReadError(
          url, found: "samples \(plain(block.startSeconds)) s after the first",
          expected: "at most 30 years: was the device's clock set while it recorded?")
      }
      let nominal = Double(block.count) / rate
      let slack = max(tolerance * nominal, toleranceSeconds)
      guard block.startSeconds >= end - slack, block.startSeconds > (blocks.last?.startSeconds ?? -.infinity) else {
        leftOut += 1
        continue
      }
      blocks.append(block)
      kept.append(index)
      end = block.startSeconds + nominal
    }
    self.blocks = blocks
    join(tolerance, toleranceSeconds)
  }

  /// Finds how long each block lasted and cuts the blocks into stretches, so that what is missing within one takes no more room than what is
  /// there.
  private mutating func join(_ tolerance: Double, _ toleranceSeconds: Double) {
    // Seconds a sample, as last seen.
    var step = 1 / sampleRateHz
    var first = 0
    var (stored, missing) = (0.0, 0.0)
    durations.reserveCapacity(blocks.count)
    for (index, block) in blocks.enumerated() {
      let nominal = Double(block.count) / sampleRateHz
      let next = index + 1 < blocks.count ? blocks[index + 1].startSeconds - block.startSeconds : nil
      if let next, abs(next - nominal) <= max(tolerance * nominal, toleranceSeconds) {
        step = next / Double(block.count)
        durations.append(next)
        stored += next
        continue
      }
      let length = min(Double(block.count) * step, next ?? .infinity)
      durations.append(length)
      stored += length
      let gap = (next ?? .infinity) - length
      if next != nil {
        gapCount += 1
        missingSeconds += gap
      }
      if gap > Self.longestGap || missing + gap > stored {
        stretches.append(
          Stretch(
            blocks: first..<index + 1, startSeconds: blocks[first].startSeconds,
            endSeconds: block.startSeconds + length))
        first = index + 1
        (stored, missing) = (0, 0)
      } else {
        missing += gap
      }
    }
  }

  /// From the first block's start to the end of the last.
  var seconds: Double { stretches.last?.endSeconds ?? 0 }

  /// What was odd with the times, a sentence each.
  func warnings(_ name: String) -> [String] {
    var warnings: [String] = []
    if gapCount > 0 {
      warnings.append(
        "\(name): \(gapCount == 1 ? "1 gap" : "\(gapCount) gaps"), \(Self.duration(missingSeconds)) in all, without "
          + "samples: missing")
    }
    if leftOut > 0 {
      warnings.append(
        "\(name): \(leftOut == 1 ? "1 block steps" : "\(leftOut) blocks step") back in time; left out")
    }
    return warnings
  }

  /// `12.3 h`, `4.5 min` or `6 s`.
  static func duration(_ seconds: Double) -> String {
    func tenths(_ value: Double) -> String { plain((value * 10).rounded() / 10) }
    if seconds >= 3600 { return tenths(seconds / 3600) + " h" }
    return seconds >= 60 ? tenths(seconds / 60) + " min" : tenths(seconds) + " s"
  }

  /// The samples of a stretch on a grid at the nominal rate from its first sample on; what lies in a gap is NaN.
  ///
  /// - Parameters:
  ///   - isState: Whether samples are states, such as that of a button, of which the last stands until the next.
  ///   - block: Appends the samples of one of the clock's ``kept`` blocks to an empty array.
  /// - Throws: ``ReadError`` where they have no room in memory, and what `block` throws.
  func samples(
    of stretch: Stretch, isState: Bool = false, url: URL, _ block: (_ index: Int, _ into: inout [Float]) throws -> Void
  ) throws -> [Float] {
    let length = stretch.endSeconds - stretch.startSeconds
    let count = max(1, Int((length * sampleRateHz).rounded()))
    try RawFile.expectRoom(for: count, url)
    var result = [Float](repeating: .nan, count: count)
    var (current, next): ([Float], [Float]) = ([], [])
    try block(stretch.blocks.lowerBound, &current)
    for index in stretch.blocks {
      next.removeAll(keepingCapacity: true)
      if index + 1 < stretch.blocks.upperBound { try block(index + 1, &next) }
      let start = blocks[index].startSeconds - stretch.startSeconds
      let isJoined =
        index + 1 < stretch.blocks.upperBound
        && blocks[index + 1].startSeconds - blocks[index].startSeconds == durations[index]
      place(
        current, duration: durations[index], at: start, before: isJoined && !isState ? next.first : nil,
        isState: isState, into: &result)
      swap(&current, &next)
    }
    return result
  }

  /// Makes the samples of some times missing, of those that ``samples(of:isState:url:_:)`` gives for a stretch.
  func remove(_ times: [Range<Double>], from samples: inout [Float], of stretch: Stretch) {
    func place(_ seconds: Double) -> Int {
      let position = ((seconds - stretch.startSeconds) * sampleRateHz).rounded(.up)
      return Int(min(max(0, position), Double(samples.count)))
    }
    for range in times where range.lowerBound < stretch.endSeconds && range.upperBound > stretch.startSeconds {
      for sample in place(range.lowerBound)..<place(range.upperBound) { samples[sample] = .nan }
    }
  }

  /// So near to a sample a grid's instant is the sample's own.
  private static let sameInstant = 1e-5

  private func place(
    _ samples: [Float], duration: Double, at start: Double, before next: Float?, isState: Bool,
    into result: inout [Float]
  ) {
    let from = max(0, Int((start * sampleRateHz - Self.sameInstant).rounded(.up)))
    let to = min(result.count, Int(((start + duration) * sampleRateHz - Self.sameInstant).rounded(.up)))
    guard from < to, !samples.isEmpty, duration > 0 else { return }
    let scale = Double(samples.count) / duration
    for index in from..<to {
      let position = max(0, (Double(index) / sampleRateHz - start) * scale)
      var left = min(Int(position), samples.count - 1)
      var share = position - Double(left)
      if share > 1 - Self.sameInstant, left + 1 < samples.count { (left, share) = (left + 1, 0) }
      let value = samples[left]
      // Behind the last sample before a gap its own value stands, for less than a sample's length.
      guard !isState, share > Self.sameInstant, let right = left + 1 < samples.count ? samples[left + 1] : next else {
        result[index] = value
        continue
      }
      result[index] = Float(Double(value) + Double(right - value) * share)
    }
  }
}
