public import Layers
public import SleepCore
public import Tensors
public import Training

/// The first two networks for spectrograms of wrist acceleration, of the scored 30 s alone, 65 x 25: as their authors describe them. A later
/// program of theirs has ``AccelerometerModel``'s.
///
/// Canton and Walch, "Machine learning models based on sleep_classifiers" (2020). Keras's conventions; there is no dropout and no time of night.
public struct EarlyAccelerometer: RecognitionModel {
  /// Which of the two; named as recipes do.
  public enum Kind: String, CaseIterable, Sendable {
    /// Convolutions of 32 and 64 with a pool between them, and a dense layer of 64.
    case convolutional = "accelerometer-cnn-30s"
    /// A dense layer of 128.
    case dense = "accelerometer-dense-30s"
  }

  public struct Options: ModelSettings {
    /// Decibels that are taken away from every value, and that it is then divided by. As published, values are decibels.
    public var centerDecibels: Double = 0
    public var spreadDecibels: Double = 1

    public static let ranges = NumberRanges(
      CodingKeys.self, [.centerDecibels: .number(-1000...1000), .spreadDecibels: .number(above: 0, to: 1000)])

    public init() {}
  }

  public let inputs: [WindowContract]
  public let classes: Int
  private let options: Options
  private let convolutions: [Convolution2D]
  private let dense: Linear
  private let output: Linear

  public init(_ scope: Scope, _ kind: Kind, _ options: Options, inputs: [WindowContract], classes: Int) throws {
    var shape = try inputs.map(for: kind.rawValue).shape
    var channels = 1
    if kind == .convolutional {
      convolutions = try [32, 64].enumerated().map { index, outputs in
        defer { channels = outputs }
        return try Convolution2D(
          scope("convolutions")(index), inputs: channels, outputs: outputs, kernel: [3, 3], initialization: .keras)
      }
      shape = shape.map { ($0 - 2) / 2 - 2 }
    } else {
      convolutions = []
    }
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw ModelError.inputs(model: kind.rawValue, found: inputs, expected: "maps of at least 8 x 8")
    }
    let width = kind == .convolutional ? 64 : 128
    dense = try Linear(
      scope("dense"), inputs: channels * shape.reduce(1, *), outputs: width, initialization: .keras)
    output = try Linear(scope("output"), inputs: width, outputs: classes, initialization: .keras)
    self.inputs = inputs
    self.classes = classes
    self.options = options
  }

  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    var x = try (batch.windows(of: inputs[0]) - options.centerDecibels) / options.spreadDecibels
    x = try x.reshaped([batch.count * batch.length, 1] + inputs[0].shape)
    for (index, convolution) in convolutions.enumerated() {
      // The pool stands between them; a rectifier and a pool may change places.
      x = try (index == 0 ? convolution(x).maxPool2d([2, 2]) : convolution(x)).relu()
    }
    return try output(dense(x.reshaped([batch.count, batch.length, -1])).relu())
  }
}

extension EarlyAccelerometer {
  /// A model of each kind.
  static let published: [PublishedModel] = [
    published(.convolutional, "two convolutions with a pool between them, over a spectrogram of 30 s of acceleration"),
    published(.dense, "a dense layer on a spectrogram of 30 s of acceleration"),
  ]

  private static func published(_ kind: Kind, _ summary: String) -> PublishedModel {
    PublishedModel(
      name: kind.rawValue, summary: summary,
      paper: "sleep stages from spectrograms of wrist acceleration, their first networks",
      optionsKey: "early_accelerometer", options: Options(),
      inputs: [WindowContract(sensor: .spectrogram, channels: [], shape: [65, 25], sampleRateHz: nil)],
      sequence: 1, classes: 2
    ) { try EarlyAccelerometer($0, kind, $1, inputs: $2, classes: $3) }
  }
}
