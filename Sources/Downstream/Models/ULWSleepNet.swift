public import Layers
public import SleepCore
public import Tensors
public import Training

/// ULW-SleepNet: dual-stream separable blocks, whose weights all channels share, and two linear layers.
///
/// Wang and others, "ULW-SleepNet: An Ultra-Lightweight Network for Multimodal Sleep Stage Scoring" (ICASSP 2026,
/// arXiv:2602.23852). Keras's conventions.
public struct ULWSleepNet: RecognitionModel {
  public struct Options: Codable, Hashable, Sendable, Ranged {
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
  private let blocks: [DualStreamBlock]
  private let hidden: Linear
  private let output: Linear
  /// Filters of all channels together.
  private let joinedWidth: Int

  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract], classes: Int) throws {
    guard inputs.count == 1, !inputs[0].sensor.isMap else {
      throw ModelError.inputs(
        model: "ulw-sleepnet", found: inputs, expected: "one sensor with channels of samples: psg as published")
    }
    try options.check(model: "ulw_sleepnet")
    self.inputs = inputs
    self.classes = classes
    self.options = options
    let sizes = [1] + options.filters
    blocks = try sizes.indices.dropFirst().map {
      try DualStreamBlock(scope("blocks")($0 - 1), inputs: sizes[$0 - 1], filters: sizes[$0])
    }
    joinedWidth = inputs[0].shape[0] * sizes[sizes.count - 1]
    hidden = try Linear(scope("hidden"), inputs: joinedWidth, outputs: options.hidden, initialization: .keras)
    output = try Linear(scope("output"), inputs: options.hidden, outputs: classes, initialization: .keras)
  }

  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    let joined = try batch.encodingMeasured(batch.windows(of: inputs[0]), width: joinedWidth) { windows in
      let (count, length, channels, samples) = try windows.shape4()
      var x = try windows.reshaped([count * length * channels, 1, samples])
      for block in blocks { x = try block(x, mode).dropout(options.blockDropout, mode) }
      return try x.mean([2]).reshaped([count, length, joinedWidth])
    }
    return try output(hidden(joined.dropout(options.dropout, mode)))
  }
}

extension ULWSleepNet {
  /// Adam with AMSGrad at 1e-3, cosine restarts from 10 steps on, each period twice the one before as in Keras; 50 epochs.
  private static let training: FineTuningRecipe = {
    var recipe = FineTuningRecipe()
    (recipe.batch, recipe.epochs, recipe.select) = (32, 50, .accuracy)
    recipe.optimization.rule = .adam
    recipe.optimization.amsgrad = true
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
    paper: "Wang et al., ULW-SleepNet, ICASSP 2026, arXiv:2602.23852",
    inputs: [
      WindowContract(
        sensor: .psg, channels: ["EEG Fpz-Cz", "EEG Pz-Oz", "EOG", "EMG"], shape: [4, 3000], sampleRateHz: 100)
    ],
    sequence: 1, classes: 5, training: training
  ) { try ULWSleepNet($0, $3.ulwSleepnet ?? .init(), inputs: $1, classes: $2) }
}

/// Two separable convolutions, each normalised, rectified and pooled by two; around them two of kernel 1 and stride 2; the sum.
private struct DualStreamBlock {
  private let convolutions: [SeparableConvolution1D]
  private let norms: [BatchNorm]
  private let shortcuts: [SeparableConvolution1D]

  init(_ scope: Scope, inputs: Int, filters: Int) throws {
    convolutions = try (0..<2).map {
      try SeparableConvolution1D(
        scope("convolutions")($0), inputs: $0 == 0 ? inputs : filters, outputs: filters, kernel: 3, padding: 1)
    }
    norms = try (0..<2).map {
      try BatchNorm(scope("norms")($0), channels: filters, momentum: 0.01, epsilon: 1e-3)
    }
    shortcuts = try (0..<2).map {
      try SeparableConvolution1D(
        scope("shortcuts")($0), inputs: $0 == 0 ? inputs : filters, outputs: filters, kernel: 1, stride: 2)
    }
  }

  /// - Parameter x: `[batch, inputs, samples]`.
  /// - Returns: `[batch, filters, samples / 4]`, rounded up.
  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var main = x
    for (convolution, norm) in zip(convolutions, norms) {
      // Rectified after pooling: the same values from half the work.
      main = try norm(convolution(main), mode).maxPoolPairs(ceiling: true).relu()
    }
    return try main + shortcuts[0](x, then: shortcuts[1])
  }
}
