import Corpora
public import Encoders
public import Layers
public import SleepCore
import Tensors
import Training

/// Windows are the more alike the more alike their spectra are.
///
/// Two windows' distance is Hellinger's between their power spectra, each scaled to sum 1, so that how strong a window is tells
/// nothing. It is taught in one of two ways. `batch` compares each window with all others of its batch, by soft weights
/// (``softContrast(_:distances:temperature:softness:)``). `triplets` is the pretext task as its authors have it: of two
/// windows, which one's spectrum is nearer to that of a third? A linear layer tells it from how far their vectors are from the third's.
///
/// Kazatzidis and Mehrkanoon, "A novel dual-stream time-frequency contrastive pretext tasks framework for sleep stage
/// classification" (arXiv:2312.09623, 2023), with Welch's spectra and Hellinger's distance. Theirs is of spectra that are not scaled.
///
/// The metric is how often the nearer one of two windows is told; chance is a half.
public struct FrequencySimilarityTask: WindowTask {
  /// What windows are compared with.
  public enum Comparison: String, Codable, CaseIterable, Sendable {
    case batch
    case triplets
  }

  public struct Options: Settings {
    public var compare: Comparison = .batch
    /// Of the vectors' likeness, where a window is compared with its batch.
    public var temperature: Double = 0.2
    /// How far a window's weight reaches, in mean distances between the batch's spectra.
    public var softness: Double = 0.2
    /// Size of the vectors that are compared.
    public var projection: Int = 64

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .temperature: .number(above: 0, to: 1000),
        .softness: .number(above: 0, to: 1000),
        .projection: .whole(1...65_536),
      ])

    public init() {}
  }

  public static let name = "frequency-similarity"
  public static let summary = "windows are the more alike the more alike their spectra are"
  public static let paper = "Kazatzidis and Mehrkanoon, 2023, with SimPer's loss, Yang and others, ICLR 2023"
  public static let metricName = "accuracy"
  public static let chance = "1/2"

  private let options: Options
  private let projector: Projector
  private let nearer: Linear

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    let width = network.encoder.width
    self.options = options
    projector = try Projector(
      scope("projector"), inputs: width, hidden: width, outputs: options.projection, isNormalised: false)
    nearer = try Linear(scope("nearer"), inputs: 2 * options.projection, outputs: 1)
  }

  /// Signals with enough samples a window to have a spectrum, and maps of a body: their spectrum over space says how it lies, and
  /// not where.
  public static func serves(_ sensor: Sensor) -> Bool { sensor.traits.hasSpectrum || sensor.traits.showsBody }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let share = windows.share(of: windows.count)
    let distances = try SpectralProfile(windows.contract).distances(windows.values(share), of: share)
    let triplets = try Triplets(distances: distances.values(), count: windows.count, &random)
    let vectors = try projector(
      encoder(windows.tensor(windows.values), of: windows.contract.sensor, mode).squeezed(1).relu(), mode)
    switch options.compare {
    case .batch:
      let loss = try softContrast(
        vectors, distances: distances.to(windows.device), temperature: options.temperature, softness: options.softness)
      let directions = try unit(vectors)
      let likeness = try directions.matmul(directions.transposed(0, 1)).values(Float.self)
      return PretextResult(loss: loss, metric: triplets.accuracy(likeness), chance: 0.5)
    case .triplets:
      return try triplets.isEmpty
        ? PretextResult(loss: vectors.sum() * 0, metric: 0.5, chance: 0.5) : comparison(triplets, vectors)
    }
  }

  private func comparison(_ triplets: Triplets, _ vectors: Tensor) throws -> PretextResult {
    let anchors = try vectors.rows(triplets.anchors)
    let gaps = try [triplets.first, triplets.second].map { try (anchors - vectors.rows($0)).magnitude() }
    return try yesOrNo(nearer(.concatenate(gaps, axis: 1)), truth: triplets.firstIsNearer)
  }
}

/// For each window of a batch two others, one of which has the nearer spectrum; windows with a tie are left out.
package struct Triplets {
  package private(set) var anchors: [Int] = []
  package private(set) var first: [Int] = []
  package private(set) var second: [Int] = []
  package private(set) var firstIsNearer: [Bool] = []
  private let count: Int

  /// - Parameter distances: `[count, count]`.
  package init(distances: [Float], count: Int, _ random: inout RandomSource) {
    self.count = count
    guard count > 2 else { return }
    for anchor in 0..<count {
      let one = (anchor + Int.random(in: 1..<count, using: &random)) % count
      var other = one
      while other == one || other == anchor { other = Int.random(in: 0..<count, using: &random) }
      let (near, far) = (distances[anchor * count + one], distances[anchor * count + other])
      // Between spectra that are the same but for rounding there is nothing to tell.
      guard abs(near - far) > 1e-3 else { continue }
      anchors.append(anchor)
      first.append(one)
      second.append(other)
      firstIsNearer.append(near < far)
    }
  }

  package var isEmpty: Bool { anchors.isEmpty }

  /// How often the nearer window is the more alike; a half where no triplet is.
  ///
  /// - Parameter likeness: `[count, count]`.
  package func accuracy(_ likeness: [Float]) -> Double {
    guard !isEmpty else { return 0.5 }
    let points = anchors.indices.map { index -> Double in
      let (one, other) = (
        likeness[anchors[index] * count + first[index]], likeness[anchors[index] * count + second[index]]
      )
      return one == other ? 0.5 : (one > other) == firstIsNearer[index] ? 1 : 0
    }
    return points.reduce(0, +) / Double(points.count)
  }
}
