import Corpora
public import Encoders
public import Layers
public import SleepCore
import Tensors
public import Training

/// Two changed copies of one window are alike, those of other windows are not.
///
/// The NT-Xent loss of Chen and others, "A Simple Framework for Contrastive Learning of Visual Representations" (ICML 2020).
public struct ContrastTask: PretextTask {
  public struct Options: Codable, Hashable, Sendable {
    public var temperature: Double = 0.2
    /// Size of the vectors that are compared.
    public var projection: Int = 64
    public var map: MapAugmentation = .init()
    public var signal: SignalAugmentation = .strong

    public init() {}
  }

  public let name = "contrast"
  public let metricName = "accuracy"
  private let options: Options
  private let hidden: Linear
  private let output: Linear

  public init(_ scope: Scope, _ options: Options, width: Int) throws {
    self.options = options
    hidden = try Linear(scope("hidden"), inputs: width, outputs: width)
    output = try Linear(scope("output"), inputs: width, outputs: options.projection)
  }

  public static func serves(_ sensor: Sensor) -> Bool { true }

  /// One of the other copies of the batch, at the most.
  public func chance(for contract: InputContract) -> Double { 0 }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let sensor = windows.contract.sensor
    let generator = try Generator(seed: random.next())
    let twice = try windows.tensor(windows.values + windows.values)
    let changed =
      sensor.isMap
      ? try options.map(twice.squeezed(1), generator: generator).unsqueezed(1)
      : try options.signal(twice, generator: generator)
    let vectors = try unit(output(hidden(encoder(changed, of: sensor, mode).squeezed(1).relu()).relu()))
    let count = windows.count
    let own = try Tensor.identity(2 * count, device: windows.device).isGreater(than: 0.5)
    let logits = try (vectors.matmul(vectors.transposed(0, 1)) / options.temperature).filled(with: -1e4, where: own)
    let truth = try Tensor((0..<(2 * count)).map { Int64(($0 + count) % (2 * count)) }).to(windows.device)
    let accuracy = try logits.argmax(1).equals(truth).to(.float32).mean().item()
    return PretextResult(loss: try logits.crossEntropy(truth), metric: accuracy)
  }
}
