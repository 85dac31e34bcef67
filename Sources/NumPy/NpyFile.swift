import Files
public import Foundation

/// A `.npy` file, of which only what is asked for is read, so that memory does not grow with it.
///
/// It is open only while it is read: a corpus has more files than a process may keep open.
public final class NpyFile: Sendable {
  public let path: String
  public let header: NpyHeader
  private let source: Source
  /// Where in the file the first value is.
  private let offset: Int
  /// Bytes of one element.
  private let size: Int
  /// All values, where the file holds them in column-major order: then those of one row lie far apart.
  private let columns: [UInt8]?

  /// Where the content is.
  private enum Source {
    case file(URL)
    case memory([UInt8])
  }

  /// - Throws: ``NpyError`` when the file cannot be read, is no array or is shorter than its header says.
  public convenience init(_ url: URL) throws {
    let file = try Self.reading { () throws(InputError) in try InputFile(url) }
    try self.init(.file(url), path: url.path, size: file.size) { range throws(NpyError) in
      try Self.reading { () throws(InputError) in try file.bytes(range)[...] }
    }
  }

  /// Content that is in memory already, such as that of a file in an archive.
  ///
  /// - Parameter path: The file that it is out of, for messages.
  /// - Throws: ``NpyError`` when it is no array or is shorter than its header says.
  public convenience init(content: [UInt8], path: String) throws {
    try self.init(.memory(content), path: path, size: content.count) { content[$0] }
  }

  private init(
    _ source: Source, path: String, size held: Int, _ bytes: (Range<Int>) throws(NpyError) -> ArraySlice<UInt8>
  ) throws {
    self.source = source
    self.path = path
    (header, offset) = try NpyHeader.read(path: path, size: held, bytes)
    guard let size = header.elementSize else {
      throw NpyError.unsupported(path: path, descriptor: header.descriptor)
    }
    self.size = size
    let wanted = offset + header.count * size
    guard held >= wanted else { throw NpyError.truncated(path: path, bytes: held, expected: wanted) }
    columns = header.isColumnMajor ? Array(try bytes(offset..<wanted)) : nil
  }

  /// Elements in the whole array.
  public var count: Int { header.count }

  /// Copies a range of the elements in row-major order, however the file holds them, converted to `Element`.
  ///
  /// - Precondition: The range lies within ``count``.
  /// - Throws: ``NpyError`` for elements that are no numbers, and where the file has become shorter.
  public func elements<Element: NpyElement>(_ range: Range<Int>) throws -> [Element] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements \(range) of \(count)")
    let bytes = range.count * MemoryLayout<Element>.size
    guard bytes <= InputFile.memory else {
      throw NpyError.unreadable(path: path, found: InputError(URL(fileURLWithPath: path), .noRoom(bytes: bytes)).found)
    }
    if header.descriptor == Element.descriptor, !header.isColumnMajor {
      return try [Element](unsafeUninitializedCapacity: range.count) { buffer, initialized in
        try copy(range, into: UnsafeMutableRawBufferPointer(buffer))
        initialized = range.count
      }
    }
    let isBig = header.descriptor.first == ">"
    func integers<Stored: FixedWidthInteger & BitwiseCopyable>(_ type: Stored.Type) throws -> [Element] {
      try convert(range, type) { stored in
        let value = isBig ? Stored(bigEndian: stored) : Stored(littleEndian: stored)
        return Int64(exactly: value).map { Element(npy: $0) } ?? Element(npy: Double(value))
      }
    }
    func bits<Stored: FixedWidthInteger & BitwiseCopyable>(
      _ type: Stored.Type, _ body: (Stored) -> Double
    ) throws -> [Element] {
      try convert(range, type) { Element(npy: body(isBig ? Stored(bigEndian: $0) : Stored(littleEndian: $0))) }
    }
    switch header.descriptor.dropFirst() {
    case "f2": return try bits(UInt16.self, halfPrecision)
    case "f4": return try bits(UInt32.self) { Double(Float(bitPattern: $0)) }
    case "f8": return try bits(UInt64.self) { Double(bitPattern: $0) }
    case "i1": return try integers(Int8.self)
    case "u1", "b1": return try integers(UInt8.self)
    case "i2": return try integers(Int16.self)
    case "u2": return try integers(UInt16.self)
    case "i4": return try integers(Int32.self)
    case "u4": return try integers(UInt32.self)
    case "i8": return try integers(Int64.self)
    case "u8": return try integers(UInt64.self)
    default: throw NpyError.unsupported(path: path, descriptor: header.descriptor)
    }
  }

  /// The bytes of a range of the elements in row-major order, one element after the other, as the file holds them.
  ///
  /// - Precondition: The range lies within ``count``.
  /// - Throws: ``NpyError`` where the file has become shorter.
  public func bytes(_ range: Range<Int>) throws -> [UInt8] {
    guard let columns else {
      let bytes = offset + range.lowerBound * size..<offset + range.upperBound * size
      return switch source {
      case .file(let url): try Self.reading { () throws(InputError) in try InputFile(url).bytes(bytes) }
      case .memory(let content): Array(content[bytes])
      }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count * size)
    for index in range {
      let start = place(of: index) * size
      bytes += columns[start..<start + size]
    }
    return bytes
  }

  /// Copies a range of elements of the file's own type into memory that has room for them.
  ///
  /// - Throws: ``NpyError`` for big-endian numbers and arrays in column-major order, and where the file has become shorter.
  public func copy(_ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard !header.isColumnMajor else { throw NpyError.columnMajor(path: path) }
    guard header.descriptor.first != ">" else {
      throw NpyError.unsupported(path: path, descriptor: header.descriptor)
    }
    precondition(buffer.count >= range.count * size, "room for \(range.count) elements")
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(range.count * size)])
    let start = offset + range.lowerBound * size
    switch source {
    case .file(let url):
      try Self.reading { () throws(InputError) in try InputFile(url).read(at: start, into: target) }
    case .memory(let content):
      content.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[start..<start + target.count])) }
    }
  }

  private func convert<Stored: BitwiseCopyable, Element>(
    _ range: Range<Int>, _ type: Stored.Type, _ body: (Stored) -> Element
  ) throws -> [Element] {
    var converted: [Element] = []
    converted.reserveCapacity(range.count)
    // In pieces, so that no second copy of a large array is held.
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 18) {
      let piece = start..<min(start + 1 << 18, range.upperBound)
      try bytes(piece).withUnsafeBytes { bytes in
        for index in piece.indices {
          converted.append(body(bytes.loadUnaligned(fromByteOffset: (index - start) * size, as: type)))
        }
      }
    }
    return converted
  }

  /// Where the file holds an element, in elements, by its place in row-major order.
  private func place(of index: Int) -> Int {
    var (rest, place, next) = (index, 0, count)
    for side in header.shape.reversed() {
      next /= side
      place += rest % side * next
      rest /= side
    }
    return place
  }

  static func reading<Result>(_ body: () throws(InputError) -> Result) throws(NpyError) -> Result {
    do { return try body() } catch { throw NpyError.unreadable(path: error.path, found: error.found) }
  }
}

/// The value of an IEEE 754 number of 16 bits; not every platform has a type for it.
private func halfPrecision(_ bits: UInt16) -> Double {
  let exponent = Int(bits >> 10 & 31)
  let fraction = Double(bits & 1023)
  let size: Double =
    switch exponent {
    case 0: fraction * 0x1p-24
    case 31: fraction == 0 ? .infinity : .nan
    default: (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
    }
  return bits >> 15 == 1 ? -size : size
}
