public import Encoders
public import Layers
public import SleepCore
import Tensors

/// Sort one view of a pair among prototypes as a slowly moving copy of the network sorts the other.
///
/// Caron and others, "Emerging Properties in Self-Supervised Vision Transformers" (ICCV 2021), with two views and no smaller crops. The
/// copy's output is centred by its running mean and sharpened by a low temperature. Each sensor has a centre of its own: with one
/// for all, each could fall into a prototype of its own. Temperatures and momenta are the published ones; the momentum of the copy
/// stays as it is here, where it rises to 1 in the publication.
///
/// The metric is how often both see a pair's members nearest to the same prototype, without the centre for the student and with it
/// for the copy. Chance is how often they would with partners shuffled: it is 1, as the metric is, where all has fallen into one.
public struct DINOTask: WindowTask {
  public struct Options: Settings {
    /// How many there are; 65536 in the publication.
    public var prototypes: Int = 256
    /// The size of the head's hidden layers; 2048 in the publication.
    public var hidden: Int = 256
    /// The size of the prototypes; 256 in the publication.
    public var bottleneck: Int = 64
    /// Whether the head's hidden layers have batch norm; not in the publication, for transformers. Without it a small untrained
    /// encoder's vectors differ so little that all are sorted into one prototype.
    public var normalized: Bool = true
    public var studentTemperature: Double = 0.1
    public var teacherTemperature: Double = 0.04
    /// How much of itself the slow copy keeps in each step; where training begins, in the publication.
    public var momentum: Double = 0.996
    /// How much of itself the centre keeps in each step.
    public var centerMomentum: Double = 0.9
    public var pairs: PairOptions = .init()

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .prototypes: .whole(2...1_000_000),
        .hidden: .whole(1...65_536),
        .bottleneck: .whole(1...65_536),
        .studentTemperature: .number(above: 0, to: 1000),
        .teacherTemperature: .number(above: 0, to: 1000),
        .momentum: .number(0...1),
        .centerMomentum: .number(0...1),
      ])

    public var conflict: Misfit? {
      guard teacherTemperature > studentTemperature else { return nil }
      return Misfit(
        "teacher_temperature", with: ["student_temperature"], is: "\(teacherTemperature)",
        expected: "at most the student's, \(studentTemperature), which it is to sharpen")
    }

    public init() {}
  }

  public static let name = "dino"
  public static let summary = "sort one view of a pair among prototypes as a slow copy of the network sorts the other"
  public static let paper = "Caron and others, DINO, ICCV 2021"
  public static let metricName = "agreement"
  public static let chance = "of shuffled pairs"

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let options: Options
  private let slow: SlowCopy
  private let head: PrototypeHead
  private let slowHead: PrototypeHead
  private let makePairs: PairMaker
  private let centers: [Sensor: Tensor]

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    self.options = options
    let makePairs = PairMaker(options.pairs, inputs)
    self.makePairs = makePairs
    slow = try SlowCopy(of: network, momentum: options.momentum)
    (head, slowHead) = try slow.head(scope("head")) {
      try PrototypeHead(
        $0, inputs: network.encoder.width + makePairs.told, hidden: options.hidden, bottleneck: options.bottleneck,
        prototypes: options.prototypes, isNormalised: options.normalized)
    }
    centers = try inputs.reduce(into: [:]) { centers, input in
      centers[input.sensor] = try scope("centers").buffer(input.sensor.rawValue, .zeros([options.prototypes]))
    }
  }

  public var grouping: BatchGrouping? { options.pairs.grouping(within: nil) }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let sensor = windows.contract.sensor
    guard let center = centers[sensor] else { throw EncoderError.sensor(sensor, known: Array(centers.keys)) }
    let pairs = try makePairs(windows, &random)
    let student = try head(pairs.beside(encoder(pairs.views, of: sensor, mode).squeezed(1)), mode)
    let teacher = try LibTorch.withoutGradients {
      try slowHead(
        pairs.beside(slow.network.encoder(pairs.views, of: sensor, mode).squeezed(1)), mode)
    }
    let loss = try selfDistillation(
      student: student, teacher: teacher, center: center, studentTemperature: options.studentTemperature,
      teacherTemperature: options.teacherTemperature)
    let found = agreement(try bins(student), try bins(teacher - center))
    if mode.isTraining { try move(center, to: teacher) }
    return PretextResult(loss: loss, metric: found.share, chance: found.chance)
  }

  public var slowCopies: [SlowCopy] { [slow] }

  /// The most likely prototype of each view.
  private func bins(_ likeness: Tensor) throws -> [Int] { try likeness.argmax(1).values(Int64.self).map(Int.init) }

  /// Equation 4 of the publication.
  private func move(_ center: Tensor, to teacher: Tensor) throws {
    try LibTorch.withoutGradients {
      try center.scale(by: options.centerMomentum)
      try center.add(teacher.mean([0]), scale: 1 - options.centerMomentum)
    }
  }
}
