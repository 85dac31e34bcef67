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
  mutating func take(_ events: [ClockedEvent], _ vocabulary: StageVocabulary) {
    guard !events.isEmpty else { return }
    let times = ClockTimes(events.map(\.onset), texts: events.map(\.text))
    if let warning = times.warning { warnings.append("\(name): \(warning)") }
    let first = events.firstIndex { vocabulary.meaning(of: $0.word) != nil } ?? 0
    zero = .own(times.start.adding(seconds: times.seconds[first]))
    entries = zip(events, times.seconds).map { event, seconds in
      Entry(onsetSeconds: seconds - times.seconds[first], durationSeconds: event.length, word: event.word)
    }
  }
}
