public import Layers
public import SleepCore
public import Tensors
public import Training

/// Seven convolutions over a window's spectrogram and a dense layer; where wanted, a layer over neighbouring windows.
///
/// The published network of 51 x 59 spectrograms in five classes. Its layer table adds up to 750,245 parameters; the 740,245
/// printed under it is a slip. The two continuations that it asks for are ``Options/context``.
public struct SpectrogramCNN: RecognitionModel {
  public struct Options: Codable, Hashable, Sendable, Ranged {
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

  /// Outputs of each convolution; `pool` stands behind it where the maps are halved.
  private static let layers: [(outputs: Int, padding: Int, pool: Bool)] = [
    (32, 0, false), (32, 1, true), (32, 1, false), (32, 1, true), (64, 1, false), (64, 1, true), (128, 1, true),
  ]

  public let inputs: [WindowContract]
  public let classes: Int
  private let options: Options
  private let convolutions: [Convolution2D]
  private let hidden: Linear
  private let context: WindowContext
  private let output: Linear

  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract], classes: Int) throws {
    var shape = try inputs.map(for: "spectrogram-cnn").shape
    var channels = 1
    convolutions = try Self.layers.enumerated().map { index, layer in
      defer { channels = layer.outputs }
      shape = shape.map { ($0 - 2 + 2 * layer.padding) / (layer.pool ? 2 : 1) }
      return try Convolution2D(
        scope("convolutions")(index), inputs: channels, outputs: layer.outputs, kernel: [3, 3],
        padding: [layer.padding, layer.padding], initialization: .keras)
    }
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw ModelError.inputs(model: "spectrogram-cnn", found: inputs, expected: "maps of at least 18 x 18")
    }
    self.inputs = inputs
    self.classes = classes
    self.options = options
    hidden = try Linear(
      scope("hidden"), inputs: channels * shape.reduce(1, *), outputs: options.hidden, initialization: .keras)
    context = try WindowContext(scope("context"), options)
    output = try Linear(scope("output"), inputs: context.width, outputs: classes, initialization: .keras)
  }

  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    let (count, length, rows, columns) = try batch.windows(of: inputs[0]).shape4()
    var x = try batch.windows(of: inputs[0]).reshaped([count * length, 1, rows, columns])
    for (layer, convolution) in zip(Self.layers, convolutions) {
      x = try convolution(x)
      // Rectified after pooling: the same values from a quarter of the work.
      x = try (layer.pool ? x.maxPool2d([2, 2]) : x).relu()
    }
    let vectors = try hidden(x.reshaped([count, length, -1]).dropout(options.mapDropout, mode)).relu()
    return try output(context(vectors.dropout(options.dropout, mode), batch, mode))
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
    paper: "the spectrogram CNN of 51 x 59 images in five stages",
    inputs: [WindowContract(sensor: .spectrogram, channels: [], shape: [51, 59], sampleRateHz: nil)],
    sequence: 1, classes: 5, training: training
  ) { try SpectrogramCNN($0, $3.spectrogramCnn ?? .init(), inputs: $1, classes: $2) }
}
