public import Files
public import Foundation

/// An n-dimensional array as NumPy stores it: row-major values and a shape.
public struct NpyArray<Element: NpyElement>: Sendable {
  public let shape: [Int]
  public let values: [Element]

  /// - Precondition: The shape holds as many elements as there are values.
  public init(shape: [Int], values: [Element]) {
    precondition(shape.reduce(1, *) == values.count, "shape \(shape) of \(values.count) values")
    self.shape = shape
    self.values = values
  }

  /// Reads a whole `.npy` file. Values of another numeric type are converted.
  ///
  /// - Throws: ``NpyError``.
  public init(contentsOf url: URL) throws {
    let file = try NpyFile(url)
    shape = file.header.shape
    values = try file.elements(0..<file.count)
  }

  /// Writes format version 1.0, whole or not at all.
  public func write(to url: URL, sync: WholeFile.Sync = .fileAndName) throws {
    var data = NpyHeader(descriptor: Element.descriptor, shape: shape).encoded()
    values.withUnsafeBytes { data.append(contentsOf: $0) }
    try data.writeWhole(to: url, sync: sync)
  }
}

/// A Swift type that a `.npy` file can hold.
public protocol NpyElement: Sendable {
  /// NumPy's type string, little endian.
  static var descriptor: String { get }
  init(npy value: Double)
  init(npy value: Int64)
}

extension NpyElement where Self: BinaryFloatingPoint {
  public init(npy value: Double) { self.init(value) }
  public init(npy value: Int64) { self.init(value) }
}

extension NpyElement where Self: FixedWidthInteger {
  /// The nearest whole number that there is room for; 0 for one that is none.
  public init(npy value: Double) {
    self = Self(exactly: value.rounded()) ?? (value.isNaN ? 0 : value < 0 ? .min : .max)
  }
  public init(npy value: Int64) { self.init(truncatingIfNeeded: value) }
}

extension Float: NpyElement { public static var descriptor: String { "<f4" } }
extension Double: NpyElement { public static var descriptor: String { "<f8" } }
extension Int8: NpyElement { public static var descriptor: String { "|i1" } }
extension UInt8: NpyElement { public static var descriptor: String { "|u1" } }
extension Int16: NpyElement { public static var descriptor: String { "<i2" } }
extension Int32: NpyElement { public static var descriptor: String { "<i4" } }
extension Int64: NpyElement { public static var descriptor: String { "<i8" } }
