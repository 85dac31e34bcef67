import Corpora
public import Encoders
import Foundation
public import Layers
public import SleepCore
public import Tensors
public import Training

/// An encoder, a context over its vectors where there is one, and a head, with or without a chain.
///
/// Vectors of several sensors are joined; those of a window that a sensor did not measure are zeros. Where sensors may be missing a flag a
/// sensor says which are there, to the context, or to the head where there is none.
public struct Recogniser: RecognitionModel {
  public let classes: Int
  public let chain: ConditionalRandomField?
  public let trainsChain: Bool
  private let encoder: any Encoder
  private let reader: NightReader
  private let head: any Head
  /// One a sensor, in the order of the inputs, where the head reads all layers; else empty.
  private let layers: [(encoder: LayeredEncoder, sum: LayerSum)]
  private let clock: Bool
  private let profile: Bool
  private let isFlagged: Bool
  /// What tells its encoder, and what is read of it, from others.
  let description: String
  /// One a sensor, in the order of the inputs; empty where nothing stands between encoder and context.
  private let adapters: [VectorAdapter]
  /// Keeps what is pretrained as it is, its running statistics too, in training.
  private var encoderIsFrozen = false

  /// Parameters are named `encoder.…` and `context.…`, as a pretrained encoder's file has them, `layers.<sensor>.…`, `adapters.<sensor>.…`,
  /// `head.…` and `chain.…`.
  ///
  /// - Parameters:
  ///   - toleratesMissing: Whether windows come that some of the sensors did not measure.
  ///   - lowRank: The change that weights of encoder and context get; none where `nil`.
  ///   - adapter: Hidden units of the bottleneck behind the encoder; 0 is none.
  ///   - trainsChain: Whether a chain learns; otherwise it keeps its first, random values.
  /// - Throws: `EncoderError` for windows or options that do not go together, as an encoder that reads the windows beside each where some
  ///   may be missing.
  public init(
    _ scope: Scope, encoder recipe: EncoderRecipe, context: ContextRecipe = .init(), head: HeadRecipe,
    inputs: [WindowContract], classes: Int, toleratesMissing: Bool = false, lowRank: LowRank? = nil, adapter: Int = 0,
    trainsChain: Bool = true
  ) throws {
    self.trainsChain = trainsChain
    let encoder = try recipe.make(scope("encoder").changing(by: lowRank), inputs: inputs)
    if toleratesMissing { try MissingSensors.check(encoder) }
    self.encoder = encoder
    isFlagged = toleratesMissing
    layers = try (head.encoderLayers == .weighted ? inputs : []).map { input in
      let layered = try LayeredEncoder(encoder, input, on: scope.device)
      return (
        layered, try LayerSum(scope("layers")(input.sensor.rawValue), widths: layered.widths, width: encoder.width)
      )
    }
    description =
      try Self.describe(recipe, inputs, lowRank, head.encoderLayers) + (toleratesMissing ? "\nmissing" : "")
    adapters = try (adapter > 0 ? inputs : []).map {
      try VectorAdapter(scope("adapters")($0.sensor.rawValue), width: encoder.width, hidden: adapter)
    }
    reader = try NightReader(
      scope("context").changing(by: lowRank), context,
      inputs: (encoder.width + (toleratesMissing ? 1 : 0)) * inputs.count)
    self.head = try head.make(
      scope("head"),
      inputs: reader.width + (head.clock ? Clock.width : 0) + (head.profile ? NightProfile.width(inputs) : 0),
      classes: classes)
    chain = head.crf ? try ConditionalRandomField(scope("chain"), classes: classes, isTrained: trainsChain) : nil
    (clock, profile) = (head.clock, head.profile)
    self.classes = classes
  }

  public var inputs: [WindowContract] { encoder.inputs }
  /// How many numbers ``vectors(_:_:)`` gives a window, of all sensors together.
  var vectorWidth: Int {
    layers.isEmpty ? encoder.width * encoder.inputs.count : layers.reduce(0) { $0 + $1.encoder.width }
  }

  public func freezingEncoder() -> Recogniser {
    var copy = self
    copy.encoderIsFrozen = true
    return copy
  }

  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try scores(vectors: vectors(batch, mode), batch, mode)
  }

  public func scores(_ sequences: Sequences, of stretch: DeviceBatch) throws -> Tensor {
    try scores(
      vectors: vectors(sequences, of: stretch), stretch.cut(into: sequences, withInputs: false), .inference)
  }

  /// What ``vectors(_:_:)`` gives of each of some sequences of a stretch of windows in inference.
  func vectors(_ sequences: Sequences, of stretch: DeviceBatch) throws -> Tensor {
    guard !layers.isEmpty else { return try stretch.vectors(encoder, of: inputs, sequences) }
    return try .concatenate(
      layers.map { try stretch.vectors($0.encoder, of: $0.encoder.inputs, sequences) }, axis: 2)
  }

  /// The joined vectors, or layers, of all sensors, `[batch, length, vectorWidth]`: of the measured windows alone, and zeros elsewhere.
  func vectors(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    let mode: Mode = encoderIsFrozen ? .inference : mode
    guard !layers.isEmpty else { return try batch.vectors(encoder, of: inputs, mode) }
    return try .concatenate(layers.map { try batch.vectors($0.encoder, of: $0.encoder.inputs, mode) }, axis: 2)
  }

  /// The vectors that context and head read, of vectors or layers that are there already.
  private func summed(_ vectors: Tensor, _ batch: DeviceBatch) throws -> Tensor {
    guard !layers.isEmpty else { return vectors }
    var start = 0
    let sums = try Tensor.concatenate(
      layers.map { layer in
        defer { start += layer.encoder.width }
        return try layer.sum(vectors.narrowed(2, start..<(start + layer.encoder.width)))
      }, axis: 2)
    guard !batch.isWhole else { return sums }
    // What was not measured stays zeros.
    return try sums
      * Tensor(batch.mask.map { $0 ? Float(1) : 0 }, shape: [batch.count, batch.length, 1]).to(batch.device)
  }

  /// What tells an encoder's vectors from others of the same weights.
  private static func describe(
    _ recipe: EncoderRecipe, _ inputs: [WindowContract], _ lowRank: LowRank?, _ layers: HeadRecipe.Layers
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let parts = try [encoder.encode(recipe), encoder.encode(inputs)].map { String(decoding: $0, as: UTF8.self) }
    return (parts + ["\(lowRank?.rank ?? 0) \(lowRank?.alpha ?? 0)", layers.rawValue]).joined(separator: "\n")
  }

  /// What ``scores(_:_:)`` makes of vectors that are there already.
  func scores(vectors: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    let features = try headInputs(vectors: vectors, batch, mode)
    // A head that is computed measures distances, which are of float32.
    guard !(head is any FittedHead) else { return try head(features, batch, mode) }
    return try Precision.forward(on: features.device) { try head(features, batch, mode) }
  }

  /// What the head reads of vectors that are there already, `[batch, length, inputs]`.
  func headInputs(vectors: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    let own = try adapted(summed(vectors, batch))
    let told = isFlagged ? try batch.flagged(own, of: inputs.map(\.sensor)) : own
    let read = try reader(told, batch, encoderIsFrozen ? .inference : mode)
    let beside =
      try (clock ? [Clock.features(batch.hourTensor())] : [])
      + (profile ? [batch.profile(of: inputs.map(\.sensor))] : [])
    return beside.isEmpty ? read : try .concatenate([read] + beside, axis: 2)
  }

  private func adapted(_ vectors: Tensor) throws -> Tensor {
    guard !adapters.isEmpty else { return vectors }
    let parts = try zip(adapters, vectors.split(encoder.width, axis: 2)).map { try $0($1) }
    return try .concatenate(parts, axis: 2)
  }

  public var frozen: [String] { trainsChain ? [] : ["chain."] }
  public var additions: [String] { Self.additions }
  static let additions = ["adapters.", "layers."]

  public var fitting: Fitting? {
    (head as? any FittedHead).map { head in
      Fitting(head: head) { try headInputs(vectors: vectors($0, .inference), $0, .inference) }
    }
  }

  /// Whether a window's vector is the same in every sequence, so that it may be kept.
  var keepsVectors: Bool { !encoder.readsNeighbours }
}
