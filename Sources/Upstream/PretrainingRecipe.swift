public import SleepCore
public import Training

/// What a recipe says of pretraining.
public struct PretrainingRecipe: Codable, Hashable, Sendable, Ranged {
  /// What one encoder is pretrained on, with a stem for each; the recipe's own sensors where empty. More sensors than a
  /// recogniser reads still teach the trunk that its windows go through.
  public var sensors: [Sensor] = []
  public var tasks: [TaskRecipe] = []
  public var batch: Int = 128
  public var epochs: Int = 20
  /// Steps in an epoch; as many as the windows need where 0.
  public var steps: Int = 0
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
