/// Quantiles of values without sorting them all.
struct Quantiles {
  private var values: [Float]
  /// Of many values: how many share each upper half of their bits, in the order of the values.
  private var counts: [Int32] = []

  /// From so many values on counting them first is faster.
  private static let many = 1 << 15

  /// - Parameter values: All finite, at least one.
  init(_ values: [Float]) {
    self.values = values
    guard values.count >= Self.many else { return }
    counts = [Int32](repeating: 0, count: 1 << 16)
    counts.withUnsafeMutableBufferPointer { counts in
      for value in values { counts[Self.bucket(of: value)] += 1 }
    }
  }

  /// The quantile at `share` of the way from least to greatest, between two values linearly, as `numpy.quantile`.
  mutating func callAsFunction(_ share: Double) -> Double {
    let position = share * Double(values.count - 1)
    let index = min(Int(position), values.count - 1)
    let fraction = position - Double(index)
    guard !counts.isEmpty else { return Self.quantile(index, fraction, of: &values) }
    // Only the buckets that hold this value and the next one are looked into.
    var (first, below) = (0, 0)
    while below + Int(counts[first]) <= index {
      below += Int(counts[first])
      first += 1
    }
    var (last, reached) = (first, below + Int(counts[first]))
    while reached <= index + 1, reached < values.count {
      last += 1
      reached += Int(counts[last])
    }
    let wanted = first...last
    var near = values.filter { wanted.contains(Self.bucket(of: $0)) }
    return Self.quantile(index - below, fraction, of: &near)
  }

  /// The upper half of a value's bits, turned so that a greater value is in no lower bucket.
  private static func bucket(of value: Float) -> Int {
    let bits = Int32(bitPattern: value.bitPattern)
    return Int((bits ^ (bits >> 31 & .max)) >> 16) + (1 << 15)
  }

  private static func quantile(_ index: Int, _ fraction: Double, of values: inout [Float]) -> Double {
    values.withUnsafeMutableBufferPointer { values in
      let low = select(index, in: values)
      guard fraction > 0 else { return Double(low) }
      // What lies above the selected place is not smaller, so the next value is the least of it.
      var high = Float.infinity
      for i in (index + 1)..<values.count { high = min(high, values[i]) }
      return Double(low) + (Double(high) - Double(low)) * fraction
    }
  }

  /// Hoare's selection: afterwards nothing below `index` is greater and nothing above it smaller.
  private static func select(_ index: Int, in values: UnsafeMutableBufferPointer<Float>) -> Float {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let middle = low + (high - low) / 2
      let pivot = max(min(values[low], values[high]), min(max(values[low], values[high]), values[middle]))
      var (i, j) = (low, high)
      while i <= j {
        while values[i] < pivot { i += 1 }
        while values[j] > pivot { j -= 1 }
        if i <= j {
          values.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if index <= j { high = j } else if index >= i { low = i } else { break }
    }
    return values[index]
  }
}
