import Corpora
public import Downstream
public import Encoders
public import Foundation
public import SleepCore
public import Upstream
public import Training
import YAML

/// One flat YAML file that says all of an experiment but where its data is.
public struct Recipe: Settings {
  /// Names the folder of its runs.
  public var name: String = ""
  /// What is read, together, from each window.
  public var sensors: [Sensor] = []
  /// Whether recordings and windows that lack some of the sensors are read too, and how sensors are left out in training; every window needs
  /// all of them where absent.
  public var missing: MissingSensors? = nil
  /// The label scheme's name; a recipe that only pretrains needs none.
  public var labels: String = ""
  /// Only recordings whose names begin with one of these are labelled, chosen on and tested on; all where empty.
  public var recordings: [String] = []
  /// The data sets whose people are trained and chosen on, where several corpora are joined; all where absent. People of all are tested on.
  public var trainedOn: [String]? = nil
  public var seed: UInt64 = 1
  /// `auto`, `cpu`, or a graphics card: `cuda:0`, which is `cuda`, `cuda:1` and so on.
  public var device: String = "auto"
  /// `recogniser`, which is `encoder`, `context` and `head`, or a published system's name, as `ssrm models` lists them: its
  /// sensors and training are then those of the publication, but for what the recipe says itself.
  public var model: String = Recipe.recogniser
  /// Of a published system.
  public var modelOptions: ModelOptions = .init()
  public var encoder: EncoderRecipe = .init()
  /// What reads a night of the encoder's vectors, is pretrained with it by tasks of nights, and stands under the head.
  public var context: ContextRecipe = .init()
  public var pretraining: PretrainingRecipe = .init()
  public var head: HeadRecipe = .init()
  public var finetuning: FineTuningRecipe = .init()
  public var split: SplitRecipe = .init()
  public var comparison: ComparisonRecipe = .init()
  /// Whether pretraining may see test subjects' windows, without labels; every table then says so.
  public var transductive: Bool = false
  /// The shortcuts of published evaluations that it takes, so that their worth can be measured; none where absent.
  public var shortcuts: ShortcutsRecipe? = nil

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .seed: .seed
    ])

  public init() {}

  /// The name of the model that a recipe makes of its own encoder and head.
  public static let recogniser = "recogniser"

  /// The encoder that pretext tasks teach: the recipe's own, or that of its published system; `nil` where the system has none.
  var pretrainedEncoder: EncoderRecipe? {
    guard model != Recipe.recogniser else { return encoder }
    return RecognitionModels.find(model)?.encoder(modelOptions, sensors: sensors.count)
  }

  /// The context that pretext tasks teach; a published system reads nights in its own way.
  var pretrainedContext: ContextRecipe { model == Recipe.recogniser ? context : .init() }

  /// Whether a window of the recogniser may lack some of its sensors. One sensor is all there is, so it may not.
  var toleratesMissing: Bool { missing != nil && sensors.count > 1 }
  /// Which of the sensors must have measured a window.
  var need: SensorNeed { toleratesMissing ? .any : .all }

  /// The sensors that the encoder is pretrained on: the recipe's own, and with them others where it names some.
  var pretrainingSensors: [Sensor] { pretraining.sensors.isEmpty ? sensors : pretraining.sensors }

  /// Reads a recipe file.
  ///
  /// - Parameter overrides: `path=value`, as `--set` gives them.
  /// - Throws: `YAMLError` with `path:line:column`, or with the option where an override is at fault.
  public static func load(_ url: URL, overrides: [String] = []) throws -> Recipe {
    try decode(
      YAML.load(contentsOf: url), overrides: overrides, name: url.deletingPathExtension().lastPathComponent)
  }

  /// The recipe that a checkpoint carries.
  ///
  /// - Throws: As ``load(_:overrides:)``, where it is of another version that took what this one refuses.
  static func parse(_ text: String, of checkpoint: URL) throws -> Recipe {
    try parse(text, path: "\(checkpoint.path), recipe")
  }

  /// The recipe that a run was made with.
  public static func parse(_ text: String, path: String) throws -> Recipe {
    try decode(YAML.parse(text, path: path), overrides: [], name: "")
  }

  /// The recipe of a published system by itself, with its training.
  ///
  /// - Parameter overrides: `path=value`, as `--set` gives them.
  /// - Throws: As ``load(_:overrides:)``.
  static func published(_ model: String, labels: String, overrides: [String]) throws -> Recipe {
    try decode(YAML.parse("model: \(model)\nlabels: \(labels)\n", path: model), overrides: overrides, name: model)
  }

  private static func decode(_ node: Node, overrides: [String], name: String) throws -> Recipe {
    let document = try completed(node.overriding(overrides))
    var recipe = try YAMLDecoder().decode(Recipe.self, from: document)
    if recipe.name.isEmpty { recipe.name = name }
    // What an arm changes must be a recipe, too.
    for (index, arm) in recipe.comparison.arms.enumerated() {
      do { try arm.check(in: recipe) } catch let error as YAMLError {
        let place = document["comparison"]?["arms"]?[index]?.origin ?? .encoded
        throw error.inside("arm \(index + 1) ('\(arm.name)')", at: place)
      }
    }
    return recipe
  }

  /// A recipe's node with the sensors and the training of the published system that it names, under its own.
  private static func completed(_ node: Node) throws -> Node {
    guard case .scalar(let name)? = node["model"]?.value, case .mapping = node.value,
      let published = RecognitionModels.find(name.text)
    else { return node }
    return try published.part().overlaid(by: node)
  }

  /// This recipe with some of its parts changed. Its arms are the standard ones: the recipe's own are changes of its parts as they were.
  ///
  /// - Throws: `YAMLError` where what comes out is no recipe.
  func changed(by changes: Node) throws -> Recipe {
    var base = self
    base.comparison = ComparisonRecipe()
    // A published system takes windows with all its sensors, whatever the others take.
    var published: PublishedModel?
    if case .scalar(let name)? = changes["model"]?.value { published = RecognitionModels.find(name.text) }
    if published != nil { base.missing = nil }
    var node = try YAMLEncoder().encode(base)
    if let published { node = try node.overlaid(by: published.part()) }
    var recipe = try YAMLDecoder().decode(Recipe.self, from: node.overlaid(by: changes))
    recipe.comparison = comparison
    (recipe.comparison.arms, recipe.comparison.questions) = (Arm.standard, [])
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
    return shortcuts?.unscoredAsWake == true && scheme.kind == .stages ? scheme.withUnscoredAsWake : scheme
  }
}

extension PublishedModel {
  /// What a recipe takes over of a published system: its name, its sensors, and its training where it has one.
  fileprivate func part() throws -> Node {
    var node = try Node(.mapping([])).with("model", YAMLEncoder().encode(name))
      .with("sensors", YAMLEncoder().encode(inputs.map(\.sensor)))
    if let training { node = try node.with("finetuning", YAMLEncoder().encode(training)) }
    return node
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
