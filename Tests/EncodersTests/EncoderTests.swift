import Encoders
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing

@Suite("Encoders")
struct EncoderTests {
  /// A window of every kind of sensor, as the readers prepare them.
  static let contracts: [WindowContract] = [
    WindowContract(sensor: .radar, channels: (0..<8).map { "c\($0)" }, shape: [8, 30], sampleRateHz: 1),
    WindowContract(sensor: .psg, channels: ["EEG", "EOG", "EMG"], shape: [3, 300], sampleRateHz: 10),
    WindowContract(sensor: .ecg, channels: ["ECG"], shape: [1, 300], sampleRateHz: 10),
    WindowContract(sensor: .respiration, channels: ["Thorax"], shape: [1, 150], sampleRateHz: 5),
    WindowContract(sensor: .accelerometer, channels: ["x", "y", "z"], shape: [3, 96], sampleRateHz: 3.2),
    WindowContract(sensor: .activity, channels: ["counts"], shape: [1, 2], sampleRateHz: nil),
    WindowContract(sensor: .heartRate, channels: ["HR"], shape: [1, 1], sampleRateHz: 1.0 / 30),
    WindowContract(sensor: .pressureMap, channels: [], shape: [32, 11], sampleRateHz: nil),
    WindowContract(sensor: .pressureMap, channels: [], shape: [2, 32, 11], sampleRateHz: nil),
    WindowContract(sensor: .spectrogram, channels: [], shape: [51, 59], sampleRateHz: nil),
  ]

  static func shared(width: Int = 16, trunk: Trunk.Kind = .mlp) -> EncoderRecipe {
    EncoderRecipe(SharedEncoder.self) {
      $0.width = width
      $0.trunk.kind = trunk
      $0.signal.channels = [8, 16]
      $0.map.channels = [4, 8]
    }
  }

  /// Every kind, those with a width of 16.
  static let kinds: [EncoderRecipe] = [
    shared(), EncoderRecipe(Perceptron.self) { $0.width = 16 }, EncoderRecipe(PressureMapCNN.self) { $0.width = 16 },
    EncoderRecipe(WaveformEncoder.self) { $0.width = 16 },
    EncoderRecipe(SeparableEncoder.self) { $0.filters = [4, 8] },
    EncoderRecipe(SpectrogramEncoder.self) { $0.hidden = 16 }, EncoderRecipe(AccelerometerEncoder.self) { _ in },
  ]

  static func windows(_ contract: WindowContract, batch: Int = 2, length: Int = 3, seed: UInt64 = 1) throws -> Tensor {
    try .normal([batch, length] + contract.shape, generator: Generator(seed: seed))
  }

  @Test(
    "Windows of every sensor become vectors of the encoder's width, or are refused in words", arguments: contracts,
    kinds)
  func shapes(contract: WindowContract, recipe: EncoderRecipe) throws {
    let (isMap, planes) = (contract.sensor.isMap, contract.planes)
    let expected =
      switch recipe.name {
      case "map-cnn": isMap ? nil : "maps"
      case "sleepvst": isMap ? "channels of samples" : nil
      case "ulw-sleepnet": isMap ? "one sensor with channels of samples" : nil
      case "spectrogram-cnn":
        isMap && planes == 1
          ? (contract.mapShape.columns < 18 ? "maps of at least 18 x 18" : nil)
          : "one sensor whose windows are maps"
      case "accelerometer-cnn": isMap && planes == 1 ? nil : "one sensor whose windows are maps"
      default: String?.none
      }
    if let expected {
      let error = #expect(throws: EncoderError.self) {
        try recipe.make(ParameterStore(seed: 1).root, inputs: [contract])
      }
      #expect(
        words(of: try #require(error))
          == "encoder.kind is \(recipe.name), which takes \(expected), not \(contract.summary)")
      return
    }
    let encoder = try recipe.make(ParameterStore(seed: 1).root("encoder"), inputs: [contract])
    if !["ulw-sleepnet", "accelerometer-cnn"].contains(recipe.name) { #expect(encoder.width == 16) }
    #expect(encoder.inputs == [contract])
    for mode in [Mode.inference, .training(try Generator(seed: 2))] {
      let windows = try Self.windows(contract)
      let vectors = try encoder(windows, of: contract.sensor, mode)
      #expect(vectors.shape == [2, 3, encoder.width])
      #expect(try vectors.isFinite())
      let tokens = try encoder.tokens(windows, of: contract.sensor, .inference)
      expectClose(
        try tokens.mean([2]).values(Float.self), try encoder(windows, of: contract.sensor, .inference).values(),
        relative: 1e-4, absolute: 1e-5)
    }
  }

  @Test("Every trunk gives vectors, and a window's does not depend on its neighbours", arguments: Trunk.Kind.allCases)
  func trunks(kind: Trunk.Kind) throws {
    let contract = Self.contracts[1]
    let encoder = try Self.shared(trunk: kind).make(ParameterStore(seed: 1).root, inputs: [contract])
    let windows = try Self.windows(contract)
    let together = try encoder(windows, of: .psg, .inference).detach()
    #expect(together.shape == [2, 3, 16])
    let alone = try encoder(windows.narrowed(1, 1..<2), of: .psg, .inference).detach()
    expectClose(
      try alone.values(Float.self), try together.narrowed(1, 1..<2).values(Float.self), relative: 1e-4,
      absolute: 1e-5)
  }

  @Test(
    "The last layer is the window's vector, and each layer has numbers of its own for each window", arguments: kinds)
  func layers(recipe: EncoderRecipe) throws {
    for contract in Self.contracts where contract.planes == 1 {
      guard let encoder = try? recipe.make(ParameterStore(seed: 3).root("encoder"), inputs: [contract]) else {
        continue
      }
      let windows = try Self.windows(contract)
      let layers = try encoder.layers(windows, of: contract.sensor, .inference)
      let last = try #require(layers.last)
      #expect(try last.values(Float.self) == encoder(windows, of: contract.sensor, .inference).values(Float.self))
      #expect(layers.allSatisfy { Array($0.shape.prefix(2)) == [2, 3] && $0.shape.count == 3 })
      let places = contract.sensor.isMap ? 9 : 1
      switch recipe.name {
      case "shared":
        let channels = contract.sensor.isMap ? [4, 8] : [8, 16]
        #expect(layers.map { $0.shape[2] } == channels.map { places * $0 } + [16, 16])
      case "map-cnn": #expect(layers.map { $0.shape[2] } == [9 * 32, 9 * 64, 16])
      case "ulw-sleepnet": #expect(layers.map { $0.shape[2] } == [4, 8].map { $0 * contract.shape[0] })
      default: #expect(layers.count == 1)
      }
    }
  }

  @Test("A change of the second convolution is seen from the second layer on")
  func laterLayers() throws {
    let contract = Self.contracts[1]
    let store = try ParameterStore(seed: 3)
    let encoder = try Self.shared().make(store.root("encoder"), inputs: [contract])
    let windows = try Self.windows(contract)
    func values() throws -> [[Float]] {
      try encoder.layers(windows, of: contract.sensor, .inference).map { try $0.values(Float.self) }
    }
    let before = try values()
    try LibTorch.withoutGradients { try store["encoder.stems.psg.convolutions.1.weight"]?.scale(by: 2) }
    #expect(try zip(before, values()).map { $0 != $1 } == [false, true, true, true])
  }

  @Test("Two sensors share one trunk: the loss of each reaches its own stem and the trunk")
  func shared() throws {
    let store = try ParameterStore(seed: 1)
    let (radar, map) = (Self.contracts[0], Self.contracts[7])
    let encoder = try Self.shared().make(store.root("encoder"), inputs: [radar, map])
    let parts = ["encoder.trunk.", "encoder.stems.radar.", "encoder.stems.pressure-map."]
    #expect(parts.reduce(0) { $0 + store.parameters(under: $1).count } == store.parameters().count)
    func reached(_ contract: WindowContract) throws -> [Bool] {
      try store.clearGradients()
      try encoder(Self.windows(contract), of: contract.sensor, .training(Generator(seed: 1))).power(2).sum().backward()
      return try parts.map { part in try store.parameters(under: part).allSatisfy { try $0.gradient() != nil } }
    }
    #expect(try reached(radar) == [true, true, false])
    #expect(try reached(map) == [true, false, true])
    // The sum of both losses has the sum of both gradients in the trunk.
    let trunk = try #require(store["encoder.trunk.blocks.0.linear1.weight"])
    func trunkGradient(_ contracts: [WindowContract]) throws -> [Float] {
      try store.clearGradients()
      for contract in contracts {
        try encoder(Self.windows(contract), of: contract.sensor, .inference).power(2).sum().backward()
      }
      return try #require(try trunk.gradient()).values(Float.self)
    }
    let (first, second) = (try trunkGradient([radar]), try trunkGradient([map]))
    expectClose(try trunkGradient([radar, map]), zip(first, second).map { $0 + $1 }, relative: 1e-4, absolute: 1e-4)
    #expect(first.contains { $0 != 0 } && second.contains { $0 != 0 })
  }

  @Test("The order of the sensors does not change the first weights")
  func order() throws {
    func weights(_ inputs: [WindowContract]) throws -> [[Float]] {
      let store = try ParameterStore(seed: 3)
      _ = try Self.shared().make(store.root, inputs: inputs)
      return try store.entries.map { try $0.tensor.values(Float.self) }
    }
    #expect(try weights([Self.contracts[0], Self.contracts[7]]) == weights([Self.contracts[7], Self.contracts[0]]))
  }

  @Test("Parameter counts are exact")
  func counts() throws {
    // SSRM's perceptron on maps of 64 by 27: 1728-128, and -5 for its task of five views.
    let store = try ParameterStore(seed: 1)
    let map = WindowContract(sensor: .pressureMap, channels: [], shape: [64, 27], sampleRateHz: nil)
    let perceptron = try EncoderRecipe(Perceptron.self) { $0.width = 128 }.make(store.root("encoder"), inputs: [map])
    #expect(store.parameterCount == 1728 * 128 + 128)
    _ = try Linear(store.root("views"), inputs: perceptron.width, outputs: 5)
    #expect(store.parameterCount == 1728 * 128 + 128 + 128 * 5 + 5)

    let shared = try ParameterStore(seed: 1)
    _ = try Self.shared().make(shared.root, inputs: [Self.contracts[1], Self.contracts[7]])
    let signal = 8 * 3 * 7 + 2 * 8 + 16 * 8 * 7 + 2 * 16 + 16 * 16 + 16
    let maps = 4 * 9 + 2 * 4 + 8 * 4 * 9 + 2 * 8 + 8 * 16 * 6 * 16 + 16
    let trunk = 2 * 16 + 16 * 32 + 32 + 32 * 16 + 16
    #expect(shared.parameterCount == signal + maps + trunk)
  }

  @Test("Another sensor, or a window of another shape, is refused in words")
  func refusals() throws {
    for recipe in Self.kinds.prefix(2) {
      let encoder = try recipe.make(
        ParameterStore(seed: 1).root, inputs: [Self.contracts[4], Self.contracts[7]])
      let sensor = #expect(throws: EncoderError.self) { try encoder(.ones([1, 1, 1, 30]), of: .ecg, .inference) }
      #expect(
        words(of: try #require(sensor))
          == "the encoder has no stem for ecg; it was made for accelerometer, pressure-map")
      let shape = #expect(throws: EncoderError.self) {
        try encoder(.ones([2, 1, 3, 100]), of: .accelerometer, .inference)
      }
      #expect(
        words(of: try #require(shape))
          == "windows of shape [2, 1, 3, 100], expected [batch, length, 3, 96]: the encoder was made for "
          + "accelerometer 3 x 96 at 3.2 Hz (x, y, z)")
      let rank = #expect(throws: EncoderError.self) { try encoder(.ones([32, 11]), of: .pressureMap, .inference) }
      #expect(
        words(of: try #require(rank))
          == "windows of shape [32, 11], expected [batch, length, 32, 11]: the encoder was made for pressure-map 32 x 11"
      )
    }
  }

  static let recipes: [(change: @Sendable (inout SharedEncoder.Options) -> Void, words: String)] = [
    ({ $0.width = 0 }, "encoder: 'width' is 0, expected a whole number from 1 to 65536"),
    ({ $0.signal.kernel = 0 }, "encoder: 'signal.kernel' is 0, expected a whole number from 1 to 9999"),
    ({ $0.signal.channels = [] }, "encoder: 'signal.channels' is a list of 0, expected a list of 1 to 64"),
    ({ $0.map.kernel = 4 }, "encoder: 'map.kernel' is 4, expected an odd number, which has a middle"),
    ({ $0.trunk.layers = -1 }, "encoder: 'trunk.layers' is -1, expected a whole number from 0 to 1000"),
    ({ $0.trunk.dropout = 1 }, "encoder: 'trunk.dropout' is 1.0, expected a number from 0 to below 1"),
    (
      {
        $0.trunk.kind = .transformer
        $0.trunk.heads = 5
      }, "encoder: 'trunk.heads' is 5, expected a divisor of the width, 16"
    ),
  ]

  @Test("A recipe that makes no encoder is refused in words", arguments: recipes.indices)
  func badRecipes(index: Int) throws {
    let recipe = EncoderRecipe(SharedEncoder.self) {
      $0 = Self.shared().options(of: SharedEncoder.self)
      Self.recipes[index].change(&$0)
    }
    let error = #expect(throws: EncoderError.self) {
      try recipe.make(ParameterStore(seed: 1).root, inputs: [Self.contracts[1], Self.contracts[7]])
    }
    #expect(words(of: try #require(error)) == Self.recipes[index].words)
  }
}
