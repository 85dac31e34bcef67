import Foundation
import SleepCore

/// What `info.txt` in a `.gt3x` file says.
struct ActiGraphInfo: Sendable {
  let sampleRateHz: Double
  /// Seconds since 1970 by the device's clock.
  let startSeconds: Double?
  let serial: String
  /// Steps a g; `nil` where it is not said.
  let stepsPerG: Double?
  /// The greatest acceleration in g; `nil` where it is not said.
  let rangeG: Double?
  let limb: String

  private static let rates = 1.0...1000.0

  /// - Throws: ``ReadError`` where there is no sampling rate.
  init(_ text: String, _ url: URL) throws(ReadError) {
    var values: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = String(line[..<colon].drop { $0 == "\u{feff}" }).trimmingCharacters(in: .whitespaces)
      values[key] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    func number(_ key: String) -> Double? {
      values[key].flatMap { DecimalNumber.parse(Substring($0.replacingOccurrences(of: ",", with: "."))) }
    }
    guard let rate = number("Sample Rate"), Self.rates.contains(rate) else {
      throw ReadError(
        url, found: values["Sample Rate"].map { "the sample rate '\(printable($0.utf8))'" } ?? "no sample rate",
        expected: "'Sample Rate: 30' or another from 1 to 1000 Hz in its info.txt")
    }
    sampleRateHz = rate
    startSeconds = values["Start Date"].flatMap { Int64($0) }.flatMap(Self.seconds(ticks:))
    serial = values["Serial Number"] ?? ""
    stepsPerG = number("Acceleration Scale").flatMap { $0 > 0 ? $0 : nil }
    rangeG = number("Acceleration Max").flatMap { $0 > 0 ? $0 : nil }
    limb = values["Limb"] ?? ""
  }

  /// Since 1970, of ticks of 100 ns since the year 1; `nil` for 0, which stands for no time, and times beyond the year 9999.
  static func seconds(ticks: Int64) -> Double? {
    guard ticks > 0, ticks < 3_155_378_976_000_000_000 else { return nil }
    return Double(ticks - 621_355_968_000_000_000) / 1e7
  }

  /// Steps a g of devices whose serial number begins so.
  var stepsPerGBySerial: Double? {
    switch serial.prefix(3) {
    case "NEO", "CLE", "MRA": 341
    case "MOS", "TAS": 256
    default: nil
    }
  }
}
