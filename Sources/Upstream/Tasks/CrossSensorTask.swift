import Corpora
import Encoders
public import Layers
public import SleepCore
import Tensors
import Training

/// Each sensor's vector of a window is alike to what the other sensors say of the same window, and not to what they say of others.
///
/// Leave-one-out contrast after Thapa and others, "SleepFM: Multi-modal Representation Learning for Sleep Across Brain Activity, ECG and
/// Respiratory Signals" (ICML 2024): a sensor's vector, projected, finds the mean of the other sensors' among those of other windows. The
/// encoder reads windows by themselves, so that a window's place in the night is not to be seen. Among windows of all nights, as published, the
/// level of a sleeper may be enough where two sensors tell of it; among those of the same recording it tells nothing. No sensor is left out for
/// this task.
public struct CrossSensorTask: NightTask {
  /// What a window is told apart from.
  public enum Negatives: String, Codable, CaseIterable, Sendable {
    case all
    case sameRecording = "same_recording"
  }

  public struct Options: Settings {
    public var temperature: Double = 0.2
    /// Size of the vectors that are compared.
    public var projection: Int = 64
    /// Windows of a batch that are compared, at the most, drawn in each step.
    public var windows: Int = 512
    public var negatives: Negatives = .sameRecording

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .temperature: .number(above: 0, to: 1000),
        .projection: .whole(1...65_536),
        .windows: .whole(2...65_536),
      ])

    public init() {}
  }

  public static let name = "cross-sensor"
  public static let summary = "a sensor's window finds the other sensors' of the same time"
  public static let paper = "Thapa and others, SleepFM, ICML 2024"
  public static let metricName = "accuracy"
  public static let chance = "1 of those compared"
  public static let asksAround = false
  public static let asksAcross = true
  public static let teachesContext = false

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let options: Options
  private let projectors: [Projector]

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    let width = network.encoder.width
    self.options = options
    projectors = try inputs.map {
      try Projector(
        scope($0.sensor.rawValue), inputs: width, hidden: width, outputs: options.projection, isNormalised: false)
    }
  }

  public func callAsFunction(
    _ nights: PretextNights, _ network: PretextNetwork, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let batch = nights.whole
    let there = nights.contracts.map { batch.isMeasured(by: $0.sensor) }
    let asked = batch.labels.indices.filter { window in there.count { $0[window] } > 1 }
    let windows = asked.shuffled(using: &random).prefix(options.windows).sorted()
    let rows = try Tensor(windows.map(Int64.init)).to(batch.device)
    let parts = try zip(nights.contracts, projectors).map { contract, projector in
      let vectors = try batch.vectors(network.encoder, of: [contract], mode)
      return try projector(
        vectors.reshaped([-1, network.encoder.width]).select(0, indices: rows).relu(), mode)
    }
    let places = nights.numbers
    return try leaveOneOutContrast(
      parts, isThere: there.map { flags in windows.map { flags[$0] } }, temperature: options.temperature,
      groups: windows.map { options.negatives == .all ? 0 : places[$0].recording },
      places: windows.map { places[$0].window })
  }
}

extension PretextNights {
  /// A number for the recording and the place of each window, `[batch, length]`; equal ones are equal.
  var numbers: [(recording: Int, window: Int)] {
    var (recordings, windows): ([WindowReference: Int], [WindowReference: Int]) = ([:], [:])
    func number(_ place: WindowReference, _ known: inout [WindowReference: Int]) -> Int {
      if let number = known[place] { return number }
      known[place] = known.count
      return known.count - 1
    }
    return places.map { place in
      let night = WindowReference(corpus: place.corpus, recording: place.recording, window: 0)
      return (number(night, &recordings), number(place, &windows))
    }
  }
}
