import Corpora
import Preparation
import Downstream
import Encoders
import Experiments
import Foundation
import Metrics
import SleepCore
import Synthesis
import TestSupport
import Testing
import Training
import Upstream

@Suite("Shipped recipes")
struct ShippedRecipeTests {
  static let files: [URL] = {
    guard let folder = try? DataFolder.find("Recipes") else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted().map { folder.appendingPathComponent($0) }
  }()

  /// Which made-up data set has a sensor, as the cards prepare it.
  static let datasets: [(name: String, sensors: Set<Sensor>)] = [
    ("sleepbrl", [.radar]),
    ("sleep-edf", [.psg]),
    ("sleep-accel", [.accelerometer, .activity, .heartRate, .spectrogram]),
    ("pmd", [.pressureMap]),
    ("mesa", [.ecg, .respiration]),
    ("spectrograms", [.spectrogram]),
  ]

  /// What each kind of run must leave.
  static let left: [(kind: String, files: [String])] = [
    ("pretrain", ["recipe.yaml", "environment.json", "metrics.jsonl", "report.txt", "encoder.safetensors"]),
    (
      "finetune",
      [
        "recipe.yaml", "environment.json", "folds.txt", "metrics.jsonl", "report.txt", "report.json",
        "model.safetensors", "predictions", "curves.png",
      ]
    ),
    (
      "compare",
      [
        "recipe.yaml", "environment.json", "folds.txt", "cells", "report.txt", "report.md", "report.csv", "report.json",
      ]
    ),
  ]

  @Test("There are recipes")
  func recipesAreThere() { #expect(Self.files.count >= 6) }

  @Test(
    "A recipe is named as its file, says at its head what it is, and comes back from its own text", arguments: files)
  func roundTrip(_ file: URL) throws {
    let recipe = try Recipe.load(file)
    #expect(recipe.name == file.deletingPathExtension().lastPathComponent)
    let text = try recipe.text()
    let again = try Recipe.parse(text, path: "the recipe's own text")
    #expect(again == recipe)
    #expect(try again.text() == text)
    let header = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").prefix { $0.hasPrefix("#") }
    #expect(!header.isEmpty)
  }

  @Test("A recipe of a published system trains it as the system's arm in a comparison does")
  func published() throws {
    for file in Self.files {
      let recipe = try Recipe.load(file)
      guard recipe.model != Recipe.recogniser else { continue }
      let model = try RecognitionModels.named(recipe.model)
      #expect(Set(model.inputs.map(\.sensor)) == Set(recipe.sensors), "\(recipe.name)")
      if let training = model.training { #expect(recipe.finetuning == training, "\(recipe.name)") }
    }
  }

  private static let asPublished: [(name: String, released: [String], shortcuts: [Shortcut])] = [
    ("sleepvst-as-published", ["shortcuts.unscored_as_wake=true"], [.unscoredAsWake]),
    ("sleepvst-as-published-transfer", ["shortcuts.unscored_as_wake=true"], [.unscoredAsWake]),
    (
      "ulw-sleepnet-as-published", ["shortcuts.epoch_on_test=true", "shortcuts.folds=night"],
      [.epochOnTest, .foldsByNight]
    ),
    ("accelerometer-as-published", ["shortcuts.folds=wrong-person"], [.wrongPerson]),
    ("ssrm-as-published", ["shortcuts.folds=window"], [.foldsByWindow]),
  ]

  @Test("Recipes as published take no shortcut, and those of the released program where they are told to")
  func asReleased() throws {
    let folder = try DataFolder.find("Recipes")
    #expect(
      Set(Self.files.map(\.lastPathComponent).filter { $0.contains("as-published") })
        == Set(Self.asPublished.map { $0.name + ".yaml" }))
    for (name, released, shortcuts) in Self.asPublished {
      let url = folder.appendingPathComponent("\(name).yaml")
      #expect(try Recipe.load(url).shortcutsTaken().isEmpty, "\(name)")
      #expect(try Recipe.load(url, overrides: released).shortcutsTaken() == shortcuts, "\(name)")
    }
  }

  @Test("Recipes as published have the rules of their programs")
  func rules() throws {
    let folder = try DataFolder.find("Recipes")
    func training(_ name: String) throws -> FineTuningRecipe {
      try Recipe.load(folder.appendingPathComponent("\(name)-as-published.yaml")).finetuning
    }
    let sleepVST = try training("sleepvst")
    #expect(
      sleepVST.votes && sleepVST.optimization.plateau.factor == 0.5 && sleepVST.optimization.plateau.patience == 5)
    let keras = try [training("ulw-sleepnet"), training("accelerometer")].map(\.optimization)
    #expect(keras.allSatisfy { $0.rule == .adam && $0.epsilon == 1e-7 && $0.weightDecay == 0 && $0.clip == 0 })
    let plain = try training("ssrm")
    #expect(plain.optimization.rule == .sgd && plain.optimization.momentum == 0 && plain.optimization.weightDecay == 0)
    #expect(plain.epochs * plain.minimumSteps == 5000 && plain.batch == 128)
  }

  @Test("The demonstration's recognisers have the encoder that is pretrained on all four sensors")
  func sharedEncoder() throws {
    let folder = try DataFolder.find("Recipes")
    let shared = try Recipe.load(folder.appendingPathComponent("four-sensors.yaml"))
    for name in ["demo-stages", "demo-postures"] {
      let recipe = try Recipe.load(folder.appendingPathComponent("\(name).yaml"))
      #expect(recipe.encoder == shared.encoder)
      // What demo-postures compares is pretrained on its own sensor, by its own task.
      guard name == "demo-stages" else { continue }
      #expect(recipe.pretraining.sensors == shared.sensors)
      #expect(recipe.pretraining.tasks == shared.pretraining.tasks)
    }
  }

  @Test("An encoder may be pretrained on more sensors than the recipe's own")
  func pretrainingSensors() throws {
    let text = "sensors: [radar]\npretraining: {sensors: [psg, radar]}\n"
    #expect(try Recipe.parse(text, path: "x.yaml").pretraining.sensors == [.psg, .radar])
  }

  @Test("Every recipe runs two steps on made-up recordings and leaves its files")
  func twoSteps() throws {
    try withTemporaryFolder { folder in
      var prepared: [String: Corpus] = [:]
      for file in Self.files {
        let recipe = Self.shortened(try Recipe.load(file))
        let corpora = try Self.corpora(recipe).map { name in
          if let corpus = prepared[name] { return corpus }
          let corpus = try Self.prepare(name, in: folder)
          prepared[name] = corpus
          return corpus
        }
        do {
          try Self.run(recipe, corpora, in: folder.appendingPathComponent(recipe.name))
        } catch {
          Issue.record("\(recipe.name): \(words(of: error))")
        }
      }
    }
  }

  private static func run(_ recipe: Recipe, _ corpora: [Corpus], in folder: URL) throws {
    func check(_ kind: String) {
      for name in left.first(where: { $0.kind == kind })?.files ?? [] {
        let path = folder.appendingPathComponent(kind).appendingPathComponent(name).path
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        #expect(size > 0, "\(recipe.name): \(kind) left no \(name)")
      }
    }
    let pretrains = !recipe.pretraining.tasks.isEmpty
    if pretrains {
      try PretrainingRun.run(recipe, corpora: corpora, out: folder.appendingPathComponent("pretrain"), silent: true)
      check("pretrain")
    }
    guard !recipe.labels.isEmpty else { return }
    let (_, report) = try FineTuningRun.run(
      recipe, corpus: recipe.comparison.labelled == .all ? Corpus.joined(corpora) : corpora[0],
      initial: pretrains ? folder.appendingPathComponent("pretrain") : nil,
      out: folder.appendingPathComponent("finetune"), silent: true)
    check("finetune")
    let accuracy = report.pooled[.accuracy]?.value ?? -1
    #expect((0...1).contains(accuracy), "\(recipe.name): accuracy \(accuracy)")
    #expect(try report.classes.map(\.name) == recipe.scheme().classes, "\(recipe.name)")

    var options = Comparison.Options()
    options.quick = true
    options.silent = true
    let (_, table) = try Comparison(recipe, corpora: corpora, options: options)
      .run(out: folder.appendingPathComponent("compare"))
    check("compare")
    #expect(table.rows.map(\.arm) == recipe.comparison.arms.map(\.name), "\(recipe.name)")
    #expect(table.rows.allSatisfy { (0...1).contains($0.scores[.accuracy]?.value ?? -1) }, "\(recipe.name)")
  }

  /// The recipe with two steps of each kind, on the few subjects there are.
  private static func shortened(_ recipe: Recipe) -> Recipe {
    var recipe = recipe
    recipe.device = "cpu"
    recipe.pretraining.epochs = 1
    recipe.pretraining.steps = 2
    recipe.pretraining.batch = min(8, recipe.pretraining.batch)
    recipe.finetuning.epochs = 1
    recipe.finetuning.minimumSteps = min(2, recipe.finetuning.minimumSteps)
    recipe.finetuning.balanceTo = min(4, recipe.finetuning.balanceTo)
    recipe.split.kind = .kFold
    recipe.split.folds = 2
    if recipe.comparison.search.trials > 0 {
      // A search wants more people inside a training part than two folds of few leave, and nobody is left to choose an epoch on.
      recipe.split.kind = .leaveOneSubjectOut
      (recipe.split.validation, recipe.finetuning.select) = (0, .last)
    }
    recipe.comparison.budgets = recipe.comparison.labelled == .all ? ["all"] : ["1 subject"]
    recipe.comparison.questions = []
    recipe.finetuning.sequence = min(12, recipe.finetuning.sequence)
    recipe.finetuning.stride = min(12, recipe.finetuning.stride)
    // Of the standard arms one of each kind: another pretrained one stands for the fine-tuned where there is none.
    let pretrained: Arm = recipe.comparison.arms.contains(.fineTuned) ? .fineTuned : .frozen
    recipe.comparison.arms = recipe.comparison.arms.filter {
      !Arm.standard.contains($0) || [.scratch, pretrained, .majority].contains($0)
    }
    return recipe
  }

  /// The data sets that a recipe needs, the labelled one first.
  private static func corpora(_ recipe: Recipe) -> [String] {
    guard recipe.comparison.labelled == .first else { return ["shhs", "mesa"] }
    let others = Set(recipe.pretraining.sensors).subtracting(recipe.sensors)
    let own = datasets.filter { !$0.sensors.isDisjoint(with: recipe.sensors) }
    return (own + datasets.filter { !$0.sensors.isDisjoint(with: others) }).map(\.name)
  }

  /// Recordings of some data sets are longer: every stay of pmd, and pieces of a night that are far from each other.
  private static let hours = ["pmd": 0.3, "mesa": 0.6, "shhs": 0.6]

  private static func prepare(_ name: String, in folder: URL) throws -> Corpus {
    let raw = folder.appendingPathComponent("raw/\(name)")
    // A recipe's folds may be of nights.
    let nights = name == "sleep-edf" ? 2 : 1
    try Synthesizer.write(
      dataset: name, Synthesizer.Options(subjects: 4, nights: nights, hours: hours[name] ?? 0.25), to: raw)
    return try Preparation(card: Card(named: name)).run(raw: raw, out: folder.appendingPathComponent(name))
  }
}
