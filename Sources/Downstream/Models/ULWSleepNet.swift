import Encoders
public import Layers
public import SleepCore
public import Tensors
public import Training

/// ULW-SleepNet: dual-stream separable blocks, whose weights all channels share, and two linear layers.
///
/// Wang and others, "ULW-SleepNet: An Ultra-Lightweight Network for Multimodal Sleep Stage Scoring" (ICASSP 2026,
/// arXiv:2602.23852). Keras's conventions.
public struct ULWSleepNet: RecognitionModel {
  public struct Options: ModelSettings {
    /// Filters of each block.
    public var filters: [Int] = [8, 16, 32]
    /// After each block.
    public var blockDropout: Double = 0.1
    /// Of the joined channels.
    public var dropout: Double = 0.3
    /// Width of the hidden layer, which is linear.
    public var hidden: Int = 64

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .filters: .whole(1...65_536).list(1...64),
        .blockDropout: .number(0..<1),
        .dropout: .number(0..<1),
        .hidden: .whole(1...65_536),
      ])

    public init() {}
  }

  public let inputs: [WindowContract]
  public let classes: Int
  private let options: Options
  private let encoder: SeparableEncoder
  private let hidden: Linear
  private let output: Linear

  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract], classes: Int) throws {
    guard inputs.count == 1, !inputs[0].sensor.isMap else {
      throw ModelError.inputs(
        model: "ulw-sleepnet", found: inputs, expected: "one sensor with channels of samples: psg as published")
    }
    self.inputs = inputs
    self.classes = classes
    self.options = options
    encoder = try SeparableEncoder(scope("encoder"), options.encoder, inputs: inputs)
    hidden = try Linear(scope("hidden"), inputs: encoder.width, outputs: options.hidden, initialization: .keras)
    output = try Linear(scope("output"), inputs: options.hidden, outputs: classes, initialization: .keras)
  }

  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try output(hidden(batch.vectors(encoder, of: inputs, mode).dropout(options.dropout, mode)))
  }
}

extension ULWSleepNet.Options {
  fileprivate var encoder: SeparableEncoder.Options {
    var encoder = SeparableEncoder.Options()
    (encoder.filters, encoder.blockDropout) = (filters, blockDropout)
    return encoder
  }
}

extension ULWSleepNet {
  /// Adam with AMSGrad and Keras's epsilon at 1e-3, cosine restarts from 10 steps on, each period twice the one before as in Keras; 50 epochs.
  private static let training: FineTuningRecipe = {
    var recipe = FineTuningRecipe()
    (recipe.batch, recipe.epochs, recipe.select) = (32, 50, .accuracy)
    recipe.optimization.rule = .adam
    recipe.optimization.amsgrad = true
    recipe.optimization.epsilon = 1e-7
    recipe.optimization.learningRate = 1e-3
    recipe.optimization.weightDecay = 0
    recipe.optimization.schedule = .restarts
    (recipe.optimization.period, recipe.optimization.periodGrowth) = (10, 2)
    recipe.optimization.warmup = 0
    recipe.optimization.clip = 0
    return recipe
  }()

  static let published = PublishedModel(
    name: "ulw-sleepnet", summary: "separable convolutions that all channels share: few parameters",
    paper: "Wang et al., ULW-SleepNet, ICASSP 2026, arXiv:2602.23852", optionsKey: "ulw_sleepnet",
    options: Options(),
    inputs: [
      WindowContract(
        sensor: .psg, channels: ["EEG Fpz-Cz", "EEG Pz-Oz", "EOG", "EMG"], shape: [4, 3000], sampleRateHz: 100)
    ],
    sequence: 1, classes: 5, training: training,
    encoder: { options, _ in EncoderRecipe(SeparableEncoder.self) { $0 = options.encoder } }
  ) { try ULWSleepNet($0, $1, inputs: $2, classes: $3) }
}
