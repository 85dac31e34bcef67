import Corpora
import Encoders
public import Layers
public import SleepCore
import Tensors
import Training

/// Tell the next windows of the night from those before them.
///
/// Encoder and context read the beginning of each stretch alone, to a place that is drawn in each step; from the context's vector of the last
/// window there a linear layer gives the ``NightProfile`` of the windows that follow. The metric is the share of their variance that is explained.
public struct NextWindowsTask: NightTask {
  public struct Options: Settings {
    /// How many windows are told.
    public var windows: Int = 10

    public static let ranges = NumberRanges(CodingKeys.self, [.windows: .whole(1...10_000)])

    public init() {}
  }

  public static let name = "next-windows"
  public static let summary = "the next windows of a night, from those before them"
  public static let paper = "after van den Oord, Li and Vinyals, CPC, 2018, with plain quantities in place of vectors"
  public static let metricName = "explained variance"
  public static let chance = "0"
  public static let asksAround = true

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let windows: Int
  private let quantities: Int
  private let output: Linear

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    windows = options.windows
    quantities = NightProfile.width(inputs)
    output = try Linear(scope("output"), inputs: network.reader.width, outputs: windows * quantities)
  }

  /// - Throws: `EncoderError` where stretches are too short for a beginning and what follows.
  public func callAsFunction(
    _ nights: PretextNights, _ network: PretextNetwork, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let batch = nights.batch
    guard batch.length > windows else {
      throw EncoderError.recipe(
        "next-windows: 'windows' is \(windows), expected fewer than 'pretraining.nights.length', \(batch.length)")
    }
    // At least half of a stretch is read where that leaves enough to tell.
    let last = batch.length - windows
    let seen = Int.random(in: min(last, max(1, batch.length / 2))...last, using: &random)
    let beginning = try batch.beginning(seen)
    let read = try network.reader(network.vectors(beginning, mode), beginning, mode)
    let told = try output(read.select(1, seen - 1)).reshaped([batch.count, windows, quantities])
    let next = seen..<(seen + windows)
    // A stretch that ends before there, or was not measured there, says nothing.
    let started = (0..<batch.count).map { batch.mask[$0 * batch.length + seen - 1] ? Float(1) : 0 }
    let mask = try nights.measured().narrowed(1, next) * Tensor(started, shape: [batch.count, 1, 1]).to(batch.device)
    return try profileResult(
      told, nights.profile().narrowed(1, next), where: mask, known: nights.known()?.narrowed(1, next))
  }
}
