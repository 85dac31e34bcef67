public import Foundation

/// Why points could not be grouped.
public enum ClusteringError: Error, Equatable {
  case uneven(values: Int, width: Int)
  case notFinite(point: Int)
  /// More clusters, or neighbours, than points, or none.
  case number(of: String, found: Int, points: Int)
  case xi(found: Double)
}

extension ClusteringError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .uneven(let values, let width): "found \(values) numbers, expected whole points of \(width)"
    case .notFinite(let point): "found a number that is not finite in point \(point), expected finite ones"
    case .number(let what, let found, let points):
      "found \(found) \(what) for \(points) points, expected 1 to \(points)"
    case .xi(let found): "found a steepness xi of \(found), expected a number between 0 and 1"
    }
  }
}
