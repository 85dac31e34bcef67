public import Encoders
public import Layers
public import SleepCore
public import Tensors
public import Training

/// SleepVST: a waveform encoder a sensor over the whole sequence, then a transformer over its windows.
///
/// Carter and others, "SleepVST: Sleep Staging from Near-Infrared Video Signals using Pre-Trained Transformers" (CVPR
/// 2024). Parameters are named `encoder.<sensor>.…`, `adapter.…`, `transformer.…` and `output.…`; with an adapter behind the transformer
/// the classes come of `classifier.…`.
public struct SleepVST: RecognitionModel {
  public struct Options: ModelSettings {
    /// What stays as it is when trained weights are carried over to other data.
    public enum Part: String, Codable, CaseIterable, Sendable {
      case encoders, transformer
    }

    /// Where an adapter stands, and of which form it is.
    public enum AdapterPlace: String, Codable, CaseIterable, Sendable {
      /// Between encoders and transformer, and without any effect before it is trained.
      case beforeTransformer = "before-transformer"
      /// As in the authors' program: on what the last block gives, without the transformer's own norm; with a norm behind its sum, and a new
      /// layer for the classes.
      case behindTransformer = "behind-transformer"
    }

    /// Blocks of the transformer.
    public var layers: Int = 2
    public var heads: Int = 8
    /// The size of a window's vector, shared evenly by the sensors.
    public var width: Int = 128
    public var feedForward: Int = 512
    public var dropout: Double = 0.1
    /// Of the weights by which attention mixes windows.
    public var attentionDropout: Double = 0
    /// Width of a residual adapter, 64 in the publication; 0 for none.
    public var adapter: Int = 0
    public var adapterPlace: AdapterPlace = .beforeTransformer
    public var frozen: [Part] = []

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .layers: .whole(0...1000),
        .heads: .whole(1...1024),
        .width: .whole(1...65_536),
        .feedForward: .whole(1...65_536),
        .dropout: .number(0..<1),
        .attentionDropout: .number(0..<1),
        .adapter: .whole(0...65_536),
      ])

    public var conflict: Misfit? {
      if width % 2 != 0 { return Misfit("width", is: "\(width)", expected: "an even number") }
      if width % heads != 0 {
        return Misfit("heads", with: ["width"], is: "\(heads)", expected: "a divisor of the width, \(width)")
      }
      if adapterPlace == .behindTransformer, adapter == 0 {
        return Misfit(
          "adapter_place", with: ["adapter"], is: "behind-transformer with 'adapter' of 0",
          expected: "an 'adapter' there: the authors' has a width of 64")
      }
      return nil
    }

    public var thawed: Options {
      var copy = self
      copy.frozen = []
      return copy
    }

    public init() {}
  }

  public let inputs: [WindowContract]
  public let classes: Int
  private var options: Options
  private let encoder: WaveformEncoder
  private let adapter: SleepVSTAdapter?
  private let transformer: Transformer
  private let output: Linear
  private let adaptedOutput: SleepVSTAdaptedOutput?

  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract], classes: Int) throws {
    try Self.check(options, inputs)
    self.inputs = inputs
    self.classes = classes
    self.options = options
    var waveforms = WaveformEncoder.Options()
    waveforms.width = options.width / inputs.count
    encoder = try WaveformEncoder(scope("encoder"), waveforms, inputs: inputs)
    let isBehind = options.adapterPlace == .behindTransformer
    adapter =
      options.adapter == 0 || isBehind
      ? nil : try SleepVSTAdapter(scope("adapter"), width: options.width, bottleneck: options.adapter)
    transformer = try Transformer(scope("transformer"), options.transformer, inputs: options.width)
    output = try Linear(scope("output"), inputs: options.width, outputs: classes)
    adaptedOutput =
      isBehind
      ? try SleepVSTAdaptedOutput(scope, width: options.width, bottleneck: options.adapter, classes: classes) : nil
  }

  public var frozen: [String] {
    options.frozen.map { $0 == .encoders ? "encoder." : "transformer." }
      + (adaptedOutput == nil ? [] : SleepVSTAdaptedOutput.replaced)
  }

  public var additions: [String] {
    adaptedOutput == nil ? (adapter == nil ? [] : ["adapter."]) : SleepVSTAdaptedOutput.additions
  }

  public func freezingEncoder() -> SleepVST {
    var copy = self
    if !copy.options.frozen.contains(.encoders) { copy.options.frozen.append(.encoders) }
    return copy
  }

  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try scores(
      vectors: batch.vectors(encoder, of: inputs, options.frozen.contains(.encoders) ? .inference : mode), batch, mode)
  }

  public func scores(_ sequences: Sequences, of stretch: DeviceBatch) throws -> Tensor {
    try scores(
      vectors: stretch.vectors(encoder, of: inputs, sequences), stretch.cut(into: sequences, withInputs: false),
      .inference)
  }

  private func scores(vectors x: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    if let adaptedOutput { return try adaptedOutput(transformer.unnormed(x, batch.extent(), mode)) }
    return try output(transformer(adapter?(x) ?? x, batch.extent(), mode))
  }

  private static func check(_ options: Options, _ inputs: [WindowContract]) throws {
    guard !inputs.isEmpty, inputs.allSatisfy({ !$0.sensor.isMap }) else {
      throw ModelError.inputs(
        model: "sleepvst", found: inputs, expected: "sensors with channels of samples: ecg and respiration as published"
      )
    }
    try options.check(model: "sleepvst")
    guard options.width % inputs.count == 0 else {
      throw ModelError.option(
        model: "sleepvst", name: "width", found: "\(options.width)",
        expected: "a multiple of the \(inputs.count) sensors")
    }
  }
}

extension SleepVST {
  /// AdamW at 5e-4 with decay 1e-3, lowered on plateaus; at most 30 epochs, stopped after 3 without improvement.
  private static let training: FineTuningRecipe = {
    var recipe = FineTuningRecipe()
    (recipe.sequence, recipe.stride, recipe.predictionStride) = (240, 10, 60)
    (recipe.batch, recipe.epochs, recipe.patience, recipe.select) = (128, 30, 3, .loss)
    recipe.optimization.rule = .adamw
    recipe.optimization.learningRate = 5e-4
    recipe.optimization.weightDecay = 1e-3
    recipe.optimization.schedule = .plateau
    recipe.optimization.plateau.patience = 1
    recipe.optimization.warmup = 0
    recipe.optimization.clip = 0
    return recipe
  }()

  static let published = system(
    "sleepvst", "waveform encoders of heart and breathing, and a transformer over the night", training
  ) { $0 }

  /// The program that the authors released, which has six blocks whatever it is asked for, leaves out weights of attention too, and
  /// halves the rate after five epochs without a better loss. Sequences that overlap vote.
  static let released = system(
    "sleepvst-6", "SleepVST as its program was released: six blocks, dropout of attention's weights", releasedTraining
  ) { options in
    var options = options
    guard [2, 6].contains(options.layers) else {
      throw ModelError.option(
        model: "sleepvst", name: "layers", found: "\(options.layers)",
        expected: "6, as 'model: sleepvst-6' always has; 'model: sleepvst' takes any number")
    }
    options.layers = 6
    if options.attentionDropout == 0 { options.attentionDropout = options.dropout }
    return options
  }

  private static let releasedTraining: FineTuningRecipe = {
    var recipe = training
    recipe.optimization.plateau.factor = 0.5
    recipe.optimization.plateau.patience = 5
    recipe.votes = true
    return recipe
  }()

  private static func system(
    _ name: String, _ summary: String, _ training: FineTuningRecipe,
    _ form: @escaping @Sendable (Options) throws -> Options
  ) -> PublishedModel {
    PublishedModel(
      name: name, summary: summary, paper: "Carter et al., SleepVST, CVPR 2024, arXiv:2404.03831",
      optionsKey: "sleepvst", options: Options(),
      inputs: [
        WindowContract(sensor: .ecg, channels: ["ECG"], shape: [1, 300], sampleRateHz: 10),
        WindowContract(sensor: .respiration, channels: ["Thor"], shape: [1, 150], sampleRateHz: 5),
      ],
      sequence: 240, classes: 4, training: training,
      encoder: { options, sensors in EncoderRecipe(WaveformEncoder.self) { $0.width = options.width / sensors } }
    ) { try SleepVST($0, form($1), inputs: $2, classes: $3) }
  }
}

extension SleepVST.Options {
  /// What reads the windows' vectors.
  fileprivate var transformer: Transformer.Options {
    var options = Transformer.Options()
    (options.width, options.layers, options.heads) = (width, layers, heads)
    (options.feedForward, options.dropout, options.attentionDropout) = (feedForward, dropout, attentionDropout)
    return options
  }
}
