import CHDF5
import Foundation

/// A child process that reads an HDF5 file with libhdf5, and what it says: a damaged file may end the child, and nothing else.
///
/// `Sources/CHDF5/reader.h` says which records there are.
final class HDF5Reading {
  /// One record's kind; `nil` where the child has ended before its time.
  typealias Record = hdf5_record

  private let descriptor: Int32
  private let child: Int32
  private var buffer: [UInt8] = []
  private var at = 0
  private var hasEnded = false
  /// Bytes of texts that may still come.
  private var room = 256 << 20

  /// What libhdf5 itself may take, in bytes, and how long it may, in seconds of the processor, beside what values need.
  private static let (usualMemory, usualSeconds, bytesASecond) = (1 << 30, 60, 5_000_000)

  /// - Parameters:
  ///   - path: A dataset, of whose values there are so many bytes; `nil` for what the file holds.
  /// - Returns: `nil` where the system has no further process.
  init?(_ url: URL, fileSize: Int, path: String? = nil, _ wanted: hdf5_values = hdf5_none, bytes: Int = 0) {
    var number: Int32 = 0
    let memory = Self.usualMemory + min(3 * bytes, 1 << 50)
    let seconds = Self.usualSeconds + bytes / Self.bytesASecond
    let opened = url.path.withCString { file in
      func begin(_ path: UnsafePointer<CChar>?) -> Int32 {
        hdf5_begin_reading(
          file, UInt64(fileSize), path, Int32(wanted.rawValue), UInt64(memory), UInt32(clamping: seconds), &number)
      }
      return path.map { $0.withCString { begin($0) } } ?? begin(nil)
    }
    guard opened >= 0 else { return nil }
    (descriptor, child) = (opened, number)
  }

  deinit { hdf5_finish(descriptor, child, hasEnded ? 0 : 1) }

  /// The next record; `nil` where there is none any more, though the child has not said that it is done.
  func record() -> hdf5_record? {
    guard let byte: UInt8 = value() else { return nil }
    let record = hdf5_record(UInt32(byte))
    if record == hdf5_end { hasEnded = true }
    return record
  }

  func number() -> Int? { value().map { Int(clamping: $0 as UInt64) } }

  func text() -> String? {
    guard let length = number(), length <= room else { return nil }
    room -= length
    var bytes = [UInt8](repeating: 0, count: length)
    guard bytes.withUnsafeMutableBytes({ fill($0) }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The sides of an array.
  func shape() -> [Int]? {
    guard let rank = number(), rank <= Int(H5S_MAX_RANK) else { return nil }
    var shape: [Int] = []
    for _ in 0..<rank {
      guard let side = number() else { return nil }
      shape.append(side)
    }
    return shape
  }

  /// What stands where values do.
  enum Values {
    case none
    case floats([Float])
    case doubles([Double])
    case texts([String])
  }

  /// - Parameter limit: The most values that there may be.
  /// - Returns: `nil` where the child has ended before it has told them.
  func values(atMost limit: Int) -> Values? {
    guard let byte: UInt8 = value() else { return nil }
    let kind = hdf5_values(UInt32(byte))
    if kind == hdf5_none { return Values.none }
    guard let count = number(), count <= limit else { return nil }
    switch kind {
    case hdf5_floats: return array(count).map { .floats($0) }
    case hdf5_doubles: return array(count).map { .doubles($0) }
    default:
      var texts: [String] = []
      for _ in 0..<count {
        guard let text = text() else { return nil }
        texts.append(text)
      }
      return .texts(texts)
    }
  }

  private func array<Element: BitwiseCopyable>(_ count: Int) -> [Element]? {
    var isWhole = false
    let array = [Element](unsafeUninitializedCapacity: count) { elements, initialized in
      isWhole = fill(UnsafeMutableRawBufferPointer(elements)[..<(count * MemoryLayout<Element>.stride)])
      initialized = isWhole ? count : 0
    }
    return isWhole ? array : nil
  }

  private func value<Number: FixedWidthInteger & BitwiseCopyable>() -> Number? {
    var number = Number.zero
    return withUnsafeMutableBytes(of: &number) { fill($0) } ? number : nil
  }

  private func fill(_ target: Slice<UnsafeMutableRawBufferPointer>) -> Bool {
    fill(UnsafeMutableRawBufferPointer(rebasing: target))
  }

  /// Fills a buffer with what the child says next.
  private func fill(_ target: UnsafeMutableRawBufferPointer) -> Bool {
    var filled = 0
    while filled < target.count {
      if at == buffer.count {
        buffer = [UInt8](unsafeUninitializedCapacity: 1 << 16) { bytes, initialized in
          initialized = max(0, Self.read(descriptor, bytes))
        }
        at = 0
        guard !buffer.isEmpty else { return false }
      }
      let count = min(target.count - filled, buffer.count - at)
      buffer.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: target[filled...]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: $0[at..<at + count]))
      }
      filled += count
      at += count
    }
    return true
  }

  private static func read(_ descriptor: Int32, _ bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
    while true {
      let count = Foundation.read(descriptor, bytes.baseAddress, bytes.count)
      if count >= 0 || errno != EINTR { return count }
    }
  }
}
