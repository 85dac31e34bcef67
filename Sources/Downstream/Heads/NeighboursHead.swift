public import Layers
public import SleepCore
public import Tensors
public import Training

/// The classes of the labelled vectors that are nearest to a window's.
///
/// Cover and Hart, "Nearest Neighbor Pattern Classification" (1967), with votes that weigh by the exponential of nearness over a
/// temperature as in Wu and others, "Unsupervised Feature Learning via Non-Parametric Instance Discrimination" (CVPR 2018). Scores are the
/// logarithms of the classes' shares of the votes, to each of which `smoothing` is added.
public struct NeighboursHead: FittedHead {
  public struct Options: Settings {
    public var metric: Nearness.Metric = .cosine
    /// How many neighbours vote; all where fewer are kept.
    public var k: Int = 10
    /// What nearness is divided by before its exponential is taken.
    public var temperature: Double = 0.1
    /// What is added to each class's share, so that none is 0.
    public var smoothing: Double = 0.01
    /// At most so many labelled vectors of a class are kept, drawn by seed.
    public var keep: Int = 256
    /// Whether the mean of the labelled vectors is taken away from all vectors first.
    public var centre: Bool = false

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .k: .whole(1...100_000),
        .temperature: .number(above: 0, to: 1_000_000),
        .smoothing: .number(above: 0, to: 1),
        .keep: .whole(1...100_000),
      ])

    public init() {}
  }

  public static let name = "neighbours"
  public static let summary = "the classes of the nearest labelled vectors: computed, not trained"

  /// Less than the nearness of any two vectors.
  private static let never = -1e9

  private let nearness: Nearness
  private let options: Options
  private let classes: Int
  private let mean: Tensor
  /// `[classes * keep, inputs]`: class by class, and zeros where a class has fewer.
  private let vectors: Tensor
  /// `[classes * keep]`: 0 where no vector is kept.
  private let kept: Tensor

  public init(_ scope: Scope, _ options: Options, inputs: Int, classes: Int) throws {
    nearness = Nearness(metric: options.metric, temperature: options.temperature)
    self.options = options
    self.classes = classes
    mean = try scope.buffer("mean", .zeros([inputs]))
    vectors = try scope.buffer("vectors", .zeros([classes * options.keep, inputs]))
    kept = try scope.buffer("kept", .zeros([classes * options.keep]))
  }

  public func fit(_ found: Tensor, labels: [Int], seed: UInt64) throws {
    if options.centre { try mean.assign(found.mean([0])) }
    var random = RandomSource(seed: seed, for: Self.name)
    var (rows, places): ([Int64], [Int64]) = ([], [])
    for label in 0..<classes {
      let own = labels.indices.filter { labels[$0] == label }
      let drawn = own.count > options.keep ? own.shuffled(using: &random).prefix(options.keep).sorted() : own
      rows += drawn.map(Int64.init)
      places += drawn.indices.map { Int64(label * options.keep + $0) }
    }
    let (indices, targets) = try (Tensor(rows).to(found.device), Tensor(places).to(found.device))
    try vectors.assign((found - mean).select(0, indices: indices).placed(at: targets, of: classes * options.keep))
    try kept.assign(
      Tensor.ones([rows.count], device: found.device).placed(at: targets, of: classes * options.keep))
  }

  public func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    let rows = try features.reshaped([-1, features.shape[2]])
    let scores =
      mode.isTraining
      ? try scores(within: rows, batch.labels.map(Int.init))
      : try scores(
        nearness(nearness.prepared(rows - mean), vectors).filled(with: Self.never, where: kept.equals(0)),
        labels: (0..<(classes * options.keep)).map { $0 / options.keep },
        known: kept.reshaped([classes, options.keep]).maximum([1]))
    return try scores.reshaped([features.shape[0], features.shape[1], classes])
  }

  /// The scores of a batch by its own labelled windows, of which none votes for itself.
  private func scores(within rows: Tensor, _ labels: [Int]) throws -> Tensor {
    let voters = labels.indices.filter { labels[$0] >= 0 }
    guard !voters.isEmpty else { return try .full(Nearness.lowest, [labels.count, classes], device: rows.device) }
    let others = try rows.select(0, indices: Tensor(voters.map(Int64.init)).to(rows.device))
    let centre = options.centre ? try others.mean([0]) : mean
    let places = try Tensor(voters.map(Int64.init)).to(rows.device)
    let isOneself = try Tensor.range(0..<labels.count, device: rows.device).unsqueezed(1).equals(places)
    return try scores(
      nearness(nearness.prepared(rows - centre), others - centre).filled(with: Self.never, where: isOneself),
      labels: voters.map { labels[$0] }, known: Membership(labels, classes: classes, device: rows.device).known())
  }

  /// - Parameters:
  ///   - nearness: `[windows, voters]`.
  ///   - labels: The class of each voter.
  ///   - known: `[classes]`, 0 where a class has no voter.
  private func scores(_ nearness: Tensor, labels: [Int], known: Tensor) throws -> Tensor {
    let (values, indices) = try nearness.greatest(min(options.k, labels.count))
    let votes = try Membership(labels, classes: classes, device: nearness.device).table
      .select(0, indices: indices.reshaped([-1])).reshaped(indices.shape + [classes])
    let shares = try values.softmax(1).unsqueezed(1).matmul(votes).squeezed(1)
    let smoothing = options.smoothing
    return try ((shares + smoothing) / (1 + smoothing * Double(classes))).log().lowest(where: known)
  }
}
