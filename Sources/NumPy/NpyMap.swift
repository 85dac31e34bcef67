public import Foundation

/// A memory-mapped `.npy` file: only what is read is brought in, and the kernel may drop it again.
public final class NpyMap: @unchecked Sendable {
  public let path: String
  public let header: NpyHeader
  private let base: UnsafeMutableRawPointer
  private let length: Int
  private let offset: Int
  /// Elements from one place of each axis to the next, in column-major order.
  private let strides: [Int]

  /// - Throws: ``NpyError`` when the file cannot be read, is no array or is shorter than its header says.
  public init(_ url: URL) throws {
    path = url.path
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw NpyError.unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw NpyError.unreadable(path: path, reason: "not a file")
    }
    length = Int(status.st_size)
    guard length > 0, let base = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0),
      base != MAP_FAILED
    else { throw NpyError.malformed(path: path, found: "an empty file") }
    do {
      (header, offset) = try NpyHeader.decode(
        UnsafeRawBufferPointer(start: base, count: length), path: path)
      guard let size = header.elementSize else {
        throw NpyError.unsupported(path: path, descriptor: header.descriptor)
      }
      var wanted = size
      for side in header.shape {
        let (product, overflow) = wanted.multipliedReportingOverflow(by: side)
        guard !overflow, product <= 1 << 48 else {
          throw NpyError.malformed(path: path, found: "the shape \(header.shape)")
        }
        wanted = product
      }
      guard length - offset >= wanted else {
        throw NpyError.truncated(path: path, bytes: length, expected: offset + wanted)
      }
    } catch {
      munmap(base, length)
      throw error
    }
    self.base = base
    var next = 1
    strides = header.shape.map { side in
      defer { next *= side }
      return next
    }
  }

  deinit { munmap(base, length) }

  /// Elements in the whole array.
  public var count: Int { header.shape.reduce(1, *) }

  /// Copies a range of the elements in row-major order, however the file holds them, converted to `Element`.
  ///
  /// - Precondition: The range lies within ``count``.
  public func elements<Element: NpyElement>(_ range: Range<Int>) throws -> [Element] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements \(range) of \(count)")
    if header.descriptor == Element.descriptor, !header.isColumnMajor {
      return try [Element](unsafeUninitializedCapacity: range.count) { buffer, initialized in
        try copy(range, into: UnsafeMutableRawBufferPointer(buffer))
        initialized = range.count
      }
    }
    let isBig = header.descriptor.first == ">"
    func integers<Stored: FixedWidthInteger & BitwiseCopyable>(_ type: Stored.Type) -> [Element] {
      convert(range, type) { stored in
        let value = isBig ? Stored(bigEndian: stored) : Stored(littleEndian: stored)
        return Int64(exactly: value).map { Element(npy: $0) } ?? Element(npy: Double(value))
      }
    }
    func bits<Stored: FixedWidthInteger & BitwiseCopyable>(_ type: Stored.Type, _ body: (Stored) -> Double) -> [Element]
    {
      convert(range, type) { Element(npy: body(isBig ? Stored(bigEndian: $0) : Stored(littleEndian: $0))) }
    }
    switch header.descriptor.dropFirst() {
    case "f2": return bits(UInt16.self, halfPrecision)
    case "f4": return bits(UInt32.self) { Double(Float(bitPattern: $0)) }
    case "f8": return bits(UInt64.self) { Double(bitPattern: $0) }
    case "i1": return integers(Int8.self)
    case "u1", "b1": return integers(UInt8.self)
    case "i2": return integers(Int16.self)
    case "u2": return integers(UInt16.self)
    case "i4": return integers(Int32.self)
    case "u4": return integers(UInt32.self)
    case "i8": return integers(Int64.self)
    case "u8": return integers(UInt64.self)
    default: throw NpyError.unsupported(path: path, descriptor: header.descriptor)
    }
  }

  /// The bytes of one element, by its place in row-major order, as the file holds them.
  ///
  /// - Precondition: The place lies within ``count``, and elements have a size.
  public func bytes(at index: Int) -> UnsafeRawBufferPointer {
    let size = header.elementSize ?? 0
    return UnsafeRawBufferPointer(start: base + offset + place(of: index) * size, count: size)
  }

  /// Copies a range of elements of the file's own type into memory that has room for them.
  ///
  /// - Throws: ``NpyError`` for big-endian numbers and arrays in column-major order.
  public func copy(_ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard !header.isColumnMajor else { throw NpyError.columnMajor(path: path) }
    guard let size = header.elementSize, header.descriptor.first != ">" else {
      throw NpyError.unsupported(path: path, descriptor: header.descriptor)
    }
    precondition(buffer.count >= range.count * size, "room for \(range.count) elements")
    guard let target = buffer.baseAddress, !range.isEmpty else { return }
    memcpy(target, base + offset + range.lowerBound * size, range.count * size)
  }

  private func convert<Stored: BitwiseCopyable, Element>(
    _ range: Range<Int>, _ type: Stored.Type, _ body: (Stored) -> Element
  ) -> [Element] {
    let start = base + offset
    let size = MemoryLayout<Stored>.size
    guard header.isColumnMajor else {
      return range.map { body(start.loadUnaligned(fromByteOffset: $0 * size, as: type)) }
    }
    return range.map { body(start.loadUnaligned(fromByteOffset: place(of: $0) * size, as: type)) }
  }

  /// Where the file holds an element, in elements, by its place in row-major order.
  private func place(of index: Int) -> Int {
    guard header.isColumnMajor else { return index }
    var (rest, place) = (index, 0)
    for (axis, side) in header.shape.enumerated().reversed() {
      place += rest % side * strides[axis]
      rest /= side
    }
    return place
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
