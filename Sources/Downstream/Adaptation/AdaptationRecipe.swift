public import SleepCore

/// What a recogniser takes from a new person's own recording, without labels: all that a bedside has once the night is over.
public struct AdaptationRecipe: Settings {
  /// Whose statistics the batch norms use when someone is predicted.
  public enum Statistics: String, Codable, CaseIterable, Sendable {
    /// Those of the training.
    case training
    /// The person's own: Li and others, "Revisiting Batch Normalization For Practical Domain Adaptation" (ICLR workshop 2017).
    case person
  }

  /// What each person's vectors are put on, in training as in prediction.
  public enum Centring: String, Codable, CaseIterable, Sendable {
    case none
    /// The person's mean is taken away.
    case mean
    /// The mean is taken away, and each number divided by the person's standard deviation.
    case standard
  }

  public var statistics: Statistics = .training
  public var centring: Centring = .none

  public static let ranges = NumberRanges(CodingKeys.self, [:])

  /// Whether anything is taken.
  public var isOn: Bool { statistics != .training || centring != .none }

  /// For tables: what is taken, in words; empty of nothing.
  public var words: [String] {
    (statistics == .person ? ["its batch norms' statistics are each person's own"] : [])
      + (centring == .none ? [] : ["vectors are \(centring == .mean ? "centred" : "standardised") by person"])
  }

  public init() {}
}
