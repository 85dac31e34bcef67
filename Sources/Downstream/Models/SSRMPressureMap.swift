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

  /// As described, of 17 postures; and as released, of three on maps of a quarter of the size.
  static let published = [
    system("ssrm-cnn", "two convolutions of 5 x 5 over a pressure map and a dense layer", [64, 32], classes: 17),
    system("ssrm-cnn-3", "the same on 32 x 16, of three postures: SSRM's as released", [32, 16], classes: 3),
  ]

  private static func system(_ name: String, _ summary: String, _ shape: [Int], classes: Int) -> PublishedModel {
    PublishedModel(
      name: name, summary: summary, paper: "Zhao, Dong and Zhou, SSRM, IEEE Access 2020", optionsKey: "ssrm_cnn",
      options: Options(),
      inputs: [WindowContract(sensor: .pressureMap, channels: [], shape: shape, sampleRateHz: nil)],
      sequence: 1, classes: classes,
      encoder: { options, _ in EncoderRecipe(PressureMapCNN.self) { $0.width = options.width } }
    ) { scope, options, inputs, classes in
      _ = try inputs.map(for: name)
      return try Recogniser(
        scope, encoder: EncoderRecipe(PressureMapCNN.self) { $0.width = options.width },
        head: HeadRecipe(Choice(LinearHead.self) { $0.dropout = options.dropout }), inputs: inputs, classes: classes)
    }
  }
}
