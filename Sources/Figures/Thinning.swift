/// Keeps long lines drawable: a night at 256 Hz has more samples than any figure has pixels.
enum Thinning {
  /// The line itself, or, where it has many more points than a figure has columns, the least and the greatest value of each
  /// of `bins` stretches, in their order. Stretches without any finite value stay gaps.
  static func envelope(_ x: [Double], _ y: [Double], bins: Int = 2000) -> [(Double, Double)] {
    let count = min(x.count, y.count)
    guard count > 4 * bins else { return Array(zip(x, y)) }
    var result: [(Double, Double)] = []
    result.reserveCapacity(2 * bins)
    for bin in 0..<bins {
      let range = bin * count / bins..<(bin + 1) * count / bins
      var least: Int?
      var greatest: Int?
      for index in range where y[index].isFinite {
        if least.map({ y[index] < y[$0] }) ?? true { least = index }
        if greatest.map({ y[index] > y[$0] }) ?? true { greatest = index }
      }
      guard let least, let greatest else {
        result.append((x[range.lowerBound], .nan))
        continue
      }
      let (first, second) = (min(least, greatest), max(least, greatest))
      result.append((x[first], y[first]))
      if second != first { result.append((x[second], y[second])) }
    }
    return result
  }
}
