import Corpora
import Encoders
public import Layers
public import SleepCore
import Tensors
import Training

/// What the context reads from some sensors agrees with what it reads from the others.
///
/// In each step the sensors are divided in two at random; the context reads each stretch from either part alone. At some places the vector of
/// one part, projected, finds that of the other among those of the *same place* in other stretches, by the cosines of ``CrossSensorTask``: the
/// place in a stretch, which a context counts, tells nothing. Nor is the context told the time. From each vector is taken what the context reads
/// at that place of a stretch all of whose windows are this one's mean, so that the level of a sleeper alone tells nothing. After Tian, Krishnan
/// and Isola, "Contrastive Multiview Coding" (ECCV 2020), with sensors as views and contexts as encoders.
public struct CrossContextTask: NightTask {
  public struct Options: Settings {
    public var temperature: Double = 0.2
    /// Size of the vectors that are compared.
    public var projection: Int = 64
    /// Places of a stretch that are compared, drawn in each step.
    public var places: Int = 8

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .temperature: .number(above: 0, to: 1000),
        .projection: .whole(1...65_536),
        .places: .whole(1...10_000),
      ])

    public init() {}
  }

  public static let name = "cross-context"
  public static let summary = "a night read from some sensors is the night read from the others"
  public static let paper = "after Tian, Krishnan and Isola, Contrastive Multiview Coding, ECCV 2020"
  public static let metricName = "accuracy"
  public static let chance = "1 of those compared"
  public static let asksAround = true
  public static let asksAcross = true

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let options: Options
  private let projector: Projector

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    self.options = options
    let width = network.reader.width
    projector = try Projector(scope, inputs: width, hidden: width, outputs: options.projection, isNormalised: false)
  }

  public func callAsFunction(
    _ nights: PretextNights, _ network: PretextNetwork, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let whole = nights.whole
    let sensors = nights.contracts.map(\.sensor)
    // One division for the whole batch: which sensors a vector is of must not tell it from others.
    let order = sensors.shuffled(using: &random)
    let cut = Int.random(in: 1..<order.count, using: &random)
    let sides = [order[..<cut], order[cut...]].map { kept in
      whole.leavingOut(
        [Set<Sensor>](repeating: Set(sensors).subtracting(kept), count: whole.count), of: sensors)
    }
    let both = whole.labels.indices.map { window in sides.allSatisfy { $0.mask[window] } }
    let mask = try Tensor(both.map { $0 ? Float(1) : 0 }, shape: [whole.count, whole.length, 1]).to(whole.device)
    let hours = try Tensor.zeros([whole.count, whole.length], device: whole.device)
    let vectors = try whole.vectors(network.encoder, of: nights.contracts, mode)
    let mean = try ((vectors * mask).sum([1], keepAxes: true) / mask.sum([1], keepAxes: true).clamp(1))
      .expanded(vectors.shape)
    let windows = asked(both, nights, &random)
    let rows = try Tensor(windows.map(Int64.init)).to(whole.device)
    let parts = try sides.map { side in
      func read(_ vectors: Tensor) throws -> Tensor {
        try network.reader(network.joined(vectors, side), hours: hours, side.extent(), mode)
      }
      let change = try read(vectors) - read(mean)
      return try projector(change.reshaped([-1, network.reader.width]).select(0, indices: rows), mode)
    }
    let places = nights.numbers
    return try leaveOneOutContrast(
      parts, isThere: [[Bool]](repeating: [Bool](repeating: true, count: windows.count), count: 2),
      temperature: options.temperature, groups: windows.map { $0 % whole.length },
      places: windows.map { places[$0].window })
  }

  /// The windows that are compared: at some of the places where two stretches or more have both sides.
  private func asked(_ both: [Bool], _ nights: PretextNights, _ random: inout RandomSource) -> [Int] {
    let length = nights.whole.length
    let stretches = 0..<nights.whole.count
    let places = (0..<length).filter { place in stretches.count { both[$0 * length + place] } > 1 }
    return places.shuffled(using: &random).prefix(options.places).sorted().flatMap { place in
      stretches.map { $0 * length + place }.filter { both[$0] }
    }
  }
}
