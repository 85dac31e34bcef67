import Encoders
import Layers
public import SleepCore

/// SSRM's supervised network for pressure maps: its convolutional encoder and a linear layer.
///
/// Zhao, Dong and Zhou, "Self-Supervised Learning from Multi-Sensor Data for Sleep Recognition" (IEEE Access 2020).
public enum SSRMPressureMap {
  public struct Options: ModelSettings {
    /// Width of the dense layer.
    public var width: Int = 1024
    /// Behind the dense layer.
    public var dropout: Double = 0.5

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .width: .whole(1...65_536),
        .dropout: .number(0..<1),
      ])

    public init() {}
  }

  static let published = PublishedModel(
    name: "ssrm-cnn", summary: "two convolutions of 5 x 5 over a pressure map and a dense layer",
    paper: "Zhao, Dong and Zhou, SSRM, IEEE Access 2020", optionsKey: "ssrm_cnn", options: Options(),
    inputs: [WindowContract(sensor: .pressureMap, channels: [], shape: [64, 32], sampleRateHz: nil)],
    sequence: 1, classes: 17,
    encoder: { options, _ in EncoderRecipe(PressureMapCNN.self) { $0.width = options.width } }
  ) { scope, options, inputs, classes in
    _ = try inputs.map(for: "ssrm-cnn")
    return try Recogniser(
      scope, encoder: EncoderRecipe(PressureMapCNN.self) { $0.width = options.width },
      head: HeadRecipe(Choice(LinearHead.self) { $0.dropout = options.dropout }), inputs: inputs, classes: classes)
  }
}
