import Corpora
public import Encoders
public import Layers
public import SleepCore
import Tensors
public import Training

/// Two changed copies of one window, or two windows of one stay, are alike; those of others are not.
///
/// The loss is NT-Xent of Chen and others, "A Simple Framework for Contrastive Learning of Visual Representations" (ICML
/// 2020). A stay is a stretch of one recording in which little changes. With negatives from the same subject alone,
/// other people's windows of the same posture are no false negatives, and who it is tells nothing.
public struct ContrastTask: PretextTask {
  /// What is alike.
  public enum Pairs: String, Codable, CaseIterable, Sendable {
    /// Two changed copies of one window.
    case copies
    /// Two windows of one stay, each changed.
    case neighbours
  }

  /// What a window is told apart from.
  public enum Negatives: String, Codable, CaseIterable, Sendable {
    case all
    case sameSubject = "same_subject"
    case sameRecording = "same_recording"
  }

  public struct Options: Codable, Hashable, Sendable, Ranged {
    public var temperature: Double = 0.2
    /// Size of the vectors that are compared.
    public var projection: Int = 64
    public var pairs: Pairs = .copies
    public var negatives: Negatives = .all
    /// Subjects, or recordings where negatives are of one, in a batch. Batches are made of groups and stays unless
    /// pairs are copies and negatives are all; then `pretraining.batch` is not looked at.
    public var groups: Int = 7
    /// Stays of each in a batch.
    public var stays: Int = 17
    public var stay: StayOptions = .init()
    /// `mirror` turns all maps of a subject in a batch, or none.
    public var map: MapAugmentation = .init()
    public var signal: SignalAugmentation = .strong

    public static let ranges = NumberRanges(
      CodingKeys.self,
      [
        .temperature: .number(above: 0, to: 1000),
        .projection: .whole(1...65_536),
        .groups: .whole(1...4096),
        .stays: .whole(2...4096),
      ])

    public init() {}
  }

  public let name = "contrast"
  public let metricName = "accuracy"
  private let options: Options
  private let hidden: Linear
  private let output: Linear

  /// - Throws: ``EncoderError/recipe(_:)`` for an option out of its range.
  public init(_ scope: Scope, _ options: Options, width: Int) throws {
    if let misfit = options.misfit { throw EncoderError.recipe("contrast: \(misfit)") }
    self.options = options
    hidden = try Linear(scope("hidden"), inputs: width, outputs: width)
    output = try Linear(scope("output"), inputs: width, outputs: options.projection)
  }

  public static func serves(_ sensor: Sensor) -> Bool { true }

  public var grouping: BatchGrouping? {
    guard options.pairs == .neighbours || options.negatives != .all else { return nil }
    return BatchGrouping(
      unit: options.negatives == .sameRecording ? .recording : .subject, groups: options.groups, stays: options.stays,
      windows: options.pairs == .neighbours ? 2 : 1, fewestStays: options.negatives == .all ? 1 : 2,
      stay: options.stay)
  }

  public func callAsFunction(
    _ windows: PretextWindows, _ encoder: any Encoder, _ random: inout RandomSource, _ mode: Mode
  ) throws -> PretextResult {
    let sensor = windows.contract.sensor
    let order = pairedOrder(windows.count)
    let input = try windows.tensor(windows.values(at: order))
    let generator = try Generator(seed: random.next())
    let changed =
      try sensor.traits.showsBody
      ? options.map(
        input.squeezed(1), mirrored: mirrored(windows, order, &random), generator: generator
      ).unsqueezed(1) : options.signal(input, generator: generator)
    let vectors = try output(hidden(encoder(changed, of: sensor, mode).squeezed(1).relu()).relu())
    return try pairContrast(
      vectors, temperature: options.temperature, groups: groups(windows, order),
      places: windows.places.isEmpty ? order : windows.numbers(order) { $0.places })
  }

  /// First members of all pairs, then second ones, by position in the batch.
  private func pairedOrder(_ count: Int) -> [Int] {
    guard options.pairs == .neighbours else { return Array(0..<count) + Array(0..<count) }
    precondition(count.isMultiple(of: 2), "pairs of neighbours")
    return Array(stride(from: 0, to: count, by: 2)) + Array(stride(from: 1, to: count, by: 2))
  }

  private func groups(_ windows: PretextWindows, _ order: [Int]) -> [Int] {
    switch options.negatives {
    case .sameSubject where !windows.subjects.isEmpty: order.map { windows.subjects[$0] }
    case .sameRecording where !windows.places.isEmpty:
      windows.numbers(order) {
        $0.places.map { WindowReference(corpus: $0.corpus, recording: $0.recording, window: 0) }
      }
    default: [Int](repeating: 0, count: order.count)
    }
  }

  /// Which maps to turn left side right: all of a subject's or none, so that side tells its postures apart.
  private func mirrored(_ windows: PretextWindows, _ order: [Int], _ random: inout RandomSource) -> [Bool]? {
    guard options.map.mirror else { return nil }
    let subjects = windows.subjects.isEmpty ? [Int](repeating: 0, count: windows.count) : windows.subjects
    var turned: [Int: Bool] = [:]
    for subject in subjects where turned[subject] == nil { turned[subject] = Bool.random(using: &random) }
    return order.map { turned[subjects[$0]] ?? false }
  }
}

extension PretextWindows {
  /// The windows at some positions of the batch.
  func values(at positions: [Int]) -> [Float] {
    let size = contract.shape.reduce(1, *)
    var result: [Float] = []
    result.reserveCapacity(positions.count * size)
    for position in positions { result += values[(position * size)..<((position + 1) * size)] }
    return result
  }

  /// Equal things as equal numbers.
  fileprivate func numbers<Thing: Hashable>(_ order: [Int], _ things: (PretextWindows) -> [Thing]) -> [Int] {
    let things = things(self)
    var numbers: [Thing: Int] = [:]
    return order.map { position in
      if let known = numbers[things[position]] { return known }
      numbers[things[position]] = numbers.count
      return numbers.count - 1
    }
  }
}
