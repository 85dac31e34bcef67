public import Encoders
public import Layers
public import SleepCore
import Tensors
import Training

/// A published system: what it is called, what it takes, and how it is made.
///
/// A new one is one file with such a value, and one line of ``RecognitionModels``.
public struct PublishedModel: Sendable {
  /// As recipes name it: `sleepvst`.
  public let name: String
  public let summary: String
  public let paper: String
  /// The key of its options in a recipe's `model_options`.
  public let optionsKey: String
  /// Its options as published.
  public let options: any ModelSettings
  /// The windows of the publication. Others may do: ``make(_:_:_:_:)`` says.
  public let inputs: [WindowContract]
  /// Windows in one input of the publication.
  public let sequence: Int
  /// Classes of the publication.
  public let classes: Int
  /// How the publication trains it, where it says so.
  public let training: FineTuningRecipe?
  private let encode: @Sendable (any ModelSettings, Int) -> EncoderRecipe?
  private let build: @Sendable (Scope, any ModelSettings, [WindowContract], Int) throws -> any RecognitionModel

  /// - Parameters:
  ///   - encoder: The part that pretext tasks teach, whose parameters are named `encoder.…`; `nil` where the system reads
  ///     its windows without one.
  ///   - make: Makes the model's parameters.
  init<Options: ModelSettings>(
    name: String, summary: String, paper: String, optionsKey: String, options: Options, inputs: [WindowContract],
    sequence: Int, classes: Int, training: FineTuningRecipe? = nil,
    encoder: @escaping @Sendable (Options, Int) -> EncoderRecipe? = { _, _ in nil },
    make: @escaping @Sendable (Scope, Options, [WindowContract], Int) throws -> any RecognitionModel
  ) {
    (self.name, self.summary, self.paper) = (name, summary, paper)
    (self.optionsKey, self.options) = (optionsKey, options)
    (self.inputs, self.sequence, self.classes, self.training) = (inputs, sequence, classes, training)
    encode = { encoder($0 as? Options ?? options, $1) }
    build = { try make($0, $1 as? Options ?? options, $2, $3) }
  }

  /// Makes the model's parameters.
  ///
  /// - Throws: ``ModelError`` for inputs or options that do not fit.
  public func make(
    _ scope: Scope, _ inputs: [WindowContract], _ classes: Int, _ options: ModelOptions = .init()
  ) throws -> any RecognitionModel {
    let own = options[optionsKey] ?? self.options
    try own.check(model: optionsKey)
    do {
      return try build(scope, own, inputs, classes)
    } catch EncoderError.unfit(_, let expected, _) {
      throw ModelError.inputs(model: name, found: inputs, expected: expected)
    }
  }

  /// The part that pretext tasks teach; `nil` where the system reads its windows without one.
  ///
  /// - Parameter sensors: How many the model reads.
  public func encoder(_ options: ModelOptions = .init(), sensors: Int) -> EncoderRecipe? {
    encode(options[optionsKey] ?? self.options, max(1, sensors))
  }

  /// What a model costs, in the form in which it was published.
  public struct Size: Codable, Hashable, Sendable {
    public let trainableParameters: Int
    /// Of one window: those of a sequence, divided by its windows.
    public let multiplyAdds: Int
  }

  /// Makes the model as published and counts.
  public func size(_ options: ModelOptions = .init()) throws -> Size {
    let store = try ParameterStore(seed: 1)
    let model = try make(store.root, inputs, classes, options)
    let trained = try store.train(.all.but(model.frozen))
    let windows = try emptyWindows()
    let count = try MultiplyAdds.counting {
      try LibTorch.withoutGradients { _ = try model.scores(windows, .inference) }
    }
    return Size(
      trainableParameters: trained.reduce(0) { $0 + $1.tensor.count },
      multiplyAdds: count / sequence)
  }

  /// One input of the publication, of zeros.
  func emptyWindows() throws -> DeviceBatch {
    try DeviceBatch(
      inputs: Dictionary(
        uniqueKeysWithValues: inputs.map { ($0.sensor, try .zeros([1, sequence] + $0.shape)) }),
      labels: [Int8](repeating: 0, count: sequence), length: sequence)
  }
}

extension [WindowContract] {
  /// The only contract, of a map.
  func map(for model: String) throws -> WindowContract {
    guard count == 1, first?.sensor.isMap == true, first?.planes == 1 else {
      throw ModelError.inputs(model: model, found: self, expected: "one sensor whose windows are maps")
    }
    return self[0]
  }
}
