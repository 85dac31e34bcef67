import Dispatch

/// The order of points in which neighbours in space are neighbours in line, with the distance at which each is reached.
///
/// Ankerst, Breunig, Kriegel and Sander, "OPTICS: ordering points to identify the clustering structure" (1999), without a greatest
/// distance. Distances are computed where they are needed, in single precision, and not kept: two passes over all pairs of points, and
/// memory that grows with the points alone.
public struct OPTICS: Sendable {
  /// The points in the order in which they are visited.
  public let ordering: [Int]
  /// Of each point, by its index: the distance at which it was reached; infinite of one that a new stretch begins with.
  public let reachability: [Double]
  /// Of each point: the distance to its neighbour number `neighbours`, itself being the first.
  public let coreDistances: [Double]
  /// Of each point: the one that it was reached from.
  public let predecessors: [Int?]

  /// - Parameters:
  ///   - neighbours: Points, itself included, that make a neighbourhood dense.
  ///   - progress: Called with the share done, now and then; what it throws ends the search.
  /// - Throws: ``ClusteringError/number(of:found:points:)``.
  public init(_ points: Points, neighbours: Int = 5, progress: (Double) throws -> Void = { _ in }) throws {
    let count = points.count
    guard (2...max(2, count)).contains(neighbours), count >= 2 else {
      throw ClusteringError.number(of: "neighbours", found: neighbours, points: count)
    }
    var cores = [Float](repeating: 0, count: count)
    let block = 256
    for start in stride(from: 0, to: count, by: block * 2) {
      let range = start..<min(count, start + block * 2)
      let part = denseDistances(points, range, neighbours: neighbours)
      cores.replaceSubrange(range, with: part)
      try progress(0.5 * Double(range.upperBound) / Double(count))
    }

    var reach = [Float](repeating: .infinity, count: count)
    var from = [Int](repeating: -1, count: count)
    var waiting = Array(0..<count)
    var order: [Int] = []
    order.reserveCapacity(count)
    var next = 0
    while !waiting.isEmpty {
      let point = waiting[next]
      waiting.swapAt(next, waiting.count - 1)
      waiting.removeLast()
      order.append(point)
      next = 0
      for (position, other) in waiting.enumerated() {
        let distance = max(cores[point], points.squaredDistance(point, other).squareRoot())
        if distance < reach[other] { (reach[other], from[other]) = (distance, point) }
        let least = waiting[next]
        if reach[other] < reach[least] || (reach[other] == reach[least] && other < least) { next = position }
      }
      if order.count % block == 0 { try progress(0.5 + 0.5 * Double(order.count) / Double(count)) }
    }
    ordering = order
    reachability = reach.map(Double.init)
    coreDistances = cores.map(Double.init)
    predecessors = from.map { $0 < 0 ? nil : $0 }
  }

  /// ``reachability`` in the order of the visit, as it is drawn.
  public var plot: [Double] { ordering.map { reachability[$0] } }
}

/// The distance of each point of a range to its neighbour of some number, itself being the first; on two threads.
private func denseDistances(_ points: Points, _ range: Range<Int>, neighbours: Int) -> [Float] {
  let half = (range.count + 1) / 2
  let parts = [range.prefix(half), range.dropFirst(half)]
  let result = UnsafeMutableBufferPointer<Float>.allocate(capacity: range.count)
  defer { result.deallocate() }
  nonisolated(unsafe) let target = result
  DispatchQueue.concurrentPerform(iterations: parts.count) { part in
    var heap = GreatestFirst(capacity: neighbours)
    for point in parts[part] {
      heap.removeAll()
      for other in 0..<points.count { heap.offer(points.squaredDistance(point, other)) }
      target[point - range.lowerBound] = heap.greatest.squareRoot()
    }
  }
  return Array(result)
}

/// The least of many numbers, so many of them, the greatest of these on top.
private struct GreatestFirst {
  private var values: [Float]
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    values = []
    values.reserveCapacity(capacity)
  }

  var greatest: Float { values.first ?? .infinity }

  mutating func removeAll() { values.removeAll(keepingCapacity: true) }

  mutating func offer(_ value: Float) {
    if values.count < capacity {
      values.append(value)
      var child = values.count - 1
      while child > 0, values[(child - 1) / 2] < values[child] {
        values.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    } else if value < values[0] {
      values[0] = value
      var parent = 0
      while true {
        var greatest = parent
        for child in [2 * parent + 1, 2 * parent + 2] where child < capacity && values[child] > values[greatest] {
          greatest = child
        }
        guard greatest != parent else { break }
        values.swapAt(parent, greatest)
        parent = greatest
      }
    }
  }
}
