import Corpora
public import SleepCore
import Tensors
public import Training

/// What a recipe says of pairs of windows that are to be alike: which they are, and how each is changed.
public struct PairOptions: Settings {
  /// Which windows are a pair.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Two changed copies of one window.
    case copies
    /// Two windows of one stay, each changed.
    case neighbours
  }

  public var of: Kind = .copies
  /// Subjects, or recordings, in a batch of grouped windows; a batch that is not grouped has `pretraining.batch` windows.
  public var groups: Int = 7
  /// Stays of each group in a batch.
  public var stays: Int = 17
  public var stay: StayOptions = .init()
  /// `mirror` turns all maps of a subject in a batch, or none.
  public var map: MapAugmentation = .init()
  public var signal: SignalAugmentation = .strong
  /// Whether the head that compares is told how each view was changed, so that the encoder need not forget it: after Przewięźlikowski and
  /// others, "Augmentation-aware Self-supervised Learning with Conditioned Projector" (2023).
  public var told: Bool = false

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .groups: .whole(1...4096),
      .stays: .whole(2...4096),
    ])

  public init() {}

  /// How batches are put together; `nil` where any windows will do.
  ///
  /// - Parameters:
  ///   - unit: What negatives are of; `nil` where they are of all windows.
  func grouping(within unit: BatchGrouping.Unit?) -> BatchGrouping? {
    guard of == .neighbours || unit != nil else { return nil }
    return BatchGrouping(
      unit: unit ?? .subject, groups: groups, stays: stays, windows: of == .neighbours ? 2 : 1,
      fewestStays: unit == nil ? 1 : 2, stay: stay)
  }

  /// What is refused where views are told apart by how they were changed.
  var toldMisfit: Misfit? {
    told
      ? Misfit("pairs.told", is: "true", expected: "false: in which view a window is seen is what this task asks") : nil
  }

  /// Windows of a batch, each changed in its own way.
  ///
  /// - Parameters:
  ///   - order: Positions in the batch.
  ///   - turned: Degrees by which each map of a body is turned besides.
  ///   - mirrored: Which maps of the batch lie the other way round.
  /// - Returns: `[windows, 1]` and the windows' shape, where other processes make theirs with those that this one encodes; and what was drawn
  ///   for each, `[windows, numbers]`.
  func changed(
    _ windows: PretextWindows, _ order: [Int], turned: [Double]? = nil, mirrored: [Bool]?, _ random: inout RandomSource
  ) throws -> (views: Tensor, drawn: Tensor) {
    let input = try windows.tensor(at: order)
    let generator = try Generator(seed: random.next())
    let rows = windows.share(of: order.count)
    guard windows.contract.sensor.traits.showsBody else {
      let (views, drawn) = try signal.changed(input, generator: generator, rows)
      return (views, drawn)
    }
    let (maps, drawn) = try map.changed(
      input.squeezed(1), mirrored: mirrored.map { mirrored in order.map { mirrored[$0] } }, turned: turned,
      generator: generator, rows)
    return (try maps.unsqueezed(1), drawn)
  }
}
