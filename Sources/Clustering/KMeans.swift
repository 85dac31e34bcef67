public import SleepCore

/// k-means: as many centres as clusters, each the mean of the points that are nearest to it.
///
/// Lloyd's iteration; centres begin as in Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding" (2007), and of
/// several beginnings the best end is kept.
public struct KMeans: Sendable {
  /// `[clusters, width]`.
  public let centers: [Float]
  /// The cluster of each point.
  public let labels: [Int]
  /// The sum of the squared distances of all points to their centres.
  public let inertia: Double
  /// Of Lloyd's iteration.
  public let iterations: Int

  private static let mostIterations = 300
  /// Iteration ends when the centres together move by less than this share of the mean variance.
  private static let tolerance = 1e-4

  /// The best of several beginnings.
  ///
  /// - Parameters:
  ///   - restarts: Beginnings, at least 1.
  ///   - progress: Called after each; what it throws ends the search.
  /// - Throws: ``ClusteringError/number(of:found:points:)``.
  public init(
    _ points: Points, clusters: Int, restarts: Int = 10, using random: inout RandomSource,
    progress: (Int) throws -> Void = { _ in }
  ) throws {
    var best = try KMeans(points, centers: points.spreadOut(clusters, using: &random))
    try progress(1)
    for restart in 1..<max(1, restarts) {
      let next = try KMeans(points, centers: points.spreadOut(clusters, using: &random))
      if next.inertia < best.inertia { best = next }
      try progress(restart + 1)
    }
    self = best
  }

  /// From given centres.
  ///
  /// A centre that loses all its points is put on the point that is farthest from its own.
  ///
  /// - Parameter centers: `[clusters, width]`.
  /// - Throws: ``ClusteringError/number(of:found:points:)``, ``ClusteringError/uneven(values:width:)``.
  public init(_ points: Points, centers: [Float]) throws {
    let width = points.width
    var centers = try Points(centers, width: width)
    guard (1...max(1, points.count)).contains(centers.count), points.count > 0 else {
      throw ClusteringError.number(of: "clusters", found: centers.count, points: points.count)
    }
    let tolerance = Self.tolerance * points.meanVariance
    var (labels, distances) = points.nearest(centers)
    var iterations = 0
    while iterations < Self.mostIterations {
      iterations += 1
      let moved = try points.means(labels, distances, clusters: centers.count)
      let shift = (0..<centers.count).reduce(0) { $0 + Double(moved.squaredDistance($1, to: centers, $1)) }
      centers = moved
      let before = labels
      (labels, distances) = points.nearest(centers)
      if labels == before || shift <= tolerance { break }
    }
    self.labels = labels
    self.iterations = iterations
    inertia = distances.reduce(0) { $0 + Double($1) }
    self.centers = (0..<centers.count).flatMap { center in (0..<width).map { centers[center, $0] } }
  }
}

extension Points {
  /// The nearest of some centres to each point, the first of equally near ones, and the squared distance to it.
  fileprivate func nearest(_ centers: Points) -> (labels: [Int], distances: [Float]) {
    var labels = [Int](repeating: 0, count: count)
    var distances = [Float](repeating: .infinity, count: count)
    for point in 0..<count {
      for center in 0..<centers.count {
        let distance = squaredDistance(point, to: centers, center)
        if distance < distances[point] { (labels[point], distances[point]) = (center, distance) }
      }
    }
    return (labels, distances)
  }

  fileprivate var meanVariance: Double {
    (0..<width).reduce(0) { $0 + moments($1).variance } / Double(width)
  }

  /// The mean of each cluster's points.
  fileprivate func means(_ labels: [Int], _ distances: [Float], clusters: Int) throws -> Points {
    var labels = labels
    var counts = [Int](repeating: 0, count: clusters)
    for label in labels { counts[label] += 1 }
    let empty = counts.indices.filter { counts[$0] == 0 }
    if !empty.isEmpty {
      let farthest = distances.indices.sorted { distances[$0] > distances[$1] }
      for (cluster, point) in zip(empty, farthest) {
        counts[labels[point]] -= 1
        labels[point] = cluster
        counts[cluster] = 1
      }
    }
    var sums = [Double](repeating: 0, count: clusters * width)
    for point in 0..<count {
      for column in 0..<width { sums[labels[point] * width + column] += Double(self[point, column]) }
    }
    return try Points(sums.indices.map { Float(sums[$0] / Double(max(1, counts[$0 / width]))) }, width: width)
  }

  /// Points far from one another to begin with: each is drawn with a chance that grows with the squared distance to those before,
  /// the best of a few draws is taken.
  fileprivate func spreadOut(_ clusters: Int, using random: inout RandomSource) throws -> [Float] {
    guard (1...max(1, count)).contains(clusters), count > 0 else {
      throw ClusteringError.number(of: "clusters", found: clusters, points: count)
    }
    var chosen = [Int.random(in: 0..<count, using: &random)]
    var nearest = (0..<count).map { squaredDistance($0, chosen[0]) }
    var trials = 2
    while 1 << (trials - 1) < clusters { trials += 1 }
    while chosen.count < clusters {
      let total = nearest.reduce(0) { $0 + Double($1) }
      var best: (point: Int, nearest: [Float], sum: Double)?
      for _ in 0..<trials {
        let point = draw(nearest, at: Double.random(in: 0..<1, using: &random) * total)
        let next = (0..<count).map { min(nearest[$0], squaredDistance($0, point)) }
        let sum = next.reduce(0) { $0 + Double($1) }
        if best.map({ sum < $0.sum }) ?? true { best = (point, next, sum) }
      }
      guard let best else { break }
      chosen.append(best.point)
      nearest = best.nearest
    }
    return chosen.flatMap { point in (0..<width).map { self[point, $0] } }
  }

  private func draw(_ weights: [Float], at position: Double) -> Int {
    var sum = 0.0
    for (index, weight) in weights.enumerated() {
      sum += Double(weight)
      if sum > position { return index }
    }
    return weights.indices.last { weights[$0] > 0 } ?? 0
  }
}
