public import Foundation

/// Writes a `.npy` file window by window, so that an array never has to fit in memory.
///
/// The rows go to a temporary name; ``finish()`` sets the first dimension and renames. Without it nothing is left.
public final class NpyWriter<Element: NpyElement> {
  private let url: URL
  private let temporary: URL
  private let rowShape: [Int]
  private let handle: FileHandle
  private var rows = 0
  private var finished = false

  /// - Parameter rowShape: The shape of one row; the array is `[rows] + rowShape`.
  public init(_ url: URL, rowShape: [Int]) throws {
    self.url = url
    self.rowShape = rowShape
    temporary = url.appendingPathExtension("part")
    guard FileManager.default.createFile(atPath: temporary.path, contents: Self.header(rows: 0, of: rowShape)) else {
      throw NpyError.unreadable(path: temporary.path, reason: String(cString: strerror(errno)))
    }
    handle = try FileHandle(forWritingTo: temporary)
    try handle.seekToEnd()
  }

  deinit {
    if !finished { try? FileManager.default.removeItem(at: temporary) }
  }

  /// - Precondition: `values` holds a whole number of rows.
  public func append(_ values: [Element]) throws {
    let size = rowShape.reduce(1, *)
    precondition(size > 0 && values.count % size == 0, "whole rows of \(rowShape)")
    try values.withUnsafeBytes { try handle.write(contentsOf: Data($0)) }
    rows += values.count / size
  }

  public func finish() throws {
    try handle.seek(toOffset: 0)
    try handle.write(contentsOf: Self.header(rows: rows, of: rowShape))
    try handle.close()
    guard rename(temporary.path, url.path) == 0 else {
      throw NpyError.unreadable(path: url.path, reason: String(cString: strerror(errno)))
    }
    finished = true
  }

  /// A header of fixed length whatever the number of rows: the count is padded by NumPy's own padding.
  private static func header(rows: Int, of rowShape: [Int]) -> Data {
    NpyHeader(descriptor: Element.descriptor, shape: [rows] + rowShape).encoded(length: 128)
  }
}
