import Corpora
import Downstream
import Encoders
import Experiments
import Foundation
import Metrics
import NumPy
import Preparation
import SleepCore
import TestSupport
import Testing
import Training
import Upstream
import YAML

@Suite("Runs with a sensor missing")
struct MissingSensorRunTests {
  private static let silent: Comparison.Options = {
    var options = Comparison.Options()
    options.silent = true
    return options
  }()

  @Test("A fine-tuning reads people who lack a sensor, and its report has a line a subset of sensors")
  func fineTuning() throws {
    try withTemporaryFolder { folder in
      let corpus = try TwoSensorStudy.corpus(folder.appendingPathComponent("corpus"))
      let (run, report) = try FineTuningRun.run(
        TwoSensorStudy.recipe { ($0.finetuning.epochs, $0.finetuning.minimumSteps) = (20, 4) }, corpus: corpus,
        initial: nil, out: folder.appendingPathComponent("run"), silent: true)
      let split = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: "folds")
      #expect(split.folds.flatMap(\.test).map(\.id).sorted() == TwoSensorStudy.people)
      let tested = split.folds[0].test.map(\.id)
      let subsets = try #require(report.subsets)
      #expect(subsets.map(\.sensors) == ["heart-rate + activity", "heart-rate", "activity"])
      let without = { (sensor: Sensor) in tested.filter { TwoSensorStudy.lacking[$0] != sensor }.count }
      #expect(subsets.map(\.subjects) == [tested.count, without(.heartRate), without(.activity)])
      #expect(subsets.map(\.windows) == subsets.map { 24 * $0.subjects })
      #expect(subsets[0].scores == report.pooled)
      #expect(subsets.allSatisfy { ($0.scores[.accuracy]?.value ?? 0) > 0.6 })
      let text = try String(contentsOf: run.report, encoding: .utf8)
      #expect(text.contains("with these sensors alone") && text.contains("\nheart-rate + activity "))
      #expect(try ClassificationReport(json: Data(contentsOf: run.file("report.json"))).subsets == subsets)

      // A corpus without one of the sensors is evaluated by the other.
      let pulse = try TwoSensorStudy.corpus(
        folder.appendingPathComponent("pulse"), dataset: "other", people: ["q1", "q2"], lacking: [:],
        sensors: [.heartRate])
      let evaluated = try ToyStudy.evaluate(run, pulse)
      #expect(evaluated.subsets?.map(\.windows) == [48, 48, 0])
      #expect(evaluated.subsets?[0].scores == evaluated.subsets?[1].scores)
      #expect((evaluated.pooled[.accuracy]?.value ?? 0) > 0.6)
      let ecg = try CorpusWriter(folder.appendingPathComponent("ecg"), dataset: "third", labels: .stages)
      try ecg.write(
        RecordingWindows(
          id: "n", subject: Subject("x"), labels: ToyStudy.stages(24),
          sensors: [
            SensorWindows(
              contract: WindowContract(
                sensor: .ecg, channels: [Channel(name: "e", unit: "mV")], shape: [1, 30], sampleRateHz: 1),
              values: TwoSensorStudy.samples("x", .ecg))
          ]))
      let third = try ecg.finish()
      let error = #expect(throws: FitError.self) { try ToyStudy.evaluate(run, third) }
      #expect(
        error.map(words)
          == "\(run.url.path) was made for heart-rate 1 x 30 at 1 Hz (hr in bpm); \(third.folder.path) has only ecg")
    }
  }

  @Test("Without 'missing' people who lack a sensor are left out, and no report speaks of subsets")
  func without() throws {
    try withTemporaryFolder { folder in
      let corpus = try TwoSensorStudy.corpus(folder.appendingPathComponent("corpus"))
      let (run, report) = try FineTuningRun.run(
        TwoSensorStudy.recipe { ($0.missing, $0.finetuning.epochs) = (nil, 1) }, corpus: corpus, initial: nil,
        out: folder.appendingPathComponent("run"), silent: true)
      let split = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: "folds")
      let whole = TwoSensorStudy.people.filter { TwoSensorStudy.lacking[$0] == nil }
      #expect(split.folds.flatMap(\.test).map(\.id).sorted() == whole)
      #expect(report.subsets == nil)
      #expect(try !String(contentsOf: run.report, encoding: .utf8).contains("alone"))
      #expect(try !String(contentsOf: run.recipe, encoding: .utf8).contains("missing"))
      #expect(try !String(contentsOf: run.file("report.json"), encoding: .utf8).contains("subsets"))
    }
  }

  @Test("Raw recordings that lack a sensor are predicted, and their summary says so")
  func predicting() throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      for person in TwoSensorStudy.people {
        let own = raw.appendingPathComponent(person)
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        for sensor in [Sensor.heartRate, .activity] where TwoSensorStudy.lacking[person] != sensor {
          try NpyArray(shape: [24, 1, 30], values: TwoSensorStudy.samples(person, sensor))
            .write(to: own.appendingPathComponent("\(sensor.rawValue).npy"))
        }
        try NpyArray(shape: [24], values: ToyStudy.stages(24)).write(to: own.appendingPathComponent("labels.npy"))
      }
      var card = ToyStudy.card
      card.preprocessing.sensors[.activity] = SensorPreprocessing(sampleRateHz: 1)
      let corpus = try Preparation(card: card).run(raw: raw, out: folder.appendingPathComponent("corpus"))
      let run = try FineTuningRun.run(
        TwoSensorStudy.recipe(), corpus: corpus, initial: nil, out: folder.appendingPathComponent("run"), silent: true
      ).run
      let out = folder.appendingPathComponent("out")
      let summaries = try PredictionRun.run(run.url, files: [raw], out: out, options: ToyStudy.silent)
      #expect(summaries.map(\.recording) == TwoSensorStudy.people)
      #expect(summaries.allSatisfy { $0.predictedWindows == 24 })
      for summary in summaries {
        let lacks = TwoSensorStudy.lacking[summary.recording]
        let words = lacks.map { "\(summary.recording): predicted without \($0.rawValue), which it lacks" }
        #expect(summary.warnings.filter { $0.contains("predicted without") } == words.map { [$0] } ?? [])
      }
      // The same as what was evaluated.
      let tested = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: "folds").folds[0].test
      for person in tested {
        let predicted = try ToyStudy.predictions(out.appendingPathComponent("\(person.id)/predictions.csv"))
        let evaluated = try ToyStudy.predictions(run.file("predictions/\(person.id).csv"))
        #expect(predicted == evaluated.map { $0.filter { $0.key != "true" } })
      }
    }
  }

  @Test("A comparison says how an arm does with each subset beside the arms that read it alone, on the same windows")
  func comparison() throws {
    try withTemporaryFolder { folder in
      let corpus = try TwoSensorStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try Recipe.parse(
        TwoSensorStudy.text.replacing(
          "comparison: {",
          with: "comparison: {arms: [{name: both}, {name: pulse, sensors: [heart-rate]}, logistic], "), path: "two.yaml"
      )
      let (run, table) = try Comparison(recipe, corpora: [corpus], options: Self.silent)
        .run(out: folder.appendingPathComponent("compare"))
      // Whoever lacks the heart rate cannot be compared; whoever lacks the activity can.
      #expect(table.rows.map(\.subjects) == [7, 7, 7])
      let rows = try #require(table.subsets)
      #expect(rows.map(\.arm) == ["both", "both", "both"])
      #expect(rows.map(\.sensors) == ["heart-rate + activity", "heart-rate", "activity"])
      #expect(rows.map(\.windows) == [7 * 24, 7 * 24, 5 * 24] && rows.map(\.subjects) == [7, 7, 5])
      #expect(rows.map(\.rival) == [nil, "pulse", nil])
      #expect(rows[0].score == table.rows[0].scores[.accuracy])
      #expect(rows[1].difference?.differences.count == 7)
      // By hand, from the cells.
      let cells = try FileManager.default.contentsOfDirectory(atPath: run.file("cells").path)
        .filter { $0.hasSuffix(".json") }
      var right: [String: (Int, Int)] = [:]
      for name in cells {
        let json = try #require(
          try JSONSerialization.jsonObject(with: Data(contentsOf: run.file("cells/\(name)"))) as? [String: Any])
        let subsets = json["subsets"] as? [String: [String: [[Int]]]]
        #expect((subsets == nil) == !name.hasPrefix("both"))
        #expect((subsets ?? [:]).keys.sorted() == (subsets == nil ? [] : ["activity", "heart-rate"]))
        for matrix in (subsets?["heart-rate"] ?? [:]).values {
          let (hits, all) = right["heart-rate", default: (0, 0)]
          right["heart-rate"] = (
            hits + matrix.indices.reduce(0) { $0 + matrix[$1][$1] }, all + matrix.joined().reduce(0, +)
          )
        }
      }
      let (hits, all) = try #require(right["heart-rate"])
      #expect(all == 7 * 24 && rows[1].score.value == Double(hits) / Double(all))
      let text = try String(contentsOf: run.file("report.txt"), encoding: .utf8)
      #expect(
        text.contains("with a sensor missing:") && text.contains("both read recordings and windows that lack a sensor"))
      #expect(try String(contentsOf: run.file("report.md"), encoding: .utf8).contains("with a sensor missing:"))
      // Cells of before, without subsets, are read as they are.
      for name in cells {
        let url = run.file("cells/\(name)")
        var json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        json["subsets"] = nil
        try JSONSerialization.data(withJSONObject: json).write(to: url)
      }
      let again = try Comparison(recipe, corpora: [corpus], options: Self.silent).run(out: run.url).table
      #expect(again.subsets?.map(\.sensors) == ["heart-rate + activity"])
      #expect(again.rows[0].scores == table.rows[0].scores)
    }
  }

  @Test("A context is pretrained on nights that lack a sensor, and goes on only where sensors may be missing")
  func pretraining() throws {
    try withTemporaryFolder { folder in
      let corpus = try TwoSensorStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try TwoSensorStudy.recipe {
        $0.context = ContextRecipe(BiLSTM.self) { $0.hidden = 4 }
        $0.pretraining.tasks = [TaskRecipe(NightProfileTask.self), TaskRecipe(CrossPredictionTask.self)]
        ($0.pretraining.epochs, $0.pretraining.steps, $0.finetuning.epochs) = (1, 2, 1)
        ($0.pretraining.nights.length, $0.pretraining.nights.stride) = (12, 6)
      }
      let run = try PretrainingRun.run(
        recipe, corpora: [corpus], out: folder.appendingPathComponent("encoder"), silent: true)
      let report = try String(contentsOf: run.file("report.txt"), encoding: .utf8)
      #expect(
        report.contains("read of toy, heart-rate: ")
          && report.contains("read of toy, nights of heart-rate or activity: "))
      let tuned = try FineTuningRun.run(
        recipe, corpus: corpus, initial: run.url, frozen: true, out: folder.appendingPathComponent("tuned"),
        silent: true)
      #expect(tuned.report.subsets?.count == 3)
      // With nobody who lacks a sensor both recipes have one split.
      let whole = try TwoSensorStudy.corpus(folder.appendingPathComponent("whole"), lacking: [:])
      var other = recipe
      other.missing = nil
      for (initial, kind) in [(run, "encoder"), (tuned.run, "model")] {
        let error = #expect(throws: RecipeError.self) {
          try FineTuningRun.run(
            other, corpus: whole, initial: initial.url, out: folder.appendingPathComponent("refused"), silent: true)
        }
        #expect(
          error.map(words)
            == "\(initial.file("\(kind).safetensors").path): weights for windows that may lack a sensor, expected those for "
            + "windows that have all sensors, as 'missing' of 'two' says")
      }
    }
  }

  @Test("What cannot do without a sensor is refused in words")
  func refusals() throws {
    func refusal(_ changes: String) -> String {
      let error = #expect(throws: YAMLError.self) {
        try Recipe.parse(
          TwoSensorStudy.text.split(separator: "\n").filter { line in
            !changes.split(separator: "\n").contains { $0.hasPrefix(line.prefix { $0 != ":" }) }
          }.joined(separator: "\n") + "\n" + changes, path: "two.yaml")
      }
      return error.map(words) ?? ""
    }
    #expect(
      refusal("model: sleepvst\nsensors: [ecg, respiration]\nfinetuning: {epochs: 1}").hasSuffix(
        "'missing' is there with 'model: sleepvst', expected none, or 'model: recogniser': a published system reads all its "
          + "sensors"))
    #expect(refusal("missing: {drop: 1}").hasSuffix("'drop' is 1, expected a number from 0 to below 1"))
    #expect(
      refusal("finetuning: {balance_to: 9, synthetic: smote}").hasSuffix(
        "'finetuning.synthetic' is smote with 'missing', expected none: between a window and one that lacks a sensor lies no "
          + "window"))
    #expect(
      refusal("missing: {drop: 0}\nhead: {kind: linear, input: standardised}").hasSuffix(
        "'missing.drop' is 0 with 'head.input: standardised', expected above 0: a flag that is the same in all of training has "
          + "no deviation to be standardised by"))
    // One sensor is never missing, and an arm of a published system reads all of its own.
    let single = try TwoSensorStudy.recipe { $0.sensors = [.heartRate] }
    #expect(single.conflict == nil)
    let text = TwoSensorStudy.text.replacing("comparison: {", with: "comparison: {arms: [scratch, ulw-sleepnet], ")
    #expect(try Recipe.parse(text, path: "two.yaml").comparison.arms.count == 2)
    #expect(try Recipe.parse(TwoSensorStudy.recipe().text(), path: "again").missing?.drop == 0.3)
  }

  @Test(
    "A corpus of sensors that only other arms are pretrained on is not read, and one that no arm can use is refused")
  func corporaOfOthers() throws {
    try withTemporaryFolder { folder in
      let corpora = try [("toy", [Sensor.heartRate]), ("motion", [.activity])].map { name, sensors in
        try TwoSensorStudy.corpus(
          folder.appendingPathComponent(name), dataset: name, people: TwoSensorStudy.people, lacking: [:],
          sensors: sensors)
      }
      let text =
        TwoSensorStudy.text.replacing("missing: {drop: 0.3}\n", with: "").replacing("epochs: 6", with: "epochs: 1")
        .replacing("sensors: [heart-rate, activity]", with: "sensors: [heart-rate]")
        + "\npretraining: {tasks: [{task: contrast}], batch: 8, epochs: 1, steps: 1}\n"
      func recipe(_ arms: String) throws -> Recipe {
        try Recipe.parse(text.replacing("comparison: {", with: "comparison: {arms: [\(arms)], "), path: "two.yaml")
      }
      let own = "{name: own, protocol: frozen}"
      let shared = "{name: shared, protocol: frozen, pretraining: {sensors: [heart-rate, activity]}}"
      let (run, _) = try Comparison(recipe("\(own), \(shared)"), corpora: corpora, options: Self.silent)
        .run(out: folder.appendingPathComponent("compare"))
      let report = try String(contentsOf: run.file("report.txt"), encoding: .utf8)
      let pulse = "toy, heart-rate: 8 people, 8 recordings, 192 windows"
      #expect(report.contains("\nown pretrained, each fold without its test people, on \(pulse)\n"))
      #expect(
        report.contains(
          "\nshared pretrained, each fold without its test people, on \(pulse); motion, activity: 8 people, 8 recordings, "
            + "192 windows\n"))
      let error = #expect(throws: RecipeError.self) {
        _ = try Comparison(recipe(own), corpora: corpora, options: Self.silent)
          .run(out: folder.appendingPathComponent("alone"))
      }
      #expect(
        error.map(words)
          == "\(corpora[1].folder.path): none of the sensors heart-rate, expected at least one to pretrain 'two' on")
    }
  }

  @Test("An arm may name the corpora that it is pretrained on, and the report says what each pretraining read")
  func corpora() throws {
    try withTemporaryFolder { folder in
      let corpora = try ["toy", "second", "third"].map {
        try TwoSensorStudy.corpus(
          folder.appendingPathComponent($0), dataset: $0,
          people: Array(TwoSensorStudy.people.prefix($0 == "third" ? 3 : 6)),
          lacking: $0 == "toy" ? [:] : TwoSensorStudy.lacking)
      }
      let text =
        TwoSensorStudy.text.replacing("missing: {drop: 0.3}\n", with: "").replacing("epochs: 6", with: "epochs: 1")
        + "\npretraining: {tasks: [{task: contrast}], batch: 8, epochs: 1, steps: 1}\n"
      func recipe(_ arms: String) throws -> Recipe {
        try Recipe.parse(text.replacing("comparison: {", with: "comparison: {arms: [\(arms)], "), path: "two.yaml")
      }
      let all = "{name: all, protocol: frozen}"
      let less = "{name: less third, protocol: frozen, pretraining: {corpora: [toy, second]}}"
      let (run, _) = try Comparison(recipe("\(all), \(less)"), corpora: corpora, options: Self.silent)
        .run(out: folder.appendingPathComponent("compare"))
      let report = try String(contentsOf: run.file("report.txt"), encoding: .utf8)
      let shared =
        "toy, heart-rate: 6 people, 6 recordings, 144 windows; toy, activity: 6 people, 6 recordings, 144 windows; "
        + "second, heart-rate: 5 people, 5 recordings, 120 windows; second, activity: 5 people, 5 recordings, 120 windows"
      #expect(
        report.contains(
          "\nall pretrained, each fold without its test people, on \(shared); third, heart-rate: 3 people, 3 recordings, "
            + "72 windows; third, activity: 2 people, 2 recordings, 48 windows\n"))
      #expect(report.contains("\nless third pretrained, each fold without its test people, on \(shared)\n"))
      let encoders = try FileManager.default.contentsOfDirectory(atPath: run.file("cells").path)
        .filter { $0.hasPrefix("encoder-") && $0.hasSuffix(".safetensors") }
      #expect(encoders.count == 4)
      let error = #expect(throws: RecipeError.self) {
        _ = try Comparison(
          recipe("{name: odd, protocol: frozen, pretraining: {corpora: [forth]}}"), corpora: corpora,
          options: Self.silent
        ).run(out: folder.appendingPathComponent("odd"))
      }
      #expect(
        error.map(words)?.contains(
          "'pretraining.corpora' names 'forth', expected data sets of the corpora given: toy, second, third")
          == true)
    }
  }
}
