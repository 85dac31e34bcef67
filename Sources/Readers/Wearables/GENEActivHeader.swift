import Foundation
import SleepCore

/// The calibration in the header of a GENEActiv file.
struct GENEActivHeader: Sendable {
  struct Axis: Sendable {
    let gain: Double
    let offset: Double

    func g(_ steps: Int) -> Double { (Double(steps) * 100 - offset) / gain }
  }

  /// x, y, z.
  let axes: [Axis]
  let volts: Double
  let lux: Double

  /// The first line of each page.
  static let pageMark = Array("Recorded Data".utf8)
  private static let firstLine = "Device Identity"
  /// Lines before the first page; there are 59, and some notes have several.
  private static let mostLines = 1000

  /// Reads the lines up to the mark of the first page.
  ///
  /// - Throws: ``ReadError`` where the file begins otherwise, or one of the calibration's numbers is not there.
  init(_ lines: inout RawLines, _ url: URL) throws {
    let first = try lines.next()?.bytes ?? []
    if first.starts(with: Array("GENEA/".utf8)) {
      throw ReadError(
        url, found: "'\(printable(first))', a file of the older GENEA",
        expected: "\(GENEActivFile.kind): convert it to CSV with the GENEA's own program")
    }
    guard Self.value(first) == Self.firstLine else {
      throw ReadError(
        url, found: "'\(printable(first))' at its start", expected: "'\(Self.firstLine)', as in \(GENEActivFile.kind)")
    }
    var values: [String: String] = [:]
    while let line = try lines.next()?.bytes, !line.elementsEqual(Self.pageMark) {
      guard lines.number <= Self.mostLines else { break }
      guard let colon = line.firstIndex(of: 0x3a) else { continue }
      values[String(decoding: line[..<colon], as: UTF8.self).lowercased()] = Self.value(line[(colon + 1)...])
    }
    func number(_ key: String, _ expected: String, _ isGood: (Double) -> Bool) throws -> Double {
      let text = values[key] ?? ""
      guard let value = Self.number(text), isGood(value) else {
        throw ReadError(
          url, found: text.isEmpty ? "no '\(key)' in its header" : "'\(key):\(printable(text.utf8))'",
          expected: "\(expected), of the device's calibration")
      }
      return value
    }
    axes = try ["x", "y", "z"].map {
      Axis(
        gain: try number("\($0) gain", "a number other than 0") { $0 != 0 },
        offset: try number("\($0) offset", "a number") { _ in true })
    }
    volts = try number("volts", "a number other than 0") { $0 != 0 }
    lux = try number("lux", "a number") { _ in true }
  }

  /// A number, also with a decimal comma.
  static func number(_ text: String) -> Double? {
    DecimalNumber.parse(Substring(text.replacingOccurrences(of: ",", with: ".")))
  }

  /// Values are padded with blanks or zero bytes.
  static func value(_ bytes: ArraySlice<UInt8>) -> String {
    let isPadding: (UInt8) -> Bool = { $0 <= 0x20 }
    let front = bytes.drop(while: isPadding)
    let end = front.lastIndex { !isPadding($0) } ?? front.startIndex - 1
    return String(decoding: front[front.startIndex..<end + 1], as: UTF8.self)
  }
}
