/// The vertical average of several curves: the mean of their heights at each place of one grid.
public struct MeanCurve: Codable, Hashable, Sendable {
  /// From 0 to 1 in equal steps.
  public let x: [Double]
  public let y: [Double]
  /// The mean of the curves' own areas.
  public let area: Double

  private static let points = 201

  /// - Parameter height: Of a curve at a place.
  private init?<Curve>(_ curves: [Curve], area: (Curve) -> Double, height: (Curve, Double) -> Double) {
    guard !curves.isEmpty else { return nil }
    x = (0..<Self.points).map { Double($0) / Double(Self.points - 1) }
    y = x.map { x in curves.reduce(0) { $0 + height($1, x) } / Double(curves.count) }
    self.area = curves.reduce(0) { $0 + area($1) } / Double(curves.count)
  }

  /// Of true positive rates over the false positive rate, on straight lines between a curve's points; where a curve rises
  /// upright, its upper end. `nil` without curves.
  public init?(_ curves: [ROCCurve]) {
    self.init(curves, area: \.area) { curve, x in
      let next = curve.falsePositiveRate.firstIndex { $0 > x } ?? curve.falsePositiveRate.count
      guard next < curve.falsePositiveRate.count, next > 0 else { return curve.truePositiveRate[max(0, next - 1)] }
      let (left, right) = (curve.falsePositiveRate[next - 1], curve.falsePositiveRate[next])
      let (low, high) = (curve.truePositiveRate[next - 1], curve.truePositiveRate[next])
      return low + (high - low) * (x - left) / (right - left)
    }
  }

  /// Of precisions over recall: at each recall the precision of the highest threshold that reaches it, as the average precision
  /// counts it. `nil` without curves.
  public init?(_ curves: [PrecisionRecallCurve]) {
    self.init(curves, area: \.averagePrecision) { curve, x in
      // Recall falls, and the last point, of recall 0, was not measured.
      let measured = curve.recall.indices.dropLast()
      return curve.precision[measured.last { curve.recall[$0] >= x } ?? 0]
    }
  }
}
