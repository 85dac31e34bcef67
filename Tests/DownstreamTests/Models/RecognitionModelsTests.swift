import Downstream
import Encoders
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing

@Suite("The published models")
struct RecognitionModelsTests {
  /// Multiply-adds are worked out by hand from the layers.
  private static let sizes: [(name: String, parameters: Int, multiplyAdds: Int)] = [
    // 240 windows, for ECG and breathing: 300 and 150 samples, halved by each block.
    ("sleepvst", 649_284, [300, 150].map(sleepVSTEncoder).reduce(0, +) + 64 * 64 * 2 + sleepVSTTransformer(2)),
    // Four blocks more.
    ("sleepvst-6", 1_442_372, [300, 150].map(sleepVSTEncoder).reduce(0, +) + 64 * 64 * 2 + sleepVSTTransformer(6)),
    // Blocks at 3000, 750 and 188 samples, four channels, two linear layers.
    ("ulw-sleepnet", 13_337, 4 * (232_500 + 330_136 + 309_824) + 128 * 64 + 64 * 5),
    ("spectrogram-cnn", 750_245, spectrogramCNN),
    (
      "accelerometer-cnn", 64 * 10 + 32 * 577 + (7168 + 1) * 32 + 2 * 33 * 32 + 33 * 2,
      63 * 71 * 9 * 64 + 29 * 33 * 9 * 64 * 32 + 7168 * 32 + 2 * 32 * 32 + 32 * 2
    ),
    (
      "accelerometer-dense", 4746 * 64 + 65 * 32 + 2 * 33 * 32 + 33 * 2,
      4745 * 64 + 64 * 32 + 2 * 32 * 32 + 32 * 2
    ),
    ("accelerometer-logistic", 4746 * 2, 4745 * 2),
    ("accelerometer-logistic-mean", 66 * 2, 65 * 2),
    // Maps of 63 x 23 and 29 x 9.
    (
      "accelerometer-cnn-30s", 1_088_066, 63 * 23 * 9 * 32 + 29 * 9 * 9 * 32 * 64 + 29 * 9 * 64 * 64 + 64 * 2
    ),
    ("accelerometer-dense-30s", 208_386, 65 * 25 * 128 + 128 * 2),
    (
      "ssrm-cnn", 26 * 32 + (25 * 32 + 1) * 64 + 8193 * 1024 + 1025 * 17,
      64 * 32 * 25 * 32 + 32 * 16 * 25 * 32 * 64 + 8192 * 1024 + 1024 * 17
    ),
    ("ssrm-cnn-3", 2_153_347, 32 * 16 * 25 * 32 + 16 * 8 * 25 * 32 * 64 + 2048 * 1024 + 1024 * 3),
    ("ssrm-worker", 1728 * 128 + 128 + 128 * 5 + 5, 1728 * 128 + 128 * 5),
  ]

  /// A seven-fold kernel, then blocks of kernels 3, 3 and 1; a sequence's samples are 240 times those of a window.
  private static func sleepVSTEncoder(samples: Int) -> Int {
    let channels = [16, 32, 32, 64, 64, 64, 64]
    var (length, count) = (240 * samples, 240 * samples * 7 * 16)
    for (inputs, outputs) in zip(channels, channels.dropFirst()) {
      count += length * (3 * inputs * outputs + 3 * outputs * outputs + inputs * outputs)
      length /= 2
    }
    return count / 240
  }

  /// Blocks of projections, attention over 240 windows and feed-forward layers of 512; and the classes.
  private static func sleepVSTTransformer(_ blocks: Int) -> Int {
    blocks * (4 * 128 * 128 + 2 * 240 * 128 + 2 * 128 * 512) + 128 * 4
  }

  /// Maps of 49 x 57, 24 x 28, 12 x 14, 6 x 7 and 3 x 3.
  private static let spectrogramCNN: Int = {
    let (a, b, c, d) = (49 * 57 * 9, 24 * 28 * 9, 12 * 14 * 9, 6 * 7 * 9)
    let convolutions = a * 32 * 33 + b * 2 * 32 * 32 + c * (32 * 64 + 64 * 64) + d * 64 * 128
    return convolutions + 9 * 128 * 512 + 512 * 5
  }()

  @Test("Each model's trainable parameters and multiply-adds of one window", arguments: sizes)
  func size(name: String, parameters: Int, multiplyAdds: Int) throws {
    let size = try RecognitionModels.named(name).size()
    #expect(size.trainableParameters == parameters)
    #expect(size.multiplyAdds == multiplyAdds)
  }

  @Test("Every model is in the table above, with a summary and a paper")
  func all() throws {
    #expect(RecognitionModels.all.map(\.name) == Self.sizes.map(\.name))
    for published in RecognitionModels.all {
      #expect(!published.summary.isEmpty && !published.paper.isEmpty)
    }
  }

  @Test("SleepVST of six blocks takes no other number of them")
  func sixBlocks() throws {
    let published = try RecognitionModels.named("sleepvst-6")
    var options = ModelOptions()
    var own = SleepVST.Options()
    own.layers = 4
    options["sleepvst"] = own
    let error = try #require(throws: ModelError.self) {
      _ = try published.make(ParameterStore(seed: 1).root, published.inputs, 4, options)
    }
    #expect(
      words(of: error)
        == "model_options.sleepvst.layers is 4, expected 6, as 'model: sleepvst-6' always has; 'model: sleepvst' takes any number"
    )
  }

  @Test("An unknown name is refused with the nearest")
  func unknown() throws {
    let error = try #require(throws: ModelError.self) { _ = try RecognitionModels.named("sleep-vst2") }
    #expect(words(of: error).hasPrefix("unknown model 'sleep-vst2', did you mean 'sleepvst'? Models: sleepvst, "))
  }
}
