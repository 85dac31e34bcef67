public import Downstream
import Encoders
import Foundation
import SleepCore
import YAML

/// One way to come to a recogniser: its name, where its weights come from, how they are used, and what of the recipe is its own.
///
/// A recipe writes an arm as a block, or as one of the names in ``shorthands``.
public struct Arm: Hashable, Sendable {
  /// What an arm is.
  public enum Kind: Hashable, Sendable {
    /// A network that comes by its weights in one of four ways.
    case network(TransferProtocol)
    case baseline(Baseline)
  }

  /// A row that needs no network.
  public enum Baseline: String, CaseIterable, Sendable {
    /// Always the commonest class.
    case majority
    /// The class that most often follows the previous window's true one. It is told that, which no recogniser is.
    case previous
    /// The time since the start of the recording alone.
    case clock
    /// Logistic regression on plain features of each window.
    case logistic
  }

  /// Where the weights that a network begins with come from.
  public enum Weights: Hashable, Sendable {
    /// Nowhere: they are random.
    case none
    /// From the recipe's own pretraining, of each fold for itself.
    case pretrained
    /// From an earlier run, or its checkpoint.
    case run(String)
    /// From a file of weights alone, whose names are those of the encoder: it does not say whom it has seen.
    case file(String)
  }

  /// Names the arm's cells and rows.
  public let name: String
  public let kind: Kind
  public let weights: Weights
  /// What is tried for it alone where the comparison searches.
  let search: SearchValues
  /// The parts of the recipe that are the arm's own, each over the recipe's.
  private let changes: Changes

  init(
    _ name: String, _ kind: Kind, weights: Weights? = nil, changes: Node = Node(.mapping([])),
    search: SearchValues = .init()
  ) {
    self.name = name
    self.kind = kind
    self.weights = weights ?? (kind.transfer?.isPretrained == true ? .pretrained : .none)
    self.changes = Changes(node: changes)
    self.search = search
  }

  /// How its network comes by its weights; `nil` of a baseline.
  public var transfer: TransferProtocol? { kind.transfer }
  /// Whether it begins with weights that were trained before.
  var isPretrained: Bool { transfer?.isPretrained ?? false }
  /// Whether it is told what no recogniser is: the true label before each window.
  public var isOracle: Bool { kind == .baseline(.previous) }

  /// The recipe that the arm is trained by. Data, labels and folds are those of the comparison.
  func recipe(in recipe: Recipe) throws -> Recipe {
    changes.isEmpty ? recipe : try recipe.changed(by: changes.node)
  }

  /// The published system that the arm makes its own of; `nil` of the recipe's.
  var ownModel: String? { changes.node["model"].flatMap(Self.text) }

  fileprivate static func text(_ node: Node) -> String? {
    if case .scalar(let scalar) = node.value { scalar.text } else { nil }
  }

  /// Equal by what it says, wherever that stands.
  private struct Changes: Hashable, Sendable {
    let node: Node

    var isEmpty: Bool { node == Node(.mapping([])) }
    static func == (left: Changes, right: Changes) -> Bool { left.node == right.node }
    func hash(into hasher: inout Hasher) { hasher.combine(node.text) }
  }
}

extension Arm.Kind {
  var transfer: TransferProtocol? { if case .network(let transfer) = self { transfer } else { nil } }
}

extension Arm {
  public static let scratch = Arm("scratch", .network(.scratch))
  public static let frozen = Arm("frozen", .network(.frozen))
  public static let fineTuned = Arm("fine-tuned", .network(.fineTuned))
  public static let randomFrozen = Arm("random-frozen", .network(.randomFrozen))
  public static let majority = Arm("majority", .baseline(.majority))
  public static let previous = Arm("previous", .baseline(.previous))
  public static let clock = Arm("clock", .baseline(.clock))
  public static let logistic = Arm("logistic", .baseline(.logistic))

  /// A published system from scratch, as its publication trains it.
  public static func published(_ name: String) -> Arm {
    Arm(
      name, .network(.scratch),
      changes: Node(.mapping([Node.Entry(key: "model", value: Node(.scalar(Scalar(name))))])))
  }

  /// Those that every recipe can have: the protocols and the baselines.
  public static let standard: [Arm] = [
    .scratch, .frozen, .fineTuned, .randomFrozen, .majority, .previous, .clock, .logistic,
  ]

  /// What a recipe may name without a block: the standard arms, and published systems.
  public static let shorthands: [Arm] = standard + RecognitionModels.all.map { .published($0.name) }
}

/// As recipes have it: a name, or a block.
extension Arm: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case name, `protocol`, weights, search
    case model, modelOptions, sensors, missing, trainedOn, encoder, context, pretraining, head, finetuning, transductive
    case shortcuts

    /// The parts of a recipe.
    static let parts = allCases.dropFirst(4)
  }

  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      guard let arm = Self.shorthands.first(where: { $0.name == name }) else {
        throw Misfit("", is: name, oneOf: Self.shorthands.map(\.name))
      }
      self = arm
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .name)
    guard !name.isEmpty, name.count <= 80, name.allSatisfy({ $0.isLetter || $0.isNumber || " .,+=()-".contains($0) }),
      !name.hasPrefix(".")
    else {
      throw Misfit("name", is: "'\(name)'", expected: "letters, digits, spaces and . , + = ( ) -: it names files")
    }
    let entries = try CodingKeys.parts.compactMap { key in
      try container.decodeIfPresent(Node.self, forKey: key).map {
        Node.Entry(key: snakeCase(key.stringValue), origin: $0.origin, value: $0)
      }
    }
    let weights = try container.decodeIfPresent(Weights.self, forKey: .weights)
    let transfer =
      try container.decodeIfPresent(TransferProtocol.self, forKey: .protocol)
      ?? (weights == nil || weights == Weights.none ? .scratch : .fineTuned)
    if let weights, transfer.isPretrained != (weights != Weights.none) {
      throw Misfit(
        "weights", with: ["protocol"],
        is: weights == Weights.none ? "none" : "there with 'protocol: \(transfer.rawValue)'",
        expected: transfer.isPretrained ? "pretrained, {run: RUN} or {file: FILE}" : "none, or 'frozen' or 'fine-tuned'"
      )
    }
    self.init(
      name, .network(transfer), weights: weights, changes: Node(.mapping(entries)),
      search: try container.decodeIfPresent(SearchValues.self, forKey: .search) ?? SearchValues())
  }

  public func encode(to encoder: any Swift.Encoder) throws {
    if Self.shorthands.contains(self) {
      var container = encoder.singleValueContainer()
      try container.encode(name)
      return
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encodeIfPresent(transfer, forKey: .protocol)
    if isPretrained { try container.encode(weights, forKey: .weights) }
    if !search.isEmpty { try container.encode(search, forKey: .search) }
    for key in CodingKeys.parts {
      try container.encodeIfPresent(changes.node[snakeCase(key.stringValue)], forKey: key)
    }
  }
}

extension Arm.Weights: Codable {
  private enum CodingKeys: String, CodingKey { case run, file }

  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      switch name {
      case "none": self = .none
      case "pretrained": self = .pretrained
      default: throw Misfit("weights", is: "'\(name)'", expected: "none, pretrained, {run: RUN} or {file: FILE}")
      }
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let (run, file) = (
      try container.decodeIfPresent(String.self, forKey: .run),
      try container.decodeIfPresent(String.self, forKey: .file)
    )
    switch (run, file) {
    case (let run?, nil): self = .run(run)
    case (nil, let file?): self = .file(file)
    default:
      throw Misfit("run", with: ["file"], is: run == nil ? "missing" : "there with 'file'", expected: "one of both")
    }
  }

  public func encode(to encoder: any Swift.Encoder) throws {
    switch self {
    case .none, .pretrained:
      var container = encoder.singleValueContainer()
      try container.encode(self == .none ? "none" : "pretrained")
    case .run(let path):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(path, forKey: .run)
    case .file(let path):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(path, forKey: .file)
    }
  }
}
