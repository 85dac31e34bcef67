import Corpora
import Experiments
import Foundation
import Metrics
import SleepCore
import TestSupport
import Testing
import Training

/// Several corpora in one training, one evaluation and one comparison.
@Suite("Joined corpora")
struct JoinedCorporaTests {
  private static let people = ["p1", "p2", "p3", "p4", "p5", "p6"]

  /// Six people whose heart tells the stage, in `b` the other way round than in `a`.
  private static func corpus(_ name: String, in folder: URL, people: [String] = people) throws -> Corpus {
    let writer = try CorpusWriter(folder.appendingPathComponent(name), dataset: name, labels: .stages)
    let contract = WindowContract(
      sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], shape: [1, 30], sampleRateHz: 1)
    for person in people {
      var random = RandomSource(seed: 3, for: "\(name) \(person)")
      let labels = ToyStudy.stages(48)
      let values = labels.flatMap { stage in
        (0..<30).map { _ in
          (name == "b" ? -1 : 1) * (Float(stage) / 2 - 1) + Float.random(in: -0.2...0.2, using: &random)
        }
      }
      try writer.write(
        RecordingWindows(
          id: "night-\(person)", subject: Subject(person), labels: labels,
          sensors: [SensorWindows(contract: contract, values: values)]))
    }
    return try writer.finish()
  }

  private static func recipe(_ more: String = "") throws -> Recipe {
    try Recipe.parse(
      """
      name: toy
      sensors: [heart-rate]
      labels: w-nrem-rem
      device: cpu
      encoder: {kind: perceptron, width: 16}
      head: {kind: linear, dropout: 0}
      pretraining: {tasks: [{task: views, search: false}], batch: 16, epochs: 1, steps: 2}
      finetuning: {batch: 16, epochs: 12, select: accuracy, optimization: {learning_rate: 0.02}}
      split: {kind: k-fold, folds: 3, validation: 0.25}
      \(more)
      """, path: "toy.yaml")
  }

  /// The comparison of the same network trained on one data set, on the other, and on both.
  private static func compared(budgets: String = "[all]", first: String = "a") throws -> Recipe {
    try recipe(
      """
      comparison:
        labelled: all
        budgets: \(budgets)
        seeds: 1
        measure: accuracy
        arms: [{name: of a, trained_on: [\(first)]}, {name: of b, trained_on: [b]}, {name: of both}, majority]
      """)
  }

  private static func run(_ recipe: Recipe, _ corpora: [Corpus], out: URL) throws -> (RunFolder, ComparisonTable) {
    var options = Comparison.Options()
    options.silent = true
    return try Comparison(recipe, corpora: corpora, options: options).run(out: out)
  }

  @Test("One of several has their recordings by the names of their data sets, and the samples of each")
  func names() throws {
    try withTemporaryFolder { folder in
      let (a, b) = (try Self.corpus("a", in: folder), try Self.corpus("b", in: folder, people: ["p1", "p2", "p3"]))
      #expect(try Corpus.joined([a]) === a)
      let joined = try Corpus.joined([a, b])
      #expect(joined.recordings.map(\.id) == (a.recordings.map { "a.\($0.id)" } + b.recordings.map { "b.\($0.id)" }))
      #expect(joined.subjects.map(\.id) == Self.people.map { "a.\($0)" } + ["b.p1", "b.p2", "b.p3"])
      #expect(joined.person(Subject("b.p1")) == b.person(Subject("p1")))
      #expect(joined.person(Subject("b.p1")) != a.person(Subject("p1")))
      let place = try #require(joined.position(of: "b.night-p2"))
      #expect(
        try joined.windows(recording: place, sensor: .heartRate, range: 3..<5)
          == b.windows(recording: 1, sensor: .heartRate, range: 3..<5))
      #expect(joined.labels(recording: place) == b.labels(recording: 1))
      let source = try WindowSource(joined, sensors: [.heartRate])
      #expect(
        Provenance("it", reading: [source]).subjects
          == ["a": Set(a.subjects), "b": Set(b.subjects)])
    }
  }

  @Test("What does not go together is refused, with what differs")
  func refused() throws {
    try withTemporaryFolder { folder in
      let a = try Self.corpus("a", in: folder)
      func refusal(_ other: Corpus) -> String {
        do { _ = try Corpus.joined([a, other]) } catch { return words(of: error) }
        return ""
      }
      let twin = try ToyStudy.corpus(folder.appendingPathComponent("twin"), dataset: "a")
      #expect(
        refusal(twin)
          == "\(twin.path): found the data set 'a' as in \(a.path), expected another: prepare all of its people as one corpus, or say 'dataset' in a card"
      )
      let same = try ToyStudy.corpus(folder.appendingPathComponent("same"), dataset: "c", population: "a")
      #expect(
        refusal(same)
          == "\(same.path): found the people of 'a' as in \(a.path), expected others, who are not tested in one corpus and trained on in the other"
      )
      let fast = try ToyStudy.corpus(folder.appendingPathComponent("fast"), dataset: "fast", rate: 2)
      #expect(
        refusal(fast).hasPrefix("\(fast.path): found heart-rate")
          && refusal(fast).hasSuffix("as in \(a.path): prepare both alike"), "\(refusal(fast))")
    }
  }

  @Test("Each data set has the folds that it has alone")
  func folds() throws {
    try withTemporaryFolder { folder in
      let (a, b) = (try Self.corpus("a", in: folder), try Self.corpus("b", in: folder))
      let recipe = try Self.recipe()
      let (run, _) = try FineTuningRun.run(
        recipe, corpus: Corpus.joined([a, b]), initial: nil, out: folder.appendingPathComponent("both"), silent: true)
      let (alone, _) = try FineTuningRun.run(
        recipe, corpus: a, initial: nil, out: folder.appendingPathComponent("alone"), silent: true)
      let (fold, own) = (try Split(contentsOf: run.folds).folds[0], try Split(contentsOf: alone.folds).folds[0])
      for part in Part.allCases {
        let people = fold.subjects(part).map(\.id)
        #expect(people.filter { $0.hasPrefix("a.") } == own.subjects(part).map { "a.\($0.id)" })
        #expect(people.contains { $0.hasPrefix("b.") })
      }
      // What was pretrained for the fold of one data set begins a training of both, and what saw everyone does not.
      let pretrained = try PretrainingRun.run(
        recipe, corpora: [a, b], out: folder.appendingPathComponent("pretrained"), silent: true)
      _ = try FineTuningRun.run(
        recipe, corpus: Corpus.joined([a, b]), initial: pretrained.url, out: folder.appendingPathComponent("from"),
        silent: true)
      var other = recipe
      other.split.seed = 9
      #expect(throws: Leak.self) {
        try FineTuningRun.run(
          other, corpus: Corpus.joined([a, b]), initial: pretrained.url, out: folder.appendingPathComponent("leak"),
          silent: true)
      }
    }
  }

  @Test("A recogniser of two is measured on one without its own people, and on both with a line each")
  func evaluated() throws {
    try withTemporaryFolder { folder in
      let (a, b) = (try Self.corpus("a", in: folder), try Self.corpus("b", in: folder))
      let both = try Corpus.joined([a, b])
      let (run, _) = try FineTuningRun.run(
        Self.recipe("trained_on: [a]"), corpus: both, initial: nil, out: folder.appendingPathComponent("run"),
        silent: true)
      let fold = try Split(contentsOf: run.folds).folds[0]
      let report = try ToyStudy.evaluate(run, a)
      #expect(report.subjects.map { "a.\($0.subject.id)" } == fold.test.map(\.id).filter { $0.hasPrefix("a.") })
      #expect(try #require(report.pooled[.accuracy]?.value) > 0.9)
      let text = try String(contentsOf: run.file("report.txt"), encoding: .utf8)
      #expect(text.contains("\non a, 2 people: accuracy 1.000 (") || text.contains("\non a, 2 people: accuracy 0.9"))
      #expect(text.contains("\non b, 2 people: accuracy 0."))
      // The labels of b's training people were never read.
      let others = try ToyStudy.evaluate(run, b)
      #expect(others.subjects.map { "b.\($0.subject.id)" } == fold.test.map(\.id).filter { $0.hasPrefix("b.") })
      #expect(try ToyStudy.evaluate(run, both).subjects.count == 4)
      // And the other way round: a run of one data set on both leaves out its own training people.
      let (alone, _) = try FineTuningRun.run(
        Self.recipe(), corpus: a, initial: nil, out: folder.appendingPathComponent("alone"), silent: true)
      #expect(
        try ToyStudy.evaluate(alone, both).subjects.map(\.subject.id)
          == Split(contentsOf: alone.folds).folds[0].test.map { "a.\($0.id)" } + Self.people.map { "b.\($0)" })
    }
  }

  @Test("A comparison of joined corpora has a table of trained on x tested on")
  func table() throws {
    try withTemporaryFolder { folder in
      let corpora = [try Self.corpus("a", in: folder), try Self.corpus("b", in: folder)]
      let (run, table) = try Self.run(Self.compared(), corpora, out: folder.appendingPathComponent("out"))
      let across = try #require(table.across)
      #expect(
        across.map { "\($0.arm): \($0.trainedOn.joined(separator: "+")) on \($0.testedOn), \($0.subjects)" } == [
          "of a: a on a, 6", "of a: a on b, 6", "of b: b on a, 6", "of b: b on b, 6", "of both: a+b on a, 6",
          "of both: a+b on b, 6",
        ])
      let values = try across.map { try #require($0.score.value) }
      for (place, isGood) in [true, false, false, true].enumerated() {
        #expect(isGood ? values[place] > 0.9 : values[place] < 0.6, "\(across[place])")
      }
      #expect(table.text.contains("trained on x tested on:\n"))
      #expect(table.markdown.contains("| all | of a | a | "))
      // A baseline learns from all, and stands in the other tables.
      #expect(table.rows.contains { $0.arm == "majority" } && !across.contains { $0.arm == "majority" })
      let again = try Self.run(Self.compared(), corpora, out: folder.appendingPathComponent("out"))
      #expect(again.1.text == table.text && again.0.url.path == run.url.path)
    }
  }

  @Test("A data set that is not there, or a smaller budget, is refused before anything is trained")
  func unknown() throws {
    try withTemporaryFolder { folder in
      let corpora = [try Self.corpus("a", in: folder), try Self.corpus("b", in: folder)]
      func refusal(_ recipe: Recipe) -> String {
        do { _ = try Self.run(recipe, corpora, out: folder.appendingPathComponent("out")) } catch {
          return words(of: error)
        }
        return ""
      }
      #expect(
        try refusal(Self.compared(first: "c"))
          == "toy: 'trained_on' names 'c', expected data sets of the labelled corpora: a, b")
      #expect(
        try refusal(Self.compared(budgets: "[1 subject, all]"))
          == "toy: 'trained_on' of 'of a' with 'comparison.budgets' of 1 subject and all, expected all: the people of a smaller budget are drawn from all data sets"
      )
    }
  }
}
