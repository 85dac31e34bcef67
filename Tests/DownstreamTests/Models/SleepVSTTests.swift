import Downstream
import Encoders
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("SleepVST")
struct SleepVSTTests {
  private static let inputs = [
    WindowContract(sensor: .ecg, channels: ["ECG"], shape: [1, 300], sampleRateHz: 10),
    WindowContract(sensor: .respiration, channels: ["Thor"], shape: [1, 150], sampleRateHz: 5),
  ]

  private static func batch(_ index: Int, valid: [Bool]? = nil) throws -> DeviceBatch {
    try Reference.batch(
      [
        .ecg: Formula.uniform("ecg \(index)", [2, 12, 1, 300]),
        .respiration: Formula.uniform("respiration \(index)", [2, 12, 1, 150]),
      ],
      labels: "labels \(index)", classes: 4, shape: [2, 12], valid: valid)
  }

  /// The second sequence ends after nine windows.
  private static let nineOfTwelve = (0..<24).map { $0 < 21 }

  @Test("Logits and twenty training steps are PyTorch's, with 649,284 parameters")
  func reference() throws {
    var options = SleepVST.Options()
    options.dropout = 0
    let store = try ParameterStore(seed: 1)
    let model = try SleepVST(store.root, options, inputs: Self.inputs, classes: 4)
    #expect(store.parameterCount == 649_284)
    try Reference("sleepvst", store, model).expectAgreement(
      (0..<2).map { try Self.batch($0, valid: Self.nineOfTwelve) }, Reference.rule(.adamw, 5e-4, weightDecay: 1e-3))
  }

  @Test("Sequences that overlap in a stretch of windows have PyTorch's logits, in which each is alone")
  func overlapping() throws {
    var options = SleepVST.Options()
    options.dropout = 0
    let store = try ParameterStore(seed: 1)
    let model = try SleepVST(store.root, options, inputs: Self.inputs, classes: 4)
    let reference = try Reference("sleepvst", store, model)
    let batch = try Self.batch(0, valid: Self.nineOfTwelve)
    let inputs = try batch.inputs.mapValues { try $0.reshaped([1, 24] + $0.shape.dropFirst(2)) }
    let stretch = DeviceBatch(inputs: inputs, labels: batch.labels, mask: batch.mask, length: 24)
    let scores = try LibTorch.withoutGradients {
      try model.scores(Sequences(starts: [0, 4, 12], length: 12), of: stretch).values(Float.self)
    }
    let logits = try reference.fixture.floats("logits").values
    expectClose(Array(scores[..<48]) + scores[96...], logits, relative: 1e-4, absolute: 1e-4)
  }

  @Test("A new adapter changes nothing, and counts 64 x 2 x 128 weights and the biases")
  func adapter() throws {
    var options = SleepVST.Options()
    let plain = try ParameterStore(seed: 1)
    let without = try SleepVST(plain.root, options, inputs: Self.inputs, classes: 4)
    options.adapter = 64
    let adapted = try ParameterStore(seed: 1)
    let with = try SleepVST(adapted.root, options, inputs: Self.inputs, classes: 4)
    #expect(adapted.parameterCount - plain.parameterCount == 2 * 64 * 128 + 64 + 128)
    try Formula.fill(plain)
    for entry in plain.entries { try LibTorch.withoutGradients { try adapted[entry.name]?.assign(entry.tensor) } }
    let batch = try Self.batch(0)
    expectClose(
      try with.scores(batch, .inference).values(Float.self), try without.scores(batch, .inference).values(Float.self))
  }

  @Test(
    "The authors' adapter behind the transformer has PyTorch's logits and losses, and of 1,459,720 parameters 17,348 learn"
  )
  func adapterBehind() throws {
    let store = try ParameterStore(seed: 1)
    let model = try SleepVST(store.root, Self.adapted(), inputs: Self.inputs, classes: 4)
    #expect(store.parameterCount == 1_459_720)
    let trained = try store.train(.all.but(model.frozen))
    #expect(Set(trained.map { $0.name.split(separator: ".")[0] }) == ["adapter", "classifier"])
    #expect(trained.reduce(0) { $0 + $1.tensor.count } == 17_348)
    try Reference("sleepvst-adapter", store, model).expectAgreement(
      (0..<2).map { try Self.batch($0, valid: Self.nineOfTwelve) }, Reference.rule(.adamw, 5e-3, weightDecay: 1e-3))
  }

  @Test(
    "The authors' adapter begins with a deviation of 0.001 and biases of 0, so that it changes next to nothing but by its norm"
  )
  func adapterBehindBegins() throws {
    let store = try ParameterStore(seed: 1)
    _ = try SleepVST(store.root, Self.adapted(), inputs: Self.inputs, classes: 4)
    let up = try #require(store["adapter.up.weight"]).values(Float.self)
    let deviation = (up.reduce(0) { $0 + Double($1) * Double($1) } / Double(up.count)).squareRoot()
    expectClose([deviation], [1e-3], relative: 0.03)
    #expect(try store["adapter.up.bias"]?.values(Float.self).allSatisfy { $0 == 0 } == true)
    #expect(try store["adapter.down.bias"]?.values(Float.self).contains { $0 != 0 } == true)
  }

  /// As the authors' program has it, with six blocks, all else frozen.
  private static func adapted() -> SleepVST.Options {
    var options = SleepVST.Options()
    (options.layers, options.dropout) = (6, 0)
    (options.adapter, options.adapterPlace, options.frozen) = (64, .behindTransformer, [.encoders, .transformer])
    return options
  }

  @Test("Frozen encoders keep weights and running statistics in training; the transformer moves")
  func frozenEncoders() throws {
    var options = SleepVST.Options()
    options.frozen = [.encoders]
    let store = try ParameterStore(seed: 1)
    let model = try SleepVST(store.root, options, inputs: Self.inputs, classes: 4)
    try store.train(.all.but(model.frozen))
    let before = try store.snapshot()
    let loop = try TrainingLoop(Reference.rule(.adamw, 1e-3), groups: [.init(store.parameters())], steps: 1)
    let batch = try Self.batch(0)
    try loop.step(
      model.scores(batch, .training(Generator(seed: 1))).reshaped([-1, 4])
        .crossEntropy(batch.labelTensor().reshaped([-1])))
    for (entry, old) in zip(store.entries, before) where entry.tensor.dtype == .float32 {
      let moved = try entry.tensor.detach().values(Float.self) != old.values(Float.self)
      #expect(moved != entry.name.hasPrefix("encoder."), "\(entry.name)")
    }
  }

  @Test("A window that was not measured, and a sequence without any, leave the others' scores finite")
  func nothingValid() throws {
    let store = try ParameterStore(seed: 1)
    let model = try SleepVST(store.root, .init(), inputs: Self.inputs, classes: 4)
    let batch = try Self.batch(0, valid: (0..<24).map { $0 < 12 && $0 != 5 })
    #expect(try model.scores(batch, .inference).isFinite())
  }

  @Test("A width that heads or sensors cannot share is refused")
  func widths() throws {
    var options = SleepVST.Options()
    options.heads = 7
    let error = try #require(throws: ModelError.self) {
      _ = try SleepVST(ParameterStore(seed: 1).root, options, inputs: Self.inputs, classes: 4)
    }
    #expect(words(of: error) == "model_options.sleepvst.heads is 7, expected a divisor of the width, 128")
    options = Self.adapted()
    options.adapter = 0
    let without = try #require(throws: ModelError.self) {
      _ = try SleepVST(ParameterStore(seed: 1).root, options, inputs: Self.inputs, classes: 4)
    }
    #expect(
      words(of: without)
        == "model_options.sleepvst.adapter_place is behind-transformer with 'adapter' of 0, expected an 'adapter' there: the authors' has a width of 64"
    )
  }
}
