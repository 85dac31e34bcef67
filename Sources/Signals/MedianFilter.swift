/// The median of so many samples around each one, as `scipy.signal.medfilt`.
public struct MedianFilter: Hashable, Sendable {
  /// Samples under the filter, an odd number.
  public let width: Int

  /// - Throws: ``SignalError`` if the width is not odd and positive.
  public init(width: Int) throws {
    guard width > 0, width % 2 == 1 else {
      throw SignalError.setting(name: "a median of", found: "\(width) samples", expected: "an odd number of them")
    }
    self.width = width
  }

  /// - Parameter samples: Zeros stand beyond the ends.
  /// - Returns: As many; NaN where a sample under the filter is none.
  public func callAsFunction(_ samples: [Float]) -> [Float] {
    let half = width / 2
    func sample(_ index: Int) -> Float { samples.indices.contains(index) ? samples[index] : 0 }
    var sorted = [Float](repeating: 0, count: width)
    var missing = 0
    // A sample that is none takes the place of a zero, and is counted.
    func enter(_ value: Float, for old: Float) {
      let (value, old) = (value.isNaN ? 0 : value, old.isNaN ? 0 : old)
      var place = Self.place(of: old, in: sorted)
      while place > 0, sorted[place - 1] > value {
        sorted[place] = sorted[place - 1]
        place -= 1
      }
      while place + 1 < width, sorted[place + 1] < value {
        sorted[place] = sorted[place + 1]
        place += 1
      }
      sorted[place] = value
    }
    return (-half..<samples.count).compactMap { center in
      let (new, old) = (sample(center + half), sample(center - half - 1))
      if new.isNaN { missing += 1 }
      if old.isNaN { missing -= 1 }
      enter(new, for: old)
      guard center >= 0 else { return nil }
      return missing > 0 ? .nan : sorted[half]
    }
  }

  /// Where a value stands among sorted ones that hold it.
  private static func place(of value: Float, in sorted: [Float]) -> Int {
    var (low, high) = (0, sorted.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
