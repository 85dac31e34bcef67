import Corpora
import Downstream
import Experiments
import Foundation
import Metrics
import SleepCore
import Tensors
import TestSupport
import Testing
import Training
import Upstream
import YAML

@Suite("Shortcuts")
struct ShortcutTests {
  private static let people = ["p1", "p2", "p3", "p4", "p5", "p6"]
  private static let windows = 48

  /// A study in which nobody's windows say anything of another's: each person's stage shows in samples of their own.
  private static func corpus(_ folder: URL, unscored: Bool = false, nights: Int = 1) throws -> Corpus {
    let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages)
    let contract = WindowContract(
      sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], shape: [1, 30], sampleRateHz: 1)
    for (number, person) in people.enumerated() {
      for night in 0..<nights {
        var random = RandomSource(seed: 5, for: "\(person) \(night)")
        var labels = ToyStudy.stages(windows)
        var values: [Float] = []
        for stage in labels {
          values += (0..<30).map { sample in
            let own = sample / 5 == number ? Float(stage) - 2 : 0
            return own + Float.random(in: -0.3...0.3, using: &random)
          }
        }
        if unscored { for window in stride(from: 0, to: windows, by: 6) { labels[window] = -1 } }
        try writer.write(
          RecordingWindows(
            id: "night-\(person)-\(night)", subject: Subject(person), labels: labels,
            sensors: [SensorWindows(contract: contract, values: values)]))
      }
    }
    return try writer.finish()
  }

  private static func recipe(
    _ arms: String, _ more: String = "", epochs: Int = 12, head: String = "{kind: linear, dropout: 0}",
    sequence: Int = 1
  ) throws -> Recipe {
    try Recipe.parse(
      """
      name: toy
      sensors: [heart-rate]
      labels: w-nrem-rem
      device: cpu
      encoder: {kind: perceptron, width: 32}
      head: \(head)
      pretraining: {tasks: [{task: views, search: false}], batch: 16, epochs: 1, steps: 2}
      finetuning: {batch: 16, sequence: \(sequence), epochs: \(epochs), select: accuracy, optimization: {learning_rate: 0.01}}
      split: {kind: k-fold, folds: 3, validation: 0.25}
      \(more)
      comparison:
        budgets: [all]
        seeds: 2
        measure: accuracy
        arms:
      \(arms.split(separator: "\n").map { "    - \($0)" }.joined(separator: "\n"))
      """, path: "toy.yaml")
  }

  private static func compare(
    _ corpus: Corpus, _ out: URL, _ recipe: Recipe
  ) throws -> (folder: RunFolder, table: ComparisonTable) {
    var options = Comparison.Options()
    options.silent = true
    return try Comparison(recipe, corpora: [corpus], options: options).run(out: out)
  }

  private struct Cell: Decodable {
    let labelled_windows: Int
    let subjects: [String: ConfusionMatrix]

    var all: ConfusionMatrix {
      subjects.values.reduce(into: ConfusionMatrix(classCount: 3)) { $0 += $1 }
    }
  }

  private static func cell(_ run: RunFolder, _ arm: String, fold: Int, seed: Int = 0) throws -> Cell {
    try JSONDecoder().decode(
      Cell.self, from: Data(contentsOf: run.file("cells/\(arm)-all-fold\(fold)-seed\(seed).json")))
  }

  // MARK: Recipes

  @Test("An honest recipe says nothing of shortcuts, and one with some comes back from its own text")
  func text() throws {
    let honest = try Self.recipe("scratch")
    #expect(try !honest.text().contains("shortcuts"))
    #expect(honest.shortcutsTaken().isEmpty)
    let recipe = try Self.recipe(
      "scratch\n{name: window, shortcuts: {folds: window}, transductive: true}",
      "shortcuts: {epoch_on_test: true, unscored_as_wake: true}")
    #expect(try Recipe.parse(recipe.text(), path: "again") == recipe)
    #expect(try recipe.text().contains("epoch_on_test: true"))
    #expect(recipe.shortcutsTaken() == [.epochOnTest, .unscoredAsWake])
  }

  private static let head = """
    sensors: [heart-rate]
    labels: w-nrem-rem
    split: {kind: k-fold}

    """

  private static let wrong: [(text: String, words: String)] = [
    (
      "shortcuts: {epoch_on_tst: true}",
      "4:13: unknown key 'epoch_on_tst'. Did you mean 'epoch_on_test'? Known keys here: epoch_on_test, folds, "
        + "unscored_as_wake, untrained"
    ),
    (
      "shortcuts: {folds: windows}",
      "4:20: 'folds' is 'windows', not one of: person, night, window, wrong-person. Did you mean 'window'?"
    ),
    (
      "shortcut: {folds: window}",
      "4:1: unknown key 'shortcut'. Did you mean 'shortcuts'? Known keys here: "
    ),
    (
      "shortcuts: {pretrain_on_test: true}",
      "4:31: 'pretrain_on_test' is here, expected 'transductive: true' beside 'shortcuts': that is its switch"
    ),
    (
      "shortcuts: {untrained: [chian]}",
      "4:25: 'untrained.0' is 'chian', not one of: views, chain. Did you mean 'chain'?"
    ),
    ("shortcuts: {untrained: [views, views]}", "4:24: 'untrained' is [views, views], expected each part once"),
    (
      "shortcuts: {epoch_on_test: true}\nfinetuning: {select: last}",
      "4:28: 'shortcuts.epoch_on_test' is true with 'finetuning.select' of last, expected false, or a measure that "
        + "chooses the epoch: kappa, accuracy, macro-f1 or loss"
    ),
    (
      "shortcuts: {untrained: [chain]}",
      "4:24: 'shortcuts.untrained' is [chain] with 'head.crf' of false, expected no chain there, or 'head.crf: true'"
    ),
    (
      "shortcuts: {untrained: [views]}\npretraining: {tasks: [{task: views}]}",
      "4:24: 'shortcuts.untrained' is [views] without the published task, expected no views there, or "
        + "'{task: views, search: false}' among 'pretraining.tasks'"
    ),
    (
      "shortcuts: {folds: window}\nsplit.kind: hold-out",
      "4:20: 'shortcuts.folds' is window with 'split.kind' of hold-out, expected person, or a 'split.kind' that tests "
        + "everyone once: k-fold or leave-one-subject-out"
    ),
    (
      "shortcuts: {folds: window}\ncomparison: {search: {trials: 2, values: {finetuning.epochs: [1, 2]}}}",
      "4:20: 'shortcuts.folds' is window with 'comparison.search', expected person: a search divides the people of a "
        + "training part"
    ),
    (
      "shortcuts: {unscored_as_wake: true}\nlabels: postures-3",
      "4:31: 'shortcuts.unscored_as_wake' is true with 'labels: postures-3', expected false: only stages have wake "
        + "among them"
    ),
  ]

  @Test("What is no shortcut, or goes with nothing, is refused with the likely fix", arguments: wrong.indices)
  func refused(index: Int) throws {
    let (text, expected) = Self.wrong[index]
    // Some cases say another label scheme or split.
    var head = Self.head
    var body = text
    if text.contains("\nlabels:") { head = head.replacing("labels: w-nrem-rem\n", with: "name: x\n") }
    if text.contains("\nsplit.kind") {
      head = head.replacing("{kind: k-fold}", with: "{kind: hold-out}")
      body = body.replacing("\nsplit.kind: hold-out", with: "")
    }
    let error = try #require(throws: YAMLError.self) { _ = try Recipe.parse(head + body + "\n", path: "r.yaml") }
    #expect(words(of: error).hasPrefix("r.yaml:" + expected), "\(words(of: error))")
  }

  // MARK: What each does

  @Test("Folds by window score far above folds by person where people differ, each window once, and the report says so")
  func byWindow() throws {
    try withTemporaryFolder { folder in
      let corpus = try Self.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try Self.recipe("scratch\n{name: window, shortcuts: {folds: window}}\nmajority")
      let (run, table) = try Self.compare(corpus, folder.appendingPathComponent("out"), recipe)
      for seed in 0..<2 {
        let cells = try (0..<3).map { try Self.cell(run, "window", fold: $0, seed: seed) }
        #expect(cells.allSatisfy { Set($0.subjects.keys) == Set(Self.people) })
        #expect(cells.reduce(0) { $0 + $1.all.total } == Self.people.count * Self.windows)
        // A quarter of the other two thirds chooses the epoch.
        #expect(cells.allSatisfy { $0.labelled_windows == 144 && $0.all.total == 96 })
      }
      let worth = try #require(table.worth)
      #expect(worth.map(\.arm) == ["window"] && worth.map(\.honest) == ["scratch"])
      #expect(worth[0].difference.differences.count == Self.people.count)
      #expect(worth[0].mean > 0.85 && worth[0].honestMean < 0.7)
      expectClose([worth[0].difference.mean], [worth[0].mean - worth[0].honestMean], absolute: 1e-9)
      let row = try #require(table.rows.first { $0.arm == "window" })
      // Everyone has equally many windows, so the pooled accuracy is the mean of the people's.
      expectClose([row.scores[.accuracy]?.value ?? 0], [worth[0].mean], absolute: 1e-9)

      let text = try String(contentsOf: run.report, encoding: .utf8)
      let interval = try #require(worth[0].difference.interval)
      #expect(
        text.hasPrefix(
          String(
            format:
              "Dividing folds by window instead of by person is worth %+.3f accuracy a person (95 %% %+.3f to %+.3f) "
              + "with all labelled: window less scratch, 6 people.\n", worth[0].difference.mean, interval.lower,
            interval.upper)), "\(text.prefix(300))")
      #expect(text.contains("toy (some arms take shortcuts): toy, w-nrem-rem, 3-fold\n"))
      #expect(
        text.contains(
          "window takes shortcuts, which no honest protocol takes: folds by window instead of by person; the auditor let "
            + "through: fold 0: the recogniser was trained with labels of test subjects p1, p2, p3"), "\(text)")
      #expect(
        text.contains(", and the like in 2 more folds; its epoch was chosen on other windows of the same people\n"))
      #expect(text.contains("what each shortcut is worth, accuracy a person:\n"))
      #expect(text.contains("window (shortcut)") && !text.contains("scratch (shortcut)"))
      #expect(!text.contains("Nothing was asked"))
      for name in ["shortcuts.png", "shortcuts.svg"] {
        #expect(FileManager.default.fileExists(atPath: run.file(name).path), "\(name)")
      }
      let markdown = try String(contentsOf: run.file("report.md"), encoding: .utf8)
      #expect(markdown.contains("\n| all | window | folds by window instead of by person | +"))
      let csv = try String(contentsOf: run.file("report.csv"), encoding: .utf8).split(separator: "\n")
      #expect(csv[0].hasSuffix(",shortcuts") && csv[2].hasSuffix(",folds by window instead of by person"))
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: run.file("report.json"))) as? [String: Any])
      #expect((json["worth"] as? [[String: Any]])?.first?["arm"] as? String == "window")
      #expect((json["shortcuts"] as? [String: [String]])?["window"] == ["folds by window instead of by person"])
    }
  }

  @Test("Folds by night train on a person's other night, and are refused where everyone has one")
  func byNight() throws {
    try withTemporaryFolder { folder in
      let recipe = try Self.recipe("scratch\n{name: night, shortcuts: {folds: night}}")
      let two = try Self.corpus(folder.appendingPathComponent("two"), nights: 2)
      let (run, table) = try Self.compare(two, folder.appendingPathComponent("out"), recipe)
      let cells = try (0..<3).map { try Self.cell(run, "night", fold: $0) }
      #expect(cells.map { $0.all.total } == [192, 192, 192])
      #expect(try #require(table.worth?.first).difference.mean > 0.1)
      #expect(table.text.hasPrefix("Dividing folds by night instead of by person is worth +"))
      let one = try Self.corpus(folder.appendingPathComponent("one"))
      let error = try #require(throws: CorpusError.self) {
        _ = try Self.compare(one, folder.appendingPathComponent("other"), recipe)
      }
      #expect(words(of: error).contains("found one recording of each person, expected several of some: folds by night"))
    }
  }

  @Test("Leaving out the wrong people trains on those who are tested, but for the first fold")
  func wrongPeople() throws {
    try withTemporaryFolder { folder in
      let corpus = try Self.corpus(folder.appendingPathComponent("corpus"))
      var recipe = try Self.recipe("scratch\n{name: off by one, shortcuts: {folds: wrong-person}}")
      recipe.finetuning.select = .last
      let (run, table) = try Self.compare(corpus, folder.appendingPathComponent("out"), recipe)
      #expect(try Self.cell(run, "off-by-one", fold: 0).subjects == Self.cell(run, "scratch", fold: 0).subjects)
      for fold in 1..<3 {
        let (own, honest) = (try Self.cell(run, "off-by-one", fold: fold), try Self.cell(run, "scratch", fold: fold))
        #expect(own.subjects.keys.sorted() == honest.subjects.keys.sorted())
        #expect(try #require(own.all.accuracy) > 0.85)
        #expect(try #require(own.all.accuracy) > #require(honest.all.accuracy))
      }
      #expect(table.text.contains("and the like in 1 more fold"))
      #expect(table.text.hasPrefix("Leaving out the wrong people is worth +"))
    }
  }

  @Test("An epoch that is chosen on the test fold is at least as good there as any other, and seldom the honest one")
  func epoch() throws {
    try withTemporaryFolder { folder in
      let corpus = try Self.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try Self.recipe("scratch\n{name: peeking, shortcuts: {epoch_on_test: true}}", epochs: 8)
      let (run, table) = try Self.compare(corpus, folder.appendingPathComponent("out"), recipe)
      var gains: [Double] = []
      for fold in 0..<3 {
        for seed in 0..<2 {
          let (own, honest) = (
            try Self.cell(run, "peeking", fold: fold, seed: seed), try Self.cell(run, "scratch", fold: fold, seed: seed)
          )
          #expect(own.labelled_windows == honest.labelled_windows)
          gains.append(try #require(own.all.accuracy) - #require(honest.all.accuracy))
        }
      }
      #expect(gains.allSatisfy { $0 >= 0 } && gains.contains { $0 > 0 }, "\(gains)")
      let text = table.text
      #expect(text.hasPrefix("Choosing the epoch on the test fold is worth +"))
      #expect(text.contains("fold 0: the epoch was chosen on test subjects "))
      #expect(text.contains("the epoch of scratch was chosen on 1 validation subjects a fold"))
    }
  }

  @Test("Unscored windows as wake are trained on and scored")
  func unscored() throws {
    try withTemporaryFolder { folder in
      let corpus = try Self.corpus(folder.appendingPathComponent("corpus"), unscored: true)
      let recipe = try Self.recipe("scratch\n{name: as wake, shortcuts: {unscored_as_wake: true}}", epochs: 2)
      let (run, table) = try Self.compare(corpus, folder.appendingPathComponent("out"), recipe)
      let (own, honest) = (try Self.cell(run, "as-wake", fold: 0), try Self.cell(run, "scratch", fold: 0))
      // 8 of the 48 windows of each person; of the scored, a quarter less those are wake.
      #expect(honest.all.total == 2 * 40 && own.all.total == 2 * 48)
      #expect(honest.labelled_windows == 3 * 40 && own.labelled_windows == 3 * 48)
      let wake = (honest.all.rows[0].reduce(0, +), own.all.rows[0].reduce(0, +))
      #expect(wake.1 == wake.0 + 2 * 8)
      #expect(table.text.hasPrefix("Counting unscored windows as wake is worth "))
    }
  }

  @Test("Pretraining on the test people is one arm's own, with an encoder of its own; the others' stays without them")
  func pretrained() throws {
    try withTemporaryFolder { folder in
      let corpus = try Self.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try Self.recipe(
        "scratch\nfrozen\n{name: seen, protocol: frozen, transductive: true}\n"
          + "{name: window, protocol: frozen, shortcuts: {folds: window}}", epochs: 2)
      let (run, table) = try Self.compare(corpus, folder.appendingPathComponent("out"), recipe)
      let names = try FileManager.default.contentsOfDirectory(atPath: run.file("cells").path)
        .filter { $0.hasPrefix("encoder-") && $0.hasSuffix("fold1-seed0.safetensors") }
      #expect(names.count == 2)
      let seen = try names.sorted { $0.count < $1.count }.map { name in
        let file = try SafetensorsFile(run.file("cells/\(name)"))
        return try JSONDecoder().decode(Provenance.self, from: Data((file.metadata["provenance"] ?? "").utf8))
          .subjects["toy"]?.count
      }
      #expect(seen == [4, 6])
      let worth = try #require(table.worth)
      #expect(worth.map { "\($0.arm) - \($0.honest)" } == ["seen - frozen", "window - frozen"])
      #expect(table.text.contains("its encoder is that of the fold of people"))
      // What is asked is of honest arms, and the shortcut's worth stands before it.
      #expect(table.pairs.filter(\.isAsked).map { "\($0.first) - \($0.second)" } == ["frozen - scratch"])
      #expect(table.text.hasPrefix("Pretraining on the test people is worth "))
    }
  }

  @Test("All that a program takes stands in one arm, and is told together")
  func together() throws {
    try withTemporaryFolder { folder in
      let corpus = try Self.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try Self.recipe(
        "scratch\n{name: as released, shortcuts: {folds: window, epoch_on_test: true}}", epochs: 2)
      let (_, table) = try Self.compare(corpus, folder.appendingPathComponent("out"), recipe)
      #expect(
        table.text.hasPrefix(
          "Choosing the epoch on the test fold and dividing folds by window instead of by person together are worth "))
      let lonely = try Self.recipe("{name: as released, shortcuts: {folds: window}}\nmajority", epochs: 2)
      let (_, other) = try Self.compare(corpus, folder.appendingPathComponent("lonely"), lonely)
      #expect(other.worth?.isEmpty == true)
      #expect(
        other.text.contains("its epoch was chosen on other windows of the same people; no honest arm has its network\n")
      )
    }
  }

  @Test("Arms with folds of their own are refused in a search")
  func search() throws {
    try withTemporaryFolder { folder in
      let corpus = try Self.corpus(folder.appendingPathComponent("corpus"))
      var recipe = try Self.recipe("scratch\n{name: window, shortcuts: {folds: window}}")
      recipe.comparison.search.trials = 2
      let error = try #require(throws: RecipeError.self) {
        _ = try Self.compare(corpus, folder.appendingPathComponent("out"), recipe)
      }
      #expect(
        words(of: error)
          == "toy: the arm 'window' with 'shortcuts.folds' of window in a search, expected person, or no "
          + "'comparison.search': a search divides the people of a training part")
    }
  }

  // MARK: Single runs

  @Test("A recogniser's report and figures say its shortcuts, and its own test people are not scored again")
  func finetuned() throws {
    try withTemporaryFolder { folder in
      let corpus = try Self.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try Self.recipe("scratch", "shortcuts: {folds: window, epoch_on_test: true}", epochs: 2)
      let (run, report) = try FineTuningRun.run(
        recipe, corpus: corpus, initial: nil, out: folder.appendingPathComponent("run"), silent: true)
      let words = "the epoch chosen on the test fold; folds by window instead of by person"
      #expect(report.shortcuts?.joined(separator: "; ") == words)
      #expect(report.confusion.total == 96)
      let text = try String(contentsOf: run.report, encoding: .utf8)
      #expect(
        text.hasPrefix(
          "toy, scratch (shortcuts: \(words))\nlet through: fold 0: the recogniser was trained with labels of "))
      #expect(text.contains("\n\nwith shortcuts, which no honest protocol takes: \(words)\n"))
      #expect(
        try String(contentsOf: run.folds, encoding: .utf8).hasPrefix("scheme: 3-fold by window instead of by person\n"))
      let error = try #require(throws: RecipeError.self) { _ = try ToyStudy.evaluate(run, corpus) }
      #expect(
        TestSupport.words(of: error)
          == "\(run.url.path): a recogniser that has seen the people whom it was tested on (\(words)), expected a corpus of "
          + "other people; what it scored on its own stands in its report.txt")
      let others = try ToyStudy.corpus(
        folder.appendingPathComponent("others"), dataset: "elsewhere", people: ["x", "y"], windows: 12)
      #expect(
        try ToyStudy.evaluate(run, others).text.hasPrefix("with shortcuts, which no honest protocol takes: \(words)\n"))
    }
  }

  @Test("Weights that were trained with labels of anyone are refused where folds mix everyone")
  func weights() throws {
    try withTemporaryFolder { folder in
      let corpus = try Self.corpus(folder.appendingPathComponent("corpus"))
      let (run, _) = try FineTuningRun.run(
        Self.recipe("scratch", epochs: 1), corpus: corpus, initial: nil, out: folder.appendingPathComponent("run"),
        silent: true)
      let recipe = try Self.recipe("scratch", "shortcuts: {folds: window}", epochs: 1)
      let leak = try #require(throws: Leak.self) {
        _ = try FineTuningRun.run(
          recipe, corpus: corpus, initial: run.url, out: folder.appendingPathComponent("other"), silent: true)
      }
      #expect(words(of: leak).contains("was trained with the labels of test subjects p1, "))
    }
  }

  @Test("A chain that is left untrained keeps its first values while the scores learn")
  func chain() throws {
    try withTemporaryFolder { folder in
      let corpus = try Self.corpus(folder.appendingPathComponent("corpus"))
      func transitions(_ shortcuts: String, epochs: Int) throws -> [Float] {
        let recipe = try Self.recipe(
          "scratch", shortcuts, epochs: epochs, head: "{kind: linear, dropout: 0, crf: true}", sequence: 8)
        let (run, report) = try FineTuningRun.run(
          recipe, corpus: corpus, initial: nil, out: folder.appendingPathComponent("run-\(UUID().uuidString)"),
          silent: true)
        #expect((report.shortcuts == nil) == shortcuts.isEmpty)
        let file = try SafetensorsFile(run.file("model.safetensors"))
        let (start, between) = (
          try Self.floats(file, "chain.start_transitions"), try Self.floats(file, "chain.transitions")
        )
        #expect(start.allSatisfy { $0 == 0 } == !shortcuts.isEmpty)
        return between
      }
      let untrained = "shortcuts: {untrained: [chain]}"
      let first = try transitions(untrained, epochs: 1)
      #expect(try transitions(untrained, epochs: 4) == first)
      #expect(first.allSatisfy { abs($0) <= 1 } && first.contains { abs($0) > 0.1 })
      #expect(try transitions("", epochs: 1) != transitions("", epochs: 4))
    }
  }

  private static func floats(_ file: SafetensorsFile, _ name: String) throws -> [Float] {
    try file.bytes(of: name).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  @Test("Views that are left untrained teach nothing but 'as it is', and the pretraining's report says so")
  func views() throws {
    try withTemporaryFolder { folder in
      let corpus = try Self.corpus(folder.appendingPathComponent("corpus"))
      func accuracy(_ shortcuts: String) throws -> (Double, String) {
        var recipe = try Self.recipe("scratch", shortcuts)
        (recipe.pretraining.steps, recipe.pretraining.epochs) = (60, 2)
        recipe.pretraining.optimization.learningRate = 0.01
        let run = try PretrainingRun.run(
          recipe, corpora: [corpus], out: folder.appendingPathComponent("run-\(UUID().uuidString)"), silent: true)
        let text = try String(contentsOf: run.report, encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("views") })
        let numbers = line.split(separator: " ").compactMap { Double($0) }
        return (try #require(numbers.first), text)
      }
      let (untrained, text) = try accuracy("shortcuts: {untrained: [views]}")
      // Everything is called 'as it is', which one view in five is.
      expectClose([untrained], [0.2], absolute: 0.02)
      #expect(
        text.contains("with shortcuts, which no honest protocol takes: turned views and spectrum left untrained\n"))
      let (trained, plain) = try accuracy("")
      #expect(trained > 0.25)
      #expect(!plain.contains("shortcuts"))
    }
  }
}
