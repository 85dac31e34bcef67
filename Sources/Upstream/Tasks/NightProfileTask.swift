import Corpora
import Training
import Encoders
public import Layers
public import SleepCore
import Tensors

/// Tell each window's place in its night: how much moves and how fast it beats, against the rest of the same night.
///
/// From the context's vector a linear layer gives the window's ``NightProfile``, of which the smoothed quantities need the windows
/// around it; the loss is Huber's. The metric is the share of the profile's variance that is explained.
public struct NightProfileTask: NightTask {
  public typealias Options = NoOptions

  public static let name = "night-profile"
  public static let summary = "each window's plain quantities against the rest of its night"
  public static let paper = "no publication: regression of plain quantities that are standardised within the night"
  public static let metricName = "explained variance"
  public static let chance = "0"
  public static let asksAround = false

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let output: Linear

  public init(_ scope: Scope, _ options: NoOptions, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    output = try Linear(scope("output"), inputs: network.reader.width, outputs: NightProfile.width(inputs))
  }

  public func callAsFunction(
    _ nights: PretextNights, _ network: PretextNetwork, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let read = try network.reader(network.vectors(nights.batch, mode), nights.batch, mode)
    return try profileResult(output(read), nights.profile(), where: nights.measured(), known: nights.known())
  }
}

/// Huber's loss of told profiles, and the share of their variance that is explained.
///
/// - Parameters:
///   - windows: 1 where windows count, `[batch, length, 1]`.
///   - known: 1 where quantities are known, `[batch, length, quantities]`; all are where `nil`.
func profileResult(
  _ told: Tensor, _ truth: Tensor, where windows: Tensor, known: Tensor? = nil
) throws -> PretextResult {
  let mask = try known.map { try windows * $0 } ?? windows
  let count = try (known == nil ? mask.sum() * Double(truth.shape[2]) : mask.sum()).clamp(1)
  let loss = try (told.smoothL1(truth, reduction: .none) * mask).sum() / count
  let error = try (((told - truth).power(2)) * mask).sum().item()
  let variance = try (truth.power(2) * mask).sum().item()
  return PretextResult(loss: loss, metric: variance > 1e-6 ? 1 - error / variance : 0, chance: 0)
}
