extension OPTICS {
  /// Clusters that the reachability plot shows as valleys between steep slopes.
  ///
  /// The algorithm of the paper's figure 19, with two slips of its definitions mended (a steep downward point, and where a cluster
  /// ends) and with the correction by predecessors of Schubert and Gertz, "Improving the cluster structure extracted from OPTICS plots"
  /// (2018); as scikit-learn's `OPTICS(cluster_method="xi")` labels the points.
  ///
  /// - Parameters:
  ///   - xi: How steep a slope must be: from one point to the next by this share.
  ///   - neighbours: Points of a slope that may be level; as the plot was made.
  ///   - smallest: Points of a cluster at least.
  /// - Returns: The cluster of each point, by its index: of the smallest valleys; `nil` is noise.
  /// - Throws: ``ClusteringError/xi(found:)``.
  public func clusters(xi: Double = 0.05, neighbours: Int = 5, smallest: Int) throws -> [Int?] {
    guard xi > 0, xi < 1 else { throw ClusteringError.xi(found: xi) }
    var labels = [Int?](repeating: nil, count: ordering.count)
    var count = 0
    for valley in valleys(xi: xi, neighbours: neighbours, smallest: smallest) {
      // A valley that holds one that has a label is a level above it.
      guard valley.allSatisfy({ labels[ordering[$0]] == nil }) else { continue }
      for position in valley { labels[ordering[position]] = count }
      count += 1
    }
    return labels
  }

  /// Stretches of the plot, smaller before those that hold them.
  func valleys(xi: Double, neighbours: Int, smallest: Int) -> [ClosedRange<Int>] {
    let plot = ReachabilityPlot(heights: self.plot, xi: xi, level: neighbours)
    /// A slope down whose valley has not ended, and the greatest height between its end and here.
    struct OpenSlope {
      let range: ClosedRange<Int>
      var between: Double
    }
    var open: [OpenSlope] = []
    var found: [ClosedRange<Int>] = []
    var between = 0.0
    var position = 0

    // Slopes that something as high as their beginning has closed.
    func close() {
      guard between.isFinite else { return open = [] }
      open = open.filter { between <= plot[$0.range.lowerBound] * plot.complement }
      for index in open.indices { open[index].between = max(open[index].between, between) }
    }

    for start in plot.heights.indices.dropLast() where start >= position && plot.isSteep(start) {
      between = max(between, plot.heights[position...start].max() ?? 0)
      if plot.isSteepDown(start) {
        close()
        let slope = plot.slope(from: start, steep: plot.isSteepDown, against: plot.isUp)
        open.append(OpenSlope(range: slope, between: 0))
        position = slope.upperBound + 1
      } else {
        close()
        let slope = plot.slope(from: start, steep: plot.isSteepUp, against: plot.isDown)
        position = slope.upperBound + 1
        let valleys = open.compactMap { down -> ClosedRange<Int>? in
          guard plot[slope.upperBound + 1] * plot.complement >= down.between else { return nil }
          let edges = plot.level(down.range, slope)
          guard let valley = corrected(edges.start, edges.end), valley.count >= smallest,
            valley.lowerBound <= down.range.upperBound, valley.upperBound >= slope.lowerBound
          else { return nil }
          return valley
        }
        found += valleys.reversed()
      }
      between = plot[position]
    }
    return found
  }

  /// Takes points off the end that were not reached from within the valley, unless it begins higher than it ends.
  private func corrected(_ start: Int, _ end: Int) -> ClosedRange<Int>? {
    var end = end
    while start < end {
      if reachability[ordering[start]] > reachability[ordering[end]] { return start...end }
      if let source = predecessors[ordering[end]], ordering[start..<end].contains(source) { return start...end }
      end -= 1
    }
    return nil
  }
}

/// Heights in a row, with the wall behind the last.
private struct ReachabilityPlot {
  let heights: [Double]
  /// 1 less xi.
  let complement: Double
  /// Points in a row that a slope may have without being steep.
  private let mostFlat: Int

  init(heights: [Double], xi: Double, level: Int) {
    self.heights = heights + [.infinity]
    complement = 1 - xi
    mostFlat = level
  }

  subscript(index: Int) -> Double { heights[index] }

  /// Two infinite heights are neither up nor down.
  private func ratio(_ index: Int) -> Double { heights[index] / heights[index + 1] }

  func isSteepDown(_ index: Int) -> Bool { ratio(index) >= 1 / complement }
  func isSteepUp(_ index: Int) -> Bool { ratio(index) <= complement }
  func isSteep(_ index: Int) -> Bool { isSteepDown(index) || isSteepUp(index) }
  func isDown(_ index: Int) -> Bool { ratio(index) > 1 }
  func isUp(_ index: Int) -> Bool { ratio(index) < 1 }

  /// From a steep point to the last steep one, with no step against it and not too many level ones between.
  func slope(from start: Int, steep: (Int) -> Bool, against: (Int) -> Bool) -> ClosedRange<Int> {
    var (end, flat) = (start, 0)
    for index in start..<(heights.count - 1) {
      if steep(index) {
        (end, flat) = (index, 0)
      } else if against(index) {
        break
      } else {
        flat += 1
        if flat > mostFlat { break }
      }
    }
    return start...end
  }

  /// The edges of the valley between two slopes, on one level where one slope is higher (the paper's definition 11, 4).
  func level(_ down: ClosedRange<Int>, _ up: ClosedRange<Int>) -> (start: Int, end: Int) {
    var (start, end) = (down.lowerBound, up.upperBound)
    let (left, right) = (heights[start], heights[end + 1])
    if left * complement >= right {
      while start < down.upperBound, heights[start + 1] > right { start += 1 }
    } else if right * complement >= left {
      while end > up.lowerBound, heights[end - 1] > left { end -= 1 }
    }
    return (start, end)
  }
}
