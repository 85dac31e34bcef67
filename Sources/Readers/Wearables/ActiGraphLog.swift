import Foundation
import SleepCore

/// The records of `log.bin` in a `.gt3x` file.
///
/// Follows ActiGraph, ["GT3X File Format"](https://github.com/actigraph/GT3X-File-Format).
struct ActiGraphLog: Sendable {
  /// One second of acceleration.
  struct Activity: Sendable {
    /// Where its samples begin in the log.
    let offset: Int
    /// Since 1970 by the device's clock.
    let second: UInt32
    let count: UInt16
    let packing: Packing
  }

  enum Packing: Sendable {
    /// 12 bits a number, in the order y, x, z.
    case yxz
    /// 16 bits a number, in the order x, y, z.
    case wide
    /// 12 bits a number, in the order x, y, z.
    case xyz
  }

  /// One second of the gyroscope and the sensors beside it.
  struct Motion: Sendable {
    /// Where its rows begin in the log.
    let offset: Int
    let size: Int
    let second: UInt32
    let schema: Int16
  }

  struct Value: Sendable {
    let second: UInt32
    let value: Float
  }

  private(set) var activity: [Activity] = []
  private(set) var light: [Value] = []
  private(set) var battery: [Value] = []
  /// 1 where the device feels skin, 0 where it does not.
  private(set) var worn: [Value] = []
  /// Steps a g, of its parameters.
  private(set) var stepsPerG: Double?
  /// Seconds that local time is ahead of its clock, where that is UTC.
  private(set) var secondsFromUTC: Double?
  private(set) var isUTC = false
  /// How often the device slept while it lay still.
  private(set) var idleSleeps = 0
  private(set) var motion: [Motion] = []
  /// How records of motion read, by their numbers.
  private(set) var schemata: [Int16: ActiGraphSchema] = [:]
  private(set) var damaged = 0
  /// Bytes at the end that are no whole record.
  private(set) var rest = 0

  private static let separator: UInt8 = 0x1e
  private static let (headerSize, checksSize) = (8, 1)
  /// Places that look like a damaged record, of all of which the sum is computed.
  private static let mostChecks = 10_000

  /// - Parameter mostSamples: More samples in a second are left out.
  /// - Throws: ``ReadError`` where it is damaged in so many places that it cannot be such a log.
  init(_ bytes: [UInt8], mostSamples: Int, _ url: URL) throws(ReadError) {
    var at = 0
    var isLost = false
    var failures = 0
    while at < bytes.count {
      guard bytes[at] == Self.separator else {
        if bytes[at] != 0, !isLost { (isLost, damaged) = (true, damaged + 1) }
        at += 1
        continue
      }
      guard at + Self.headerSize + Self.checksSize <= bytes.count else { break }
      let size = Int(bytes.integer(UInt16.self, at: at + 6))
      let end = at + Self.headerSize + size
      guard end < bytes.count else {
        if isLost {
          at += 1
          continue
        }
        break
      }
      guard Self.sum(bytes, at..<end) == bytes[end] else {
        failures += 1
        guard failures <= Self.mostChecks else {
          throw ReadError(
            url, found: "a log.bin with more than \(Self.mostChecks) damaged records",
            expected: "the log of a .gt3x file")
        }
        if !isLost { (isLost, damaged) = (true, damaged + 1) }
        at += 1
        continue
      }
      isLost = false
      take(
        bytes, type: bytes[at + 1], second: bytes.integer(UInt32.self, at: at + 2), at + Self.headerSize..<end,
        mostSamples)
      at = end + 1
    }
    rest = isLost ? 0 : bytes.count - at
  }

  private static func sum(_ bytes: [UInt8], _ range: Range<Int>) -> UInt8 {
    bytes.withUnsafeBufferPointer { bytes in
      var sum: UInt8 = 0
      for index in range { sum ^= bytes[index] }
      return ~sum
    }
  }

  private mutating func take(
    _ bytes: [UInt8], type: UInt8, second: UInt32, _ payload: Range<Int>, _ mostSamples: Int
  ) {
    let size = payload.count
    func add(_ samples: Int, _ packing: Packing) {
      // A record of one byte tells that the device was docked.
      guard size > 1, samples > 0 else { return }
      activity.append(
        Activity(
          offset: payload.lowerBound, second: second, count: UInt16(min(samples, mostSamples)), packing: packing))
    }
    func word(_ place: Int) -> UInt16 { bytes.integer(UInt16.self, at: payload.lowerBound + place) }
    switch type {
    case 0: add(size * 2 / 9, .yxz)
    case 26: add(size / 6, .wide)
    case 27: add(size * 2 / 9, .xyz)
    case 2 where size >= 2: battery.append(Value(second: second, value: Float(word(0)) / 1000))
    case 5 where size >= 2: light.append(Value(second: second, value: word(0) == .max ? .nan : Float(word(0))))
    case 13 where size >= 5:
      worn.append(Value(second: second, value: bytes[payload.lowerBound + 4] == 0 ? 0 : 1))
    case 3 where size == 1 && bytes[payload.lowerBound] == 8: idleSleeps += 1
    case 6: takeMetadata(bytes[payload])
    case 21: takeParameters(bytes, payload)
    case 24:
      if let schema = ActiGraphSchema(bytes, payload), schemata[schema.id] == nil { schemata[schema.id] = schema }
    case 25 where size > 2:
      motion.append(
        Motion(offset: payload.lowerBound + 2, size: size - 2, second: second, schema: Int16(bitPattern: word(0))))
    default: break
    }
  }

  private struct Metadata: Decodable {
    let metadataType: String?
    let usedUtc: Bool?
    let utcOffset: String?

    enum CodingKeys: String, CodingKey {
      case metadataType = "MetadataType"
      case usedUtc = "UsedUtc"
      case utcOffset = "UtcOffset"
    }
  }

  private mutating func takeMetadata(_ bytes: ArraySlice<UInt8>) {
    guard let facts = try? JSONDecoder().decode(Metadata.self, from: Data(bytes)) else { return }
    if facts.metadataType == "LocalTimeLog", facts.usedUtc == true { isUTC = true }
    if facts.metadataType == "SubjectTimeLog" || facts.metadataType == "LocalTimeLog", let text = facts.utcOffset,
      let offset = Self.offset(text), facts.metadataType == "SubjectTimeLog" || secondsFromUTC == nil
    {
      secondsFromUTC = offset
    }
  }

  /// Of `-06:00:00`.
  private static func offset(_ text: String) -> Double? {
    let isBehind = text.hasPrefix("-")
    guard let time = LocalTime(String(text.drop { $0 == "-" || $0 == "+" })), time.day == nil else { return nil }
    return isBehind ? -time.secondOfDay : time.secondOfDay
  }

  /// Entries of an address, an identifier and a value.
  private mutating func takeParameters(_ bytes: [UInt8], _ payload: Range<Int>) {
    for at in stride(from: payload.lowerBound, through: payload.upperBound - 8, by: 8)
    where bytes.integer(UInt16.self, at: at) == 0 && bytes.integer(UInt16.self, at: at + 2) == 55 {
      let scale = Self.number(bytes.integer(Int32.self, at: at + 4))
      if scale > 0 { stepsPerG = scale }
    }
  }

  /// A number as the device stores it: 24 bits of a fraction with an exponent of 8.
  static func number(_ value: Int32) -> Double {
    Double((value << 8) >> 8) / Double(1 << 23) * pow(2, Double(value >> 24))
  }
}
