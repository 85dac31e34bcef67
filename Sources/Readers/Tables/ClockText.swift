import SleepCore

/// A date, a time of day, or both, as tables write them.
///
/// `2020-01-31 22:30:00.5`, with `T`, `Z` or `+01:00`; `31/01/2020 22:30`, `01.02.2020`, `31-Jan-2020`, `20200131`; `10:30:00 PM`;
/// milliseconds also behind `,` or `:`.
struct ClockText {
  /// Which of the numbers of a date is which, where it does not show.
  enum Order {
    case known(DateOrder)
    /// Dates that leave it open are not read.
    case unknown
  }

  /// Days since 1970-01-01; `nil` where there is no date.
  private(set) var day: Int?
  /// `nil` where there is no time of day.
  private(set) var secondOfDay: Double?
  /// Seconds that the clock was ahead of UTC, where the text says so.
  private(set) var offset: Double?
  /// Digits of the fraction of a second; -1 where there are no seconds.
  private(set) var digits = -1
  /// Both first numbers of a date that may be day and month or month and day.
  private(set) var open: (Int, Int)?

  /// - Returns: `nil` where a text is nothing of the kind.
  init?(_ text: UnsafeBufferPointer<UInt8>, order: Order) {
    var scanner = Scanner(text)
    scanner.skipBlanks()
    let begin = scanner.place
    if let date = scanner.date(order) {
      (day, open) = (date.day, date.open)
      guard scanner.place < text.count else { return }
      guard scanner.skipBlanks() || scanner.take(0x54) || scanner.take(0x74) || scanner.take(0x3b) else { return nil }
      guard scanner.place < text.count else { return }
    } else {
      scanner.place = begin
    }
    guard let time = scanner.timeOfDay() else { return nil }
    (secondOfDay, digits) = time
    scanner.skipBlanks()
    offset = scanner.zone()
    scanner.skipBlanks()
    guard scanner.place == text.count else { return nil }
  }

  private struct Scanner {
    let text: UnsafeBufferPointer<UInt8>
    var place = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    var next: UInt8? { place < text.count ? text[place] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
      guard next == byte else { return false }
      place += 1
      return true
    }

    @discardableResult
    mutating func skipBlanks() -> Bool {
      let start = place
      while next == 0x20 || next == 0x09 { place += 1 }
      return place > start
    }

    /// A number of at most nine digits, and how many it has.
    mutating func number() -> (value: Int, digits: Int)? {
      let start = place
      var value = 0
      while let byte = next, byte &- 0x30 < 10, place - start < 9 {
        value = value * 10 + Int(byte - 0x30)
        place += 1
      }
      return place > start ? (value, place - start) : nil
    }

    mutating func date(_ order: Order) -> (day: Int, open: (Int, Int)?)? {
      guard let first = number() else { return nil }
      if first.digits == 8 {
        return day(first.value / 10_000, first.value / 100 % 100, first.value % 100).map { ($0, nil) }
      }
      guard let mark = next, mark == 0x2d || mark == 0x2f || mark == 0x2e else { return nil }
      place += 1
      if let month = monthName() {
        guard take(mark), let year = number(), year.digits == 4 else { return nil }
        return day(year.value, month, first.value).map { ($0, nil) }
      }
      guard let second = number(), take(mark), let third = number() else { return nil }
      if first.digits == 4 { return day(first.value, second.value, third.value).map { ($0, nil) } }
      func year(_ number: (value: Int, digits: Int)) -> Int { number.digits == 2 ? 2000 + number.value : number.value }
      switch order {
      case .known(.dmy): return day(year(third), second.value, first.value).map { ($0, nil) }
      case .known(.mdy): return day(year(third), first.value, second.value).map { ($0, nil) }
      case .known(.ymd): return day(year(first), second.value, third.value).map { ($0, nil) }
      case .unknown:
        // The day stands for a place only: whether this is a date, and which numbers it has.
        guard third.digits == 4 || third.digits == 2,
          let some = day(year(third), second.value, first.value) ?? day(year(third), first.value, second.value)
        else { return nil }
        return (some, (first.value, second.value))
      }
    }

    private func day(_ year: Int, _ month: Int, _ day: Int) -> Int? {
      LocalTime(year: year, month: month, day: day)?.day
    }

    private mutating func monthName() -> Int? {
      guard place + 3 <= text.count, 0x61...0x7a ~= text[place] | 0x20 else { return nil }
      let name = String(decoding: text[place..<place + 3], as: UTF8.self).lowercased()
      let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
      guard let index = names.firstIndex(of: name) else { return nil }
      place += 3
      return index + 1
    }

    mutating func timeOfDay() -> (seconds: Double, digits: Int)? {
      guard let hour = number(), hour.digits <= 2, take(0x3a), let minute = number(), minute.digits == 2,
        minute.value < 60
      else { return nil }
      var (seconds, digits) = (0.0, -1)
      if take(0x3a) {
        guard let second = number(), second.digits <= 2, second.value < 61 else { return nil }
        (seconds, digits) = (Double(second.value), 0)
        if take(0x2e) || take(0x2c) || take(0x3a), let fraction = number() {
          seconds += Double(fraction.value) / Self.powers[fraction.digits]
          digits = fraction.digits
          // Beyond a nanosecond nobody measures.
          while let byte = next, byte &- 0x30 < 10 { place += 1 }
        }
      }
      var hours = hour.value
      let end = place
      skipBlanks()
      if let letter = next.map({ $0 | 0x20 }), letter == 0x61 || letter == 0x70 {
        place += 1
        _ = take(0x2e)
        guard let m = next, m | 0x20 == 0x6d, (1...12).contains(hours) else { return nil }
        place += 1
        _ = take(0x2e)
        hours = hours % 12 + (letter == 0x70 ? 12 : 0)
      } else {
        place = end
      }
      guard hours < 24 else { return nil }
      return (Double(hours * 3600 + minute.value * 60) + seconds, digits)
    }

    private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

    /// `Z`, `UTC`, `+01:00`, `+0100` or `+01`, in seconds.
    mutating func zone() -> Double? {
      if take(0x5a) || take(0x7a) { return 0 }
      if place + 3 <= text.count, text[place] == 0x55, text[place + 1] == 0x54, text[place + 2] == 0x43 {
        place += 3
        return 0
      }
      guard next == 0x2b || next == 0x2d else { return nil }
      let sign = next == 0x2b ? 1.0 : -1
      let start = place
      place += 1
      guard let hours = number(), [2, 4].contains(hours.digits) else {
        place = start
        return nil
      }
      var minutes = hours.digits == 4 ? hours.value : hours.value * 100
      if hours.digits == 2, take(0x3a), let rest = number() { minutes += rest.value }
      guard minutes / 100 <= 14, minutes % 100 < 60 else {
        place = start
        return nil
      }
      return sign * Double(minutes / 100 * 3600 + minutes % 100 * 60)
    }
  }
}
