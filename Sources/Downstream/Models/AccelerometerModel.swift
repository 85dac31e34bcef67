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

  public struct Options: Codable, Hashable, Sendable, Ranged {
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

    public init() {}
  }

  /// Hours that the time of night is divided by.
  private static let nightHours = 8.0

  public let inputs: [WindowContract]
  public let classes: Int
  private let kind: Kind
  private let options: Options
  private let convolutions: [Convolution2D]
  private let dense: [Linear]
  private let output: Linear

  public init(_ scope: Scope, _ kind: Kind, _ options: Options, inputs: [WindowContract], classes: Int) throws {
    try options.check(model: "accelerometer")
    var shape = try inputs.map(for: kind.rawValue).shape
    var channels = 1
    convolutions = try (kind == .convolutional ? [64, 32] : []).enumerated().map { index, outputs in
      defer { channels = outputs }
      shape = shape.map { ($0 - 2) / 2 }
      return try Convolution2D(
        scope("convolutions")(index), inputs: channels, outputs: outputs, kernel: [3, 3], initialization: .keras)
    }
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw ModelError.inputs(
        model: kind.rawValue, found: inputs, expected: "maps of at least 10 x 10")
    }
    var width = kind == .logisticMean ? shape[0] : channels * shape.reduce(1, *)
    if options.timeOfNight { width += 1 }
    let sizes =
      switch kind {
      case .convolutional: [32, 32, 32]
      case .dense: [64, 32, 32, 32]
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
    let (count, length, rows, columns) = try batch.windows(of: inputs[0]).shape4()
    var x = try batch.windows(of: inputs[0]).reshaped([count * length, 1, rows, columns])
    x = try (x - options.centerDecibels) / options.spreadDecibels
    for convolution in convolutions { x = try convolution(x).maxPool2d([2, 2]).relu() }
    if kind == .logisticMean { x = try x.mean([3]) }
    x = try x.reshaped([count, length, -1])
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
      inputs: [WindowContract(sensor: .spectrogram, channels: [], shape: [65, 73], sampleRateHz: nil)],
      sequence: 1, classes: 2
    ) { try AccelerometerModel($0, kind, $3.accelerometer ?? .init(), inputs: $1, classes: $2) }
  }
}
