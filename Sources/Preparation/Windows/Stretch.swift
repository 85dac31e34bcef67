public import Corpora
public import SleepCore

/// A part of a recording, in seconds from its zero; without an end it goes on as far as the recording.
public struct Stretch: Hashable, Sendable {
  /// What is put behind the recording's name: `-night2`; empty where there is one stretch alone.
  public let suffix: String
  public let fromSeconds: Double?
  public let toSeconds: Double?
}

/// Which parts of a long recording are wanted: from a moment to another, or each of its nights.
public enum StretchChoice: Hashable, Sendable {
  /// A moment of a recording.
  public enum Moment: Hashable, Sendable {
    /// From the recording's zero.
    case seconds(Double)
    /// The first such reading of the clock; with a date, that one.
    case clock(LocalTime)

    /// Reads `3600`, `22:30` or `2026-01-31 22:30`.
    public init?(_ text: String) {
      if let seconds = Double(text), seconds.isFinite {
        self = .seconds(seconds)
      } else if let time = LocalTime(text) {
        self = .clock(time)
      } else {
        return nil
      }
    }
  }

  case all
  case between(Moment?, Moment?)
  /// Every stretch of the clock from one time of day to the next reading of another.
  case nights(from: LocalTime, to: LocalTime)

  /// A night of which less was measured is none.
  private static let shortestNightSeconds = 3600.0
  private static let day = 86_400.0
  /// Ten years: a signal without a longer gap that lasts longer has wrong times, and more nights than there is room for.
  private static let longestSeconds = 3650 * day

  /// The stretches of a recording, in order of time.
  ///
  /// - Parameter path: The file that messages name.
  /// - Throws: ``PreparationError/noClockToCrop(path:)`` where a time of day is asked for and nobody knows the recording's,
  ///   ``PreparationError/emptyStretch(path:from:to:)`` where nothing was measured there.
  public func stretches(of recording: Recording, path: String) throws -> [Stretch] {
    let spans = recording.signals.compactMap(\.measuredSeconds)
    guard let low = spans.map(\.lowerBound).min(), let high = spans.map(\.upperBound).max() else {
      return [Stretch(suffix: "", fromSeconds: nil, toSeconds: nil)]
    }
    func seconds(_ moment: Moment, after: Double) throws -> Double {
      switch moment {
      case .seconds(let seconds): return seconds
      case .clock(let time):
        guard let start = recording.start else { throw PreparationError.noClockToCrop(path: path) }
        if time.day != nil, start.day != nil { return time.seconds(since: start) }
        let timeOfDay = LocalTime(day: nil, secondOfDay: time.secondOfDay)
        return after
          + timeOfDay.seconds(since: LocalTime(day: nil, secondOfDay: start.adding(seconds: after).secondOfDay))
      }
    }
    switch self {
    case .all: return [Stretch(suffix: "", fromSeconds: nil, toSeconds: nil)]
    case .between(let first, let last):
      let from = try first.map { try seconds($0, after: low) }
      let to = try last.map { try seconds($0, after: from ?? low) }
      guard max(from ?? low, low) < min(to ?? high, high) else {
        throw PreparationError.emptyStretch(path: path, from: from ?? low, to: to ?? high, measured: low...high)
      }
      return [Stretch(suffix: "", fromSeconds: from, toSeconds: to)]
    case .nights(let evening, let morning):
      guard recording.start != nil else { throw PreparationError.noClockToCrop(path: path) }
      if let span = spans.first(where: { $0.upperBound - $0.lowerBound > Self.longestSeconds }) {
        throw PreparationError.tooLong(path: path, days: (span.upperBound - span.lowerBound) / Self.day)
      }
      let length = LocalTime(day: nil, secondOfDay: morning.secondOfDay)
        .seconds(since: LocalTime(day: nil, secondOfDay: evening.secondOfDay))
      let first = try seconds(.clock(evening), after: low)
      var found: [Stretch] = []
      for night in Self.nights(of: spans, from: first, seconds: length) {
        let from = first + Double(night) * Self.day
        if min(from + length, high) - max(from, low) >= min(Self.shortestNightSeconds, length) {
          found.append(Stretch(suffix: "-night\(found.count + 1)", fromSeconds: from, toSeconds: from + length))
        }
      }
      guard !found.isEmpty else {
        throw PreparationError.noNight(path: path, from: first, to: first + length, measured: low...high)
      }
      return found
    }
  }

  /// The nights in which something was measured, counted from the first whole one; one that had begun when the recording did is -1. Of
  /// a recording with a gap of years those between are none.
  private static func nights(of spans: [ClosedRange<Double>], from first: Double, seconds: Double) -> [Int] {
    let touched = spans.flatMap { span -> [Int] in
      let start = Int(((span.lowerBound - first - seconds) / day).rounded(.down)) + 1
      let end = Int(((span.upperBound - first) / day).rounded(.up))
      return start < end ? Array(start..<end) : []
    }
    return Set(touched).filter { $0 >= -1 }.sorted()
  }
}

extension Preprocessing {
  /// The same within a stretch of a recording, where it says more than these settings do.
  public func within(_ stretch: Stretch) -> Preprocessing {
    var settings = self
    settings.fromSeconds = stretch.fromSeconds ?? fromSeconds
    settings.toSeconds = stretch.toSeconds ?? toSeconds
    return settings
  }
}
