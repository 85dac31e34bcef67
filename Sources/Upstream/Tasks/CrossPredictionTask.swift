import Corpora
import Encoders
public import Layers
public import SleepCore
import Tensors
import Training

/// Tell a sensor's plain quantities from the vectors of the others: how fast the heart beats from movement, how one breathes from radar.
///
/// In each stretch one sensor that measured something is left out, another in each step; from what the network makes of the others, with the
/// context where there is one, a linear layer gives the ``NightProfile`` of each window of the sensor that was left out, without its smoothed
/// quantities. The loss is Huber's. The metric is the share of these quantities' variance that is explained. As quantities are against the rest of
/// the same night, who it is tells nothing of them; a clock tells what the mean night does.
public struct CrossPredictionTask: NightTask {
  public typealias Options = NoOptions

  public static let name = "cross-prediction"
  public static let summary = "a sensor's plain quantities, from the other sensors"
  public static let paper =
    "after Radhakrishnan and others, cross-modal autoencoders, Nature Communications 2023, with plain quantities"
  public static let metricName = "explained variance"
  public static let chance = "0"
  public static let asksAround = false
  public static let asksAcross = true

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let output: Linear

  public init(_ scope: Scope, _ options: NoOptions, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    output = try Linear(scope("output"), inputs: network.reader.width, outputs: NightProfile.ownColumns(inputs).count)
  }

  public func callAsFunction(
    _ nights: PretextNights, _ network: PretextNetwork, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let whole = nights.whole
    let sensors = nights.contracts.map(\.sensor)
    let left = (0..<whole.count).map { row -> Set<Sensor> in
      let there = sensors.filter { whole.hasMeasured(row, $0) }
      // Of a stretch of one sensor nothing is asked.
      return there.count > 1 ? [there[Int.random(in: 0..<there.count, using: &random)]] : []
    }
    let seen = whole.leavingOut(left, of: sensors)
    let vectors = try whole.vectors(network.encoder, of: nights.contracts, mode)
    let read = try network.reader(network.joined(vectors, seen), seen, mode)
    var asked: [Float] = []
    let widths = nights.contracts.map { NightProfile.ownColumns([$0]).count }
    let there = sensors.map { whole.isMeasured(by: $0) }
    for window in whole.labels.indices {
      for (index, sensor) in sensors.enumerated() {
        let isAsked = seen.mask[window] && there[index][window] && left[window / whole.length].contains(sensor)
        asked += [Float](repeating: isAsked ? 1 : 0, count: widths[index])
      }
    }
    let columns = NightProfile.ownColumns(nights.contracts)
    let known = try Tensor(asked, shape: [whole.count, whole.length, columns.count]).to(whole.device)
    let truth = try nights.profile().select(2, indices: Tensor(columns.map(Int64.init)).to(whole.device))
    return try profileResult(
      output(read), truth, where: .ones([whole.count, whole.length, 1], device: whole.device), known: known)
  }
}
