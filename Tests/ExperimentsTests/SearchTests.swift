import Corpora
import Downstream
import Experiments
import Files
import Foundation
import Metrics
import SleepCore
import Tensors
import TestSupport
import Testing
import Training
import YAML

@Suite("Searching inside the training part")
struct SearchTests {
  private static let people = (1...8).map { "p\($0)" }
  private static let search = """
      search:
        trials: 3
        folds: 2
        values:
          finetuning.optimization.learning_rate: [0.0001, 0.01, 0.03]
          finetuning.encoder_rate: [0.1, 1]
          pretraining.steps: [1, 2]

    """

  private static func recipe(_ search: String = search, arms: String = "[scratch, fine-tuned, majority]") throws
    -> Recipe
  {
    let text = ToyStudy.text.replacing(
      "comparison: {budgets: [1 subject, all], seeds: 2, measure: accuracy}",
      with: "comparison:\n  budgets: [all]\n  seeds: 1\n  measure: accuracy\n  arms: \(arms)\n\(search)")
    return try Recipe.parse(text, path: "toy.yaml")
  }

  private func compare(_ corpus: Corpus, _ recipe: Recipe, _ out: URL, jobs: Int = 1) throws -> ComparisonTable {
    var options = Comparison.Options()
    (options.silent, options.jobs) = (true, jobs)
    return try Comparison(recipe, corpora: [corpus], options: options).run(out: out).table
  }

  /// What a trial left, as another program would read it.
  private struct TrialFile: Decodable {
    let scores: [String: Double]
  }

  private func files(_ folder: URL) throws -> [String: Data] {
    let place = folder.appendingPathComponent("search")
    let names = try FileManager.default.subpathsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".json") }
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: place.appendingPathComponent($0))) })
  }

  @Test(
    "The first trial is the recipe as it is; the others are different draws of the candidates, the same for the same values"
  )
  func draws() throws {
    let values = try Self.recipe().comparison.search.values
    let trials = Trial.draw(5, of: values, seed: 3)
    #expect(trials.count == 5 && trials[0] == .asWritten && Set(trials).count == 5)
    for trial in trials.dropFirst() {
      #expect(trial.paths == values.lines.map(\.path))
      for (line, value) in zip(values.lines, trial.values) { #expect(line.candidates.contains(value)) }
    }
    #expect(Trial.draw(5, of: values, seed: 3) == trials && Trial.draw(5, of: values, seed: 4) != trials)
    // Twelve combinations and the recipe itself.
    #expect(Trial.draw(40, of: values, seed: 3).count == 13)
    #expect(Trial.draw(5, of: SearchValues(), seed: 3) == [.asWritten])
  }

  @Test("An arm tries only what its training reads, and what is its own instead of the comparison's")
  func relevance() throws {
    let arms = """
      [scratch, fine-tuned, frozen, random-frozen, majority,
             {name: own, protocol: fine-tuned, search: {finetuning.encoder_rate: [], finetuning.epochs: [1, 2]}},
             {name: published, model: ulw-sleepnet, search: {finetuning.epochs: [1, 2]}}]
      """
    let recipe = try Self.recipe(arms: arms)
    let values = recipe.comparison.search.values
    func keys(_ name: String) -> [String] {
      recipe.comparison.arms.first { $0.name == name }?.searched(values).lines.map(\.path) ?? []
    }
    let (rate, encoder, steps) = (
      "finetuning.optimization.learning_rate", "finetuning.encoder_rate", "pretraining.steps"
    )
    #expect(keys("scratch") == [rate] && keys("random-frozen") == [rate])
    #expect(keys("fine-tuned") == [rate, encoder, steps] && keys("frozen") == [rate, steps])
    #expect(keys("own") == [rate, steps, "finetuning.epochs"])
    #expect(keys("published") == ["finetuning.epochs"] && keys("majority") == [])
    // What was read is written, and read again.
    #expect(try Recipe.parse(recipe.text(), path: "again.yaml") == recipe)
  }

  @Test("Every arm has the same trials; the best is chosen on people inside the training part, and trains the cells")
  func choice() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"), people: Self.people)
      let recipe = try Self.recipe()
      let out = folder.appendingPathComponent("compare")
      let table = try compare(corpus, recipe, out)
      let split = try Split(
        text: String(contentsOf: out.appendingPathComponent("folds.txt"), encoding: .utf8), path: "folds.txt")
      let found = try files(out)
      for arm in ["scratch", "fine-tuned"] {
        for fold in 0..<2 {
          let own = found.filter { $0.key.hasPrefix("fold\(fold)/\(arm)-all-") }
          #expect(own.count == 3 * 2)
          // Nobody of the fold's test people is measured on, and everybody else is.
          let measured = try own.values.flatMap { try JSONDecoder().decode(TrialFile.self, from: $0).scores.keys }
          #expect(Set(measured) == Set((split.folds[fold].train + split.folds[fold].validation).map(\.id)))
        }
      }
      #expect(
        (table.searched ?? []).map { "\($0.arm) \($0.fold)" } == [
          "scratch 0", "fine-tuned 0", "scratch 1", "fine-tuned 1",
        ])
      for result in table.searched ?? [] {
        let written = result.arm == "scratch" ? [:] : ["finetuning.encoder_rate": "0.1", "pretraining.steps": "2"]
        #expect(result.tries.count == 3)
        #expect(
          result.tries[0].values == written.merging(["finetuning.optimization.learning_rate": "0.01"]) { $1 })
        #expect(result.tries[result.chosen].score == result.tries.compactMap(\.score).max())
      }
      // A rate too small to learn by is not what is chosen, and the cells are trained by what is.
      let slow = (table.searched ?? []).filter {
        $0.tries[$0.chosen].values["finetuning.optimization.learning_rate"] == "0.0001"
      }
      #expect(slow.isEmpty)
      let text = try String(contentsOf: out.appendingPathComponent("report.txt"), encoding: .utf8)
      #expect(
        text.contains("\nsearched on people inside each training part: 3 trials an arm, budget and fold, by accuracy\n")
      )
      #expect(text.contains("finetuning.optimization.learning_rate"))
      #expect(!text.contains("as written"))
    }
  }

  @Test("What an arm takes beside labels is named as it was chosen, and arms of which nothing was searched are named")
  func chosenAdditions() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"), people: Self.people)
      let search = """
          search:
            trials: 2
            folds: 2
            values: {finetuning.adaptation.centring: [standard], head.profile: [true]}

        """
      let arms =
        "[scratch, {name: left alone, protocol: scratch, search: {finetuning.adaptation.centring: [], head.profile: []}}]"
      let table = try compare(corpus, Self.recipe(search, arms: arms), folder.appendingPathComponent("compare"))
      let searched = table.searched ?? []
      #expect(searched.map(\.arm) == ["scratch", "scratch"])
      func share(_ key: String, _ value: String) -> String? {
        let count = searched.count { $0.tries[$0.chosen].values[key] == value }
        return count == 0 ? nil : count == 2 ? "" : " (chosen in 1 of 2 searches)"
      }
      let centred = share("finetuning.adaptation.centring", "standard").map {
        "scratch: vectors are standardised by person" + $0
      }
      let profiled = share("head.profile", "true").map {
        "scratch\($0) read each window's plain quantities against the rest of its night, which is known once the night is over"
      }
      #expect(table.notes.filter { $0.contains("standardised by person") } == [centred].compactMap(\.self))
      #expect(table.notes.filter { $0.contains("plain quantities") } == [profiled].compactMap(\.self))
      #expect(table.notes.contains("nothing of left alone was searched"))
      // With neither chosen this would show nothing: one of them is.
      #expect(centred != nil || profiled != nil)
    }
  }

  @Test("Encoders of a search have seen neither the fold's test people nor those whom they are measured on")
  func encoders() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"), people: Self.people)
      let out = folder.appendingPathComponent("compare")
      _ = try compare(corpus, Self.recipe(arms: "[fine-tuned]"), out)
      let split = try Split(
        text: String(contentsOf: out.appendingPathComponent("folds.txt"), encoding: .utf8), path: "folds.txt")
      var count = 0
      for fold in 0..<2 {
        let inner = try split.inside(fold, folds: 2, validationShare: 0.3)
        let place = out.appendingPathComponent("search/fold\(fold)")
        for name in try FileManager.default.contentsOfDirectory(atPath: place.path)
        where name.hasSuffix(".safetensors") {
          let part = try #require(name.contains("fold0-") ? 0 : 1)
          let metadata = try SafetensorsFile(place.appendingPathComponent(name)).metadata
          let seen = try JSONDecoder().decode(Provenance.self, from: Data(#require(metadata["provenance"]).utf8))
          let people = try #require(seen.subjects["toy"])
          #expect(people.isDisjoint(with: split.folds[fold].test) && people.isDisjoint(with: inner.folds[part].test))
          #expect(people == Set(inner.folds[part].train + inner.folds[part].validation))
          count += 1
        }
      }
      #expect(count >= 4)
    }
  }

  @Test("A search that was stopped goes on: what is tried is not tried again, and the choice is the same")
  func goingOn() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"), people: Self.people)
      let recipe = try Self.recipe()
      let out = folder.appendingPathComponent("compare")
      let table = try compare(corpus, recipe, out)
      let before = try files(out)
      let missing = try #require(before.keys.sorted().first)
      try FileManager.default.removeItem(at: out.appendingPathComponent("search/\(missing)"))
      let again = try compare(corpus, recipe, out, jobs: 2)
      #expect(again.searched == table.searched && again.rows.map(\.scores) == table.rows.map(\.scores))
      let after = try files(out)
      #expect(after.keys.sorted() == before.keys.sorted())
      for (name, data) in before where name != missing { #expect(after[name] == data) }
      let damaged = out.appendingPathComponent("search/\(missing)")
      try Data("{\"scores\": {\"p1\": \"high\"}}".utf8).write(to: damaged)
      let error = try #require(throws: JSONFileError.self) { try compare(corpus, recipe, out) }
      #expect(
        words(of: error)
          == "\(damaged.path): found another kind of value at 'scores.p1', expected a trial that 'ssrm search' or 'compare' wrote: "
          + "delete it and run the same command again, which makes it anew")
    }
  }

  @Test("A training that runs away loses, and is counted")
  func divergence() {
    let result = SearchResult(
      arm: "a", budget: "all", fold: 0,
      tries: [
        .init(values: [:], score: nil), .init(values: ["k": "1"], score: 0.5), .init(values: ["k": "2"], score: 0.5),
      ])
    #expect(result.chosen == 1)
    let none = SearchResult(arm: "a", budget: "all", fold: 0, tries: [.init(values: [:], score: nil)])
    #expect(none.chosen == 0)
  }

  @Test("ssrm search writes each arm's recipe with what was best, and reads none of the test people")
  func alone() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"), people: Self.people)
      var options = Comparison.Options()
      options.silent = true
      let out = folder.appendingPathComponent("search")
      let comparison = try Comparison(Self.recipe(), corpora: [corpus], options: options)
      let (run, text) = try comparison.search(out: out)
      #expect(text.hasPrefix("toy: toy, searched on "))
      #expect(text.contains("scratch, all:\naccuracy  values\n"))
      let results = try JSONDecoder().decode([SearchResult].self, from: Data(contentsOf: run.file("report.json")))
      let scratch = try #require(results.first { $0.arm == "scratch" })
      let best = try Recipe.load(run.file("scratch-all.yaml"))
      let rate = scratch.tries[scratch.chosen].values["finetuning.optimization.learning_rate"]
      #expect(
        rate == nil
          ? best.finetuning.optimization.learningRate == 0.01 : rate == "\(best.finetuning.optimization.learningRate)")
      #expect(best.name == "toy-scratch" && best.comparison.search.trials == 0)
      #expect(!FileManager.default.fileExists(atPath: out.appendingPathComponent("cells").path))
      let nothing = try #require(throws: RecipeError.self) {
        _ = try Comparison(Self.recipe(""), corpora: [corpus], options: options).search(out: folder)
      }
      #expect(
        nothing.localizedDescription
          == "toy: nothing to search, expected 'comparison.search' with 'trials' of 2 or more and 'values' such as "
          + "{finetuning.optimization.learning_rate: [0.001, 0.01]}")
    }
  }

  @Test(
    "What cannot be searched is refused where it stands",
    arguments: [
      (
        "search: {trials: 3, values: {finetuning.optimization.learning_rat: [0.1]}}",
        "toy.yaml:17:71: arm 1 ('scratch'): unknown key 'learning_rat'. Did you mean 'learning_rate'?"
      ),
      (
        "search: {trials: 3, values: {finetuning.optimization.learning_rate: [0.1, -1]}}",
        "toy.yaml:17:77: arm 1 ('scratch'): 'learning_rate' is -1, expected a number above 0 and at most 1000"
      ),
      (
        "search: {trials: 3, values: {finetuning.epochs: 3}}",
        "toy.yaml:17:31: 'finetuning.epochs' is no list, expected a list of values to try, as [0.001, 0.01]"
      ),
      (
        "search: {trials: 3, values: {split.folds: [2, 3]}}",
        "toy.yaml:16:10: arm 1 ('scratch'): found 'split.folds' to search, which is the same for all arms, expected a key of "
          + "the training"
      ),
      (
        "search: {trials: 1}",
        "toy.yaml:17:20: 'trials' is 1, expected 0, or at least 2: the first trial is the recipe as it is"
      ),
      (
        "search: {values: {finetuning.epochs: [1, 2]}}",
        "toy.yaml:17:20: 'trials' is 0 with 'values' to try, expected at least 2 trials"
      ),
    ])
  func refusals(_ search: String, _ words: String) throws {
    let error = try #require(throws: YAMLError.self) { _ = try Self.recipe("  \(search)\n") }
    #expect(error.localizedDescription.hasPrefix(words), "\(error.localizedDescription)")
  }
}
