public import SleepCore
public import Training

/// What a recipe says of pretraining.
public struct PretrainingRecipe: Codable, Hashable, Sendable {
  /// What one encoder is pretrained on, with a stem for each; the recipe's own sensors where empty. More sensors than a
  /// recogniser reads still teach the trunk that its windows go through.
  public var sensors: [Sensor] = []
  public var tasks: [TaskRecipe] = []
  public var batch: Int = 128
  public var epochs: Int = 20
  /// Steps in an epoch; as many as the windows need where 0.
  public var steps: Int = 0
  public var optimization: OptimizationOptions = .init()

  public init() {}
}
