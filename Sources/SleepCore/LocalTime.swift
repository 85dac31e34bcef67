/// A clock's reading where a recording was made, without a time zone: a time of day, and its date where that is known.
public struct LocalTime: Codable, Hashable, Sendable {
  /// Days since 1970-01-01; `nil` where only the time of day is known.
  public let day: Int?
  /// Seconds since midnight, from 0 to below 86,400.
  public let secondOfDay: Double

  private static let secondsOfDay = 86_400.0
  /// No day is further from 1970, before or after.
  private static let farthestDay = 1_000_000_000.0

  /// - Parameters:
  ///   - day: A thousand million days from 1970 at most; a further one becomes that.
  ///   - secondOfDay: Seconds since midnight; what lies beyond the day moves the date. One that is not finite is midnight.
  public init(day: Int?, secondOfDay: Double) {
    let seconds = secondOfDay.isFinite ? secondOfDay : 0
    let days = (seconds / Self.secondsOfDay).rounded(.down)
    self.day = day.map { Int(min(max(Double($0) + days, -Self.farthestDay), Self.farthestDay)) }
    // A number so large that it has no seconds any more leaves none.
    self.secondOfDay = min(max(0, seconds - days * Self.secondsOfDay), Self.secondsOfDay.nextDown)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      day: try container.decodeIfPresent(Int.self, forKey: .day),
      secondOfDay: try container.decode(Double.self, forKey: .secondOfDay))
  }

  /// The day by the Gregorian calendar.
  ///
  /// After Hinnant, "chrono-compatible low-level date algorithms" (2013).
  ///
  /// - Returns: `nil` where there is no such day or time.
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Double = 0) {
    guard (1...9999).contains(year), (1...12).contains(month), (0..<24).contains(hour), (0..<60).contains(minute),
      second >= 0, second < 61
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths: InlineArray<12, Int> = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...lengths[month - 1]).contains(day) else { return nil }
    // Years begin in March, so that the leap day is the last.
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.init(
      day: era * 146_097 + dayOfEra - 719_468, secondOfDay: Double(hour * 3600 + minute * 60) + second)
  }

  /// Reads `2026-01-31 22:30:00`, `2026-01-31T22:30`, or a time of day alone; seconds may have a fraction.
  public init?(_ text: String) {
    let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" }).map(String.init)
    guard let clock = parts.last, (1...2).contains(parts.count) else { return nil }
    let fields = clock.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(fields.count), let hour = Int(fields[0]), let minute = Int(fields[1]),
      (0..<24).contains(hour), (0..<60).contains(minute),
      let second = fields.count == 3 ? Double(fields[2]) : 0, second >= 0, second < 61
    else { return nil }
    guard parts.count == 2 else {
      self.init(day: nil, secondOfDay: Double(hour * 3600 + minute * 60) + second)
      return
    }
    let date = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard date.count == 3, let year = date[0], let month = date[1], let day = date[2] else { return nil }
    self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  }

  public func adding(seconds: Double) -> LocalTime { LocalTime(day: day, secondOfDay: secondOfDay + seconds) }

  /// Seconds from another time to this one; where a date is not known, from it to the next such time of day.
  public func seconds(since other: LocalTime) -> Double {
    if let day, let otherDay = other.day {
      return Double(day - otherDay) * Self.secondsOfDay + secondOfDay - other.secondOfDay
    }
    let difference = secondOfDay - other.secondOfDay
    return difference < 0 ? difference + Self.secondsOfDay : difference
  }

  /// `2026-01-31 22:30:00`, or `22:30:00` without a date; a fraction of a second only where there is one.
  public var text: String {
    let whole = Int(secondOfDay)
    let fraction = secondOfDay - Double(whole)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    var text = "\(two(whole / 3600)):\(two(whole / 60 % 60)):\(two(whole % 60))"
    let thousandths = Int((fraction * 1000).rounded(.down))
    if thousandths > 0 { text += "." + String(String(1000 + thousandths).dropFirst()) }
    guard let day else { return text }
    // The inverse of the day's count.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let date = dayOfYear - (153 * month + 2) / 5 + 1
    let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
    let digits = String(10_000 + year).dropFirst()
    return "\(digits)-\(two(month < 10 ? month + 3 : month - 9))-\(two(date)) \(text)"
  }
}
