/// The nearest centre of each point, kept up while centres move: what a centre's way cannot have changed is not computed again.
///
/// Elkan, "Using the triangle inequality to accelerate k-means" (ICML 2003), by its bounds for each point and centre. What comes out
/// is what computing all distances gives.
struct NearestCenters {
  private(set) var labels: [Int]
  /// `[points, stride]`: no distance of a point to a centre is less; to its own it is at most that. Filled up to whole vectors of
  /// eight with infinity.
  private var bounds: [SIMD8<Float>]
  private let stride: Int
  private let points: Points

  /// Bounds give way by more than what rounding can do to them.
  private static let slack: Float = 0x1p-22

  init(_ points: Points, _ centers: Points) {
    self.points = points
    stride = (centers.count + 7) / 8
    labels = [Int](repeating: 0, count: points.count)
    bounds = [SIMD8<Float>](repeating: SIMD8(repeating: .infinity), count: points.count * stride)
    for point in 0..<points.count {
      for center in 0..<centers.count {
        let distance = points.squaredDistance(point, to: centers, center).squareRoot()
        bounds[place(point, center)][center % 8] = distance
        // The first of equally near ones.
        if distance < self[point, labels[point]] { labels[point] = center }
      }
    }
  }

  private func place(_ point: Int, _ center: Int) -> Int { point * stride + center / 8 }

  private subscript(point: Int, center: Int) -> Float {
    get { bounds[place(point, center)][center % 8] }
    set { bounds[place(point, center)][center % 8] = newValue }
  }

  /// Looks again where a centre may have come nearer than the own one.
  ///
  /// - Parameters:
  ///   - centers: Where they are now.
  ///   - ways: How far each went.
  ///   - change: Called for each point that has another centre now, with that it had.
  mutating func follow(
    _ centers: Points, ways: [Float], change: (_ point: Int, _ before: Int, _ now: Int) -> Void
  ) {
    var steps = [SIMD8<Float>](repeating: .zero, count: stride)
    for (center, way) in ways.enumerated() { steps[center / 8][center % 8] = way }
    for point in 0..<points.count {
      let own = labels[point]
      let farthest = self[point, own] * (1 + Self.slack) + ways[own]
      self[point, own] = .infinity
      var near = SIMDMask<SIMD8<Int32>>(repeating: false)
      for index in 0..<stride {
        let lowered = bounds[point * stride + index] * (1 - Self.slack) - steps[index]
        bounds[point * stride + index] = lowered
        near .|= lowered .< farthest
      }
      self[point, own] = farthest
      if any(near) {
        look(point, centers)
        if labels[point] != own { change(point, own, labels[point]) }
      }
    }
  }

  private mutating func look(_ point: Int, _ centers: Points) {
    var own = labels[point]
    self[point, own] = points.squaredDistance(point, to: centers, own).squareRoot()
    for center in 0..<centers.count where center != own && self[point, center] <= self[point, own] {
      let distance = points.squaredDistance(point, to: centers, center).squareRoot()
      self[point, center] = distance
      if distance < self[point, own] || (distance == self[point, own] && center < own) { own = center }
    }
    labels[point] = own
  }
}
