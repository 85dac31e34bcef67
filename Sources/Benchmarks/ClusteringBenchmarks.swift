import Clustering
import Foundation
import NumPy
import SleepCore

/// Clusters of windows' vectors.
enum ClusteringBenchmarks {
  static let all = [means, order]

  /// Some clouds of points.
  private static func clouds(_ count: Int, width: Int, as name: String, in folder: URL) throws -> [Float] {
    var random = RandomSource(seed: 5)
    let centers = (0..<(8 * width)).map { _ in Float(2 * random.normal()) }
    let values = (0..<count).flatMap { point in
      (0..<width).map { centers[point % 8 * width + $0] + Float(random.normal()) }
    }
    try NpyArray(shape: [count, width], values: values).write(to: folder.appendingPathComponent("\(name).npy"))
    return values
  }

  private static let means = Benchmark(
    name: "k-means", title: "k-means of 20000 points of 64 numbers from the first 17 of them", peer: "scikit-learn",
    target: .times(1), rounds: 3
  ) { folder in
    let values = try clouds(20_000, width: 64, as: "k-means", in: folder)
    let points = try Points(values, width: 64)
    return { try KMeans(points, centers: Array(values.prefix(17 * 64))).inertia }
  }

  private static let order = Benchmark(
    name: "optics", title: "OPTICS of 2000 points of 16 numbers", peer: "scikit-learn", target: .times(10), rounds: 3
  ) { folder in
    let points = try Points(try clouds(2000, width: 16, as: "optics", in: folder), width: 16)
    return { try OPTICS(points).coreDistances.reduce(0, +) }
  }
}
