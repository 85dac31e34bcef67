import Foundation
import SleepCore

/// Turns the texts of a column of times into seconds, row by row in the order of the file.
struct TimeColumn {
  private enum Kind {
    case clock(ClockText.Order)
    /// Numbers of so many seconds each, counted from `whole`.
    case numbers(secondsEach: Double, from: Int64)
  }

  /// What the seconds count from.
  enum Zero {
    /// The numbers' own zero, whatever it is.
    case own
    /// Midnight of a day; `nil` where no date is known.
    case midnight(Int?)
  }

  private(set) var zero = Zero.own
  private(set) var warnings: [String] = []
  private let url: URL
  private let kind: Kind
  private let values: TableValues
  private var digits = -1
  private var last: Double?
  private var offset: Double?
  private var firstDay: Int?
  private var cachedDate: (text: [UInt8], day: Int)?

  private static let day = 86_400.0

  /// - Parameters:
  ///   - times: The first rows' texts, with the lines on which they stand.
  ///   - dates: Those of a column of dates beside it.
  ///   - unit: What the column's name says that its numbers are.
  /// - Throws: ``ReadError`` for dates whose order of day and month nobody says, and where a date says no time.
  init(
    _ url: URL, times: [(line: Int, text: [UInt8])], dates: [(line: Int, text: [UInt8])]?, unit: String,
    rules: TableRules,
    values: TableValues
  ) throws {
    self.url = url
    self.values = values
    let name = url.lastPathComponent
    let times = times.filter { !values.isMissing($0.text) }
    let areNumbers = times.allSatisfy { values.number($0.text) != nil }
    guard areNumbers, dates == nil, let first = times.first, let number = values.number(first.text) else {
      if let timeUnit = rules.timeUnit, let first = times.first(where: { values.number($0.text) == nil }) {
        throw ReadError(
          url, line: first.line, found: "the time \(quoted(first.text))",
          expected: "a number, as 'table: {time_unit: \(timeUnit.rawValue)}' in the card says")
      }
      let order = try Self.order(dates ?? times, rules, url)
      kind = .clock(order.order)
      order.warning.map { warnings.append("\(name): \($0)") }
      zero = .midnight(nil)
      return
    }
    if let unit = rules.timeUnit, unit == .excel || unit == .matlab {
      let epoch = unit == .excel ? 25_569 : 719_529
      kind = .numbers(secondsEach: Self.day, from: Int64(epoch))
      zero = .midnight(0)
      return
    }
    let said = rules.timeUnit ?? Self.unit(unit)
    let epochs = said.map { [$0] } ?? [.s, .ms, .us, .ns]
    // From 2000 to 2050: a count of another unit is never as large within any recording.
    if let unit = epochs.first(where: { 9.4e8...2.53e9 ~= number * $0.seconds }) {
      let ahead = rules.secondsAheadOfUTC(at: number * unit.seconds)
      let shift = ahead ?? 0
      let day = (number * unit.seconds / Self.day).rounded(.down)
      kind = .numbers(secondsEach: unit.seconds, from: Int64(day * Self.day / unit.seconds - shift / unit.seconds))
      zero = .midnight(Int(day))
      let clock = ahead == nil ? ", and its clock as UTC" : ""
      if said == nil || ahead == nil {
        warnings.append("\(name): its times are read as \(unit.plural) since 1970\(clock)")
      }
      return
    }
    if said == nil {
      warnings.append(
        "\(name): its times are taken for seconds; where they are not, 'table: {time_unit: …}' in the card says so")
    }
    kind = .numbers(secondsEach: (said ?? .s).seconds, from: 0)
  }

  /// How exactly the times are written, in seconds.
  var resolution: Double {
    let fraction = pow(10, -Double(max(0, digits)))
    switch kind {
    case .clock: return digits < 0 ? 60 : fraction
    case .numbers(let each, _): return each * fraction
    }
  }

  /// Reads a number at a place, if times are numbers and one stands there that says one, and moves the place behind it.
  ///
  /// - Returns: Seconds from ``zero``.
  @inline(__always)
  mutating func seconds(at place: inout UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>) -> Double? {
    guard case .numbers(let each, let base) = kind else { return nil }
    var next = place
    guard let number = WholeNumber(at: &next, before: end, point: values.point) else { return nil }
    let count = Double(number.whole - base) + number.fraction
    let seconds =
      switch each {
      // A day's fraction has no more digits than that.
      case Self.day: (count * each * 1e5).rounded() / 1e5
      case 1: count
      // Dividing by a power of ten rounds once, as multiplying by its inverse does not.
      case ..<1: count / (1 / each).rounded()
      default: count * each
      }
    guard abs(seconds) <= RecordingLimits.farthestTimeSeconds else { return nil }
    digits = max(digits, number.digits)
    place = next
    return seconds
  }

  /// - Parameter date: The text of the column of dates, where there is one.
  /// - Returns: Seconds from ``zero``; NaN where there is no time.
  /// - Throws: ``ReadError`` at a text that is no time.
  mutating func seconds(
    _ text: UnsafeBufferPointer<UInt8>, date: UnsafeBufferPointer<UInt8>?, line: Int
  ) throws -> Double {
    switch kind {
    case .numbers(let each, let base):
      if let number = values.number(text) {
        digits = 9
        return try checked((number - Double(base)) * each, text, line)
      }
      guard values.isMissing(text) else { throw noTime(text, line, "a number") }
      return .nan
    case .clock(let order):
      return try clock(text, date: date, order, line)
    }
  }

  private mutating func clock(
    _ text: UnsafeBufferPointer<UInt8>, date: UnsafeBufferPointer<UInt8>?, _ order: ClockText.Order, _ line: Int
  ) throws -> Double {
    guard let time = ClockText(text, order: order) else {
      if values.isMissing(text) { return .nan }
      throw noTime(text, line, "a date and time such as '2020-01-31 22:30:00', or a time of day")
    }
    var day = time.day
    if let date {
      let bytes = Array(date)
      if values.isMissing(bytes) { return .nan }
      if cachedDate?.text != bytes {
        guard let read = ClockText(date, order: order)?.day else {
          throw noTime(date, line, "a date such as '2020-01-31'")
        }
        cachedDate = (bytes, read)
      }
      day = cachedDate?.day
    }
    guard let second = time.secondOfDay ?? (day == nil ? nil : 0) else { return .nan }
    digits = max(digits, time.digits)
    var seconds = second
    if let day {
      if firstDay == nil {
        firstDay = day
        zero = .midnight(day)
      }
      seconds += Double(day - (firstDay ?? day)) * Self.day
    } else {
      // A time of day alone is the one nearest to the row before.
      if let last { seconds += ((last - seconds) / Self.day).rounded() * Self.day }
      last = seconds
    }
    if let own = time.offset {
      if offset == nil { offset = own }
      seconds += (offset ?? own) - own
    }
    return try checked(seconds, text, line)
  }

  private func checked(_ seconds: Double, _ text: UnsafeBufferPointer<UInt8>, _ line: Int) throws -> Double {
    guard abs(seconds) <= RecordingLimits.farthestTimeSeconds else { throw noTime(text, line, "one of a recording") }
    return seconds
  }

  private func noTime(_ text: UnsafeBufferPointer<UInt8>, _ line: Int, _ expected: String) -> ReadError {
    ReadError(url, line: line, found: "the time \(quoted(text))", expected: expected)
  }

  /// Which number of a date is which: as the card says, or as one above 12 shows.
  private static func order(
    _ dates: [(line: Int, text: [UInt8])], _ rules: TableRules, _ url: URL
  ) throws -> (order: ClockText.Order, warning: String?) {
    if let order = rules.dateOrder { return (.known(order), nil) }
    var (dayFirst, monthFirst): ([UInt8]?, [UInt8]?)
    var open: (line: Int, text: [UInt8])?
    for (line, text) in dates {
      guard let pair = text.withUnsafeBufferPointer({ ClockText($0, order: .unknown) })?.open else { continue }
      open = open ?? (line, text)
      if pair.0 > 12 { dayFirst = dayFirst ?? text }
      if pair.1 > 12 { monthFirst = monthFirst ?? text }
    }
    guard let open else { return (.unknown, nil) }
    switch (dayFirst, monthFirst) {
    case (let text?, nil):
      return (.known(.dmy), "its dates are read as day, month and year: \(quoted(text))")
    case (nil, let text?):
      return (.known(.mdy), "its dates are read as month, day and year: \(quoted(text))")
    default:
      throw ReadError(
        url, line: open.line, found: "the date \(quoted(open.text)), of which nobody says what is day and what month",
        expected: "'table: {date_order: dmy}' or 'table: {date_order: mdy}' in the card")
    }
  }

  /// What a column's unit, or the end of its name, says that its numbers are: `time (ms)`, `time_ms`.
  private static func unit(_ text: String) -> TimeUnit? {
    switch text.split(separator: "_").last?.lowercased() {
    case "s", "sec", "seconds": .s
    case "ms": .ms
    case "us", "µs", "μs": .us
    case "ns": .ns
    case "min": .min
    case "h": .hours
    case "days", "d": .days
    default: nil
    }
  }
}

extension TimeUnit {
  /// How long one is.
  var seconds: Double {
    switch self {
    case .s: 1
    case .ms: 1e-3
    case .us: 1e-6
    case .ns: 1e-9
    case .min: 60
    case .hours: 3600
    case .days, .excel, .matlab: 86_400
    }
  }

  var plural: String {
    switch self {
    case .s: "seconds"
    case .ms: "milliseconds"
    case .us: "microseconds"
    case .ns: "nanoseconds"
    case .min: "minutes"
    case .hours: "hours"
    case .days, .excel, .matlab: "days"
    }
  }
}
