import Encoders
public import Layers
public import SleepCore
import Corpora
import Tensors
import Training

/// Tell windows that are hidden from the rest of the night: what a slowly moving copy makes of them, and their plain quantities.
///
/// Runs of windows lose their vectors to a learnt one; of each hidden window the context's vector gives the copy's, which has read the whole
/// stretch, after Baevski and others, "data2vec: A General Framework for Self-supervised Learning in Speech, Vision and Language" (ICML
/// 2022), and the ``NightProfile``. The metric is the share of the hidden profiles' variance that is explained.
public struct MaskedWindowsTask: NightTask {
  public struct Options: Settings {
    /// The share of windows that is hidden, about.
    public var share: Double = 0.4
    /// Windows in a hidden run.
    public var shortest: Int = 5
    public var longest: Int = 20
    /// The weight of the copy's vectors beside that of the quantities, which is 1.
    public var vectors: Double = 1
    /// How much of itself the copy keeps in each step.
    public var momentum: Double = 0.99

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .share: .number(above: 0, below: 1),
        .shortest: .whole(1...10_000),
        .longest: .whole(1...10_000),
        .vectors: .number(0...1_000_000),
        .momentum: .number(0...1),
      ])

    public var conflict: Misfit? {
      shortest <= longest
        ? nil : Misfit("shortest", with: ["longest"], is: "\(shortest)", expected: "at most 'longest', \(longest)")
    }

    public init() {}
  }

  public static let name = "masked-windows"
  public static let summary = "hidden windows told from the rest of the night"
  public static let paper = "Baevski and others, data2vec, ICML 2022"
  public static let metricName = "explained variance"
  public static let chance = "0"
  public static let asksAround = true

  public static func serves(_ sensor: Sensor) -> Bool { true }

  private let options: Options
  private let blank: Tensor
  private let profile: Linear
  private let vectors: Linear
  private let teacher: SlowCopy

  public init(_ scope: Scope, _ options: Options, _ network: PretextNetwork, inputs: [WindowContract]) throws {
    let width = network.reader.width
    self.options = options
    blank = try scope.parameter("blank", [network.vectorWidth], .normal(deviation: 0.02))
    profile = try Linear(scope("profile"), inputs: width, outputs: NightProfile.width(inputs))
    vectors = try Linear(scope("vectors"), inputs: width, outputs: width)
    teacher = try SlowCopy(of: network, momentum: options.momentum)
  }

  public var slowCopies: [SlowCopy] { [teacher] }

  public func callAsFunction(
    _ nights: PretextNights, _ network: PretextNetwork, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let batch = nights.batch
    let hidden = Self.hidden(nights, options, &random)
    let mask = try Tensor(hidden.map { $0 ? Float(1) : 0 }, shape: [batch.count, batch.length, 1]).to(batch.device)
    let seen = try network.vectors(batch, mode)
    let read = try network.reader(seen * (mask * -1 + 1) + blank * mask, batch, mode)
    let result = try profileResult(profile(read), nights.profile(), where: mask, known: nights.known())
    guard options.vectors > 0 else { return result }
    let wanted = try LibTorch.withoutGradients {
      let whole = try teacher.network.reader(teacher.network.vectors(batch, .inference), batch, .inference)
      return try Self.standardised(whole)
    }
    let count = try (mask.sum() * Double(wanted.shape[2])).clamp(1)
    let distance = try (vectors(read).smoothL1(wanted, reduction: .none) * mask).sum() / count
    return PretextResult(
      loss: try result.loss + distance * options.vectors, metric: result.metric, chance: result.chance)
  }

  /// Each feature with mean 0 and deviation 1 over the batch, so that a copy that says one thing is no target.
  private static func standardised(_ vectors: Tensor) throws -> Tensor {
    let centred = try vectors - vectors.mean([0, 1], keepAxes: true)
    return try centred / (centred.power(2).mean([0, 1], keepAxes: true).squareRoot() + 1e-3)
  }

  /// Which measured windows are hidden: runs at random until the share of each stretch is reached, never all of it.
  package static func hidden(_ nights: PretextNights, _ options: Options, _ random: inout RandomSource) -> [Bool] {
    let (mask, length) = (nights.batch.mask, nights.batch.length)
    var hidden = [Bool](repeating: false, count: mask.count)
    for row in 0..<nights.batch.count {
      let measured = (row * length..<(row + 1) * length).filter { mask[$0] }
      guard measured.count > 1 else { continue }
      let wanted = min(measured.count - 1, max(1, Int((options.share * Double(measured.count)).rounded())))
      var left = wanted
      while left > 0 {
        let run = min(left, Int.random(in: options.shortest...options.longest, using: &random))
        let start = Int.random(in: 0...(measured.count - run), using: &random)
        for place in measured[start..<(start + run)] where !hidden[place] && left > 0 {
          hidden[place] = true
          left -= 1
        }
      }
    }
    return hidden
  }
}
