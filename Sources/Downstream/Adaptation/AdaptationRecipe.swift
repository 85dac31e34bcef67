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
  /// A training of the head on its own labels of the person; none by default.
  public var testTime: TestTimeRecipe = .init()

  public static let ranges = NumberRanges(CodingKeys.self, [:])

  /// Whether anything is taken.
  public var isOn: Bool { statistics != .training || centring != .none || testTime.steps > 0 }

  /// For tables: what is taken, in words; empty of nothing.
  public var words: [String] {
    (statistics == .person ? ["its batch norms' statistics are each person's own"] : [])
      + (centring == .none ? [] : ["vectors are \(centring == .mean ? "centred" : "standardised") by person"])
      + (testTime.steps == 0
        ? []
        : [
          "its head is trained \(testTime.steps) steps on its own labels of each new person, where "
            + "\(Int((testTime.gate * 100).rounded())) % of these stay and it is no less sure"
        ])
  }

  public init() {}
}

/// What a recipe says of training the head on a new person's own windows, by the labels that it gives to those it is sure of.
///
/// Such training can run away, so that it has a gate: what comes of it is kept for a person only where most of those labels stay and the
/// recogniser is no less sure than before. After Sun and others, "Test-Time Training with Self-Supervision" (ICML 2020), and Lee,
/// "Pseudo-Label" (ICML workshop 2013).
public struct TestTimeRecipe: Settings {
  /// Steps for each person; 0 trains nothing.
  public var steps: Int = 0
  /// The learning rate, of AdamW without decay.
  public var rate: Double = 0.001
  /// Windows whose class is less probable than this are not trained on.
  public var confidence: Double = 0.9
  /// The share of the labels trained on that must be said again afterwards.
  public var gate: Double = 0.9

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .steps: .whole(0...1_000_000),
      .rate: .number(above: 0, to: 1000),
      .confidence: .number(0...1),
      .gate: .number(0...1),
    ])

  public init() {}
}
