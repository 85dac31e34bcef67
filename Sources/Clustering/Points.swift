/// Points of equal width, laid out so that distances are quick.
public struct Points: Sendable {
  public let count: Int
  /// Numbers of a point.
  public let width: Int
  /// `[count, stride]`: each point filled up with zeros to whole vectors of eight, which add nothing to a distance.
  private let values: [SIMD8<Float>]
  private let stride: Int

  /// - Parameter values: `[count, width]`, all finite.
  /// - Throws: ``ClusteringError/uneven(values:width:)``, ``ClusteringError/notFinite(point:)``.
  public init(_ values: [Float], width: Int) throws {
    guard width > 0, values.count % width == 0 else {
      throw ClusteringError.uneven(values: values.count, width: width)
    }
    if let bad = values.firstIndex(where: { !$0.isFinite }) { throw ClusteringError.notFinite(point: bad / width) }
    self.width = width
    count = values.count / width
    stride = (width + 7) / 8
    var padded = [SIMD8<Float>](repeating: .zero, count: count * stride)
    for point in 0..<count {
      for index in 0..<width { padded[point * stride + index / 8][index % 8] = values[point * width + index] }
    }
    self.values = padded
  }

  /// The same points with each column's mean taken away and divided by its standard deviation; a constant column becomes 0.
  public func standardized() throws -> Points {
    var result = [Float](repeating: 0, count: count * width)
    for column in 0..<width {
      let (mean, variance) = moments(column)
      guard variance > 1e-24 else { continue }
      let deviation = variance.squareRoot()
      for point in 0..<count {
        result[point * width + column] = Float((Double(self[point, column]) - mean) / deviation)
      }
    }
    return try Points(result, width: width)
  }

  /// Mean and variance of a column.
  func moments(_ column: Int) -> (mean: Double, variance: Double) {
    let numbers = (0..<count).map { Double(self[$0, column]) }
    let mean = numbers.reduce(0, +) / Double(max(1, count))
    return (mean, numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, count)))
  }

  subscript(point: Int, column: Int) -> Float { values[point * stride + column / 8][column % 8] }

  /// The squared Euclidean distance of two points.
  func squaredDistance(_ first: Int, _ second: Int) -> Float {
    values.withUnsafeBufferPointer { Self.squaredDistance($0, first * stride, $0, second * stride, stride) }
  }

  /// The squared distance of a point to one of other points of the same width.
  func squaredDistance(_ point: Int, to other: Points, _ index: Int) -> Float {
    values.withUnsafeBufferPointer { own in
      other.values.withUnsafeBufferPointer {
        Self.squaredDistance(own, point * stride, $0, index * stride, stride)
      }
    }
  }

  @inline(__always)
  private static func squaredDistance(
    _ a: UnsafeBufferPointer<SIMD8<Float>>, _ first: Int, _ b: UnsafeBufferPointer<SIMD8<Float>>, _ second: Int,
    _ count: Int
  ) -> Float {
    var sum = SIMD8<Float>.zero
    for index in 0..<count {
      let difference = a[first &+ index] - b[second &+ index]
      sum += difference * difference
    }
    return sum.sum()
  }
}
