import Foundation

extension SecondOrderSections {
  /// Filters channels forwards and backwards, so that nothing is shifted in time, as `scipy.signal.sosfiltfilt` with
  /// its default padding: each end is mirrored through its last sample, and each pass starts at rest there.
  ///
  /// Samples that are not finite stay NaN, and each run between them is filtered by itself; a run of ``edgeSamples``
  /// or fewer becomes NaN, since a filter cannot settle in it.
  ///
  /// - Parameter channels: `[channels][samples]`, all of one length, more than ``edgeSamples``.
  /// - Returns: The same shape.
  /// - Throws: ``SignalError`` if the channels' lengths differ or are too short.
  public func filteredBothWays(_ channels: [[Float]]) throws -> [[Float]] {
    guard let samples = channels.first?.count else { return [] }
    for channel in channels where channel.count != samples {
      throw SignalError.mismatch(what: "samples in a channel", found: channel.count, expected: samples)
    }
    guard samples > edgeSamples else {
      throw SignalError.tooShort(
        what: "filtering both ways with \(sections.count) sections", samples: samples, expected: edgeSamples + 1)
    }
    var result = channels
    let whole = channels.indices.filter { isFinite(channels[$0]) }
    if let settling = settlingSamples(in: samples) {
      for index in whole { result[index] = runBothWays(channels[index], settling: settling) }
    } else {
      // Short channels go through side by side in the lanes of a vector; a run beside a gap goes alone.
      for start in stride(from: 0, to: whole.count, by: 4) {
        let lanes = Array(whole[start..<min(start + 4, whole.count)])
        for (lane, row) in zip(lanes, runBothWays(lanes.map { channels[$0] })) { result[lane] = row }
      }
    }
    for index in Set(channels.indices).subtracting(whole) {
      result[index] = filteredBetweenGaps(channels[index])
    }
    return result
  }

  private func filteredBetweenGaps(_ channel: [Float]) -> [Float] {
    var result = [Float](repeating: .nan, count: channel.count)
    var start = 0
    while start < channel.count {
      guard channel[start].isFinite else {
        start += 1
        continue
      }
      let end = channel[start...].firstIndex { !$0.isFinite } ?? channel.count
      if end - start > edgeSamples {
        let run = Array(channel[start..<end])
        let filtered = settlingSamples(in: run.count).map { runBothWays(run, settling: $0) } ?? runBothWays([run])[0]
        result.replaceSubrange(start..<end, with: filtered)
      }
      start = end
    }
    return result
  }

  private func isFinite(_ channel: [Float]) -> Bool {
    // A sum of zero times each sample is zero only if all are finite; it needs no branch a sample.
    channel.withUnsafeBufferPointer { channel in
      var sums = SIMD8<Float>.zero
      var index = 0
      while index + 8 <= channel.count {
        for lane in 0..<8 { sums[lane] += channel[index + lane] * 0 }
        index += 8
      }
      var sum = sums.sum()
      for rest in index..<channel.count { sum += channel[rest] * 0 }
      return sum == 0
    }
  }
}

/// A sample of each of four channels, in two halves of one register each: the compiler takes wider vectors apart.
private struct Lanes {
  var low, high: SIMD2<Double>

  @inline(__always)
  init(low: SIMD2<Double>, high: SIMD2<Double>) { (self.low, self.high) = (low, high) }

  @inline(__always)
  init(_ stored: StoredLanes) { self.init(low: SIMD2(stored.lowHalf), high: SIMD2(stored.highHalf)) }

  @inline(__always)
  static func + (a: Lanes, b: Lanes) -> Lanes { Lanes(low: a.low + b.low, high: a.high + b.high) }

  @inline(__always)
  static func - (a: Lanes, b: Lanes) -> Lanes { Lanes(low: a.low - b.low, high: a.high - b.high) }

  @inline(__always)
  static func * (a: SIMD2<Double>, b: Lanes) -> Lanes { Lanes(low: a * b.low, high: a * b.high) }
}

private typealias StoredLanes = SIMD4<Float>

extension StoredLanes {
  @inline(__always)
  fileprivate init(_ lanes: Lanes) { self.init(lowHalf: SIMD2(lanes.low), highHalf: SIMD2(lanes.high)) }
}

/// One section's coefficients and state, in every lane. Its gain is taken out, so that `b0` is 1.
private struct LaneSection {
  let b1, b2, a1, a2: SIMD2<Double>
  var first, second: Lanes

  @inline(__always)
  init(_ section: SecondOrderSections.Section, rest: (Double, Double), level: Lanes) {
    (b1, b2) = (SIMD2(repeating: section.b1), SIMD2(repeating: section.b2))
    (a1, a2) = (SIMD2(repeating: section.a1), SIMD2(repeating: section.a2))
    (first, second) = (SIMD2(repeating: rest.0) * level, SIMD2(repeating: rest.1) * level)
  }

  @inline(__always)
  mutating func callAsFunction(_ x: Lanes) -> Lanes {
    let y = x + first
    // The order of the sums keeps the chain from one output to the next short.
    first = (b1 * x + second) - a1 * y
    second = b2 * x - a2 * y
    return y
  }

  /// Filters in place. Kept out of line, where its loop is compiled to vector arithmetic throughout.
  @inline(never)
  mutating func filter(_ samples: UnsafeMutablePointer<Lanes>, _ count: Int) {
    var section = self
    for i in 0..<count { samples[i] = section(samples[i]) }
    self = section
  }

  /// The same through two sections, so that one's latency hides the other's.
  @inline(never)
  static func filter(
    _ first: inout LaneSection, _ second: inout LaneSection, _ samples: UnsafeMutablePointer<Lanes>, _ count: Int
  ) {
    var (one, two) = (first, second)
    for i in 0..<count { samples[i] = two(one(samples[i])) }
    (first, second) = (one, two)
  }
}

extension SecondOrderSections {
  /// A long channel, cut into parts: four go side by side in the lanes of a vector, and the halves of a very long one on a
  /// thread each. How it is cut depends on its length alone, so that every machine computes the same.
  ///
  /// - Parameters:
  ///   - row: All finite.
  ///   - settling: So far outside of itself each part begins.
  private func runBothWays(_ row: [Float], settling: Int) -> [Float] {
    let total = row.count + 2 * edgeSamples
    let groups = row.count < 500_000 ? 1 : 2
    let part = (total + 4 * groups - 1) / (4 * groups)
    return [Float](unsafeUninitializedCapacity: row.count) { result, initialized in
      guard let first = result.baseAddress else { return }
      row.withUnsafeBufferPointer { samples in
        // Each thread writes what no other one touches, and all end here.
        nonisolated(unsafe) let (row, target) = (samples, first)
        DispatchQueue.concurrentPerform(iterations: groups) { group in
          runBothWays(row, parts: 4 * group * part, of: part, settling: settling, into: target)
        }
      }
      initialized = row.count
    }
  }

  /// Four neighbouring parts of a channel.
  ///
  /// - Parameters:
  ///   - start: Where the first of them begins, counted from the beginning of the mirrored end.
  ///   - part: The length of each.
  private func runBothWays(
    _ row: UnsafeBufferPointer<Float>, parts start: Int, of part: Int, settling: Int,
    into result: UnsafeMutablePointer<Float>
  ) {
    let (edge, samples) = (edgeSamples, row.count)
    let total = samples + 2 * edge
    let length = part + 2 * settling
    let signal = UnsafeMutablePointer<StoredLanes>.allocate(capacity: length)
    defer { signal.deallocate() }
    // From a place in the first part to the row.
    let shift = start - edge
    // The places where all four parts lie inside of the row, counted from each part's beginning.
    let inside = -shift..<max(-shift, samples - shift - 3 * part)
    /// Mirrored through the ends; beyond that constant, in which the filter rests.
    func sample(_ place: Int) -> Float {
      let place = min(max(start + place, 0), total - 1) - edge
      if place < 0 { return 2 * row[0] - row[-place] }
      if place >= samples { return 2 * row[samples - 1] - row[2 * samples - 2 - place] }
      return row[place]
    }
    pass(length, forwards: true) { index in
      let place = index - settling
      guard inside.contains(place) else {
        return StoredLanes(sample(place), sample(place + part), sample(place + 2 * part), sample(place + 3 * part))
      }
      let first = place + shift
      return StoredLanes(row[first], row[first + part], row[first + 2 * part], row[first + 3 * part])
    } write: { index, value in
      (signal + index).initialize(to: value)
    }
    // The way back begins at rest on the signal's last sample.
    let last = settling + total - 1 - start - 3 * part
    if last < length { for i in (last + 1)..<length { signal[i][3] = signal[last][3] } }
    pass(length, forwards: false) {
      signal[$0]
    } write: { index, value in
      let place = index - settling
      let first = place + shift
      if inside.contains(place), (0..<part).contains(place) {
        result[first] = value[0]
        result[first + part] = value[1]
        result[first + 2 * part] = value[2]
        result[first + 3 * part] = value[3]
      } else if (0..<part).contains(place) {
        for lane in 0..<4 where (0..<samples).contains(first + lane * part) {
          result[first + lane * part] = value[lane]
        }
      }
    }
  }

  /// After how many samples what the filter was in before has died away, to 1 in 10¹⁰; `nil` where that is not short
  /// beside a quarter of so many samples.
  private func settlingSamples(in samples: Int) -> Int? {
    let radius =
      sections.map { section in
        let root = section.a1 * section.a1 / 4 - section.a2
        return root < 0 ? section.a2.squareRoot() : abs(section.a1) / 2 + root.squareRoot()
      }.max() ?? 0
    guard radius < 1 else { return nil }
    // Sections that resonate together die away more slowly than each.
    let settling = 64 + 30 / -log(max(radius, 0.01))
    return settling < Double(samples / 16) ? Int(settling.rounded(.up)) : nil
  }

  /// - Parameter rows: At most as many as there are lanes, of one length above ``edgeSamples``, all finite.
  @inline(__always)
  private func runBothWays(_ rows: [[Float]]) -> [[Float]] {
    let (samples, edge) = (rows[0].count, edgeSamples)
    let total = samples + 2 * edge
    // Between the passes the samples wait in single precision, interleaved: half the memory, and the backward pass
    // only smooths the rounding.
    let signal = UnsafeMutablePointer<StoredLanes>.allocate(capacity: total)
    defer { signal.deallocate() }
    interleave(rows, into: signal, edge: edge)
    for forwards in [true, false] {
      pass(total, forwards: forwards) {
        signal[$0]
      } write: {
        signal[$0] = $1
      }
    }
    var results = rows.map { [Float](repeating: 0, count: $0.count) }
    for start in stride(from: 0, to: samples, by: 1024) {
      let (part, used) = (signal + edge + start, min(1024, samples - start))
      for lane in results.indices {
        results[lane].withUnsafeMutableBufferPointer { result in
          for i in 0..<used { result[start + i] = part[i][lane] }
        }
      }
    }
    return results
  }

  /// Writes the rows side by side, mirrored through their end samples beyond both ends.
  @inline(__always)
  private func interleave(
    _ rows: [[Float]], into signal: UnsafeMutablePointer<StoredLanes>, edge: Int
  ) {
    let samples = rows[0].count
    // A lane without a row of its own computes the first one's again.
    func row(_ lane: Int) -> [Float] { rows[lane < rows.count ? lane : 0] }
    row(0).withUnsafeBufferPointer { a in
      row(1).withUnsafeBufferPointer { b in
        row(2).withUnsafeBufferPointer { c in
          row(3).withUnsafeBufferPointer { d in
            for i in 0..<samples { (signal + edge + i).initialize(to: StoredLanes(a[i], b[i], c[i], d[i])) }
          }
        }
      }
    }
    let (first, last) = (signal[edge], signal[edge + samples - 1])
    for i in 1...edge {
      (signal + edge - i).initialize(to: 2 * first - signal[edge + i])
      (signal + edge + samples - 1 + i).initialize(to: 2 * last - signal[edge + samples - 1 - i])
    }
  }

  /// Filters in one direction, beginning at rest on the first sample.
  ///
  /// - Parameters:
  ///   - read: The sample at a place, 0..<count; called once for each in the direction's order, blocks ahead of `write`.
  ///   - write: Takes the filtered sample of a place.
  @inline(__always)
  private func pass(
    _ count: Int, forwards: Bool, read: (Int) -> StoredLanes, write: (Int, StoredLanes) -> Void
  ) {
    let step = forwards ? 1 : -1
    var position = forwards ? 0 : count - 1
    // The sections' gains are applied once, to what goes in.
    let gain = SIMD2(repeating: sections.reduce(1) { $0 * $1.b0 })
    let monic = SecondOrderSections(sections.map(\.withoutGain))
    let level = gain * Lanes(read(position))
    let states = UnsafeMutableBufferPointer<LaneSection>.allocate(capacity: sections.count)
    defer { states.deallocate() }
    _ = states.initialize(
      fromContentsOf: zip(monic.sections, monic.restingStates).map { LaneSection($0, rest: $1, level: level) })
    let blockSize = 512
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: blockSize) { block in
      guard let block = block.baseAddress else { return }
      for start in stride(from: 0, to: count, by: blockSize) {
        let used = min(blockSize, count - start)
        for i in 0..<used { (block + i).initialize(to: gain * Lanes(read(position + i * step))) }
        for index in stride(from: 0, to: states.count - 1, by: 2) {
          LaneSection.filter(&states[index], &states[index + 1], block, used)
        }
        if states.count % 2 == 1 { states[states.count - 1].filter(block, used) }
        for i in 0..<used { write(position + i * step, StoredLanes(block[i])) }
        position += used * step
      }
    }
  }
}
