public import Training

/// What a recipe says of pretraining.
public struct PretrainingRecipe: Codable, Hashable, Sendable {
  public var tasks: [TaskRecipe]
  public var batch: Int
  public var epochs: Int
  /// Steps in an epoch; as many as the windows need where 0.
  public var steps: Int
  public var optimization: OptimizationOptions

  public init(
    tasks: [TaskRecipe], batch: Int = 128, epochs: Int = 20, steps: Int = 0,
    optimization: OptimizationOptions = .init()
  ) {
    self.tasks = tasks
    self.batch = batch
    self.epochs = epochs
    self.steps = steps
    self.optimization = optimization
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let plain = PretrainingRecipe(tasks: [])
    tasks = try container.decode([TaskRecipe].self, forKey: .tasks)
    batch = try container.decodeIfPresent(Int.self, forKey: .batch) ?? plain.batch
    epochs = try container.decodeIfPresent(Int.self, forKey: .epochs) ?? plain.epochs
    steps = try container.decodeIfPresent(Int.self, forKey: .steps) ?? plain.steps
    optimization = try container.decodeIfPresent(OptimizationOptions.self, forKey: .optimization) ?? plain.optimization
  }
}
