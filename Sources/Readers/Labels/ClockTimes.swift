import SleepCore

/// The clock's readings of an export's rows as seconds.
///
/// Dates count where they can be read in one way: `13/04/2026` can, and so can a whole night of dates that lie a month apart when they are
/// read the other way. Else the times of day count alone, each nearest to the one before it, and that is told.
struct ClockTimes {
  /// The first reading, with its date where that is known.
  let start: LocalTime
  /// Each reading, from the first.
  let seconds: [Double]
  /// What was not read, to be told.
  let warning: String?

  private static let day = 86_400.0
  /// No recording lasts two weeks.
  private static let mostDays = 14

  /// - Parameter texts: The readings as the file has them, for messages.
  /// - Precondition: There is a reading.
  init(_ readings: [ClockReading], texts: [String]) {
    let days = [true, false].map { isDayFirst in readings.map { $0.day.number(isDayFirst: isDayFirst) } }
      .compactMap { Self.ofOneRecording($0) }
    if let one = days.first, days.allSatisfy({ $0 == one }) {
      let first = readings[0].secondOfDay
      start = LocalTime(day: one[0], secondOfDay: first)
      seconds = zip(readings, one).map { $0.secondOfDay - first + Double($1 - one[0]) * Self.day }
      warning = nil
      return
    }
    start = LocalTime(day: nil, secondOfDay: readings[0].secondOfDay)
    var last = 0.0
    seconds = zip(readings, [readings[0]] + readings).map { reading, before in
      let step = reading.secondOfDay - before.secondOfDay
      last += step - (step / Self.day).rounded() * Self.day
      return last
    }
    guard let dated = readings.firstIndex(where: { $0.day != .none }) else {
      warning = nil
      return
    }
    let date = texts.at(dated).map { "'\(printable($0.utf8))'" } ?? "one"
    warning =
      readings.contains { $0.day == .none }
      ? "some of its times have a date, as \(date), and some have none: only the times of day are taken"
      : "its dates, such as that of \(date), can be read in more than one way: only the times of day are taken"
  }

  /// The days where each is one, and none is far from another.
  private static func ofOneRecording(_ days: [Int?]) -> [Int]? {
    let known = days.compactMap(\.self)
    guard known.count == days.count, let first = known.min(), let last = known.max(), last - first <= mostDays else {
      return nil
    }
    return known
  }
}
