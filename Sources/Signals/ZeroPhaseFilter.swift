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
    // Whole channels go through side by side in the lanes of a vector; a run beside a gap goes alone.
    let whole = channels.indices.filter { isFinite(channels[$0]) }
    for start in stride(from: 0, to: whole.count, by: 4) {
      let lanes = Array(whole[start..<min(start + 4, whole.count)])
      let rows = lanes.map { channels[$0] }
      let filtered = rows.count <= 2 ? runBothWays(rows, SIMD2.self) : runBothWays(rows, SIMD4.self)
      for (lane, row) in zip(lanes, filtered) { result[lane] = row }
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
        result.replaceSubrange(start..<end, with: runBothWays([Array(channel[start..<end])], SIMD2.self)[0])
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

/// A vector of doubles, a channel a lane.
private protocol Lanes: SIMD where Scalar == Double {
  associatedtype Stored: SIMD where Stored.Scalar == Float
  init(widening stored: Stored)
  var narrowed: Stored { get }
}

extension SIMD2: Lanes where Scalar == Double {
  @inline(__always) init(widening stored: SIMD2<Float>) { self.init(stored) }
  @inline(__always) var narrowed: SIMD2<Float> { SIMD2<Float>(self) }
}

extension SIMD4: Lanes where Scalar == Double {
  @inline(__always) init(widening stored: SIMD4<Float>) { self.init(stored) }
  @inline(__always) var narrowed: SIMD4<Float> { SIMD4<Float>(self) }
}

/// One section's coefficients and state, in every lane.
private struct LaneSection<V: Lanes> {
  let b0, b1, b2, a1, a2: V
  var first, second: V

  @inline(__always)
  init(_ section: SecondOrderSections.Section, rest: (Double, Double), level: V) {
    (b0, b1, b2) = (V(repeating: section.b0), V(repeating: section.b1), V(repeating: section.b2))
    (a1, a2) = (V(repeating: section.a1), V(repeating: section.a2))
    (first, second) = (rest.0 * level, rest.1 * level)
  }

  @inline(__always)
  mutating func callAsFunction(_ x: V) -> V {
    let y = b0 * x + first
    // The order of the sums keeps the chain from one output to the next short.
    first = (b1 * x + second) - a1 * y
    second = b2 * x - a2 * y
    return y
  }
}

extension SecondOrderSections {
  /// - Parameter rows: At most as many as `V` has lanes, of one length above ``edgeSamples``, all finite.
  @inline(__always)
  private func runBothWays<V: Lanes>(_ rows: [[Float]], _ lanes: V.Type) -> [[Float]] {
    let (samples, edge) = (rows[0].count, edgeSamples)
    let total = samples + 2 * edge
    // Between the passes the samples wait in single precision, interleaved: half the memory, and the backward pass
    // only smooths the rounding.
    let signal = UnsafeMutablePointer<V.Stored>.allocate(capacity: total)
    defer { signal.deallocate() }
    interleave(rows, into: signal, edge: edge)
    pass(signal, total, forwards: true, V.self)
    pass(signal, total, forwards: false, V.self)
    return rows.indices.map { lane in
      [Float](unsafeUninitializedCapacity: samples) { row, initialized in
        for i in 0..<samples { row[i] = signal[edge + i][lane] }
        initialized = samples
      }
    }
  }

  /// Writes the rows side by side, mirrored through their end samples beyond both ends; lanes without a row are zero.
  @inline(__always)
  private func interleave<Stored: SIMD>(
    _ rows: [[Float]], into signal: UnsafeMutablePointer<Stored>, edge: Int
  ) where Stored.Scalar == Float {
    let samples = rows[0].count
    for start in stride(from: 0, to: samples, by: 1024) {
      let used = min(1024, samples - start)
      let part = signal + edge + start
      part.initialize(repeating: .zero, count: used)
      for (lane, row) in rows.enumerated() {
        row.withUnsafeBufferPointer { row in
          for i in 0..<used { part[i][lane] = row[start + i] }
        }
      }
    }
    let (first, last) = (signal[edge], signal[edge + samples - 1])
    for i in 1...edge {
      (signal + edge - i).initialize(to: 2 * first - signal[edge + i])
      (signal + edge + samples - 1 + i).initialize(to: 2 * last - signal[edge + samples - 1 - i])
    }
  }

  /// Filters in one direction in place.
  @inline(__always)
  private func pass<V: Lanes>(_ signal: UnsafeMutablePointer<V.Stored>, _ count: Int, forwards: Bool, _ lanes: V.Type) {
    let step = forwards ? 1 : -1
    var position = forwards ? 0 : count - 1
    let level = V(widening: signal[position])
    var states = zip(sections, restingStates).map { LaneSection<V>($0, rest: $1, level: level) }
    let blockSize = 512
    withUnsafeTemporaryAllocation(of: V.self, capacity: blockSize) { block in
      guard let block = block.baseAddress else { return }
      for start in stride(from: 0, to: count, by: blockSize) {
        let used = min(blockSize, count - start)
        for i in 0..<used { (block + i).initialize(to: V(widening: signal[position + i * step])) }
        // Two sections at a time have room in the registers, and one's latency hides the other's.
        for index in stride(from: 0, to: states.count, by: 2) {
          var first = states[index]
          if index + 1 < states.count {
            var second = states[index + 1]
            for i in 0..<used { block[i] = second(first(block[i])) }
            states[index + 1] = second
          } else {
            for i in 0..<used { block[i] = first(block[i]) }
          }
          states[index] = first
        }
        for i in 0..<used { signal[position + i * step] = block[i].narrowed }
        position += used * step
      }
    }
  }
}
