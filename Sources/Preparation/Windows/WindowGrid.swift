import Corpora
import SleepCore

/// Where the windows of a recording lie in time. No label moves it, so that a night is cut alike whether or not anyone scored it.
struct WindowGrid: Equatable {
  let startSeconds: Double
  let windowSeconds: Double
  let count: Int

  /// Nobody records for longer than 90 days; times that say so are wrong, and would fill the memory.
  private static let longestSeconds = 90 * 86400.0

  var endSeconds: Double { startSeconds + Double(count) * windowSeconds }

  /// - Parameters:
  ///   - measured: From the first to the last sample of any sensor, in seconds.
  ///   - settings: From where windows are counted, and between which times.
  ///   - start: What the clock said at the recording's zero.
  /// - Throws: ``PreparationError/tooLong(path:days:)``, ``PreparationError/noClock(path:)``.
  init(measured: ClosedRange<Double>, settings: Preprocessing, start: LocalTime?, path: String) throws {
    let length = settings.windowSeconds ?? 30
    let (low, high) = (
      max(measured.lowerBound, settings.fromSeconds ?? -.infinity),
      min(measured.upperBound, settings.toSeconds ?? .infinity)
    )
    guard high - low <= Self.longestSeconds else {
      throw PreparationError.tooLong(path: path, days: (high - low) / 86400)
    }
    let origin: Double
    switch settings.anchor ?? .zero {
    case .zero: origin = 0
    case .firstSample: origin = measured.lowerBound
    case .clock:
      guard let start else { throw PreparationError.noClock(path: path) }
      origin = (start.secondOfDay / length).rounded(.up) * length - start.secondOfDay
    }
    // As much of a window must have been measured as the most lenient sensor asks for.
    let share = 1 - (settings.sensors.values.map { $0.maximumMissing ?? 0 }.max() ?? 0)
    func index(_ seconds: Double, _ rule: FloatingPointRoundingRule, _ tolerance: Double) -> Int {
      // A time beyond all windows, as that of an option may be, is as good as none.
      Int(min(max(((seconds - origin) / length + tolerance).rounded(rule), -1e15), 1e15))
    }
    let (early, late) = (-1e-6, 1e-6)
    var first = index(measured.lowerBound - (1 - share) * length, .up, early)
    var last = index(measured.upperBound - share * length, .down, late)
    if let from = settings.fromSeconds { first = max(first, index(from, .up, early)) }
    if let to = settings.toSeconds { last = min(last, index(to, .down, late) - 1) }
    windowSeconds = length
    startSeconds = origin + Double(first) * length
    count = max(0, last - first + 1)
  }
}

extension Signal {
  /// From the first sample to one sample after the last, in seconds; `nil` without samples.
  var measuredSeconds: ClosedRange<Double>? {
    switch timing {
    case .regular(let start, let rate):
      guard count > 0, rate > 0 else { return nil }
      return start...(start + Double(count) / rate)
    case .irregular(let seconds):
      let finite = seconds.filter(\.isFinite)
      guard let first = finite.min(), let last = finite.max() else { return nil }
      return first...last
    }
  }
}
