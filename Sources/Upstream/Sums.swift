/// Means of an epoch, by name.
struct Sums: Codable {
  private struct Mean: Codable {
    var sum = 0.0
    var count = 0.0
  }

  private var sums: [String: Mean] = [:]

  mutating func add(_ name: String, _ value: Double, _ count: Int) {
    sums[name, default: Mean()].sum += value * Double(count)
    sums[name, default: Mean()].count += Double(count)
  }

  var means: [String: Double] { sums.mapValues { $0.sum / $0.count } }
}
