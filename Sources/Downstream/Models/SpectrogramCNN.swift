public import Encoders
public import Layers
public import SleepCore
public import Tensors
public import Training

/// Seven convolutions over a window's spectrogram and a dense layer; where wanted, a layer over neighbouring windows.
///
/// The published network of 51 x 59 spectrograms in five classes. Its layer table adds up to 750,245 parameters; the 740,245
/// printed under it is a slip. The two continuations that it asks for are ``Options/context``.
public struct SpectrogramCNN: RecognitionModel {
  public struct Options: ModelSettings {
    /// What looks at a window's neighbours: sequences of more than one window then make sense.
    public enum Context: String, Codable, CaseIterable, Sendable {
      case none
      /// A bidirectional LSTM.
      case recurrent
      /// Pre-norm transformer blocks.
      case transformer
    }

    /// Before the hidden layer.
    public var mapDropout: Double = 0.25
    /// Behind the hidden layer.
    public var dropout: Double = 0.5
    /// Width of the hidden layer.
    public var hidden: Int = 512
    public var context: Context = .none
    /// Width of the context's vectors: both directions together, or the transformer's.
    public var contextWidth: Int = 128
    /// Layers of the context.
    public var contextLayers: Int = 1

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .mapDropout: .number(0..<1),
        .dropout: .number(0..<1),
        .hidden: .whole(1...65_536),
        .contextWidth: .whole(1...65_536),
        .contextLayers: .whole(1...100),
      ])

    public var conflict: Misfit? {
      guard context != .none, contextWidth % 4 != 0 else { return nil }
      return Misfit("context_width", with: ["context"], is: "\(contextWidth)", expected: "a multiple of 4")
    }

    public init() {}
  }

  public let inputs: [WindowContract]
  public let classes: Int
  private let options: Options
  private let encoder: SpectrogramEncoder
  private let context: any Context
  private let output: Linear

  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract], classes: Int) throws {
    _ = try inputs.map(for: "spectrogram-cnn")
    self.inputs = inputs
    self.classes = classes
    self.options = options
    encoder = try SpectrogramEncoder(scope("encoder"), options.encoder, inputs: inputs)
    context = try options.reader.make(scope("context"), inputs: encoder.width)
    output = try Linear(scope("output"), inputs: context.width, outputs: classes, initialization: .keras)
  }

  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try scores(vectors: batch.vectors(encoder, of: inputs, mode), batch, mode)
  }

  public func scores(_ sequences: Sequences, of stretch: DeviceBatch) throws -> Tensor {
    try scores(
      vectors: stretch.vectors(encoder, of: inputs, sequences), stretch.cut(into: sequences, withInputs: false),
      .inference)
  }

  private func scores(vectors: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try output(context(vectors.dropout(options.dropout, mode), batch.extent(), mode))
  }
}

extension SpectrogramCNN.Options {
  fileprivate var encoder: SpectrogramEncoder.Options {
    var encoder = SpectrogramEncoder.Options()
    (encoder.mapDropout, encoder.hidden) = (mapDropout, hidden)
    return encoder
  }

  /// What lets a window's vector know of its neighbours.
  fileprivate var reader: ContextRecipe {
    switch context {
    case .none: ContextRecipe()
    case .recurrent:
      ContextRecipe(BiLSTM.self) { ($0.hidden, $0.layers, $0.dropout) = (contextWidth / 2, contextLayers, 0) }
    case .transformer:
      ContextRecipe(Transformer.self) {
        ($0.width, $0.layers, $0.heads, $0.feedForward) = (contextWidth, contextLayers, 4, 2 * contextWidth)
      }
    }
  }
}

extension SpectrogramCNN {
  /// Adam, batches of 16, 25 epochs of 1000 windows a class that are drawn once, between minimum and maximum.
  private static let training: FineTuningRecipe = {
    var recipe = FineTuningRecipe()
    (recipe.batch, recipe.epochs, recipe.select) = (16, 25, .accuracy)
    (recipe.balanceTo, recipe.balanceAnew, recipe.scaling) = (1000, false, .minMax)
    recipe.optimization.rule = .adam
    recipe.optimization.learningRate = 1e-3
    recipe.optimization.weightDecay = 0
    recipe.optimization.schedule = .constant
    recipe.optimization.clip = 0
    return recipe
  }()

  static let published = PublishedModel(
    name: "spectrogram-cnn", summary: "seven convolutions over a ready-made spectrogram",
    paper: "the spectrogram CNN of 51 x 59 images in five stages", optionsKey: "spectrogram_cnn",
    options: Options(),
    inputs: [WindowContract(sensor: .spectrogram, channels: [], shape: [51, 59], sampleRateHz: nil)],
    sequence: 1, classes: 5, training: training,
    encoder: { options, _ in EncoderRecipe(SpectrogramEncoder.self) { $0 = options.encoder } }
  ) { try SpectrogramCNN($0, $1, inputs: $2, classes: $3) }
}
