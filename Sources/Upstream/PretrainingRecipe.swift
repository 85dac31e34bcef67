public import SleepCore
public import Training

/// What a recipe says of pretraining.
public struct PretrainingRecipe: Settings {
  /// How windows are drawn.
  public enum Draw: String, Codable, CaseIterable, Sendable {
    /// Each once before any comes again.
    case evenly
    /// With repetition, by how much moves in them: for sensors that mostly rest. After Yuan and others, "Self-supervised
    /// learning for human activity recognition using 700,000 person-days of wearable data" (npj Digital Medicine 2024).
    case byMovement = "by_movement"
  }

  /// Which epoch's encoder is kept.
  public enum Keep: String, Codable, CaseIterable, Sendable {
    case last
    /// That at whose end the probe's logistic regression is best on the validation people, the first of equals, among the epochs that it looks at:
    /// about ten, and the last. The last one is kept beside it. Their labels choose, so there must be some.
    case best
  }

  /// What one encoder is pretrained on, with a stem for each; the recipe's own sensors where empty. More sensors than a
  /// recogniser reads still teach the trunk that its windows go through.
  public var sensors: [Sensor] = []
  /// The data sets among those given that are read, by their corpora's names; all where absent or empty.
  public var corpora: [String]? = nil
  public var tasks: [TaskRecipe] = []
  /// Windows in a batch of tasks of windows.
  public var batch: Int = 128
  /// The batches of tasks of nights.
  public var nights: NightOptions = .init()
  public var draw: Draw = .evenly
  public var epochs: Int = 20
  /// Steps in an epoch; as many as the windows need where 0.
  public var steps: Int = 0
  public var keep: Keep = .last
  public var optimization: OptimizationOptions = .init()

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .batch: .whole(2...65_536),
      .epochs: .whole(1...1_000_000),
      .steps: .whole(0...1_000_000),
    ])

  public var conflict: Misfit? {
    guard optimization.schedule == .plateau else { return nil }
    return Misfit(
      "optimization.schedule", is: "plateau", expected: "another: pretraining has no validation loss")
  }

  public init() {}
}

/// What a recipe says of the stretches of nights that tasks of nights read.
public struct NightOptions: Settings {
  /// Windows in a stretch.
  public var length: Int = 120
  /// Windows from the start of one stretch to that of the next; each epoch begins at another place.
  public var stride: Int = 60
  /// Stretches in a batch.
  public var batch: Int = 16

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .length: .whole(2...100_000),
      .stride: .whole(1...100_000),
      .batch: .whole(2...65_536),
    ])

  public var conflict: Misfit? {
    stride <= length
      ? nil : Misfit("stride", with: ["length"], is: "\(stride)", expected: "at most the length, \(length)")
  }

  public init() {}
}
