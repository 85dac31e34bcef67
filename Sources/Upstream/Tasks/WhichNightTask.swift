import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors
import Training

/// Which of the batch's nights does this half of a stretch belong to?
///
/// The context reads both halves of each stretch by themselves; their mean vectors, projected, find each other among those of other nights by
/// NT-Xent. Another stretch of the same night is nothing to be told apart from. It teaches what is particular to a night and its sleeper, of which
/// the mean level alone may be enough, so it stands beside tasks that teach what changes within a night. The context is not told the time here:
/// the two halves of a stretch are the ones that follow each other. A stretch without a measured window in each half is left out.
public struct WhichNightTask: NightTask {
  public struct Options: Settings {
    public var temperature: Double = 0.2
    /// Size of the vectors that are compared.
    public var projection: Int = 64

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .temperature: .number(above: 0, to: 1000),
        .projection: .whole(1...65_536),
      ])

    public init() {}
  }

  public static let name = "which-night"
  public static let summary = "which of several nights does half of a stretch belong to"
  public static let paper = "after Chen and others, SimCLR, ICML 2020, with halves of nights as pairs"
  public static let metricName = "accuracy"
  public static let chance = "1 of those compared"
  public static let asksAround = true

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let options: Options
  private let projector: Projector

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    self.options = options
    projector = try Projector(
      scope, inputs: network.reader.width, hidden: network.reader.width, outputs: options.projection,
      isNormalised: false)
  }

  public func callAsFunction(
    _ nights: PretextNights, _ network: PretextNetwork, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let batch = nights.batch
    let middle = batch.length / 2
    let parts = [0..<middle, middle..<(2 * middle)]
    let whole = (0..<batch.count).filter { row in
      parts.allSatisfy { $0.contains { batch.mask[row * batch.length + $0] } }
    }
    let vectors = try network.vectors(batch, mode)
    guard !whole.isEmpty else {
      // Nothing is asked, and nothing is taught.
      return PretextResult(loss: try vectors.sum() * 0, metric: 1, chance: 1)
    }
    let rows = try Tensor(whole.map(Int64.init)).to(batch.device)
    let (kept, measured) = (try vectors.select(0, indices: rows), try nights.measured().select(0, indices: rows))
    let attendable = try batch.extent().attendable?.select(0, indices: rows)
    let hours = try Tensor.zeros([whole.count, middle], device: batch.device)
    let halves = try parts.map { part -> Tensor in
      let extent = Extent(
        lengths: whole.map { min(max(batch.lengths[$0] - part.lowerBound, 0), middle) },
        attendable: try attendable?.narrowed(1, part))
      let read = try network.reader(kept.narrowed(1, part), hours: hours, extent, mode)
      let mask = try measured.narrowed(1, part)
      return try (read * mask).sum([1]) / mask.sum([1]).clamp(1)
    }
    let all = recordings(nights)
    let places = whole.map { all[$0] }
    return try pairContrast(
      projector(.concatenate(halves, axis: 0), mode), temperature: options.temperature,
      groups: [Int](repeating: 0, count: 2 * whole.count), places: places + places)
  }

  /// A number for each stretch's night.
  private func recordings(_ nights: PretextNights) -> [Int] {
    var numbers: [WindowReference: Int] = [:]
    return (0..<nights.batch.count).map { row in
      var night = nights.places[row * nights.batch.length]
      night.window = 0
      if let known = numbers[night] { return known }
      numbers[night] = numbers.count
      return numbers.count - 1
    }
  }
}
