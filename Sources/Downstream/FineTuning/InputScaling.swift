package import Corpora
public import Layers
public import SleepCore
public import Tensors
public import Training

/// Brings inputs between 0 and 1 by the least and greatest values of the training windows, which are kept with the weights.
///
/// Values of other windows may lie outside; they are not cut off.
public struct InputScaling {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case none
    /// One range for all of a map, or of each of its planes; one a channel of a signal.
    case minMax = "min-max"
    /// One range for each cell of a map or each sample of a signal, as scikit-learn's `MinMaxScaler` of flattened windows.
    case minMaxCells = "min-max-cells"
  }

  private struct Bounds {
    let minimum: Tensor
    let maximum: Tensor
    /// Of `[batch, length, …]`, those that the range spans.
    let axes: [Int]
  }

  private var ranges: [Sensor: Bounds] = [:]

  /// Buffers are named `<sensor>.minimum` and `<sensor>.maximum`; until ``fit(_:)`` or loading they change nothing.
  public init(_ scope: Scope, _ kind: Kind, inputs: [WindowContract]) throws {
    for input in inputs where kind != .none {
      let spanned = kind == .minMaxCells ? [] : Array(input.shape.indices.suffix(input.sensor.isMap ? 2 : 1))
      let shape = input.shape.indices.map { spanned.contains($0) ? 1 : input.shape[$0] }
      let scope = scope(input.sensor.rawValue)
      ranges[input.sensor] = Bounds(
        minimum: try scope.buffer("minimum", .zeros(shape)), maximum: try scope.buffer("maximum", .ones(shape)),
        axes: [0, 1] + spanned.map { $0 + 2 })
    }
  }

  /// Takes the ranges from the labelled windows of the training part.
  ///
  /// - Parameter source: With at least one labelled window.
  package func fit(_ source: WindowSource) throws {
    let reader = BatchReader([source])
    let windows = source.recordings.flatMap { source.labelled(recording: $0).map(\.window) }
    var found: [Sensor: (minimum: Tensor, maximum: Tensor)] = [:]
    try LibTorch.withoutGradients {
      for start in stride(from: 0, to: windows.count, by: 512) {
        let chunk = Array(windows[start..<min(start + 512, windows.count)])
        for input in try reader.read(BatchPlan(sensors: source.sensors, length: 1, windows: chunk)).inputs {
          guard let range = ranges[input.sensor] else { continue }
          // A sensor that was missing holds zeros, which are no values of its own.
          let own = input.valid.indices.filter { input.valid[$0] != 0 }
          guard !own.isEmpty else { continue }
          let all = try Tensor(input.values, shape: input.shape)
          let values =
            own.count == input.valid.count ? all : try all.select(0, indices: Tensor(own.map(Int64.init)))
          let least = try values.minimum(range.axes, keepAxes: true).reshaped(range.minimum.shape)
          let greatest = try values.maximum(range.axes, keepAxes: true).reshaped(range.minimum.shape)
          let before = found[input.sensor]
          found[input.sensor] = (
            try before?.minimum.minimum(least) ?? least, try before?.maximum.maximum(greatest) ?? greatest
          )
        }
      }
      for (sensor, values) in found {
        try ranges[sensor]?.minimum.assign(values.minimum)
        try ranges[sensor]?.maximum.assign(values.maximum)
      }
    }
  }

  /// - Parameter windows: `[batch, length, …]` of a sensor.
  /// - Returns: The same shape; where the training windows were all equal, their value becomes 0.
  public func callAsFunction(_ windows: Tensor, of sensor: Sensor) throws -> Tensor {
    guard let range = ranges[sensor] else { return windows }
    let width = try range.maximum - range.minimum
    return try (windows - range.minimum) / width.filled(with: 1, where: width.equals(0))
  }
}

/// A model of any kind behind the scaling of its inputs.
public struct ScaledModel: RecognitionModel {
  let scaling: InputScaling
  private let model: any RecognitionModel

  /// - Parameter scope: Of the scaling alone.
  public init(_ scope: Scope, _ kind: InputScaling.Kind, _ model: any RecognitionModel) throws {
    scaling = try InputScaling(scope, kind, inputs: model.inputs)
    self.model = model
  }

  private init(_ scaling: InputScaling, _ model: any RecognitionModel) {
    self.scaling = scaling
    self.model = model
  }

  public var inputs: [WindowContract] { model.inputs }
  public var classes: Int { model.classes }
  public var chain: ConditionalRandomField? { model.chain }
  public var trainsChain: Bool { model.trainsChain }
  public var frozen: [String] { model.frozen }
  public func freezingEncoder() -> ScaledModel { ScaledModel(scaling, model.freezingEncoder()) }

  public var fitting: Fitting? {
    model.fitting.map { inner in Fitting(head: inner.head) { try inner.inputs(scaled($0)) } }
  }

  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    try model.scores(scaled(batch), mode)
  }

  private func scaled(_ batch: DeviceBatch) throws -> DeviceBatch {
    let inputs = try Dictionary(
      uniqueKeysWithValues: batch.inputs.map { ($0.key, try scaling($0.value, of: $0.key)) })
    return batch.replacing(inputs: inputs)
  }
}
