import SleepCore

/// When a recording began, out of what a container of arrays says of it.
struct StoredStart {
  /// `nil` where it says nothing that is a date or time.
  let time: LocalTime?
  /// What to tell, without the file's name.
  let warning: String?

  /// Seconds and milliseconds since 1970 between 1971 and 2100; other numbers are none.
  private static let (seconds, milliseconds) = (3e7..<4.2e9, 3e10..<4.2e12)

  init(_ fact: StoredFacts.Fact?) {
    switch fact {
    case nil: (time, warning) = (nil, nil)
    case .number(let number):
      let seconds =
        Self.seconds.contains(number) ? number : Self.milliseconds.contains(number) ? number / 1000 : nil
      time = seconds.map { LocalTime(day: 0, secondOfDay: $0) }
      warning = time.map {
        "its start is told as a count since 1970 and read as \($0.text), the clock's reading in UTC"
      }
    case .texts(let texts):
      let text = texts.count == 1 ? String(texts[0].trimmingBlanks) : ""
      time = LocalTime(Self.withoutZone(text)) ?? Self.otherwise(text)
      warning =
        time == nil && text.contains(where: \.isNumber)
        ? "its start '\(printable(text.utf8))' is no date and time such as 2026-01-31 22:30:00, and passed over" : nil
    }
  }

  /// A date and time as other programs write them, where that can be read in one way: MATLAB's `31-Jan-2026 22:30:00`.
  private static func otherwise(_ text: String) -> LocalTime? {
    let bytes = Array(text.utf8)
    let read = bytes.withUnsafeBufferPointer { ClockText($0, order: .unknown) }
    guard let read, read.open == nil, let day = read.day, let second = read.secondOfDay else { return nil }
    return LocalTime(day: day, secondOfDay: second)
  }

  /// A time without `Z`, `+02:00` or `-0500` behind it.
  private static func withoutZone(_ text: String) -> String {
    guard let clock = text.lastIndex(of: ":"), let zone = text.lastIndex(where: { "Z+-".contains($0) }) else {
      return text
    }
    if text[zone] == "Z" { return String(text[..<zone]) }
    let offset = text[text.index(after: zone)...]
    let isZone = offset.allSatisfy { $0.isNumber || $0 == ":" } && (zone > clock || offset.count == 5)
    let isBehindClock = text[..<zone].contains(":")
    return isZone && isBehindClock ? String(text[..<zone]) : text
  }
}
