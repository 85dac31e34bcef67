public import Training
public import Corpora

/// What a recipe says of how a recogniser is trained.
public struct FineTuningRecipe: Codable, Hashable, Sendable {
  /// What the validation subjects choose the epoch by.
  public enum Selection: String, Codable, CaseIterable, Sendable {
    case kappa, accuracy, loss
    case macroF1 = "macro-f1"
    /// Nothing is chosen: the last epoch's weights.
    case last
  }

  /// How classes that are rare weigh in the loss.
  public enum ClassWeights: String, Codable, CaseIterable, Sendable {
    case none
    /// By the inverse of their share.
    case balanced
  }

  /// Windows in a sequence; 1 makes every window stand alone.
  public var sequence: Int
  /// Windows from one training sequence to the next; `sequence` where 0.
  public var stride: Int
  /// Windows from one sequence to the next in prediction, whose scores are averaged; 0 predicts a recording as one sequence.
  public var predictionStride: Int
  public var batch: Int
  public var epochs: Int
  /// Steps in an epoch are at least these, so that a few labelled windows are seen often enough.
  public var minimumSteps: Int
  /// Epochs without improvement after which training stops; 0 never stops early.
  public var patience: Int
  public var select: Selection
  public var classWeights: ClassWeights
  public var balance: Balance
  public var labelSmoothing: Double
  /// The encoder's share of the head's learning rate in `fine-tuned`.
  public var encoderRate: Double
  public var optimization: OptimizationOptions
  public var augmentation: Augmentation

  public init(
    sequence: Int = 1, stride: Int = 0, predictionStride: Int = 0, batch: Int = 64, epochs: Int = 30,
    minimumSteps: Int = 0, patience: Int = 0, select: Selection = .kappa, classWeights: ClassWeights = .none,
    balance: Balance = .none, labelSmoothing: Double = 0, encoderRate: Double = 0.1,
    optimization: OptimizationOptions = .init(), augmentation: Augmentation = .init()
  ) {
    self.sequence = sequence
    self.stride = stride
    self.predictionStride = predictionStride
    self.batch = batch
    self.epochs = epochs
    self.minimumSteps = minimumSteps
    self.patience = patience
    self.select = select
    self.classWeights = classWeights
    self.balance = balance
    self.labelSmoothing = labelSmoothing
    self.encoderRate = encoderRate
    self.optimization = optimization
    self.augmentation = augmentation
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let plain = FineTuningRecipe()
    sequence = try container.decodeIfPresent(Int.self, forKey: .sequence) ?? plain.sequence
    stride = try container.decodeIfPresent(Int.self, forKey: .stride) ?? plain.stride
    predictionStride = try container.decodeIfPresent(Int.self, forKey: .predictionStride) ?? plain.predictionStride
    batch = try container.decodeIfPresent(Int.self, forKey: .batch) ?? plain.batch
    epochs = try container.decodeIfPresent(Int.self, forKey: .epochs) ?? plain.epochs
    minimumSteps = try container.decodeIfPresent(Int.self, forKey: .minimumSteps) ?? plain.minimumSteps
    patience = try container.decodeIfPresent(Int.self, forKey: .patience) ?? plain.patience
    select = try container.decodeIfPresent(Selection.self, forKey: .select) ?? plain.select
    classWeights = try container.decodeIfPresent(ClassWeights.self, forKey: .classWeights) ?? plain.classWeights
    balance = try container.decodeIfPresent(Balance.self, forKey: .balance) ?? plain.balance
    labelSmoothing = try container.decodeIfPresent(Double.self, forKey: .labelSmoothing) ?? plain.labelSmoothing
    encoderRate = try container.decodeIfPresent(Double.self, forKey: .encoderRate) ?? plain.encoderRate
    optimization = try container.decodeIfPresent(OptimizationOptions.self, forKey: .optimization) ?? plain.optimization
    augmentation = try container.decodeIfPresent(Augmentation.self, forKey: .augmentation) ?? plain.augmentation
  }
}
