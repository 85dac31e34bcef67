import Files
import Foundation

/// A TensorBoard event file of scalars.
///
/// Each record is a length, its checksum, a protocol-buffer `Event`, and the event's checksum (TFRecord framing).
final class EventFile {
  private let file: GrowingFile

  init(in folder: URL) throws {
    let time = Date().timeIntervalSince1970
    let url = folder.appendingPathComponent("events.out.tfevents.\(Int(time)).\(UUID().uuidString.prefix(8)).ssrm")
    file = try GrowingFile(url)
    try append(Self.event(time: time, field: 3, Data("brain.Event:2".utf8)))
  }

  func write(step: Int, _ values: [String: Double]) throws {
    let summary = values.sorted { $0.key < $1.key }.reduce(into: Data()) { summary, value in
      var scalar = Self.bytes(field: 1, Data(value.key.utf8))
      scalar.append(0x15)  // field 2, 32 bits
      withUnsafeBytes(of: Float(value.value).bitPattern.littleEndian) { scalar.append(contentsOf: $0) }
      summary.append(Self.bytes(field: 1, scalar))
    }
    try append(Self.event(time: Date().timeIntervalSince1970, step: step, field: 5, summary))
  }

  private func append(_ event: Data) throws {
    let length = withUnsafeBytes(of: UInt64(event.count).littleEndian) { Data($0) }
    try file.append(length + Self.checksum(length) + event + Self.checksum(event))
  }

  private static func event(time: Double, step: Int = 0, field: UInt8, _ content: Data) -> Data {
    var event = Data([0x09])  // field 1, 64 bits: the time
    withUnsafeBytes(of: time.bitPattern.littleEndian) { event.append(contentsOf: $0) }
    if step > 0 { event += Data([0x10]) + varint(UInt64(step)) }  // field 2; 0 is what an absent one means
    return event + bytes(field: field, content)
  }

  private static func bytes(field: UInt8, _ content: Data) -> Data {
    Data([field << 3 | 2]) + varint(UInt64(content.count)) + content
  }

  private static func varint(_ value: UInt64) -> Data {
    var (value, data) = (value, Data())
    while value > 127 {
      data.append(UInt8(value & 127) | 128)
      value >>= 7
    }
    data.append(UInt8(value))
    return data
  }

  /// The masked CRC-32C of TFRecord.
  private static func checksum(_ data: Data) -> Data {
    let crc = ~data.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 255)] ^ ($0 >> 8) }
    let masked = ((crc >> 15) | (crc << 17)) &+ 0xa282_ead8
    return withUnsafeBytes(of: masked.littleEndian) { Data($0) }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? 0x82f6_3b78 ^ (crc >> 1) : crc >> 1 }
  }
}
