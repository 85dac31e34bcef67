public import SleepCore

/// k-means: as many centres as clusters, each the mean of the points that are nearest to it.
///
/// Lloyd's iteration, without the distances that bounds make needless; centres begin as in Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding" (2007), and of
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
    var nearest = NearestCenters(points, centers)
    var sums = ClusterSums(points, nearest.labels, clusters: centers.count)
    var iterations = 0
    var isSettled = false
    while !isSettled, iterations < Self.mostIterations {
      iterations += 1
      let moved = try sums.means(points, nearest.labels, centers)
      let ways = (0..<centers.count).map { moved.squaredDistance($0, to: centers, $0) }
      centers = moved
      isSettled = true
      nearest.follow(centers, ways: ways.map { $0.squareRoot() }) { point, before, now in
        sums.move(points, point, from: before, to: now)
        isSettled = false
      }
      isSettled = isSettled || ways.reduce(0) { $0 + Double($1) } <= tolerance
    }
    labels = nearest.labels
    self.iterations = iterations
    inertia = points.squaredDistances(labels, centers).reduce(0) { $0 + Double($1) }
    self.centers = (0..<centers.count).flatMap { center in (0..<width).map { centers[center, $0] } }
  }
}

/// The sums of each cluster's points, kept up while points change clusters.
private struct ClusterSums {
  private var counts: [Int]
  /// `[clusters, width]`.
  private var sums: [Double]

  init(_ points: Points, _ labels: [Int], clusters: Int) {
    counts = [Int](repeating: 0, count: clusters)
    sums = [Double](repeating: 0, count: clusters * points.width)
    for (point, label) in labels.enumerated() { add(points, point, to: label, 1) }
  }

  mutating func move(_ points: Points, _ point: Int, from before: Int, to now: Int) {
    add(points, point, to: before, -1)
    add(points, point, to: now, 1)
  }

  private mutating func add(_ points: Points, _ point: Int, to cluster: Int, _ sign: Int) {
    counts[cluster] += sign
    for column in 0..<points.width {
      sums[cluster * points.width + column] += Double(sign) * Double(points[point, column])
    }
  }

  /// The mean of each cluster's points; one without any is put on the point that is farthest from its own centre.
  func means(_ points: Points, _ labels: [Int], _ centers: Points) throws -> Points {
    let empty = counts.indices.filter { counts[$0] == 0 }
    guard empty.isEmpty else {
      let distances = points.squaredDistances(labels, centers)
      let farthest = distances.indices.sorted { distances[$0] > distances[$1] }
      var filled = self
      for (cluster, point) in zip(empty, farthest) { filled.move(points, point, from: labels[point], to: cluster) }
      return try filled.means(points.width)
    }
    return try means(points.width)
  }

  private func means(_ width: Int) throws -> Points {
    try Points(sums.indices.map { Float(sums[$0] / Double(max(1, counts[$0 / width]))) }, width: width)
  }
}

extension Points {
  /// The squared distance of each point to one of some centres.
  fileprivate func squaredDistances(_ labels: [Int], _ centers: Points) -> [Float] {
    labels.enumerated().map { squaredDistance($0.offset, to: centers, $0.element) }
  }

  fileprivate var meanVariance: Double {
    (0..<width).reduce(0) { $0 + moments($1).variance } / Double(width)
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
