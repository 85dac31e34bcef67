public import Layers
public import SleepCore
public import Tensors
public import Training

/// SSRM's worker as its program was released: a row of 64 x 27 cells, a hidden layer of 128 that is the row's features, and five classes.
///
/// Zhao, Dong and Zhou, "Self-Supervised Learning from Multi-Sensor Data for Sleep Recognition" (IEEE Access 2020), where the five classes
/// are the views of the pretext task.
public struct SSRMWorker: RecognitionModel {
  public struct Options: ModelSettings {
    /// Width of the hidden layer.
    public var width: Int = 128
    /// Behind the hidden layer; the released program keeps all of it.
    public var dropout: Double = 0

    public static let ranges = NumberRanges(
      CodingKeys.self, [.width: .whole(1...65_536), .dropout: .number(0..<1)])

    public init() {}
  }

  public let inputs: [WindowContract]
  public let classes: Int
  private let options: Options
  private let hidden: Linear
  private let output: Linear

  public init(_ scope: Scope, _ options: Options, inputs: [WindowContract], classes: Int) throws {
    let shape = try inputs.map(for: "ssrm-worker").shape
    hidden = try Linear(scope("hidden"), inputs: shape.reduce(1, *), outputs: options.width)
    output = try Linear(scope("output"), inputs: options.width, outputs: classes)
    self.inputs = inputs
    self.classes = classes
    self.options = options
  }

  public func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    let x = try batch.windows(of: inputs[0]).reshaped([batch.count, batch.length, -1])
    return try output(hidden(x).relu().dropout(options.dropout, mode))
  }

  static let published = PublishedModel(
    name: "ssrm-worker", summary: "a hidden layer of 128 on a row of cells: 1728-128-5",
    paper: "Zhao, Dong and Zhou, SSRM, IEEE Access 2020", optionsKey: "ssrm_worker", options: Options(),
    inputs: [WindowContract(sensor: .pressureMap, channels: [], shape: [64, 27], sampleRateHz: nil)],
    sequence: 1, classes: 5
  ) { try SSRMWorker($0, $1, inputs: $2, classes: $3) }
}
