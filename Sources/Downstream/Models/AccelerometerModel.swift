import Encoders
public import Layers
public import SleepCore
public import Tensors
public import Training

/// Four recognisers of one window's spectrogram of acceleration, 65 x 73, each with or without the time of night.
public struct AccelerometerModel: RecognitionModel {
  /// Which of the four; named as recipes do.
  public enum Kind: String, CaseIterable, Sendable {
    /// Convolutions of 64 and 32, each pooled, and three dense layers of 32.
    case convolutional = "accelerometer-cnn"
    /// Dense layers of 64, 32, 32 and 32.
    case dense = "accelerometer-dense"
    /// Logistic regression on the spectrogram.
    case logistic = "accelerometer-logistic"
    /// Logistic regression on the spectrogram's mean over time.
    case logisticMean = "accelerometer-logistic-mean"
  }

  public struct Options: ModelSettings {
    /// Whether the time since the start of the recording is one more input, as a share of 8 h: to the first dense layer of
    /// the networks, and to the regression itself of the other two.
    public var timeOfNight: Bool = false
    /// Decibels that are taken away from every value, and that it is then divided by. As published, values are decibels.
    public var centerDecibels: Double = 0
    public var spreadDecibels: Double = 1
    /// Behind each dense layer.
    public var dropout: Double = 0.05

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .centerDecibels: .number(-1000...1000),
        .spreadDecibels: .number(above: 0, to: 1000),
        .dropout: .number(0..<1),
      ])

    public var readsClock: Bool { timeOfNight }

    public init() {}
  }

  /// Hours that the time of night is divided by.
  private static let nightHours = 8.0

  public let inputs: [WindowContract]
  public let classes: Int
  private let kind: Kind
  private let options: Options
  /// What pretext tasks teach; the others read the map itself.
  private let encoder: (any Encoder)?
  private let dense: [Linear]
  private let output: Linear

  public init(_ scope: Scope, _ kind: Kind, _ options: Options, inputs: [WindowContract], classes: Int) throws {
    let shape = try inputs.map(for: kind.rawValue).shape
    encoder = try options.encoder(of: kind)?.make(scope("encoder"), inputs: inputs)
    var width = kind == .logisticMean ? shape[0] : encoder?.width ?? shape.reduce(1, *)
    if options.timeOfNight { width += 1 }
    let sizes =
      switch kind {
      case .convolutional: [32, 32, 32]
      case .dense: encoder == nil ? [64, 32, 32, 32] : []
      case .logistic, .logisticMean: [Int]()
      }
    dense = try sizes.enumerated().map { index, outputs in
      defer { width = outputs }
      return try Linear(scope("dense")(index), inputs: width, outputs: outputs, initialization: .keras)
    }
    output = try Linear(scope("output"), inputs: width, outputs: classes, initialization: .keras)
    self.inputs = inputs
    self.classes = classes
    self.kind = kind
    self.options = options
  }

  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    var x: Tensor
    if let encoder {
      x = try batch.vectors(encoder, of: inputs, mode)
    } else {
      x = try (batch.windows(of: inputs[0]) - options.centerDecibels) / options.spreadDecibels
      if kind == .logisticMean { x = try x.mean([3]) }
      x = try x.reshaped([batch.count, batch.length, -1])
    }
    if options.timeOfNight {
      x = try .concatenate([x, batch.hourTensor().unsqueezed(2) / Self.nightHours], axis: 2)
    }
    for layer in dense { x = try layer(x).relu().dropout(options.dropout, mode) }
    return try output(x)
  }
}

extension AccelerometerModel {
  /// A model of each kind.
  static let published: [PublishedModel] = [
    published(.convolutional, "two convolutions over a spectrogram of acceleration"),
    published(.dense, "four dense layers on a spectrogram of acceleration"),
    published(.logistic, "logistic regression on a spectrogram of acceleration"),
    published(.logisticMean, "logistic regression on its mean over time"),
  ]

  private static func published(_ kind: Kind, _ summary: String) -> PublishedModel {
    PublishedModel(
      name: kind.rawValue, summary: summary, paper: "sleep stages from spectrograms of wrist acceleration",
      optionsKey: "accelerometer", options: Options(),
      inputs: [WindowContract(sensor: .spectrogram, channels: [], shape: [65, 73], sampleRateHz: nil)],
      sequence: 1, classes: 2,
      encoder: { options, _ in options.encoder(of: kind) }
    ) { try AccelerometerModel($0, kind, $1, inputs: $2, classes: $3) }
  }
}

extension AccelerometerModel.Options {
  /// The part that pretext tasks teach; none of a regression, and none of dense layers that the time of night enters.
  fileprivate func encoder(of kind: AccelerometerModel.Kind) -> EncoderRecipe? {
    switch kind {
    case .convolutional:
      EncoderRecipe(AccelerometerEncoder.self) {
        ($0.centerDecibels, $0.spreadDecibels) = (centerDecibels, spreadDecibels)
      }
    case .dense where !timeOfNight:
      EncoderRecipe(AccelerometerDense.self) {
        ($0.centerDecibels, $0.spreadDecibels, $0.dropout) = (centerDecibels, spreadDecibels, dropout)
      }
    case .dense, .logistic, .logisticMean: nil
    }
  }
}
