public import Downstream
import Encoders
import SleepCore

/// One way to come to a recogniser: a transfer protocol, a baseline that needs no network, or a published system.
public enum Arm: Hashable, Sendable {
  case scratch
  case frozen
  case fineTuned
  case randomFrozen
  /// Always the commonest class.
  case majority
  /// The class that most often follows the previous window's true one. It is told that, which no recogniser is.
  case previous
  /// The time since the start of the recording alone.
  case clock
  /// Logistic regression on plain features of each window.
  case logistic
  /// A published system beside the recipe's own model, from scratch, as its publication trains it.
  case published(String)

  /// Those that every recipe can have: the protocols and the baselines.
  public static let standard: [Arm] = [
    .scratch, .frozen, .fineTuned, .randomFrozen, .majority, .previous, .clock, .logistic,
  ]

  /// How its network comes by its weights; `nil` of a baseline.
  public var transfer: TransferProtocol? {
    switch self {
    case .scratch, .published: .scratch
    case .frozen: .frozen
    case .fineTuned: .fineTuned
    case .randomFrozen: .randomFrozen
    case .majority, .previous, .clock, .logistic: nil
    }
  }

  /// Whether it begins with weights that were trained before.
  var isPretrained: Bool { transfer?.isPretrained ?? false }
}

/// As recipes, cells and tables name it.
extension Arm: RawRepresentable, CaseIterable, Codable, CodingKeyRepresentable {
  public static var allCases: [Arm] { standard + RecognitionModels.all.map { .published($0.name) } }

  public init?(rawValue: String) {
    guard let arm = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = arm
  }

  public var rawValue: String {
    switch self {
    case .scratch: "scratch"
    case .frozen: "frozen"
    case .fineTuned: "fine-tuned"
    case .randomFrozen: "random-frozen"
    case .majority: "majority"
    case .previous: "previous"
    case .clock: "clock"
    case .logistic: "logistic"
    case .published(let name): name
    }
  }
}

extension Recipe {
  /// The recipe that an arm is trained by: this one, or a published system's inputs, network and training in its place. Data,
  /// labels, folds and `model_options` stay; where a publication says nothing of its training, so does that.
  func trained(as arm: Arm) throws -> Recipe {
    guard case .published(let name) = arm else { return self }
    let published = try RecognitionModels.named(name)
    var recipe = self
    recipe.model = name
    recipe.sensors = published.inputs.map(\.sensor)
    if let training = published.training { recipe.finetuning = training }
    return recipe
  }

  /// This recipe with the sensors of all its arms: what it labels, every arm can be trained and tested on.
  func common() throws -> Recipe {
    var recipe = self
    for arm in comparison.arms {
      recipe.sensors += try trained(as: arm).sensors.filter { !recipe.sensors.contains($0) }
    }
    return recipe
  }
}
