import Upstream
import Corpora
import Downstream
import Experiments
import Files
import Foundation
import Layers
import Metrics
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Comparing")
struct ComparisonTests {
  /// A cell's file, as another program would read it.
  private struct CellFile: Decodable {
    let arm: String
    let budget: String
    let fold: Int
    let seed: Int
    let labelled_windows: Int
    let subjects: [String: ConfusionMatrix]
  }

  private func compare(
    _ corpus: Corpus, _ out: URL, jobs: Int = 1, _ recipe: Recipe
  ) throws -> (folder: RunFolder, table: ComparisonTable) {
    var options = Comparison.Options()
    (options.silent, options.jobs) = (true, jobs)
    return try Comparison(recipe, corpora: [corpus], options: options).run(out: out)
  }

  private func cells(_ folder: URL) throws -> [String: Data] {
    let place = folder.appendingPathComponent("cells")
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".json") }
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: place.appendingPathComponent($0))) })
  }

  private func read(_ cells: [String: Data]) throws -> [CellFile] {
    try cells.sorted { $0.key < $1.key }.map { try JSONDecoder().decode(CellFile.self, from: $0.value) }
  }

  @Test("Every arm sees the same folds and labelled windows, and every table has every arm")
  func tables() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe()
      let out = folder.appendingPathComponent("compare")
      let (run, table) = try compare(corpus, out, recipe)
      let cells = try read(self.cells(out))
      #expect(cells.count == 8 * 2 * 2 * 2)
      let split = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: run.folds.path)
      for group in Dictionary(grouping: cells, by: { "\($0.budget), \($0.fold), \($0.seed)" }).values {
        #expect(group.count == 8)
        #expect(Set(group.map(\.labelled_windows)).count == 1)
        #expect(
          group[0].labelled_windows == (group[0].budget == "all" ? 24 * split.folds[group[0].fold].train.count : 24))
        for cell in group { #expect(Set(cell.subjects.keys) == Set(split.folds[cell.fold].test.map(\.id))) }
      }

      #expect(
        table.rows.map { "\($0.budget): \($0.arm)" }
          == ["1 subject", "all"].flatMap { budget in Arm.standard.map { "\(budget): \($0.name)" } })
      #expect(table.rows.allSatisfy { $0.subjects == 5 && $0.seeds == 2 })
      // Of the seven arms but the oracle, those pairs of which one learns.
      #expect(table.pairs.count == 2 * (7 * 6 / 2 - 3 * 2 / 2))
      for pair in table.pairs {
        // Each person's own accuracy, mean over seeds; then their differences.
        func means(_ arm: String) -> [String: Double] {
          let own = cells.filter { $0.arm == arm && $0.budget == pair.budget }.flatMap { $0.subjects }
          return Dictionary(grouping: own, by: \.key)
            .mapValues { $0.reduce(0) { $0 + ($1.value.accuracy ?? 0) } / Double($0.count) }
        }
        let (first, second) = (means(pair.first), means(pair.second))
        let differences = first.keys.sorted().map { (first[$0] ?? 0) - (second[$0] ?? 0) }
        expectClose(pair.difference.differences, differences, absolute: 1e-9)
        expectClose([pair.difference.mean], [differences.reduce(0, +) / 5], absolute: 1e-9)
      }
      // Each pretrained arm less scratch, with both budgets: these are asked, and corrected together.
      let asked = table.pairs.filter(\.isAsked)
      #expect(
        asked.map { "\($0.first) - \($0.second), \($0.budget)" } == [
          "frozen - scratch, 1 subject", "frozen - scratch, all", "fine-tuned - scratch, 1 subject",
          "fine-tuned - scratch, all",
        ])
      #expect(asked.map { $0.adjustedPValue ?? -1 } == holm(asked.map(\.difference.wilcoxon.pValue)))
      #expect(table.pairs.filter { !$0.isAsked }.allSatisfy { $0.adjustedPValue == nil })
      // What needs no training is known by hand: half of the windows are N2.
      let majority = table.rows.filter { $0.arm == "majority" }
      #expect(majority.allSatisfy { $0.scores[.accuracy]?.value == 0.5 && $0.scores[.kappa]?.value == 0 })

      let text = try String(contentsOf: run.report, encoding: .utf8)
      #expect(
        text.contains(
          "\n\ntoy: toy, w-nrem-rem, 2-fold\naccuracy with its 95 % interval by bootstrap over subjects\n"))
      #expect(text.hasPrefix("With 1 subject labelled, frozen "))
      for arm in Arm.standard { #expect(text.contains(arm.name)) }
      #expect(text.contains("fine-tuned - scratch") && !text.contains("fine-tuned - random-frozen"))
      #expect(text.contains("\n\(table.pairs.count - 4) more differences between arms, not asked: report.json\n"))
      #expect(!text.contains("majority - ") && !text.contains("previous - ") && !text.contains("- previous"))
      #expect(text.contains("told the true label before each window, as no recogniser is:\n"))
      let csv = try String(contentsOf: run.file("report.csv"), encoding: .utf8).split(separator: "\n")
      #expect(csv.count == 17)
      #expect(
        csv[0].hasPrefix("budget,arm,seeds,subjects,labelled_windows,seconds,accuracy,accuracy_low,accuracy_high,"))
      #expect(csv[1].hasPrefix("1 subject,scratch,2,5,24.0,"))
      #expect(
        csv.allSatisfy {
          $0.split(separator: ",", omittingEmptySubsequences: false).count == 6 + 3 * Score.allCases.count
        })
      let markdown = try String(contentsOf: run.file("report.md"), encoding: .utf8)
      #expect(markdown.contains("\n| budget | arm | accuracy | ") && markdown.contains("\n| all | fine-tuned | "))
      #expect(markdown.contains("\n| all | frozen - scratch | "))
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: run.file("report.json"))) as? [String: Any])
      #expect((json["rows"] as? [Any])?.count == 16 && (json["pairs"] as? [Any])?.count == 36)
    }
  }

  @Test("Cells that are there are not done again, those that are not come out as before, with one job or two")
  func resumption() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe {
        $0.comparison.arms = [.scratch, .frozen, .majority]
        $0.comparison.budgets = ["all"]
      }
      let out = folder.appendingPathComponent("compare")
      let (_, table) = try compare(corpus, out, recipe)
      let before = try cells(out)
      let missing = ["scratch-all-fold0-seed0.json", "frozen-all-fold1-seed1.json"]
      for name in missing { try FileManager.default.removeItem(at: out.appendingPathComponent("cells/\(name)")) }
      let (_, again) = try compare(corpus, out, jobs: 2, recipe)
      let after = try cells(out)
      #expect(after.keys.sorted() == before.keys.sorted() && before.count == 12)
      for (name, data) in before where !missing.contains(name) { #expect(after[name] == data, "\(name)") }
      for name in missing {
        let pair = try [before, after].map { try JSONDecoder().decode(CellFile.self, from: $0[name] ?? Data()) }
        #expect(pair[0].subjects == pair[1].subjects)
      }
      #expect(again.rows.map(\.scores) == table.rows.map(\.scores))
      let other = try #require(throws: Taken.self) {
        _ = try compare(corpus, out, ToyStudy.recipe())
      }
      #expect(other.path == out.path)
    }
  }

  @Test("A comparison is gone on with on the same data alone: a copy is the same, one with another label is not")
  func otherData() throws {
    try withTemporaryFolder { folder in
      let recipe = try ToyStudy.recipe {
        $0.comparison.arms = [.majority]
        $0.comparison.budgets = ["all"]
      }
      let out = folder.appendingPathComponent("compare")
      let table = try compare(ToyStudy.corpus(folder.appendingPathComponent("corpus")), out, recipe).table
      let copy = folder.appendingPathComponent("copy")
      try FileManager.default.copyItem(at: folder.appendingPathComponent("corpus"), to: copy)
      #expect(try compare(Corpus(copy), out, recipe).table.rows.map(\.scores) == table.rows.map(\.scores))
      var labels = ToyStudy.stages(24)
      labels[3] = 0
      let other = try ToyStudy.corpus(folder.appendingPathComponent("other"), labels: ["p1": labels])
      #expect(throws: Taken(path: out.path)) { _ = try compare(other, out, recipe) }
    }
  }

  @Test("A damaged cell is named before anything is trained, with what to do")
  func damaged() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe {
        $0.comparison.arms = [.majority]
        $0.comparison.budgets = ["all"]
      }
      let out = folder.appendingPathComponent("compare")
      _ = try compare(corpus, out, recipe)
      let (name, whole) = try #require(try cells(out).min { $0.key < $1.key })
      let cell = out.appendingPathComponent("cells/\(name)")
      let text = String(decoding: whole, as: UTF8.self)
      // The first person's, with the name, as others may have the same numbers.
      let (matrix, person) = try #require(text.firstMatch(of: /"(p\d)":\[\[.*?\]\]/)).output
      for (damaged, found) in [
        (String(text.dropLast(20)), "text that is no JSON"), ("", "text that is no JSON"),
        ("[]", "another kind of value"),
        (text.replacing("\"seed\"", with: "\"sead\""), "no 'seed'"),
        (text.replacing("\"seed\":0", with: "\"seed\":1"), "what another cell gave"),
        (text.replacing("\"arm\":\"majority", with: "\"arm\":\"../majority"), "what another cell gave"),
        (text.replacing(matrix, with: "\"\(person)\":[[1]]"), "a matrix of 1 classes where w-nrem-rem has 3"),
        (text.replacing(matrix, with: "\"\(person)\":[[1,2]]"), "an unknown value at 'subjects.\(person)'"),
        (
          text.replacing(matrix, with: "\"\(person)\":[[9000000000000000000]]"),
          "an unknown value at 'subjects.\(person)'"
        ),
      ] {
        try Data(damaged.utf8).write(to: cell)
        let error = try #require(throws: JSONFileError.self) { try compare(corpus, out, recipe) }
        #expect(
          words(of: error)
            == "\(cell.path): found \(found), expected a cell that 'ssrm compare' wrote: delete it and run the same command "
            + "again, which makes it anew")
      }
      try FileManager.default.removeItem(at: cell)
      _ = try compare(corpus, out, recipe)
      #expect(try read([name: try Data(contentsOf: cell)])[0].subjects == read([name: whole])[0].subjects)
    }
  }

  @Test("No encoder has seen its fold's test people; one that has stops the comparison, and whole cells stay")
  func leak() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe {
        $0.comparison.arms = [.majority, .frozen]
        $0.comparison.budgets = ["all"]
        $0.comparison.seeds = 1
      }
      let out = folder.appendingPathComponent("compare")
      let (run, _) = try compare(corpus, out, recipe)
      let split = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: run.folds.path)
      for (number, fold) in split.folds.enumerated() {
        let file = try SafetensorsFile(run.file("cells/encoder-fold\(number)-seed0.safetensors"))
        let provenance = try JSONDecoder().decode(Provenance.self, from: Data((file.metadata["provenance"] ?? "").utf8))
        #expect(provenance.subjects == ["toy": Set(fold.train + fold.validation)])
      }

      // An encoder that has seen everyone is put in, and what was made of the old one taken away.
      let url = run.file("cells/encoder-fold1-seed0.safetensors")
      try plant(url, seen: Set(corpus.subjects))
      for name in ["frozen-all-fold1-seed0.json", "majority-all-fold1-seed0.json"] {
        try FileManager.default.removeItem(at: run.file("cells/\(name)"))
      }
      let kept = try cells(out)
      let error = try #require(throws: Leak.self) { _ = try compare(corpus, out, recipe) }
      let names = split.folds[1].test.map(\.id).sorted()
      #expect(
        words(of: error) == """
          fold 1: found that \(url.path) was pretrained on test subjects \(names.joined(separator: " and ")), \
          expected none of them; 'transductive: true' in the recipe allows it, and the table says so
          """)
      let left = try cells(out)
      #expect(Set(left.keys) == Set(kept.keys).union(["majority-all-fold1-seed0.json"]))
      #expect(try read(left).count == 3)
      try FileManager.default.removeItem(at: url)
      #expect(try compare(corpus, out, recipe).table.rows.count == 2)
    }
  }

  /// Rewrites an encoder's file with another provenance.
  private func plant(_ url: URL, seen: Set<Subject>) throws {
    let file = try SafetensorsFile(url)
    let items = try file.entries.map { name, entry in
      SafetensorsItem(name: name, type: entry.type, shape: entry.shape, bytes: try file.bytes(of: name))
    }
    var metadata = file.metadata
    let provenance = Provenance(url.lastPathComponent, subjects: ["toy": seen])
    metadata["provenance"] = String(decoding: try JSONEncoder().encode(provenance), as: UTF8.self)
    try SafetensorsWriter.write(items, metadata: metadata, to: url)
  }

  @Test("A transductive comparison pretrains on everyone, and its table says so")
  func transductive() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe {
        $0.transductive = true
        $0.comparison.arms = [.frozen]
        $0.comparison.budgets = ["all"]
        $0.comparison.seeds = 1
      }
      let (run, table) = try compare(corpus, folder.appendingPathComponent("compare"), recipe)
      let file = try SafetensorsFile(run.file("cells/encoder-fold0-seed0.safetensors"))
      let provenance = try JSONDecoder().decode(Provenance.self, from: Data((file.metadata["provenance"] ?? "").utf8))
      #expect(provenance.subjects == ["toy": Set(corpus.subjects)])
      #expect(table.text.contains("transductive: pretraining saw the test subjects' windows, without labels"))
    }
  }

  @Test("More labelled people than there are is refused before anything is trained")
  func budget() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let error = try #require(throws: CorpusError.self) {
        _ = try compare(
          corpus, folder.appendingPathComponent("compare"), ToyStudy.recipe { $0.comparison.budgets = ["9 subjects"] })
      }
      #expect(words(of: error).hasPrefix("found the label budget 9 subjects, expected 1 to "))
    }
  }

  /// People with a heart rate, in all windows, and a polysomnogram that misses some.
  private func twoSensors(_ folder: URL) throws -> Corpus {
    let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages)
    let heart = WindowContract(
      sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], shape: [1, 30], sampleRateHz: 1)
    let brain = WindowContract(
      sensor: .psg, channels: [Channel(name: "EEG", unit: "uV"), Channel(name: "EOG", unit: "uV")], shape: [2, 60],
      sampleRateHz: 2)
    for (number, person) in ToyStudy.people.enumerated() {
      var values = ToyStudy.samples(person, windows: 24, count: 120)
      for index in values.indices where (4..<(4 + number)).contains(index / 120) { values[index] = .nan }
      var sensors = [SensorWindows(contract: heart, values: ToyStudy.samples(person, windows: 24))]
      // The last night was recorded without the polysomnogram.
      if person != "p5" { sensors.append(SensorWindows(contract: brain, values: values)) }
      try writer.write(
        RecordingWindows(
          id: "night-\(person)", subject: Subject(person), labels: ToyStudy.stages(24), sensors: sensors))
    }
    return try writer.finish()
  }

  private func quick(_ corpus: Corpus, _ out: URL, initial: URL? = nil, _ recipe: Recipe) throws -> (
    folder: RunFolder, table: ComparisonTable
  ) {
    var options = Comparison.Options()
    (options.silent, options.quick) = (true, true)
    return try Comparison(recipe, corpora: [corpus], initial: initial, options: options).run(out: out)
  }

  @Test("Published systems stand beside the recipe's own model: the same people, windows and folds for each")
  func published() throws {
    try withTemporaryFolder { folder in
      let corpus = try twoSensors(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe {
        $0.comparison.arms = [.scratch, .published("ulw-sleepnet"), .majority]
        $0.comparison.budgets = ["all"]
      }
      let out = folder.appendingPathComponent("compare")
      let (run, table) = try quick(corpus, out, recipe)
      #expect(table.rows.map(\.arm) == ["scratch", "ulw-sleepnet", "majority"])
      #expect(table.pairs.map { "\($0.first) - \($0.second)" }.contains("scratch - ulw-sleepnet"))
      #expect(table.text.contains("scratch - ulw-sleepnet"))
      let cells = try read(self.cells(out))
      #expect(cells.count == 6)
      for group in Dictionary(grouping: cells, by: \.fold).values {
        #expect(Set(group.map(\.labelled_windows)).count == 1)
        for cell in group {
          for (person, matrix) in cell.subjects {
            // Of 24 windows as many are missing as the person's number says.
            #expect(matrix.total == 24 - (ToyStudy.people.firstIndex(of: person) ?? 0), "\(cell.arm) \(person)")
          }
          #expect(cell.subjects["p5"] == nil)
        }
      }
      #expect(Set(cells.flatMap(\.subjects.keys)) == ["p1", "p2", "p3", "p4"])
      #expect(
        try String(contentsOf: run.recipe, encoding: .utf8).split(separator: "\n").last?.hasPrefix("# ulw-sleepnet: ")
          == true)
      // The same call goes on with what is there.
      let before = try self.cells(out)
      try FileManager.default.removeItem(at: out.appendingPathComponent("cells/ulw-sleepnet-all-fold1-seed0.json"))
      _ = try quick(corpus, out, recipe)
      let after = try self.cells(out)
      #expect(after.keys.sorted() == before.keys.sorted())
      for (name, data) in before where !name.hasPrefix("ulw-sleepnet-all-fold1") { #expect(after[name] == data) }
    }
  }

  @Test("The table says how each arm's epoch was chosen and how a published system was trained")
  func notes() throws {
    try withTemporaryFolder { folder in
      let corpus = try twoSensors(folder.appendingPathComponent("corpus"))
      var options = Comparison.Options()
      options.silent = true
      func notes(_ arms: [Arm], _ selection: FineTuningRecipe.Selection) throws -> [String] {
        let recipe = try ToyStudy.recipe {
          $0.finetuning.select = selection
          $0.finetuning.epochs = 1
          var small = ULWSleepNet.Options()
          small.filters = [2]
          $0.modelOptions["ulw_sleepnet"] = small
          $0.comparison.arms = arms
          $0.comparison.budgets = ["1 subject"]
          $0.comparison.seeds = 1
        }
        return try Comparison(recipe, corpora: [corpus], options: options)
          .run(out: folder.appendingPathComponent(UUID().uuidString)).table.notes
      }
      let chosen = "the epoch was chosen on 1 validation subjects a fold, outside of the budget"
      #expect(try notes([.scratch], .kappa) == [chosen])
      #expect(try notes([.scratch, .majority], .last) == [])
      #expect(
        try notes([.scratch, .published("ulw-sleepnet")], .last) == [
          "the epoch of ulw-sleepnet was chosen on 1 validation subjects a fold, outside of the budget",
          "ulw-sleepnet was trained as published, not as the other arms: 50 epochs at most, batches of 32 windows",
        ])
    }
  }

  @Test("What a published system cannot take is refused before anything is trained")
  func unfit() throws {
    try withTemporaryFolder { folder in
      let corpus = try twoSensors(folder.appendingPathComponent("corpus"))
      let out = folder.appendingPathComponent("compare")
      func refusal(_ changes: (inout Recipe) -> Void) throws -> String {
        words(
          of: try #require(throws: (any Error).self) {
            _ = try quick(corpus, out, ToyStudy.recipe(changes))
          })
      }
      #expect(
        try refusal { $0.comparison.arms = [.scratch, .published("sleepvst")] }
          == "\(corpus.folder.path): found no ecg, expected it; the sensors here are psg and heart-rate")
      #expect(
        try refusal {
          $0.pretraining.tasks = []
          $0.comparison.arms = [.scratch, .fineTuned]
        } == """
          toy: the arm 'fine-tuned' without pretext tasks in 'pretraining.tasks', expected 'weights: {run: RUN}', --init RUN, \
          or arms that begin from scratch
          """)
      #expect(!FileManager.default.fileExists(atPath: out.path))
    }
  }

  @Test("Pretrained arms may begin with an earlier run, which must not have seen any fold's test people")
  func initial() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let other = try ToyStudy.corpus(folder.appendingPathComponent("other"), dataset: "other")
      let recipe = try ToyStudy.recipe {
        $0.finetuning.epochs = 1
        $0.comparison.arms = [.scratch, .fineTuned]
        $0.comparison.budgets = ["all"]
      }
      let run = try FineTuningRun.run(
        recipe, corpus: other, initial: nil, out: folder.appendingPathComponent("run"), silent: true
      ).run
      let out = folder.appendingPathComponent("compare")
      let (comparison, table) = try quick(corpus, out, initial: run.url, recipe)
      #expect(table.rows.count == 2)
      #expect(
        !FileManager.default.fileExists(
          atPath: out.appendingPathComponent("cells/encoder-fold0-seed0.safetensors").path))
      #expect(try String(contentsOf: comparison.recipe, encoding: .utf8).contains("\n# init: "))
      // Another start is another comparison.
      #expect(throws: Taken(path: out.path)) { _ = try quick(corpus, out, recipe) }
      let leak = try #require(throws: Leak.self) {
        _ = try quick(other, folder.appendingPathComponent("leak"), initial: run.url, recipe)
      }
      #expect(words(of: leak).contains("was trained with the labels of test subjects"))
    }
  }

  @Test("A label budget chooses the same people for every arm, and seeds begin from other weights")
  func sameLabels() throws {
    try withTemporaryFolder { folder in
      // Everyone has one stage, so what a baseline answers tells whose labels it saw.
      let labels = ToyStudy.people.enumerated().map { ($1, [Int8](repeating: Int8($0), count: 24)) }
      let corpus = try ToyStudy.corpus(
        folder.appendingPathComponent("corpus"), labels: Dictionary(uniqueKeysWithValues: labels))
      let out = folder.appendingPathComponent("compare")
      let (run, _) = try compare(
        corpus, out,
        ToyStudy.recipe {
          $0.labels = "five-stages"
          $0.split.folds = 5
          $0.comparison.arms = [.majority, .clock, .frozen]
          $0.comparison.budgets = ["1 subject"]
        })
      let split = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: run.folds.path)
      var answers: [String: Set<[Int]>] = [:]
      for cell in try read(cells(out)) where cell.arm != "frozen" {
        for matrix in cell.subjects.values {
          let counts = matrix.predictedCounts
          #expect(counts.max() == 24)
          let person = ToyStudy.people[counts.firstIndex(of: 24) ?? 0]
          #expect(split.folds[cell.fold].train.contains(Subject(person)))
          answers["\(cell.fold), \(cell.seed)", default: []].insert(counts)
        }
      }
      #expect(answers.count == 10 && answers.values.allSatisfy { $0.count == 1 })
      let encoders = try (0..<2).map { seed in
        let file = try SafetensorsFile(run.file("cells/encoder-fold0-seed\(seed).safetensors"))
        return try file.entries.keys.sorted().flatMap { try file.tensor($0).to(.float32).values(Float.self) }
      }
      #expect(encoders[0] != encoders[1])
    }
  }

  @Test("A row's interval is by bootstrap over people: seeds make it no narrower")
  func intervals() throws {
    try withTemporaryFolder { folder in
      // Most windows of everyone are N2, which is the answer throughout.
      let shares = [24, 22, 18, 14, 13]
      let labels = zip(ToyStudy.people, shares).map { person, share in
        (person, (0..<24).map { Int8($0 < share ? 2 : 0) })
      }
      let corpus = try ToyStudy.corpus(
        folder.appendingPathComponent("corpus"), labels: Dictionary(uniqueKeysWithValues: labels))
      let (_, table) = try compare(
        corpus, folder.appendingPathComponent("compare"),
        ToyStudy.recipe {
          $0.comparison.arms = [.majority]
          $0.comparison.budgets = ["all"]
          $0.comparison.seeds = 4
        })
      let accuracy = try #require(table.rows.first?.scores[.accuracy])
      expectClose([accuracy.value ?? 0], [91.0 / 120], absolute: 1e-9)
      var random = RandomSource(seed: 5)
      let expected = Interval.bootstrap(
        count: 5, draws: 20_000, method: .expandedPercentile, using: &random
      ) { drawn in
        [Double(drawn.reduce(0) { $0 + shares[$1] }) / 120]
      }
      let (wide, own) = (try #require(expected[0]), try #require(accuracy.interval))
      expectClose([own.lower, own.upper], [wide.lower, wide.upper], absolute: 0.03)
    }
  }

  @Test("An encoder leaves its test people out of every corpus of the data set")
  func severalCorpora() throws {
    try withTemporaryFolder { folder in
      let corpora = try ["one", "two", "three"].map {
        try ToyStudy.corpus(folder.appendingPathComponent($0), dataset: $0 == "three" ? "another" : "toy")
      }
      var options = Comparison.Options()
      options.silent = true
      let recipe = try ToyStudy.recipe {
        $0.comparison.arms = [.frozen]
        $0.comparison.budgets = ["all"]
        $0.comparison.seeds = 1
      }
      let run = try Comparison(recipe, corpora: corpora, options: options).run(
        out: folder.appendingPathComponent("compare")
      ).folder
      let split = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: run.folds.path)
      for (number, fold) in split.folds.enumerated() {
        let file = try SafetensorsFile(run.file("cells/encoder-fold\(number)-seed0.safetensors"))
        let provenance = try JSONDecoder().decode(Provenance.self, from: Data((file.metadata["provenance"] ?? "").utf8))
        #expect(
          provenance.subjects == ["toy": Set(fold.train + fold.validation), "another": Set(corpora[2].subjects)])
      }
    }
  }
}
