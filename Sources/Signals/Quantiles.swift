/// Quantiles of values by partial sorting.
struct Quantiles {
  private var values: [Float]

  /// - Parameter values: All finite, at least one.
  init(_ values: [Float]) { self.values = values }

  /// The quantile at `share` of the way from least to greatest, between two values linearly, as `numpy.quantile`.
  mutating func callAsFunction(_ share: Double) -> Double {
    let position = share * Double(values.count - 1)
    let index = min(Int(position), values.count - 1)
    return values.withUnsafeMutableBufferPointer { values in
      let low = Self.select(index, in: values)
      let fraction = position - Double(index)
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
