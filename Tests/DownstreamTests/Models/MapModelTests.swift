import Downstream
import Encoders
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Models of maps")
struct MapModelTests {
  private static func input(_ sensor: Sensor, _ rows: Int, _ columns: Int) -> WindowContract {
    WindowContract(sensor: sensor, channels: [], shape: [rows, columns], sampleRateHz: nil)
  }

  private static let spectrogram = input(.spectrogram, 51, 59)

  @Test("The spectrogram CNN's logits and twenty training steps are PyTorch's")
  func spectrogramReference() throws {
    var options = SpectrogramCNN.Options()
    (options.mapDropout, options.dropout) = (0, 0)
    let store = try ParameterStore(seed: 1)
    let model = try SpectrogramCNN(store.root, options, inputs: [Self.spectrogram], classes: 5)
    try Reference("spectrogram-cnn", store, model, without: "encoder.").expectAgreement(
      (0..<2).map {
        try Reference.batch(
          [.spectrogram: Formula.uniform("spectrogram \($0)", [4, 1, 51, 59])], labels: "labels \($0)", classes: 5,
          shape: [4, 1])
      }, Reference.rule(.adam, 1e-4))
  }

  @Test("Each layer of the spectrogram CNN has as many parameters as its table says")
  func layerTable() throws {
    let store = try ParameterStore(seed: 1)
    _ = try SpectrogramCNN(store.root, .init(), inputs: [Self.spectrogram], classes: 5)
    let counts = (0..<7).map { "encoder.convolutions.\($0)." } + ["encoder.hidden.", "output."]
    #expect(
      counts.map { store.parameters(under: $0).reduce(0) { $0 + $1.count } }
        == [320, 9248, 9248, 9248, 18_496, 36_928, 73_856, 590_336, 2565])
    #expect(store.parameterCount == 750_245)
  }

  @Test("With a context a window's scores depend on its neighbours", arguments: SpectrogramCNN.Options.Context.allCases)
  func context(kind: SpectrogramCNN.Options.Context) throws {
    var options = SpectrogramCNN.Options()
    options.context = kind
    let model = try SpectrogramCNN(
      ParameterStore(seed: 1).root, options, inputs: [Self.input(.spectrogram, 20, 20)], classes: 5)
    let maps = try Formula.uniform("maps", [1, 3, 20, 20])
    func scores(_ maps: Tensor) throws -> [Float] {
      let batch = try Reference.batch([.spectrogram: maps], labels: "", classes: 5, shape: [1, 3])
      return Array(try model.scores(batch, .inference).values(Float.self).prefix(5))
    }
    let changed = try Tensor.concatenate([maps.narrowed(1, 0..<2), maps.narrowed(1, 2..<3) * -1], axis: 1)
    #expect(try (scores(maps) != scores(changed)) == (kind != .none))
  }

  @Test("The accelerometer models' logits and twenty steps are PyTorch's", arguments: AccelerometerModel.Kind.allCases)
  func accelerometerReference(kind: AccelerometerModel.Kind) throws {
    var options = AccelerometerModel.Options()
    (options.dropout, options.timeOfNight) = (0, true)
    let store = try ParameterStore(seed: 1)
    let model = try AccelerometerModel(
      store.root, kind, options, inputs: [Self.input(.spectrogram, 65, 73)], classes: 4)
    try Reference("accelerometer/\(kind.rawValue)", store, model, without: "encoder.").expectAgreement(
      (0..<2).map {
        try Reference.batch(
          [.spectrogram: Formula.uniform("spectrogram \($0)", [4, 1, 65, 73])], labels: "labels \($0)", classes: 4,
          shape: [4, 1], hours: [0.5, 2.5, 4.5, 6.5])
      }, Reference.rule(.adam, 1e-4))
  }

  @Test("SSRM's pressure-map CNN gives PyTorch's logits and twenty training steps")
  func pressureReference() throws {
    var options = ModelOptions()
    var own = SSRMPressureMap.Options()
    own.dropout = 0
    options["ssrm_cnn"] = own
    let store = try ParameterStore(seed: 1)
    let model = try RecognitionModels.named("ssrm-cnn").make(
      store.root, [Self.input(.pressureMap, 16, 14)], 17, options)
    try Reference("ssrm-cnn", store, model).expectAgreement(
      (0..<2).map {
        try Reference.batch(
          [.pressureMap: Formula.uniform("map \($0)", [8, 1, 16, 14])], labels: "labels \($0)", classes: 17,
          shape: [8, 1])
      }, Reference.rule(.adam, 1e-4))
  }

  @Test(
    "The first accelerometer networks' and SSRM's worker's logits and twenty steps are PyTorch's",
    arguments: ["accelerometer-cnn-30s", "accelerometer-dense-30s", "ssrm-worker"])
  func earlyReference(name: String) throws {
    let published = try RecognitionModels.named(name)
    let input = published.inputs[0]
    let store = try ParameterStore(seed: 1)
    let model = try published.make(store.root, published.inputs, published.classes)
    try Reference("early-networks/\(name)", store, model).expectAgreement(
      (0..<2).map {
        try Reference.batch(
          [input.sensor: Formula.uniform("map \($0)", [4, 1] + input.shape)], labels: "labels \($0)",
          classes: published.classes, shape: [4, 1])
      }, Reference.rule(.adam, 1e-4))
  }

  @Test(
    "Inputs that are no maps are refused, naming what came",
    arguments: [
      "spectrogram-cnn", "accelerometer-cnn", "accelerometer-dense-30s", "ssrm-cnn", "ssrm-cnn-3", "ssrm-worker",
    ])
  func refusal(name: String) throws {
    let ecg = WindowContract(sensor: .ecg, channels: ["ECG"], shape: [1, 300], sampleRateHz: 10)
    let error = try #require(throws: ModelError.self) {
      _ = try RecognitionModels.named(name).make(ParameterStore(seed: 1).root, [ecg], 5, .init())
    }
    #expect(
      words(of: error) == "\(name) cannot take ecg 1 x 300 at 10 Hz (ECG), expected one sensor whose windows are maps")
  }
}
