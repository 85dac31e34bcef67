import Clustering
import Foundation
import SleepCore
import TestSupport
import Testing

@Suite("Grouping points")
struct ClusteringTests {
  private static let fixture = Fixture("groups")
  private static let sets = ["blobs", "chain"]

  private func points(_ name: String) throws -> Points {
    let array = try Self.fixture.floats("\(name)_points")
    return try Points(array.values, width: array.shape[1])
  }

  @Test("k-means from given centres ends as scikit-learn's", arguments: sets, [2, 5])
  func kMeans(name: String, clusters: Int) throws {
    let fixture = Self.fixture
    let found = try KMeans(points(name), centers: fixture.floats("\(name)_kmeans\(clusters)_begin").values)
    #expect(found.labels == (try fixture.integers("\(name)_kmeans\(clusters)_labels")))
    expectClose(found.centers, try fixture.floats("\(name)_kmeans\(clusters)_centers").values, absolute: 1e-5)
    let inertia = try fixture.doubles("\(name)_kmeans\(clusters)_inertia")
    expectClose([found.inertia / inertia[0]], [1], absolute: 1e-5)
  }

  @Test("Restarts never end worse, find the groups that are there, and are the same for one seed")
  func restarts() throws {
    // Nine tight groups on a grid: Lloyd's iteration alone often puts two centres into one.
    var random = RandomSource(seed: 3)
    let values = (0..<270).flatMap { index -> [Float] in
      let (row, column) = (index / 3 % 3, index % 3)
      return [column, row].map { place -> Float in Float(10 * place) + 0.3 * Float(random.normal()) }
    }
    let points = try Points(values, width: 2)
    func best(_ restarts: Int, seed: UInt64) throws -> KMeans {
      var random = RandomSource(seed: seed)
      return try KMeans(points, clusters: 9, restarts: restarts, using: &random)
    }
    for seed in 0..<4 as Range<UInt64> {
      let (one, many) = (try best(1, seed: seed), try best(10, seed: seed))
      #expect(many.inertia <= one.inertia)
      for (index, label) in many.labels.enumerated() { #expect(label == many.labels[index % 9]) }
      #expect(Set(many.labels).count == 9)
      #expect(try best(10, seed: seed).labels == many.labels)
    }
  }

  @Test(
    "Distances that bounds make needless change nothing: each point has its nearest centre, each centre its points' mean"
  )
  func bounds() throws {
    var random = RandomSource(seed: 8)
    let (width, count, clusters) = (20, 1500, 19)
    let values = (0..<count * width).map { Float(random.normal()) + Float($0 / width % 5) }
    let found = try KMeans(Points(values, width: width), centers: Array(values.prefix(clusters * width)))
    #expect(found.iterations > 10)
    var (sums, counts) = ([Double](repeating: 0, count: clusters * width), [Double](repeating: 0, count: clusters))
    var inertia = 0.0
    for point in 0..<count {
      let distances = (0..<clusters).map { center in
        (0..<width).reduce(0.0) { sum, column in
          let difference = Double(values[point * width + column] - found.centers[center * width + column])
          return sum + difference * difference
        }
      }
      let label = found.labels[point]
      #expect(distances[label] <= (distances.min() ?? 0) + 1e-4)
      inertia += distances[label]
      counts[label] += 1
      for column in 0..<width { sums[label * width + column] += Double(values[point * width + column]) }
    }
    expectClose([found.inertia / inertia], [1], absolute: 1e-6)
    // Where it ended by its tolerance, the last points to change have not moved the centres yet.
    expectClose(found.centers, sums.indices.map { Float(sums[$0] / counts[$0 / width]) }, absolute: 0.05)
  }

  @Test("A centre without points is put on the point that is farthest from its own")
  func emptyCluster() throws {
    let points = try Points([0, 1, 2, 10], width: 1)
    let found = try KMeans(points, centers: [1, 500])
    #expect(found.labels == [0, 0, 0, 1])
    expectClose(found.centers, [1, 10])
    expectClose([found.inertia], [2], absolute: 1e-9)
  }

  @Test("OPTICS visits, reaches and remembers as scikit-learn's", arguments: sets, [5, 12])
  func optics(name: String, neighbours: Int) throws {
    let found = try OPTICS(points(name), neighbours: neighbours)
    let prefix = "\(name)_optics\(neighbours)"
    #expect(found.ordering == (try Self.fixture.integers("\(prefix)_order")))
    let reach = try Self.fixture.doubles("\(prefix)_reach")
    #expect(found.reachability.map(\.isFinite) == reach.map(\.isFinite))
    expectClose(
      found.reachability.map { $0.isFinite ? $0 : -1 }, reach.map { $0.isFinite ? $0 : -1 }, absolute: 1e-5)
    expectClose(found.coreDistances, try Self.fixture.doubles("\(prefix)_core"), absolute: 1e-5)
    #expect(found.predecessors.map { $0 ?? -1 } == (try Self.fixture.integers("\(prefix)_from")))
  }

  @Test("Valleys become clusters as scikit-learn's", arguments: sets, [5, 12])
  func xi(name: String, neighbours: Int) throws {
    let found = try OPTICS(points(name), neighbours: neighbours)
    for xi in ["0.02", "0.1", "0.3"] {
      for smallest in [neighbours, 25] {
        let labels = try found.clusters(xi: Double(xi) ?? 0, neighbours: neighbours, smallest: smallest)
        let expected = try Self.fixture.integers("\(name)_optics\(neighbours)_xi\(xi)_\(smallest)")
        #expect(labels.map { $0 ?? -1 } == expected, "xi \(xi), at least \(smallest)")
      }
    }
  }

  @Test("Standard columns have mean 0 and deviation 1; one without variance becomes 0")
  func standardized() throws {
    let points = try Points([1, 5, 7, 3, 5, 7], width: 3).standardized()
    // By two points: their mean is between them, and each is one deviation away.
    let found = try KMeans(points, centers: [-1, 0, 0, 1, 0, 0])
    #expect(found.centers == [-1, 0, 0, 1, 0, 0])
    #expect(found.inertia == 0)
  }

  @Test("What cannot be grouped is refused in words")
  func refused() throws {
    func expectError(_ message: String, _ body: () throws -> Void) {
      let error = #expect(throws: ClusteringError.self) { try body() }
      #expect(error.map(words) == message)
    }
    let points = try Points([0, 1, 2], width: 1)
    var random = RandomSource(seed: 1)
    expectError("found 3 numbers, expected whole points of 2") { _ = try Points([1, 2, 3], width: 2) }
    expectError("found a number that is not finite in point 1, expected finite ones") {
      _ = try Points([1, 2, .nan, 4], width: 2)
    }
    expectError("found 4 clusters for 3 points, expected 1 to 3") {
      _ = try KMeans(points, clusters: 4, using: &random)
    }
    expectError("found 4 neighbours for 3 points, expected 1 to 3") { _ = try OPTICS(points, neighbours: 4) }
    expectError("found a steepness xi of 1.0, expected a number between 0 and 1") {
      _ = try OPTICS(points, neighbours: 2).clusters(xi: 1, smallest: 2)
    }
  }
}
