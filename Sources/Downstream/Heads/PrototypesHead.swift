public import Layers
public import SleepCore
public import Tensors
public import Training

/// How near a window's vector is to the mean of each class's labelled vectors.
///
/// Snell, Swersky and Zemel, "Prototypical Networks for Few-shot Learning" (NeurIPS 2017); taking the mean of all vectors away is of Wang
/// and others, "SimpleShot: Revisiting Nearest-Neighbor Classification for Few-Shot Learning" (2019). With the cosine, vectors have length 1
/// before their mean is taken.
public struct PrototypesHead: FittedHead {
  public struct Options: Settings {
    public var metric: Nearness.Metric = .cosine
    /// What nearness is divided by before the softmax.
    public var temperature: Double = 0.1
    /// Whether the mean of the labelled vectors is taken away from all vectors first.
    public var centre: Bool = false

    public static let ranges = NumberRanges(CodingKeys.self, [.temperature: .number(above: 0, to: 1_000_000)])

    public init() {}
  }

  public static let name = "prototypes"
  public static let summary = "how near a window's vector is to the mean of each class's: computed, not trained"

  private let nearness: Nearness
  private let centres: Bool
  private let classes: Int
  private let mean: Tensor
  private let prototypes: Tensor
  private let known: Tensor

  public init(_ scope: Scope, _ options: Options, inputs: Int, classes: Int) throws {
    nearness = Nearness(metric: options.metric, temperature: options.temperature)
    centres = options.centre
    self.classes = classes
    mean = try scope.buffer("mean", .zeros([inputs]))
    prototypes = try scope.buffer("prototypes", .zeros([classes, inputs]))
    known = try scope.buffer("known", .zeros([classes]))
  }

  public func fit(_ vectors: Tensor, labels: [Int], seed: UInt64) throws {
    let members = try Membership(labels, classes: classes, device: vectors.device)
    if centres { try mean.assign(vectors.mean([0])) }
    try prototypes.assign(
      members.table.transposed(0, 1).matmul(nearness.prepared(vectors - mean)) / members.divisors())
    try known.assign(members.known())
  }

  public func callAsFunction(_ features: Tensor, _ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    let rows = try features.reshaped([-1, features.shape[2]])
    let scores =
      mode.isTraining
      ? try scores(within: rows, batch.labels.map(Int.init))
      : try nearness(nearness.prepared(rows - mean), prototypes).lowest(where: known)
    return try scores.reshaped([features.shape[0], features.shape[1], classes])
  }

  /// The scores of a batch by its own labelled windows: a window has no part in the mean of its class, unless it is all of it.
  private func scores(within rows: Tensor, _ labels: [Int]) throws -> Tensor {
    let members = try Membership(labels, classes: classes, device: rows.device)
    let labelled = try members.table.sum([1], keepAxes: true)
    let centre = centres ? try (rows * labelled).sum([0]) / Double(max(1, members.counts.reduce(0, +))) : mean
    let rows = try nearness.prepared(rows - centre)
    let sums = try members.table.transposed(0, 1).matmul(rows)
    let scores = try nearness(rows, sums / members.divisors()).lowest(where: members.known())
    let others = labels.map { $0 >= 0 && members.counts[$0] > 1 }
    let partners =
      try (members.table.matmul(sums) - rows)
      / Tensor(labels.map { Float($0 < 0 ? 1 : max(1, members.counts[$0] - 1)) }, shape: [labels.count, 1])
      .to(rows.device)
    let own = try members.table * Tensor(others.map { $0 ? Float(1) : 0 }, shape: [labels.count, 1]).to(rows.device)
    return try scores * (-own + 1) + nearness.paired(rows, partners) * own
  }
}
