public import Training
public import Corpora
public import Layers
public import SleepCore

/// What a recipe says of how a recogniser is trained.
public struct FineTuningRecipe: Settings {
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
  public var sequence: Int = 1
  /// Windows from one training sequence to the next; `sequence` where 0.
  public var stride: Int = 0
  /// Windows from one sequence to the next in prediction, whose scores are averaged; 0 predicts a recording as one sequence.
  public var predictionStride: Int = 0
  /// Whether the sequences that hold a window vote on its class, in place of their mean scores: the most votes, and of equals the class of the
  /// earliest sequence. Probabilities are those of the mean scores in any case.
  public var votes: Bool = false
  /// Whether a map is also predicted as its mirror image, left side right, and the scores of both are averaged.
  public var mirrored: Bool = false
  public var batch: Int = 64
  public var epochs: Int = 30
  /// Steps in an epoch are at least these, so that a few labelled windows are seen often enough.
  public var minimumSteps: Int = 0
  /// Epochs without improvement after which training stops; 0 never stops early.
  public var patience: Int = 0
  public var select: Selection = .kappa
  /// A head with a linear chain takes none: its likelihood is of sequences.
  public var classWeights: ClassWeights = .none
  public var balance: Balance = .none
  /// Windows of each class in an epoch, of the training part alone: rare classes are drawn with repetition, common ones without;
  /// 0 leaves them as they are.
  public var balanceTo: Int = 0
  /// Whether each epoch draws for itself, so that all windows of a common class are seen; otherwise once for all epochs.
  public var balanceAnew: Bool = true
  /// What stands where `balance_to` would repeat a window.
  public var synthetic: SyntheticWindows.Kind = .none
  /// How inputs are scaled; fitted on the training windows and kept with the weights.
  public var scaling: InputScaling.Kind = .none
  /// Models that are trained alike from different seeds, whose probabilities are averaged.
  public var ensemble: Int = 1
  /// The share of a label that is spread over all classes; a head with a linear chain takes none.
  public var labelSmoothing: Double = 0
  /// How far a label is spread over classes that are near in angle, in steps of 30 degrees; 0 leaves it whole. A head with a linear chain
  /// takes none, nor do classes without angles.
  public var ordinal: Double = 0
  /// The share of the learning rate, in `fine-tuned`, of what comes with weights: the encoder, or all of an earlier model.
  public var encoderRate: Double = 0.1
  /// The whole model's share of that rate in `scratch`.
  public var scratchRate: Double = 1
  /// Whether `fine-tuned` keeps the encoder's batch statistics as pretraining left them.
  public var keepsStatistics: Bool = false
  /// The share of the steps of `fine-tuned` in which encoder and context stay as they are, statistics too, before they learn.
  public var thaw: Double = 0
  /// The rank of the change that `fine-tuned` learns of each weight of the encoder's and context's linear layers and convolutions, which
  /// themselves stay as they are; 0 learns the weights.
  public var lowRank: Int = 0
  /// What the change is multiplied with, times the rank.
  public var lowRankAlpha: Double = 8
  /// Hidden units of the bottleneck that `fine-tuned` learns behind the encoder, of each sensor, while encoder and context stay as they
  /// are; 0 is none.
  public var adapter: Int = 0
  public var optimization: OptimizationOptions = .init()
  public var augmentation: Augmentation = .init()
  /// Labels that the recogniser gives to the training people's unlabelled windows; none by default.
  public var selfTraining: SelfTrainingRecipe = .init()
  /// What is taken from a new person's own recording, without labels; nothing by default.
  public var adaptation: AdaptationRecipe = .init()

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .sequence: .whole(1...100_000),
      .stride: .whole(0...100_000),
      .predictionStride: .whole(0...100_000),
      .batch: .whole(1...65_536),
      .epochs: .whole(1...1_000_000),
      .minimumSteps: .whole(0...1_000_000),
      .patience: .whole(0...1_000_000),
      .balanceTo: .whole(0...10_000_000),
      .ensemble: .whole(1...100),
      .labelSmoothing: .number(0..<1),
      .ordinal: .number(0...100),
      .encoderRate: .number(0...1000),
      .scratchRate: .number(above: 0, to: 1000),
      .thaw: .number(0..<1),
      .lowRank: .whole(0...65_536),
      .lowRankAlpha: .number(above: 0, to: 1_000_000),
      .adapter: .whole(0...65_536),
    ])

  public var conflict: Misfit? {
    if stride > sequence {
      return Misfit("stride", with: ["sequence"], is: "\(stride)", expected: "at most the sequence, \(sequence)")
    }
    if votes, sequence < 2 || predictionStride == 0 {
      let other = sequence < 2 ? "'sequence' of \(sequence)" : "'prediction_stride' of 0"
      return Misfit(
        "votes", with: ["sequence", "prediction_stride"], is: "true with \(other)",
        expected: "false, or sequences that overlap: a 'prediction_stride' from 1 to below the sequence")
    }
    if sequence > 1, balanceTo > 0 || balance != .none {
      return Misfit(
        balanceTo > 0 ? "balance_to" : "balance", with: ["sequence"],
        is: "\(balanceTo > 0 ? "\(balanceTo)" : balance.rawValue) with 'sequence' of \(sequence)",
        expected: "single windows, whose class can be drawn; 'class_weights: balanced' does it for sequences")
    }
    if synthetic != .none, balanceTo == 0 {
      return Misfit(
        "synthetic", with: ["balance_to"], is: "\(synthetic.rawValue) without 'balance_to'",
        expected: "how many windows of each class there shall be")
    }
    if ordinal > 0, labelSmoothing > 0 {
      return Misfit(
        "ordinal", with: ["label_smoothing"], is: "\(ordinal) with 'label_smoothing' of \(labelSmoothing)",
        expected: "one of both: each spreads the label")
    }
    if thaw > 0, addsParameters {
      return Misfit(
        "thaw", with: ["low_rank", "adapter"], is: "\(thaw) with '\(lowRank > 0 ? "low_rank" : "adapter")'",
        expected: "0: beside it what was pretrained never learns")
    }
    return nil
  }

  /// The change that weights of encoder and context learn; `nil` where they learn themselves.
  public var lowRankChange: LowRank? { lowRank > 0 ? LowRank(rank: lowRank, alpha: lowRankAlpha) : nil }
  /// Whether `fine-tuned` leaves encoder and context as they are and learns what is added to them.
  public var addsParameters: Bool { lowRank > 0 || adapter > 0 }

  /// The same without anything that is added to encoder and context.
  public var withoutAdditions: FineTuningRecipe {
    var recipe = self
    (recipe.lowRank, recipe.adapter) = (0, 0)
    return recipe
  }

  public init() {}
}
