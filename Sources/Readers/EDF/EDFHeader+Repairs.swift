import Foundation
import SleepCore

extension EDFHeader {
  /// The first printable bytes of a file, for a message.
  static func quoted(_ bytes: [UInt8]) -> String {
    "'" + String(bytes.prefix(8).map { (32..<127).contains($0) ? Character(Unicode.Scalar($0)) : "." }) + "'"
  }

  /// Unique names in the way of MNE: every one of several equal labels gets a running number.
  static func unique(_ labels: [String]) -> [String] {
    let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
    var seen: [String: Int] = [:]
    return labels.map { label in
      guard counts[label, default: 1] > 1 else { return label }
      defer { seen[label, default: 0] += 1 }
      return "\(label)-\(seen[label, default: 0])"
    }
  }

  /// The unit with any of the micro signs (Greek, Latin-1, Shift-JIS) as `u`.
  static func plainUnit(_ unit: String) -> String {
    unit.replacingOccurrences(of: "\u{83}\u{ca}", with: "u")
      .replacingOccurrences(of: "\u{3bc}", with: "u").replacingOccurrences(of: "\u{b5}", with: "u")
  }

  /// When the recording starts. The recording field of EDF+ holds four digits of the year and wins, as in MNE.
  static func start(date: String, time: String, recording: String) -> (DateComponents?, warning: String?) {
    let clock = time.split(separator: ".").compactMap { Int($0) }
    let isClock = clock.count == 3 && clock[0] < 24 && clock.dropFirst().allSatisfy { (0..<60).contains($0) }
    let parts = date.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    var day: DateComponents?
    if parts.count == 3, let d = parts[0], let m = parts[1], let y = parts[2], (1...31).contains(d),
      (1...12).contains(m), (0...99).contains(y)
    {
      day = DateComponents(year: y < 85 ? 2000 + y : 1900 + y, month: m, day: d)
    }
    var warning = day == nil ? "the start date '\(date)' is malformed" : nil
    if let plus = startDate(inRecordingField: recording) {
      if let day, day != plus {
        warning = "the start date '\(date)' disagrees with the recording field '\(recording)': the latter is read"
      } else if day == nil {
        warning = "the start date '\(date)' is malformed: the recording field's is read"
      }
      day = plus
    }
    if !isClock { warning = "the start time '\(time)' is malformed: read as midnight" }
    day?.hour = isClock ? clock[0] : 0
    day?.minute = isClock ? clock[1] : 0
    day?.second = isClock ? clock[2] : 0
    return (day, warning)
  }

  /// What the clock said at the start; the time of day alone where the date is malformed or stands for an unknown one.
  ///
  /// - Returns: `nil` where the time is malformed, or midnight of no date.
  static func clock(start: DateComponents?, time: String) -> LocalTime? {
    guard let second = timeOfDay(time) else { return nil }
    // The first of January 1985 is what anonymised files say.
    let isUnknown = start.map { $0.year == 1985 && $0.month == 1 && $0.day == 1 } ?? true
    if !isUnknown, let year = start?.year, let month = start?.month, let day = start?.day,
      let midnight = LocalTime(year: year, month: month, day: day)
    {
      return midnight.adding(seconds: second)
    }
    return second == 0 ? nil : LocalTime(day: nil, secondOfDay: second)
  }

  /// Seconds since midnight of `22.15.30`.
  static func timeOfDay(_ text: String) -> Double? {
    let parts = text.split(whereSeparator: { ".:".contains($0) }).map { Int($0) }
    guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
      (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second)
    else { return nil }
    return Double(hour * 3600 + minute * 60 + second)
  }

  private static func startDate(inRecordingField field: String) -> DateComponents? {
    let words = field.split(separator: " ")
    guard words.count >= 2, words[0] == "Startdate" else { return nil }
    let parts = words[1].split(separator: "-")
    let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    guard parts.count == 3, let day = Int(parts[0]), (1...31).contains(day),
      let month = months.firstIndex(of: parts[1].uppercased()), let year = Int(parts[2]), (1800...9999).contains(year)
    else { return nil }
    return DateComponents(year: year, month: month + 1, day: day)
  }
}

extension Int {
  /// The product, or the largest number where it is larger.
  func multipliedSaturating(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
