public import SleepCore

/// What a hypnogram says of a night. Unscored windows are neither sleep nor wake; all times are in minutes.
public struct SleepMeasures: Codable, Hashable, Sendable {
  /// Length of the scored windows together.
  public let scoredMinutes: Double
  /// Total sleep time.
  public let totalSleepMinutes: Double
  /// Total sleep time over scored time, 0 to 1; `nil` without scored windows.
  public let sleepEfficiency: Double?
  /// From the first scored window to the first window of sleep, unscored ones between included; `nil` without sleep.
  public let sleepOnsetLatencyMinutes: Double?
  /// Wake between the first window of sleep and the end of the recording; `nil` without sleep.
  public let wakeAfterSleepOnsetMinutes: Double?
  /// From the first window of sleep to the first of REM; `nil` without REM, or where the labels do not tell REM from other sleep.
  public let remLatencyMinutes: Double?
  /// Share of each class in the scored windows, in the order of the classes; `nil` without scored windows.
  public let fractions: [Double]?

  /// - Parameter stages: One a window; `nil` is unscored.
  public init(stages: [Stage?], windowSeconds: Double) {
    self.init(labels: stages.map { $0?.rawValue ?? -1 }, scheme: .fiveStages, windowSeconds: windowSeconds)
  }

  /// - Parameters:
  ///   - labels: The class of each window by `scheme`; any other number is unscored.
  ///   - scheme: Of stages. The class of wake is that of wake alone, and so for REM.
  public init(labels: [Int8], scheme: LabelScheme, windowSeconds: Double) {
    let classes = scheme.classes.indices
    func only(_ stage: Stage) -> Int8? { classes.first { scheme.stages(ofClass: $0) == [stage] }.map(Int8.init) }
    let (wake, rem) = (only(.wake), only(.rem))
    let minutes = windowSeconds / 60
    func isScored(_ label: Int8) -> Bool { classes.contains(Int(label)) }

    let scored = labels.filter(isScored)
    let asleep = scored.filter { $0 != wake }.count
    scoredMinutes = Double(scored.count) * minutes
    totalSleepMinutes = Double(asleep) * minutes
    sleepEfficiency = scored.isEmpty ? nil : Double(asleep) / Double(scored.count)
    fractions =
      scored.isEmpty
      ? nil : classes.map { index in Double(scored.count { $0 == Int8(index) }) / Double(scored.count) }

    let start = labels.firstIndex(where: isScored)
    let onset = labels.firstIndex { isScored($0) && $0 != wake }
    let firstREM = rem.flatMap { labels.firstIndex(of: $0) }
    sleepOnsetLatencyMinutes = onset.flatMap { onset in start.map { Double(onset - $0) * minutes } }
    wakeAfterSleepOnsetMinutes = onset.map { onset in Double(labels[onset...].count { $0 == wake }) * minutes }
    remLatencyMinutes = onset.flatMap { onset in firstREM.map { Double($0 - onset) * minutes } }
  }
}

/// Predicted less true measures of a night. `nil` where either is not defined.
public struct SleepMeasureErrors: Codable, Hashable, Sendable {
  /// In minutes of total sleep time.
  public let totalSleepMinutes: Double
  /// As a share, -1 to 1.
  public let sleepEfficiency: Double?
  /// `nil` where either side has no sleep.
  public let sleepOnsetLatencyMinutes: Double?
  /// `nil` where either side has no sleep.
  public let wakeAfterSleepOnsetMinutes: Double?
  /// `nil` where either side has no REM.
  public let remLatencyMinutes: Double?
  /// One a class.
  public let fractions: [Double]?

  /// Compares the windows that are scored on both sides; the others count as unscored on both.
  ///
  /// - Throws: ``MetricsError/unequalLengths(truth:predicted:)``
  public init(truth: [Int8], predicted: [Int8], scheme: LabelScheme, windowSeconds: Double) throws {
    guard truth.count == predicted.count else {
      throw MetricsError.unequalLengths(truth: truth.count, predicted: predicted.count)
    }
    let classes = scheme.classes.indices
    let isScored = zip(truth, predicted).map { classes.contains(Int($0)) && classes.contains(Int($1)) }
    func measures(_ labels: [Int8]) -> SleepMeasures {
      SleepMeasures(
        labels: zip(labels, isScored).map { $1 ? $0 : -1 }, scheme: scheme, windowSeconds: windowSeconds)
    }
    let (actual, guess) = (measures(truth), measures(predicted))
    func error(_ measure: (SleepMeasures) -> Double?) -> Double? {
      measure(guess).flatMap { guess in measure(actual).map { guess - $0 } }
    }
    totalSleepMinutes = guess.totalSleepMinutes - actual.totalSleepMinutes
    sleepEfficiency = error(\.sleepEfficiency)
    sleepOnsetLatencyMinutes = error(\.sleepOnsetLatencyMinutes)
    wakeAfterSleepOnsetMinutes = error(\.wakeAfterSleepOnsetMinutes)
    remLatencyMinutes = error(\.remLatencyMinutes)
    fractions = guess.fractions.flatMap { guess in
      actual.fractions.map { actual in zip(guess, actual).map { $0 - $1 } }
    }
  }
}
