public import Layers
public import SleepCore
import Tensors
import Training

/// A published system: what it is called, what it takes, and how it is made.
public struct PublishedModel: Sendable {
  /// As recipes name it: `sleepvst`.
  public let name: String
  public let summary: String
  public let paper: String
  /// The windows of the publication. Others may do: ``make`` says.
  public let inputs: [WindowContract]
  /// Windows in one input of the publication.
  public let sequence: Int
  /// Classes of the publication.
  public let classes: Int
  /// How the publication trains it, where it says so.
  public var training: FineTuningRecipe? = nil
  /// Makes the model's parameters.
  ///
  /// - Throws: ``ModelError`` for inputs or options that do not fit.
  public let make:
    @Sendable (_ scope: Scope, _ inputs: [WindowContract], _ classes: Int, _ options: ModelOptions) throws ->
      any RecognitionModel

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
    for prefix in model.frozen { try store.setTrainable(false, under: prefix) }
    let windows = try emptyWindows()
    let count = try MultiplyAdds.counting {
      try LibTorch.withoutGradients { _ = try model.scores(windows, .inference) }
    }
    return Size(
      trainableParameters: store.parameters().filter(\.requiresGradient).reduce(0) { $0 + $1.count },
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
