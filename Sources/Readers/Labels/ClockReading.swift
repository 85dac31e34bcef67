import Foundation
import SleepCore

/// A time of day, with or without a date, as scorers' programs write it: `22:30:00,000`, `22.30.00`, `10:30:00 PM`,
/// `31.01.2026 22:30:00`, `1/31/2026 10:30:00 PM`.
struct ClockReading {
  enum Day: Hashable {
    case none
    /// Its numbers stand in an order that is known.
    case known(Int)
    /// Either of the first two may be the month.
    case unclear(Int, Int, year: Int)
    /// Nothing says which number is the year.
    case unreadable
  }

  let day: Day
  /// Seconds since midnight.
  let secondOfDay: Double

  /// - Returns: `nil` for anything but a time of day; a number alone is none.
  init?(_ text: String) {
    var words = text.uppercased().replacingOccurrences(of: "T", with: " ")
      .split(whereSeparator: \.isWhitespace).map(String.init)
    guard (1...3).contains(words.count), var clock = words.popLast() else { return nil }
    var half: Int?
    if let marked = ["AM", "PM"].firstIndex(of: clock.filter { $0 != "." }), let time = words.popLast() {
      (half, clock) = (marked, time)
    } else if let marked = ["AM", "PM"].firstIndex(where: { clock.hasSuffix($0) }) {
      (half, clock) = (marked, String(clock.dropLast(2)))
    }
    guard let second = Self.seconds(clock, half: half), words.count < 2 else { return nil }
    secondOfDay = second
    guard let date = words.first else {
      day = .none
      return
    }
    guard let day = Self.day(date) else { return nil }
    self.day = day
  }

  private static func seconds(_ text: String, half: Int?) -> Double? {
    let point = text.replacingOccurrences(of: ",", with: ".")
    let separator: Character = point.contains(":") ? ":" : "."
    var fields = point.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    // With points alone the fourth number is a fraction.
    if separator == ".", fields.count == 4 { fields = [fields[0], fields[1], "\(fields[2]).\(fields[3])"] }
    guard fields.count == 3 || fields.count == 2 && separator == ":",
      fields.prefix(2).allSatisfy({ (1...2).contains($0.count) && isWhole($0) }),
      var hour = Int(fields[0]), let minute = Int(fields[1]), (0..<60).contains(minute)
    else { return nil }
    let parts = (fields.at(2) ?? "0").split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(parts.count), parts.allSatisfy(isWhole), parts[0].count <= 2,
      let second = Double(parts.joined(separator: ".")), second < 61
    else { return nil }
    if let half {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + 12 * half
    }
    guard (0..<24).contains(hour) else { return nil }
    return Double(hour * 3600 + minute * 60) + second
  }

  /// - Returns: `nil` for what is no date.
  private static func day(_ text: String) -> Day? {
    guard let separator = text.first(where: { !isWhole(String($0)) }), "./-".contains(separator) else { return nil }
    let fields = text.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 3, fields.allSatisfy({ isWhole($0) && $0.count <= 4 }) else { return nil }
    let numbers = fields.compactMap { Int($0) }
    guard numbers.count == 3 else { return nil }
    if fields[0].count == 4 { return known(numbers[0], numbers[1], numbers[2]) }
    guard fields[2].count == 4 else {
      // Points stand in dates that begin with the day.
      guard separator == ".", fields[2].count == 2 else { return .unreadable }
      return known((numbers[2] < 85 ? 2000 : 1900) + numbers[2], numbers[1], numbers[0])
    }
    if separator == "." { return known(numbers[2], numbers[1], numbers[0]) }
    return .unclear(numbers[0], numbers[1], year: numbers[2])
  }

  private static func known(_ year: Int, _ month: Int, _ day: Int) -> Day? {
    LocalTime(year: year, month: month, day: day)?.day.map(Day.known)
  }

  private static func isWhole(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}

extension ClockReading.Day {
  /// Days since 1970; `nil` where there is no such day.
  ///
  /// - Parameter isDayFirst: How a date is read whose numbers may stand in either order.
  func number(isDayFirst: Bool) -> Int? {
    switch self {
    case .none, .unreadable: nil
    case .known(let day): day
    case .unclear(let one, let other, let year):
      LocalTime(year: year, month: isDayFirst ? other : one, day: isDayFirst ? one : other)?.day
    }
  }
}
