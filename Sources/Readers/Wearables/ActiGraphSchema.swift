import Foundation

/// How the records of motion in `log.bin` of a `.gt3x` file read: rows of numbers, a column a sensor and axis.
///
/// Follows ActiGraph, ["GT3X File Format"](https://github.com/actigraph/GT3X-File-Format), SENSOR_SCHEMA and SENSOR_DATA.
struct ActiGraphSchema: Sendable {
  struct Column: Sendable {
    /// `Gyroscope X`; empty where the device fills up a row.
    let label: String
    /// From a row's first byte.
    let offset: Int
    /// Bytes of a number, 1 or 2.
    let size: Int
    let isBigEndian: Bool
    let isSigned: Bool
    /// Steps a unit; 0 where there is none.
    let stepsPerUnit: Double
  }

  let id: Int16
  let columns: [Column]
  let rowBytes: Int

  private static let (headBytes, columnBytes, labelBytes) = (6, 23, 16)

  /// - Returns: `nil` where a record says none, or one of other numbers than those of 8 and 16 bits.
  init?(_ bytes: [UInt8], _ payload: Range<Int>) {
    guard payload.count >= Self.headBytes else { return nil }
    let count = Int(bytes.integer(Int16.self, at: payload.lowerBound + 2))
    guard count > 0, payload.count >= Self.headBytes + count * Self.columnBytes else { return nil }
    id = bytes.integer(Int16.self, at: payload.lowerBound)
    columns = (0..<count).compactMap {
      Column(bytes, at: payload.lowerBound + Self.headBytes + $0 * Self.columnBytes, labelBytes: Self.labelBytes)
    }
    guard columns.count == count else { return nil }
    rowBytes = columns.reduce(0) { max($0, $1.offset + $1.size) }
  }

  /// A number of a column in the row that begins at a place, in the column's unit.
  func value(_ column: Column, of bytes: [UInt8], rowAt place: Int) -> Double {
    let number = column.number(of: bytes, at: place + column.offset)
    let value = column.stepsPerUnit == 0 ? number : number / column.stepsPerUnit
    return column.isTemperature ? value + Self.temperatureOfZero : value
  }

  private static let temperatureOfZero = 21.0
}

extension ActiGraphSchema.Column {
  fileprivate init?(_ bytes: [UInt8], at place: Int, labelBytes: Int) {
    let (flags, bit, bits) = (bytes[place], bytes[place + 1], bytes[place + 2])
    guard bit % 8 == 0, bits == 8 || bits == 16 else { return nil }
    isBigEndian = flags & 1 != 0
    isSigned = flags & 2 != 0
    (offset, size) = (Int(bit) / 8, Int(bits) / 8)
    stepsPerUnit = ActiGraphLog.number(bytes.integer(Int32.self, at: place + 3))
    label = String(decoding: bytes[place + 7..<place + 7 + labelBytes], as: UTF8.self)
      .trimmingCharacters(in: .whitespaces.union(.controlCharacters))
  }

  fileprivate var isTemperature: Bool { label.lowercased() == "temperature" }

  fileprivate func number(of bytes: [UInt8], at place: Int) -> Double {
    guard size == 2 else { return isSigned ? Double(Int8(bitPattern: bytes[place])) : Double(bytes[place]) }
    let low = bytes.integer(UInt16.self, at: place)
    let number = isBigEndian ? low.byteSwapped : low
    return isSigned ? Double(Int16(bitPattern: number)) : Double(number)
  }
}
