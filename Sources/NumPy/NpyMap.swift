public import Foundation

/// A memory-mapped `.npy` file: only what is read is brought in, and the kernel may drop it again.
public final class NpyMap: @unchecked Sendable {
  public let path: String
  public let header: NpyHeader
  private let base: UnsafeMutableRawPointer
  private let length: Int
  private let offset: Int

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
  }

  deinit { munmap(base, length) }

  /// Elements in the whole array.
  public var count: Int { header.shape.reduce(1, *) }

  /// Copies a range of the row-major elements, converted to `Element`.
  ///
  /// - Precondition: The range lies within ``count``.
  public func elements<Element: NpyElement>(_ range: Range<Int>) throws -> [Element] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements \(range) of \(count)")
    if header.descriptor == Element.descriptor {
      return try [Element](unsafeUninitializedCapacity: range.count) { buffer, initialized in
        try copy(range, into: UnsafeMutableRawBufferPointer(buffer))
        initialized = range.count
      }
    }
    guard header.descriptor.first != ">" else {
      throw NpyError.unsupported(path: path, descriptor: header.descriptor)
    }
    switch header.descriptor.dropFirst() {
    case "f4": return convert(range, Float.self) { Element(npy: Double($0)) }
    case "f8": return convert(range, Double.self) { Element(npy: $0) }
    case "i1": return convert(range, Int8.self) { Element(npy: Int64($0)) }
    case "u1", "b1": return convert(range, UInt8.self) { Element(npy: Int64($0)) }
    case "i2": return convert(range, Int16.self) { Element(npy: Int64($0)) }
    case "u2": return convert(range, UInt16.self) { Element(npy: Int64($0)) }
    case "i4": return convert(range, Int32.self) { Element(npy: Int64($0)) }
    case "u4": return convert(range, UInt32.self) { Element(npy: Int64($0)) }
    case "i8": return convert(range, Int64.self) { Element(npy: $0) }
    default: throw NpyError.unsupported(path: path, descriptor: header.descriptor)
    }
  }

  /// Copies a range of elements of the file's own type into memory that has room for them.
  public func copy(_ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws {
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
    return range.map {
      body(start.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Stored>.size, as: type))
    }
  }
}
