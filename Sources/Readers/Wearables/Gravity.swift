/// Whether accelerations can be in g: a device that rests feels one.
struct Gravity {
  private var lengths: [Double] = []
  private static let mostLengths = 100_000
  private static let plausible = 0.5...2.0

  /// Notes one sample.
  mutating func add(_ x: Double, _ y: Double, _ z: Double) {
    guard lengths.count < Self.mostLengths else { return }
    lengths.append((x * x + y * y + z * z).squareRoot())
  }

  /// What to tell a user where the median length is far from 1 g.
  func warning(_ name: String) -> String? {
    guard !lengths.isEmpty else { return nil }
    let median = lengths.sorted()[lengths.count / 2]
    guard !Self.plausible.contains(median) else { return nil }
    let shown = plain((median * 1000).rounded() / 1000)
    return "\(name): half of the accelerations are below \(shown) g, where gravity alone is 1 g: is their scale right?"
  }
}
