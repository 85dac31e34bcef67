public import SleepCore

/// A measure of a night that a hypnogram gives.
public enum SleepMeasure: String, Codable, CaseIterable, Hashable, Sendable, CodingKeyRepresentable {
  case totalSleep = "total_sleep_minutes"
  case sleepEfficiency = "sleep_efficiency"
  case sleepOnsetLatency = "sleep_onset_latency_minutes"
  case wakeAfterSleepOnset = "wake_after_sleep_onset_minutes"
  case remLatency = "rem_latency_minutes"

  /// As tables name it, with its unit.
  public var title: String {
    switch self {
    case .totalSleep: "total sleep (min)"
    case .sleepEfficiency: "sleep efficiency"
    case .sleepOnsetLatency: "sleep onset latency (min)"
    case .wakeAfterSleepOnset: "wake after onset (min)"
    case .remLatency: "REM latency (min)"
    }
  }

  /// Its error in one night; `nil` where it is not defined.
  public func callAsFunction(_ errors: SleepMeasureErrors) -> Double? {
    switch self {
    case .totalSleep: errors.totalSleepMinutes
    case .sleepEfficiency: errors.sleepEfficiency
    case .sleepOnsetLatency: errors.sleepOnsetLatencyMinutes
    case .wakeAfterSleepOnset: errors.wakeAfterSleepOnsetMinutes
    case .remLatency: errors.remLatencyMinutes
    }
  }
}

/// The errors of one measure over all nights.
public struct SleepErrorSummary: Codable, Hashable, Sendable {
  /// Nights in which it is defined, true and predicted.
  public let nights: Int
  /// Mean of predicted less true, with its interval over subjects.
  public let bias: Estimate
  /// Mean size of the error.
  public let meanAbsoluteError: Double?
}

/// One night, scored.
public struct NightReport: Codable, Hashable, Sendable {
  /// The recording's id.
  public let recording: String
  /// Who slept.
  public let subject: Subject
  /// Of all windows that were scored.
  public let truth: SleepMeasures
  /// Of all windows that were predicted.
  public let predicted: SleepMeasures
  /// Predicted less true, of the windows that both have.
  public let errors: SleepMeasureErrors
  /// Of the windows that both have.
  public let accuracy: Double?
  /// Of the windows that both have; `nil` in a night of one stage.
  public let kappa: Double?
}
