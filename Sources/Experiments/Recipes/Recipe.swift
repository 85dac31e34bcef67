import Corpora
public import Downstream
public import Encoders
public import Foundation
public import SleepCore
public import Upstream
import Training
import YAML

/// One flat YAML file that says all of an experiment but where its data is.
public struct Recipe: Codable, Hashable, Sendable {
  /// Names the folder of its runs.
  public var name: String = ""
  /// What is read, together, from each window.
  public var sensors: [Sensor] = []
  /// The label scheme's name; a recipe that only pretrains needs none.
  public var labels: String = ""
  /// Only recordings whose names begin with one of these are labelled, chosen on and tested on; all where empty.
  public var recordings: [String] = []
  public var seed: UInt64 = 1
  /// `auto`, `cpu` or `cuda`.
  public var device: String = "auto"
  /// `recogniser`, which is `encoder` and `head`, or a published system's name, as `ssrm models` lists them.
  public var model: String = Recipe.recogniser
  /// Of a published system.
  public var modelOptions: ModelOptions = .init()
  public var encoder: EncoderRecipe = .init()
  public var pretraining: PretrainingRecipe = .init()
  public var head: HeadRecipe = .init()
  public var finetuning: FineTuningRecipe = .init()
  public var split: SplitRecipe = .init()
  public var comparison: ComparisonRecipe = .init()
  /// Whether pretraining may see test subjects' windows, without labels; every table then says so.
  public var transductive: Bool = false

  public init() {}

  /// The name of the model that a recipe makes of its own encoder and head.
  public static let recogniser = "recogniser"

  /// The sensors that the encoder is pretrained on: the recipe's own, and with them others where it names some.
  var pretrainingSensors: [Sensor] { pretraining.sensors.isEmpty ? sensors : pretraining.sensors }

  /// Reads a recipe file.
  ///
  /// - Parameter overrides: `path=value`, as `--set` gives them.
  /// - Throws: `YAMLError` with `path:line:column`, or ``RecipeError``.
  public static func load(_ url: URL, overrides: [String] = []) throws -> Recipe {
    try decode(
      YAML.load(contentsOf: url), overrides: overrides, path: url.path,
      name: url.deletingPathExtension().lastPathComponent)
  }

  /// The recipe that a run was made with.
  public static func parse(_ text: String, path: String) throws -> Recipe {
    try decode(YAML.parse(text, path: path), overrides: [], path: path, name: "")
  }

  private static func decode(_ node: Node, overrides: [String], path: String, name: String) throws -> Recipe {
    var recipe = try YAMLDecoder().decode(Recipe.self, from: node.overriding(overrides))
    if recipe.name.isEmpty { recipe.name = name }
    try recipe.validate(path: path)
    return recipe
  }

  /// The whole recipe as YAML, every default filled in.
  public func text() throws -> String { try YAMLEncoder().encode(self).text }

  /// The label scheme.
  ///
  /// - Throws: ``RecipeError`` where the recipe names none.
  public func scheme() throws -> LabelScheme {
    guard let scheme = LabelScheme.named(labels) else {
      throw RecipeError(
        path: name, problem: "'labels' is \(labels.isEmpty ? "missing" : "'\(labels)'")",
        wanted: "one of \(LabelScheme.all.map(\.name).joined(separator: ", "))")
    }
    return scheme
  }

  private func validate(path: String) throws {
    func check(_ holds: Bool, _ problem: String, _ wanted: String) throws {
      if !holds { throw RecipeError(path: path, problem: problem, wanted: wanted) }
    }
    try check(
      !sensors.isEmpty, "'sensors' is missing", "a list of \(Sensor.allCases.map(\.rawValue).joined(separator: ", "))")
    try check(Set(sensors).count == sensors.count, "'sensors' names one twice", "each sensor once")
    let pretrained = Set(pretrainingSensors)
    try check(
      pretrained.count == pretrainingSensors.count, "'pretraining.sensors' names one twice", "each sensor once")
    let missing = sensors.filter { !pretrained.contains($0) }.map(\.rawValue)
    try check(
      missing.isEmpty, "'pretraining.sensors' lacks \(missing.joined(separator: ", "))",
      "the recipe's own sensors and any others")
    if !labels.isEmpty { _ = try scheme() }
    if model != Recipe.recogniser { _ = try RecognitionModels.named(model) }
    try check(
      finetuning.batch > 0 && pretraining.batch > 1, "'batch' is too small",
      "at least 1 in finetuning, 2 in pretraining")
    try check(finetuning.epochs > 0, "'finetuning.epochs' is \(finetuning.epochs)", "at least 1")
    try check(
      finetuning.stride <= max(1, finetuning.sequence), "'finetuning.stride' is \(finetuning.stride)",
      "at most the sequence, \(finetuning.sequence)")
    try check(
      !head.crf || finetuning.sequence > 1, "'head.crf' with 'finetuning.sequence' of \(finetuning.sequence)",
      "a sequence of at least 2 windows for the chain")
    try check(
      finetuning.balanceTo >= 0, "'finetuning.balance_to' is \(finetuning.balanceTo)", "windows a class, or 0")
    try check(
      finetuning.sequence <= 1 || finetuning.balanceTo == 0 && finetuning.balance == .none,
      "'finetuning.balance\(finetuning.balanceTo > 0 ? "_to" : "")' with 'finetuning.sequence' of \(finetuning.sequence)",
      "single windows, whose class can be drawn; 'class_weights: balanced' does it for sequences")
    try check(
      finetuning.synthetic == .none || finetuning.balanceTo > 0,
      "'finetuning.synthetic' without 'finetuning.balance_to'", "how many windows of each class there shall be")
    try check(finetuning.ensemble > 0, "'finetuning.ensemble' is \(finetuning.ensemble)", "at least 1 model")
    try check((0..<1).contains(head.dropout), "'head.dropout' is \(head.dropout)", "a share in 0..<1")
    try check(
      split.kind != .listed || !split.file.isEmpty, "'split.file' is missing", "a text file of the test subjects")
    try check(
      pretraining.optimization.schedule != .plateau, "'pretraining.optimization.schedule' is plateau",
      "another: pretraining has no validation loss")
    let plateau = finetuning.optimization.plateau
    try check(
      (0..<1).contains(plateau.factor) && plateau.patience >= 0,
      "'finetuning.optimization.plateau' has the factor \(plateau.factor) and the patience \(plateau.patience)",
      "a factor in 0..<1 and a patience of at least 0")
    try check(
      finetuning.optimization.periodGrowth >= 1,
      "'finetuning.optimization.period_growth' is \(finetuning.optimization.periodGrowth)", "at least 1")
    for budget in comparison.budgets { _ = try LabelBudget(named: budget, path: path) }
  }
}

/// A recipe that cannot be carried out.
public struct RecipeError: Error, Equatable, LocalizedError {
  public let path: String
  public let problem: String
  public let wanted: String

  public init(path: String, problem: String, wanted: String) {
    self.path = path
    self.problem = problem
    self.wanted = wanted
  }

  public var errorDescription: String? { "\(path): \(problem), expected \(wanted)" }
}
