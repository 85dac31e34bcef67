import Downstream
import Testing

@Suite("Layer tables")
struct LayerTableTests {
  @Test("The layers' parameters add up to the model's", arguments: RecognitionModels.all.map(\.name))
  func sums(name: String) throws {
    let model = try RecognitionModels.named(name)
    let rows = try model.layers()
    #expect(try rows.reduce(0) { $0 + $1.parameters } == model.size().trainableParameters)
    #expect(rows.allSatisfy { !$0.output.isEmpty && !$0.kind.isEmpty })
    let names = rows.map(\.name).filter { !$0.isEmpty }
    #expect(Set(names).count == names.count)
    #expect(rows.allSatisfy { !$0.name.isEmpty || $0.parameters == 0 })
  }

  @Test("The spectrogram CNN's table")
  func spectrogram() throws {
    let rows = try RecognitionModels.named("spectrogram-cnn").layers()
    let shown = rows.map { row in
      "\(row.name) \(row.kind) \(row.output.map(String.init).joined(separator: "x")) \(row.parameters)"
    }
    #expect(
      shown == [
        "encoder.convolutions.0 conv2d 32x49x57 320", "encoder.convolutions.1 conv2d 32x49x57 9248",
        " max_pool2d 32x24x28 0",
        "encoder.convolutions.2 conv2d 32x24x28 9248", "encoder.convolutions.3 conv2d 32x24x28 9248",
        " max_pool2d 32x12x14 0",
        "encoder.convolutions.4 conv2d 64x12x14 18496", "encoder.convolutions.5 conv2d 64x12x14 36928",
        " max_pool2d 64x6x7 0",
        "encoder.convolutions.6 conv2d 128x6x7 73856", " max_pool2d 128x3x3 0", "encoder.hidden linear 512 590336",
        "output linear 5 2565",
      ])
  }

  @Test("Options change the table")
  func options() throws {
    var options = ModelOptions()
    var own = SpectrogramCNN.Options()
    own.context = .recurrent
    options["spectrogram_cnn"] = own
    let rows = try RecognitionModels.named("spectrogram-cnn").layers(options)
    let row = try #require(rows.first { $0.name == "context.recurrent.0" })
    #expect(row.kind == "lstm" && row.output == [128])
    // Both directions: 4 gates of 64, from 512 inputs and 64 states, with two biases each.
    #expect(row.parameters == 2 * 256 * (512 + 64 + 2))
  }
}
