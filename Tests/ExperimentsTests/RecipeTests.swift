import Encoders
import Downstream
import Experiments
import Foundation
import Metrics
import SleepCore
import TestSupport
import Testing
import Training
import Upstream
import YAML

@Suite("Recipes")
struct RecipeTests {
  private static let head = "sensors: [heart-rate]\n"

  private static func withRecipe(_ rest: String = "", _ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("r.yaml")
      try Data((head + rest).utf8).write(to: url)
      try body(url)
    }
  }

  /// A recipe, and the place and words that it is refused with.
  private static let refused: [(text: String, words: String)] = [
    (
      "labels: five-stages",
      "1:1: 'sensors' is missing, expected a list of \(sensorNames)"
    ),
    (
      "sensors: [psg, psg]",
      "1:10: 'sensors' is [psg, psg], expected each sensor once"
    ),
    (
      "sensors: [heart-rate]\nlabels: w-rem",
      """
      2:9: 'labels' is 'w-rem', expected one of wake-sleep, w-nrem-rem, w-light-deep-rem, five-stages, \
      postures-17, postures-3
      """
    ),
    (
      "sensors: [heart-rate]\nlabels: five-stage",
      """
      2:9: 'labels' is 'five-stage', expected one of wake-sleep, w-nrem-rem, w-light-deep-rem, \
      five-stages, postures-17, postures-3. Did you mean 'five-stages'?
      """
    ),
    (
      "sensors: [heart-rate]\nmodel: sleepvts",
      """
      2:8: 'model' is 'sleepvts', expected one of recogniser, sleepvst, sleepvst-6, ulw-sleepnet, \
      spectrogram-cnn, accelerometer-cnn, accelerometer-dense, accelerometer-logistic, accelerometer-logistic-mean, \
      accelerometer-cnn-30s, accelerometer-dense-30s, ssrm-cnn, ssrm-cnn-3, ssrm-worker. Did you mean 'sleepvst'?
      """
    ),
    (
      "sensors: [heart-rate]\ndevice: gpu",
      "2:9: 'device' is 'gpu', expected one of auto, cpu, cuda, cuda:N. Did you mean 'cuda'?"
    ),
    (
      "sensors: [heart-rate]\ndevice: cuda:one",
      "2:9: 'device' is 'cuda:one', expected one of auto, cpu, cuda, cuda:N. Did you mean 'cuda:N'?"
    ),
    (
      "sensors: [heart-rate]\nfinetuning: {optimization: {averaging: 0.9, average_last: 3}}",
      "2:59: 'average_last' is 3 with 'averaging' of 0.9, expected one of both: each makes the weights that are kept"
    ),
    (
      "sensors: [heart-rate]\nfinetuning: {sequence: 4, stride: 5}",
      "2:35: 'stride' is 5, expected at most the sequence, 4"
    ),
    (
      "sensors: [heart-rate]\nhead: {profile: true}\nfinetuning: {balance_to: 9, synthetic: smote}",
      """
      2:17: 'head.profile' is true with 'finetuning.synthetic' of smote, expected false: a made-up window is \
      of no night
      """
    ),
    (
      "sensors: [heart-rate]\nhead: {crf: true}",
      """
      2:13: 'head.crf' is true with 'finetuning.sequence' of 1, expected a sequence of at least 2 windows \
      for the chain
      """
    ),
    (
      "sensors: [heart-rate]\nhead: {crf: true}\nfinetuning:\n  sequence: 10\n  class_weights: balanced",
      """
      5:18: 'finetuning.class_weights' is balanced with 'head.crf', expected none: the chain's likelihood \
      has no class weights
      """
    ),
    (
      "sensors: [heart-rate]\nhead: {crf: true}\nfinetuning:\n  sequence: 10\n  label_smoothing: 0.1",
      """
      5:20: 'finetuning.label_smoothing' is 0.1 with 'head.crf', expected 0: the chain's likelihood has \
      no smoothed labels
      """
    ),
    (
      "sensors: [heart-rate]\nhead: {crf: true}\nfinetuning:\n  sequence: 10\n  prediction_stride: 5\n  votes: true",
      """
      6:10: 'finetuning.votes' is true with 'head.crf', expected false: the chain decodes a night as a whole, from mean \
      scores
      """
    ),
    (
      "sensors: [heart-rate]\nfinetuning: {sequence: 10, votes: true}",
      """
      2:35: 'votes' is true with 'prediction_stride' of 0, expected false, or sequences that overlap: a \
      'prediction_stride' from 1 to below the sequence
      """
    ),
    (
      "sensors: [heart-rate]\nfinetuning: {prediction_stride: 1, votes: true}",
      """
      2:43: 'votes' is true with 'sequence' of 1, expected false, or sequences that overlap: a \
      'prediction_stride' from 1 to below the sequence
      """
    ),
    (
      "sensors: [heart-rate]\nfinetuning: {balance_to: 5, sequence: 3}",
      """
      2:26: 'balance_to' is 5 with 'sequence' of 3, expected single windows, whose class can be drawn; \
      'class_weights: balanced' does it for sequences
      """
    ),
    (
      "sensors: [heart-rate]\nfinetuning: {balance: classes, sequence: 3}",
      """
      2:23: 'balance' is classes with 'sequence' of 3, expected single windows, whose class can be drawn; \
      'class_weights: balanced' does it for sequences
      """
    ),
    (
      "sensors: [heart-rate]\nfinetuning: {synthetic: smote}",
      "2:25: 'synthetic' is smote without 'balance_to', expected how many windows of each class there shall be"
    ),
    (
      "sensors: [heart-rate]\nsplit: {kind: listed}",
      "2:15: 'file' is missing, expected a text file of the test subjects"
    ),
    (
      "sensors: [heart-rate]\npretraining: {optimization: {schedule: plateau}}",
      "2:40: 'optimization.schedule' is plateau, expected another: pretraining has no validation loss"
    ),
    (
      "sensors: [heart-rate]\npretraining: {sensors: [psg]}",
      """
      2:24: 'pretraining.sensors' is [psg], expected heart-rate among them: the recipe's own sensors, and \
      any others
      """
    ),
    (
      "sensors: [heart-rate]\npretraining: {sensors: [heart-rate, heart-rate]}",
      "2:24: 'pretraining.sensors' is [heart-rate, heart-rate], expected each sensor once"
    ),
    (
      "sensors: [heart-rate]\nencoder: {width: 16, trunk: {kind: transformer, heads: 5}}",
      "2:56: 'trunk.heads' is 5, expected a divisor of the width, 16"
    ),
    (
      "sensors: [heart-rate]\nencoder: {map: {kernel: 4}}",
      "2:25: 'kernel' is 4, expected an odd number, which has a middle"
    ),
    (
      "sensors: [heart-rate]\nencoder: {signal: {channels: []}}",
      "2:30: 'channels' is a list of 0, expected a list of 1 to 64"
    ),
    (
      "sensors: [heart-rate]\nmodel_options: {sleepvst: {heads: 7}}",
      "2:35: 'heads' is 7, expected a divisor of the width, 128"
    ),
    (
      "sensors: [heart-rate]\npretraining:\n  tasks:\n    - {task: frequency, mask_frames: 0, mask_bins: 0}",
      "4:38: 'mask_frames' is 0, and so is 'mask_bins', expected one above 0: nothing would be hidden"
    ),
    (
      "sensors: [heart-rate]\npretraining:\n  tasks:\n    - {task: views, weight: -1}",
      "4:29: 'weight' is -1, expected a number from 0 to 1000000"
    ),
    (
      "sensors: [heart-rate]\npretraining:\n  tasks:\n    - {task: contrast, temperature: 0}",
      "4:37: 'temperature' is 0, expected a number above 0 and at most 1000"
    ),
    (
      "sensors: [heart-rate]\ncomparison: {measure: kapa}",
      "2:23: 'measure' is 'kapa', not one of: \(scoreNames). Did you mean 'kappa'?"
    ),
    (
      "sensors: [heart-rate]\ncomparison: {arms: [scratch, sleepvts]}",
      "2:30: arm 2 is 'sleepvts', expected one of \(armNames). Did you mean 'sleepvst'?"
    ),
  ]

  private static let sensorNames = Sensor.allCases.map(\.rawValue).joined(separator: ", ")
  private static let scoreNames = Score.allCases.map(\.rawValue).joined(separator: ", ")
  private static let armNames = Arm.shorthands.map(\.name).joined(separator: ", ")

  @Test("What cannot be carried out is refused in words, with line and column", arguments: refused.indices)
  func refusals(index: Int) throws {
    let (text, expected) = Self.refused[index]
    let error = try #require(throws: YAMLError.self) { _ = try Recipe.parse(text, path: "r.yaml") }
    #expect(words(of: error) == "r.yaml:" + expected)
  }

  @Test(
    "A budget that is none is refused",
    arguments: [
      "half", "1.5 subjects", "0 subjects", "1e30 subjects", "nan subjects", "0 % of windows", "150 % of windows",
      "nan % of windows", "-5 min a subject", "inf min a subject",
    ])
  func budgets(name: String) throws {
    let error = try #require(throws: YAMLError.self) {
      _ = try Recipe.parse(Self.head + "comparison:\n  budgets: [all, \(name)]", path: "r.yaml")
    }
    #expect(
      words(of: error)
        == "r.yaml:3:18: 'budgets.1' is '\(name)', expected 'all', '4 subjects', '10 % of windows' or '30 min a subject'"
    )
  }

  private static let outside: [(path: String, value: String, range: String)] = [
    ("pretraining.epochs", "-1", "a whole number from 1 to 1000000"),
    ("pretraining.epochs", "0", "a whole number from 1 to 1000000"),
    ("pretraining.epochs", "1e18", "a whole number from 1 to 1000000"),
    ("pretraining.epochs", "1000000000000000000", "a whole number from 1 to 1000000"),
    ("pretraining.steps", "-1", "a whole number from 0 to 1000000"),
    ("pretraining.batch", "1", "a whole number from 2 to 65536"),
    ("pretraining.optimization.learning_rate", "-1", "a number above 0 and at most 1000"),
    ("finetuning.optimization.learning_rate", ".nan", "a number above 0 and at most 1000"),
    ("finetuning.optimization.learning_rate", ".inf", "a number above 0 and at most 1000"),
    ("finetuning.optimization.warmup", "3", "a number from 0 to 1"),
    ("finetuning.optimization.period_growth", "0", "a whole number from 1 to 1000"),
    ("finetuning.optimization.accumulate", "0", "a whole number from 1 to 1000000"),
    ("pretraining.optimization.averaging", "1", "a number from 0 to below 1"),
    ("pretraining.optimization.average_last", "-1", "a whole number from 0 to 1000"),
    ("finetuning.optimization.epsilon", "0", "a number above 0 and at most 1"),
    ("pretraining.optimization.epsilon", "-1e-08", "a number above 0 and at most 1"),
    ("finetuning.optimization.momentum", "1", "a number from 0 to below 1"),
    ("finetuning.optimization.plateau.factor", "2", "a number from 0 to below 1"),
    ("finetuning.optimization.plateau.patience", "-1", "a whole number from 0 to 1000000"),
    ("finetuning.batch", "0", "a whole number from 1 to 65536"),
    ("finetuning.epochs", "0", "a whole number from 1 to 1000000"),
    ("finetuning.sequence", "-2", "a whole number from 1 to 100000"),
    ("finetuning.stride", "-1", "a whole number from 0 to 100000"),
    ("finetuning.patience", "-1", "a whole number from 0 to 1000000"),
    ("finetuning.balance_to", "-1", "a whole number from 0 to 10000000"),
    ("finetuning.ensemble", "0", "a whole number from 1 to 100"),
    ("finetuning.label_smoothing", "2", "a number from 0 to below 1"),
    ("finetuning.augmentation.map.noise", "-0.1", "a number from 0 to 1000"),
    ("finetuning.augmentation.signal.drop_channel", "1", "a number from 0 to below 1"),
    ("head.dropout", "1", "a number from 0 to below 1"),
    ("encoder.width", "0", "a whole number from 1 to 65536"),
    ("model_options.sleepvst.dropout", "-0.5", "a number from 0 to below 1"),
    ("split.validation", "1.5", "a number from 0 to below 1"),
    ("split.validation", "-0.2", "a number from 0 to below 1"),
    ("split.test", "0", "a number above 0 and below 1"),
    ("split.folds", "1", "a whole number from 2 to 10000"),
    ("comparison.seeds", "0", "a whole number from 1 to 10000"),
    ("seed", "-1", "a whole number from 0 to 9007199254740991"),
    ("seed", "99999999999999999999", "a whole number from 0 to 9007199254740991"),
  ]

  @Test(
    "A number out of its range is refused at its line and column, and one of --set by the option",
    arguments: outside.indices)
  func ranges(index: Int) throws {
    let (path, value, expected) = Self.outside[index]
    let keys = path.split(separator: ".")
    let lines = keys.enumerated().map { String(repeating: "  ", count: $0) + $1 + ":" }
    let (line, column) = (keys.count + 1, lines[lines.count - 1].count + 2)
    let told = "'\(keys[keys.count - 1])' is \(value), expected \(expected)"
    let inFile = try #require(throws: YAMLError.self) {
      _ = try Recipe.parse(Self.head + lines.joined(separator: "\n") + " \(value)\n", path: "r.yaml")
    }
    #expect(words(of: inFile) == "r.yaml:\(line):\(column): \(told)")
    try Self.withRecipe { url in
      let inOption = try #require(throws: YAMLError.self) { _ = try Recipe.load(url, overrides: ["\(path)=\(value)"]) }
      #expect(words(of: inOption) == "--set \(path)=\(value): \(told)")
    }
  }

  private static let apart: [(option: String, words: String)] = [
    (
      "device=gpu",
      "'device' is 'gpu', expected one of auto, cpu, cuda, cuda:N. Did you mean 'cuda'?"
    ),
    (
      "finetuning.sequence=1",
      """
      'head.crf' is true with 'finetuning.sequence' of 1, expected a sequence of at least 2 windows for \
      the chain
      """
    ),
    (
      "finetuning.sequence=5",
      "'stride' is 6, expected at most the sequence, 5"
    ),
    (
      "finetuning.class_weights=balanced",
      """
      'finetuning.class_weights' is balanced with 'head.crf', expected none: the chain's likelihood has \
      no class weights
      """
    ),
    (
      "finetuning.optimization.precision=float16",
      "'precision' is 'float16', not one of: float32, bfloat16. Did you mean 'bfloat16'?"
    ),
    (
      "pretraining.keep=first",
      "'keep' is 'first', not one of: last, best."
    ),
    (
      "comparison.budgets=[half]",
      "'budgets.0' is 'half', expected 'all', '4 subjects', '10 % of windows' or '30 min a subject'"
    ),
  ]

  @Test("What an option makes not go together is refused by the option", arguments: apart.indices)
  func overrideConflicts(index: Int) throws {
    let (option, expected) = Self.apart[index]
    let stride = option == "finetuning.sequence=1" ? 0 : 6
    try Self.withRecipe("head: {crf: true}\nfinetuning: {sequence: 10, stride: \(stride)}\n") { url in
      _ = try Recipe.load(url)
      let error = try #require(throws: YAMLError.self) { _ = try Recipe.load(url, overrides: [option]) }
      #expect(words(of: error) == "--set \(option): \(expected)")
    }
  }

  @Test("A published model has no chain, so that its classes may be weighted")
  func publishedWeights() throws {
    let text = Self.head + "model: sleepvst\nhead: {crf: true}\nfinetuning: {class_weights: balanced}\n"
    #expect(try Recipe.parse(text, path: "r.yaml").finetuning.classWeights == .balanced)
  }

  @Test("Every number of a recipe has a range, and every default lies in it")
  func everyNumber() throws {
    var recipe = Recipe()
    recipe.sensors = [.psg]
    recipe.pretraining.tasks = try PretextTasks.names.map { try TaskRecipe(named: $0) }
    recipe.finetuning.augmentation.map = .init()
    recipe.finetuning.augmentation.signal = .init()
    for model in RecognitionModels.all { recipe.modelOptions[model.optionsKey] = model.options }
    let parts: [Any] =
      recipe.pretraining.tasks.map { $0 as Any } + [MapAugmentation(), SignalAugmentation(), NightOptions()]
      + recipe.pretraining.tasks.map { $0.choice.options } + RecognitionModels.all.map { $0.options }
      + Self.defaults(of: [Encoders.all, Contexts.all, Heads.all].joined().map { $0 })
      + [Arm.scratch, AnySettings(NoOptions()), MissingSensors(), ShortcutsRecipe()]
    // What an arm changes, and what a search tries, is a document until the recipe takes it, whose own ranges then hold.
    let documents = ["comparison.arms.changes", "comparison.arms.search", "comparison.search.values"]
    let misses = numbersWithoutRange(of: recipe, parts: parts).filter { miss in
      !documents.contains { miss.hasPrefix($0) }
    }
    #expect(misses == [])
    #expect(try Recipe.parse(recipe.text(), path: "r.yaml") == recipe)
    #expect(RecognitionModels.all.allSatisfy { $0.training?.misfit == nil })
  }

  private static func defaults(of kinds: [any Choosable.Type]) -> [Any] {
    func options<Kind: Choosable>(_ kind: Kind.Type) -> Any { Kind.Options() }
    return kinds.map { options($0) }
  }

  @Test("A recipe that cannot be read says why")
  func unreadable() throws {
    try withTemporaryFolder { folder in
      let error = try #require(throws: YAMLError.self) { _ = try Recipe.load(folder) }
      #expect(words(of: error) == "\(folder.path): found a folder, expected a YAML file")
      let absent = folder.appendingPathComponent("absent.yaml")
      let second = try #require(throws: YAMLError.self) { _ = try Recipe.load(absent) }
      #expect(words(of: second) == "\(absent.path): found no such file, expected a YAML file")
    }
  }

  @Test("An unknown key is named with its place and the nearest one")
  func unknownKeys() throws {
    let first = try #require(throws: (any Error).self) {
      _ = try Recipe.parse(Self.head + "finetuning:\n  epoch: 3\n", path: "r.yaml")
    }
    #expect(words(of: first).hasPrefix("r.yaml:3:3: unknown key 'epoch'. Did you mean 'epochs'? Known keys here: "))
    let second = try #require(throws: (any Error).self) {
      _ = try Recipe.parse(Self.head + "sensor: [psg]\n", path: "r.yaml")
    }
    #expect(
      words(of: second).hasPrefix("r.yaml:2:1: unknown key 'sensor'. Did you mean 'sensors'? Known keys here: name, "))
  }

  @Test("A recipe comes back from its own text, and defaults need not be written")
  func roundTrip() throws {
    let recipe = try ToyStudy.recipe()
    #expect(try Recipe.parse(recipe.text(), path: "again.yaml") == recipe)
    #expect(recipe.finetuning.encoderRate == 0.1 && recipe.comparison.arms == Arm.standard && !recipe.transductive)
  }

  @Test("A value is put in by its path, and the file gives the name")
  func overrides() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("mine.yaml")
      try Data(Self.head.utf8).write(to: url)
      let recipe = try Recipe.load(url, overrides: ["finetuning.epochs=7", "comparison.arms=[scratch, majority]"])
      #expect(
        recipe.name == "mine" && recipe.finetuning.epochs == 7 && recipe.comparison.arms == [.scratch, .majority])
    }
  }
}
