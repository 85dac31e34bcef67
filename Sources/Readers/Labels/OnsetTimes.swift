import Foundation
import SleepCore

/// Turns the onsets of a table into seconds.
struct OnsetTimes {
  let url: URL
  let isClock: Bool
  let signal: SignalClock?
  private var last: Double?
  private static let day = 86_400.0

  init(_ url: URL, rules: LabelRules, signal: SignalClock?) {
    self.url = url
    isClock = rules.start == .clock
    self.signal = signal
  }

  static func isTime(_ text: String) -> Bool { StageVocabulary.number(text) != nil || LocalTime(text) != nil }

  mutating func seconds(_ text: String, line: Int) throws -> Double {
    guard isClock else {
      if let seconds = StageVocabulary.number(text) { return seconds }
      throw ReadError(
        url, line: line, found: "the onset '\(printable(text.utf8))'",
        expected: LocalTime(text) == nil
          ? "a number of seconds"
          : "a number of seconds; where onsets are times of day, 'labels: {start: clock}' in the card")
    }
    guard let time = LocalTime(text) else {
      throw ReadError(
        url, line: line, found: "the onset '\(printable(text.utf8))'",
        expected: "a date and time such as '2026-01-31 22:30:00', or a time of day")
    }
    guard let signal, let start = signal.start else {
      throw ReadError(
        url, line: line, found: "the onset '\(printable(text.utf8))' and no start of \(signal?.name ?? "a signal")",
        expected: "a signal whose start is known, by its header or a table of recordings")
    }
    var seconds = time.seconds(since: start)
    if time.day == nil || start.day == nil {
      if let last {
        seconds += max(0, ((last - Self.day / 2 - seconds) / Self.day).rounded(.up)) * Self.day
      } else if seconds >= signal.seconds, seconds - Self.day > -Self.day / 2 {
        // Scoring that begins before the signal does.
        seconds -= Self.day
      }
    }
    last = seconds
    return seconds
  }
}
