public import Encoders
public import Layers
public import SleepCore
import Tensors
import Corpora

/// SSRM's own task: which of five views of a window is this, raw, turned by a quarter, a half and three quarters, or in the
/// frequency domain?
///
/// Zhao, Dong and Zhou, "Self-Supervised Learning from Multi-Sensor Data for Sleep Recognition" (IEEE Access 2020). The
/// loss is 0.8 of the cross-entropy over all five views and 0.2 of how far each view's output is from the raw view's: the mean
/// squared difference of the encoder's vectors, each of length 1.
///
/// The spectrum is a texture of its own, symmetric about frequency 0, which is what tells it from the four others; what
/// tells those from each other is the window's content alone (``ViewMaker``). A model that knows no more than spectrum or not has
/// an accuracy of 0.4.
public struct ViewsTask: WindowTask {
  public typealias Options = NoOptions

  public static let name = "views"
  public static let summary = "which of five views of a window is this: raw, turned, or its spectrum"
  public static let paper = "Zhao, Dong and Zhou, SSRM, IEEE Access 2020"
  public static let metricName = "accuracy"

  static let classificationWeight = 0.8
  static let agreementWeight = 0.2
  private let output: Linear

  public init(_ scope: Scope, _ options: NoOptions, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    output = try Linear(scope("output"), inputs: network.encoder.width, outputs: View.allCases.count)
  }

  public static func serves(_ sensor: Sensor) -> Bool { true }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let maker = try ViewMaker(windows.contract)
    let views = try maker(windows.values, View.allCases, &random)
    let targets = View.allCases.flatMap { view in [Int64](repeating: Int64(view.rawValue), count: windows.count) }
    let vectors = try encoder(windows.tensor(views), of: windows.contract.sensor, mode).squeezed(1)
    let logits = try output(vectors)
    let truth = try Tensor(targets).to(windows.device)
    let classification = try logits.crossEntropy(truth)
    let parts = try unit(vectors).split(windows.count, axis: 0)
    let agreement = try Tensor.stack(parts.dropFirst().map { try ($0 - parts[0]).power(2).sum([1]).mean() }).mean()
    let accuracy = try logits.argmax(1).equals(truth).to(.float32).mean().item()
    return PretextResult(
      loss: try classification * Self.classificationWeight + agreement * Self.agreementWeight, metric: accuracy,
      chance: 1 / Double(View.allCases.count))
  }
}

/// Vectors scaled to length 1.
func unit(_ vectors: Tensor) throws -> Tensor {
  try vectors / vectors.norm([vectors.shape.count - 1], keepAxes: true).clamp(1e-8)
}
