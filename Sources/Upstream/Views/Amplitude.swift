/// Gives values mean 0 and deviation 1; a flat run becomes all zeros.
func standardise(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
  typealias Lanes = SIMD8<Float>
  let whole = count & ~7
  func sum(_ term: (Lanes) -> Lanes, _ rest: (Float) -> Float) -> Float {
    var lanes = Lanes.zero
    for i in stride(from: 0, to: whole, by: 8) {
      lanes += term(UnsafeRawPointer(values + i).loadUnaligned(as: Lanes.self))
    }
    var total = lanes.sum()
    for i in whole..<count { total += rest(values[i]) }
    return total
  }
  let mean = sum({ $0 }, { $0 }) / Float(count)
  let variance = sum({ ($0 - mean) * ($0 - mean) }, { ($0 - mean) * ($0 - mean) }) / Float(count)
  let deviation = variance.squareRoot()
  // Rounding of a flat run is no signal.
  let factor = deviation > 1e-6 * max(1, abs(mean)) ? 1 / deviation : 0
  for i in 0..<count { values[i] = (values[i] - mean) * factor }
}

/// Values that others are replaced by in their order: the least by the least, the median by the median. Equal ones stay equal.
///
/// Up to 256 values are sorted: each run of equal ones becomes the mean of these in its place. More of them go by
/// histograms of 256 bins, straight lines within a bin.
struct WantedValues {
  private static let bins = 256
  private let wanted: UnsafePointer<Float>
  private let count: Int
  /// Of more than 256 values.
  private let histogram: Histogram?

  /// - Parameter wanted: Stays as it is for as long as this is used.
  init(_ wanted: UnsafePointer<Float>, _ count: Int) {
    (self.wanted, self.count) = (wanted, count)
    histogram = count > 256 ? Histogram(wanted, count, bins: Self.bins) : nil
  }

  /// Replaces as many values.
  func replace(_ values: UnsafeMutablePointer<Float>) {
    if count <= 256 {
      matchSorted(values, to: wanted, count)
    } else if let histogram, let own = Histogram(values, count, bins: Self.bins) {
      matchBinned(values, own, to: histogram, count)
    } else {
      values.update(from: wanted, count: count)
    }
  }
}

private func matchSorted(_ values: UnsafeMutablePointer<Float>, to others: UnsafePointer<Float>, _ count: Int) {
  let order = (0..<count).sorted { values[$0] < values[$1] }
  let wanted = UnsafeBufferPointer(start: others, count: count).sorted()
  var start = 0
  while start < count {
    var (end, sum) = (start, Float(0))
    let value = values[order[start]]
    repeat {
      sum += wanted[end]
      end += 1
    } while end < count && values[order[end]] == value
    for rank in start..<end { values[order[rank]] = sum / Float(end - start) }
    start = end
  }
}

private func matchBinned(_ values: UnsafeMutablePointer<Float>, _ own: Histogram, to wanted: Histogram, _ count: Int) {
  let bins = own.below.count - 1
  // The wanted value at each bin of the own, then straight lines between.
  var levels = [Float](repeating: 0, count: bins + 1)
  var bin = 0
  for edge in 0...bins {
    let below = own.below[edge]
    while bin < bins - 1, wanted.below[bin + 1] < below { bin += 1 }
    let inside = wanted.below[bin + 1] - wanted.below[bin]
    let part = inside > 0 ? min(1, (below - wanted.below[bin]) / inside) : 0
    levels[edge] = wanted.low + (Float(bin) + part) * wanted.width
  }
  levels.withUnsafeBufferPointer { levels in
    for i in 0..<count {
      let place = (values[i] - own.low) * own.perUnit
      let bin = min(bins - 1, Int(place))
      values[i] = levels[bin] + (levels[bin + 1] - levels[bin]) * (place - Float(bin))
    }
  }
}

/// How many values lie below each edge of equal bins between the least and the greatest.
private struct Histogram {
  let low: Float
  let width: Float
  let perUnit: Float
  var below: [Float]

  /// `nil` where all values are equal, or one is not finite.
  init?(_ values: UnsafePointer<Float>, _ count: Int, bins: Int) {
    typealias Lanes = SIMD8<Float>
    let whole = count & ~7
    var (lows, highs, sums) = (Lanes(repeating: values[0]), Lanes(repeating: values[0]), Lanes.zero)
    for i in stride(from: 0, to: whole, by: 8) {
      let next = UnsafeRawPointer(values + i).loadUnaligned(as: Lanes.self)
      lows.replace(with: next, where: next .< lows)
      highs.replace(with: next, where: next .> highs)
      sums += next
    }
    var (low, high, sum) = (lows.min(), highs.max(), sums.sum())
    for i in whole..<count {
      low = min(low, values[i])
      high = max(high, values[i])
      sum += values[i]
    }
    let (width, perUnit) = ((high - low) / Float(bins), Float(bins) / (high - low))
    guard sum.isFinite, width > 0, width.isFinite, perUnit.isFinite else { return nil }
    self.low = low
    self.width = width
    self.perUnit = perUnit
    below = [Float](repeating: 0, count: bins + 1)
    below.withUnsafeMutableBufferPointer { below in
      // Neighbours are often of one bin: counted into four tables in turn, none waits for the one before.
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: 4 * bins) { counts in
        counts.initialize(repeating: 0)
        for i in 0..<count { counts[(i & 3) * bins + min(bins - 1, Int((values[i] - low) * perUnit))] += 1 }
        for bin in 0..<bins {
          below[1 + bin] = Float(counts[bin] + counts[bins + bin] + counts[2 * bins + bin] + counts[3 * bins + bin])
        }
      }
      for bin in 0..<bins { below[bin + 1] += below[bin] }
    }
  }
}
