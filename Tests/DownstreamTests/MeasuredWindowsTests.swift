import Corpora
import Downstream
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

/// Windows that were not measured, and padding, have no part in what a model learns or says of the others.
@Suite("Measured windows")
struct MeasuredWindowsTests {
  /// The first sequence has a gap and an end, the second fills its row, the third has nothing.
  private static let mask = [
    true, false, true, true, false, false,
    true, true, true, true, true, true,
    false, false, false, false, false, false,
  ]
  private static let lengths = [4, 6, 0]

  /// What a sensor that measures nothing holds must not matter: here large numbers.
  private static func batch(_ contract: WindowContract, classes: Int) throws -> DeviceBatch {
    let size = contract.size
    var values = try Formula.uniform("measured", [18] + contract.shape).values(Float.self)
    for window in mask.indices where !mask[window] {
      for index in (window * size)..<((window + 1) * size) { values[index] = 1e3 * (values[index] + 2) }
    }
    let labels = Formula.classes("labels", [18], classes)
    return try DeviceBatch(
      inputs: [contract.sensor: Tensor(values, shape: [3, 6] + contract.shape)],
      labels: zip(labels, mask).map { $1 ? $0 : -1 }, mask: mask, hours: (0..<18).map { Float($0 % 6) / 120 }, length: 6
    )
  }

  /// The measured windows of a batch, each a sequence of its own.
  private static func alone(_ batch: DeviceBatch) throws -> DeviceBatch {
    let places = mask.indices.filter { mask[$0] }
    return DeviceBatch(
      inputs: try batch.inputs.mapValues {
        try $0.reshaped([18, 1] + $0.shape.dropFirst(2)).select(0, indices: batch.measuredPlaces())
      }, labels: places.map { batch.labels[$0] }, hours: places.map { batch.hours[$0] }, length: 1)
  }

  /// One sequence of a batch up to its end.
  private static func sequence(_ row: Int, of batch: DeviceBatch) throws -> DeviceBatch {
    let places = (row * 6)..<(row * 6 + lengths[row])
    return DeviceBatch(
      inputs: try batch.inputs.mapValues { try $0.narrowed(0, row..<(row + 1)).narrowed(1, 0..<lengths[row]) },
      labels: Array(batch.labels[places]), mask: Array(batch.mask[places]), hours: Array(batch.hours[places]),
      length: lengths[row])
  }

  private static let ulwSleepNet: @Sendable (ParameterStore) throws -> any RecognitionModel = {
    var options = ULWSleepNet.Options()
    (options.filters, options.blockDropout, options.dropout, options.hidden) = ([4, 4], 0, 0, 6)
    return try ULWSleepNet(
      $0.root, options,
      inputs: [WindowContract(sensor: .heartRate, channels: ["hr"], shape: [1, 16], sampleRateHz: 1)], classes: 3)
  }

  struct Made: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let make: @Sendable (ParameterStore) throws -> any RecognitionModel
  }

  /// Models that look at each window by itself.
  static let windowWise =
    ["linear", "mlp", "cosine"].map { kind in
      Made(testDescription: kind) { try ToyNights.recogniser($0, head: ToyNights.head(kind, clock: true)) }
    } + [Made(testDescription: "ulw-sleepnet", make: ulwSleepNet)]

  @Test(
    "A training step on a padded batch has the loss, the gradients and the running statistics of its measured windows alone",
    arguments: windowWise)
  func step(_ made: Made) throws {
    func step(_ choose: (DeviceBatch) throws -> DeviceBatch) throws -> (Double, ParameterStore) {
      let store = try ParameterStore(seed: 3)
      let model = try made.make(store)
      let batch = try choose(Self.batch(ToyNights.input, classes: 3))
      let loss = try #require(
        try model.loss(batch, classWeights: nil, labelSmoothing: 0, .training(Generator(seed: 1))))
      try loss.backward()
      return (try loss.item(), store)
    }
    let (padded, store) = try step { $0 }
    let (plain, other) = try step(Self.alone)
    expectClose([padded], [plain], relative: 1e-6)
    #expect(store.entries.contains { $0.name.hasSuffix("running_var") })
    for (entry, own) in zip(store.entries, other.entries) {
      if entry.kind == .buffer {
        #expect(try entry.tensor.values(Float.self) == own.tensor.values(Float.self), "\(entry.name)")
      } else {
        expectClose(
          try #require(try entry.tensor.gradient()).values(Float.self),
          try #require(try own.tensor.gradient()).values(Float.self), relative: 1e-4, absolute: 1e-6)
      }
    }
  }

  static let sequential =
    Heads.names.map { kind in
      Made(testDescription: kind) { try ToyNights.recogniser($0, head: ToyNights.head(kind, clock: true)) }
    } + [
      Made(testDescription: "spectrogram-cnn, recurrent") {
        var options = SpectrogramCNN.Options()
        (options.hidden, options.context, options.contextWidth, options.contextLayers) = (8, .recurrent, 8, 2)
        return try SpectrogramCNN($0.root, options, inputs: [spectrogram], classes: 3)
      }
    ]
  private static let spectrogram = WindowContract(
    sensor: .spectrogram, channels: [], shape: [18, 18], sampleRateHz: nil)

  @Test("Each sequence of a padded batch has the scores that it has alone, to its end", arguments: sequential)
  func sequences(_ made: Made) throws {
    let store = try ParameterStore(seed: 5)
    let model = try made.make(store)
    let batch = try Self.batch(model.inputs[0], classes: 3)
    let scores = try model.scores(batch, .inference)
    #expect(try scores.shape == [3, 6, 3] && scores.isFinite())
    for row in 0..<2 {
      let own = try scores.narrowed(0, row..<(row + 1)).narrowed(1, 0..<Self.lengths[row])
      let alone = try model.scores(Self.sequence(row, of: batch), .inference)
      expectClose(try own.values(Float.self), try alone.values(Float.self), relative: 1e-4, absolute: 1e-5)
    }
  }

  @Test("A batch of which nothing was measured leaves running statistics as they are", arguments: sequential)
  func nothing(_ made: Made) throws {
    let store = try ParameterStore(seed: 5)
    let model = try made.make(store)
    let batch = try Self.batch(model.inputs[0], classes: 3)
    let empty = DeviceBatch(
      inputs: batch.inputs, labels: [Int8](repeating: -1, count: 18), mask: [Bool](repeating: false, count: 18),
      length: 6)
    let before = try store.numbers()
    let scores = try model.scores(empty, .training(Generator(seed: 1)))
    #expect(try scores.shape == [3, 6, 3] && scores.isFinite())
    #expect(try store.numbers() == before)
  }

  @Test(
    "A step reads its loss back from the device, and what a chain needs; neither labels nor mask, nor lengths",
    arguments: ToyNights.trainedHeads, [TransferProtocol.scratch, .frozen])
  func reads(kind: String, transfer: TransferProtocol) throws {
    // What a chain and a loss are computed of is float32 in any precision.
    for precision in Precision.allCases { try reads(kind, transfer, precision) }
  }

  private func reads(_ kind: String, _ transfer: TransferProtocol, _ precision: Precision) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(folder, [ToyNights.night("a", windows: 13, invalid: [4, 12])])
      let source = try ToyNights.source(corpus)
      for crf in [false, true] {
        let store = try ParameterStore(seed: 2)
        let model = try ToyNights.recogniser(store, head: ToyNights.head(kind, crf: crf, clock: true, dropout: 0.1))
        try store.train(transfer.trainsEncoder ? .all : .all.but(["encoder."]))
        var recipe = ToyNights.training(epochs: 1, sequence: 8)
        recipe.augmentation.signal = transfer == .scratch ? SignalAugmentation() : nil
        let view = try TrainedView(model, transfer: transfer, recipe, source, device: .cpu)
        let loop = try TrainingLoop(
          recipe.optimization, groups: [.init(store.parameters().filter(\.requiresGradient))], steps: 2)
        let generator = try Generator(seed: 1)
        for plan in source.plans(recording: 0, length: 8, stride: 8, batchSize: 1) {
          let batch = try BatchReader([source]).read(plan)
          let reads = try HostReads.noting {
            let loss = try precision.inStep {
              try view.loss(batch, scheme: ToyNights.scheme, classWeights: nil, labelSmoothing: 0, generator)
            }
            try loop.step(#require(loss))
          }
          // Of a chain its scores, then its start, transitions and end.
          #expect(reads.map(\.shape) == (crf ? [[1, 8, 3], [3], [3, 3], [3]] : []) + [[]])
          #expect(reads.allSatisfy { $0.dtype == .float32 || $0.dtype == .float64 })
        }
      }
    }
  }
}
