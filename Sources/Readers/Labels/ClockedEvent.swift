import Foundation
import SleepCore

/// An event with a time of day, or a date and time.
struct ClockedEvent {
  let onset: ClockReading
  /// As the file has it, for messages.
  let text: String
  let end: ClockReading?
  let seconds: Double?
  let word: String

  /// How long it lasts; `nil` where nothing says.
  fileprivate var length: Double? {
    if let seconds { return seconds }
    guard let end else { return nil }
    // By the times of day alone: no stage lasts a day.
    let length = end.secondOfDay - onset.secondOfDay
    return length < 0 ? length + 86_400 : length
  }
}

extension LabelFile {
  /// Takes events whose clock the file begins with: its start is the first stage.
  ///
  /// - Throws: ``ReadError`` where a first time of 00:00:00 may be midnight or the beginning.
  mutating func take(_ events: [ClockedEvent], rules: LabelRules, signal: SignalClock?) throws {
    guard !events.isEmpty else { return }
    let vocabulary = StageVocabulary(rules.vocabulary, numbers: numbers)
    let times = ClockTimes(events.map(\.onset), texts: events.map(\.text))
    if let warning = times.warning { warnings.append("\(name): \(warning)") }
    let first = events.firstIndex { vocabulary.meaning(of: $0.word) != nil } ?? 0
    if let start = signal?.start, start.secondOfDay >= 1, rules.start == nil, events[first].onset.day == .none,
      events[first].onset.secondOfDay < 1
    {
      throw ReadError(
        url, found: "stages from \(printable(events[first].text.utf8)) on, midnight or the beginning",
        expected: "which it is, as the card says it: 'labels: {start: clock}' or 'labels: {start: signal}'")
    }
    zero = .own(times.start.adding(seconds: times.seconds[first]))
    entries = zip(events, times.seconds).map { event, seconds in
      Entry(onsetSeconds: seconds - times.seconds[first], durationSeconds: event.length, word: event.word)
    }
  }
}
