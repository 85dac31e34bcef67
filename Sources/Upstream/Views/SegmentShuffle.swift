package import SleepCore

/// Cuts windows into segments of random lengths and puts them together again, in another order or in their own.
///
/// After the permutation of Um and others, "Data Augmentation of Wearable Sensor Data for Parkinson's Disease
/// Monitoring using Convolutional Neural Networks" (ICMI 2017). Lengths are drawn evenly from all that fit. A few
/// samples about each cut are set to the channel's mean, in windows of either kind, so that a jump at a seam does not
/// tell the order.
package struct SegmentShuffle: Sendable {
  private let channels: Int
  private let samples: Int
  private let segments: Int
  /// Samples of the shortest segment, and about each cut.
  private let shortest: Int
  private let gap: Int

  /// - Parameters:
  ///   - contract: Of signals, at least two samples a segment.
  ///   - shortest: The least length of a segment, as a share of the window.
  ///   - gap: What is set to the mean about each cut, as a share of the window.
  package init(_ contract: WindowContract, segments: Int, shortest: Double, gap: Double) {
    (channels, samples) = contract.mapShape
    precondition(segments > 0 && samples >= 2 * segments, "two samples a segment")
    self.segments = segments
    self.shortest = min(max(2, Int((shortest * Double(samples)).rounded())), samples / segments)
    self.gap = gap > 0 ? min(max(1, Int((gap * Double(samples)).rounded())), self.shortest - 1) : 0
  }

  /// - Parameters:
  ///   - windows: `[windows, channels, samples]`.
  ///   - shuffled: Whose segments come into another order; the others' keep theirs.
  /// - Returns: The same shape.
  package func callAsFunction(_ windows: [Float], where shuffled: [Bool], _ random: inout RandomSource) -> [Float] {
    var result = windows
    for (window, isShuffled) in shuffled.enumerated() {
      var parts = cut(&random)
      if isShuffled { parts = reordered(parts, &random) }
      for row in (window * channels)..<((window + 1) * channels) { write(windows, row * samples, parts, into: &result) }
    }
    return result
  }

  /// The segments of a window, in order; every choice of lengths is as likely.
  package func cut(_ random: inout RandomSource) -> [Range<Int>] {
    // Distinct places of the cuts among what is free and the cuts themselves are equally likely sets of lengths.
    let free = samples - segments * shortest
    var places = Set<Int>()
    while places.count < segments - 1 { places.insert(Int.random(in: 0..<(free + segments - 1), using: &random)) }
    let cuts = places.sorted().enumerated().map { index, place in place - index + (index + 1) * shortest }
    return zip([0] + cuts, cuts + [samples]).map { $0..<$1 }
  }

  /// The segments in another order than theirs.
  private func reordered(_ parts: [Range<Int>], _ random: inout RandomSource) -> [Range<Int>] {
    guard parts.count > 1 else { return parts }
    while true {
      let order = parts.shuffled(using: &random)
      if order != parts { return order }
    }
  }

  private func write(_ windows: [Float], _ start: Int, _ parts: [Range<Int>], into result: inout [Float]) {
    var place = start
    for part in parts {
      for sample in part {
        result[place] = windows[start + sample]
        place += 1
      }
    }
    guard gap > 0 else { return }
    let mean = windows[start..<(start + samples)].reduce(0, +) / Float(samples)
    var seam = start
    for part in parts.dropLast() {
      seam += part.count
      for index in (seam - gap / 2)..<(seam + (gap + 1) / 2) { result[index] = mean }
    }
  }
}
