public import Foundation

/// All arrays of numbers of an HDF5 file by their paths, also those of one element: for files that are no recordings.
public struct HDF5Arrays: Sendable {
  /// By path, without slashes around it: `model_weights/conv/conv/kernel:0`.
  public let shapes: [String: [Int]]
  private let store: HDF5Store

  /// - Throws: ``ReadError`` where it is no HDF5 file or a damaged one.
  public init(_ url: URL) throws {
    store = try HDF5Store(url)
    shapes = Dictionary(
      (store.arrays + store.singles).map { ($0.path, $0.shape) }, uniquingKeysWith: { first, _ in first })
  }

  /// All values in row-major order.
  ///
  /// - Precondition: The array exists.
  /// - Throws: ``ReadError`` where the file is damaged, or the values have no room.
  public func floats(of path: String) throws -> [Float] {
    guard let shape = shapes[path] else { preconditionFailure("an array that exists") }
    return try store.floats(of: StoredArray(path: path, shape: shape))
  }
}
