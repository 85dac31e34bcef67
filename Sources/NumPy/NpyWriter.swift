public import Files
public import Foundation

/// Writes a `.npy` file window by window, so that an array never has to fit in memory.
///
/// ``finish()`` sets the first dimension and gives the file its name. Without it nothing is left.
public final class NpyWriter<Element: NpyElement> {
  private let file: WholeFile
  private let rowShape: [Int]
  private var rows = 0

  /// - Parameter rowShape: The shape of one row; the array is `[rows] + rowShape`.
  /// - Throws: ``Files/DiskError``.
  public init(_ url: URL, rowShape: [Int], sync: WholeFile.Sync = .fileAndName) throws(DiskError) {
    self.rowShape = rowShape
    file = try WholeFile(url, sync: sync)
    try file.append(Self.header(rows: 0, of: rowShape))
  }

  /// - Precondition: `values` holds a whole number of rows.
  public func append(_ values: [Element]) throws {
    let size = rowShape.reduce(1, *)
    precondition(size > 0 && values.count % size == 0, "whole rows of \(rowShape)")
    try values.withUnsafeBytes { try file.append($0) }
    rows += values.count / size
  }

  public func finish() throws {
    try file.overwriteStart(Self.header(rows: rows, of: rowShape))
    try file.finish()
  }

  /// A header of fixed length whatever the number of rows: the count is padded by NumPy's own padding.
  private static func header(rows: Int, of rowShape: [Int]) -> Data {
    NpyHeader(descriptor: Element.descriptor, shape: [rows] + rowShape).encoded(length: 128)
  }
}
