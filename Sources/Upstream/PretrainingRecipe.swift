public import Training

/// What a recipe says of pretraining.
public struct PretrainingRecipe: Codable, Hashable, Sendable {
  public var tasks: [TaskRecipe] = []
  public var batch: Int = 128
  public var epochs: Int = 20
  /// Steps in an epoch; as many as the windows need where 0.
  public var steps: Int = 0
  public var optimization: OptimizationOptions = .init()

  public init() {}
}
