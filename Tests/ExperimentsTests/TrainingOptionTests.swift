import Corpora
import Preparation
import Downstream
import Experiments
import Foundation
import Metrics
import NumPy
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Ensembles, scaling, sampling and curves of a run")
struct TrainingOptionTests {
  private func finetune(
    _ corpus: Corpus, _ out: URL, _ changes: (inout FineTuningRecipe) -> Void
  ) throws -> RunFolder {
    try FineTuningRun.run(
      ToyStudy.recipe { changes(&$0.finetuning) }, corpus: corpus, initial: nil, out: out, silent: true
    ).run
  }

  private func weights(_ run: RunFolder) throws -> [String: [Float]] {
    let file = try SafetensorsFile(run.model)
    return try Dictionary(
      uniqueKeysWithValues: file.entries.keys.map { ($0, try file.tensor($0).to(.float32).values(Float.self)) })
  }

  @Test(
    "An ensemble's first member is the model alone, its probabilities the members' mean, and it is used like any run")
  func ensemble() throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try ToyStudy.write(raw: raw)
      let corpus = try Preparation(card: ToyStudy.card).run(raw: raw, out: folder.appendingPathComponent("corpus"))
      let alone = try finetune(corpus, folder.appendingPathComponent("alone")) { _ in }
      let run = try finetune(corpus, folder.appendingPathComponent("three")) { $0.ensemble = 3 }
      let (single, members) = try (weights(alone), weights(run))
      #expect(members.count == 3 * single.count)
      for (name, values) in single {
        #expect(members["members.0.\(name)"] == values)
      }
      #expect(members["members.1.head.output.weight"] != single["head.output.weight"])
      let metrics = try String(contentsOf: run.metrics, encoding: .utf8).split(separator: "\n")
      #expect(metrics.count == 9 && metrics[8].contains("\"step\":8") && metrics[8].contains("\"member\":2"))
      let report = try ToyStudy.evaluate(run, corpus)
      #expect(try report.json() == Data(contentsOf: run.file("report.json")))
      let out = folder.appendingPathComponent("predictions")
      let predicted = try PredictionRun.run(run.url, files: [raw], out: out, options: ToyStudy.silent)
      #expect(predicted.map(\.recording) == ToyStudy.people)
      try WeightsExport.run(run.url, to: folder.appendingPathComponent("all.safetensors"))
      let error = try #require(throws: RecipeError.self) {
        _ = try EmbeddingRun.run(run.url, corpus: corpus, out: folder.appendingPathComponent("vectors"), silent: true)
      }
      #expect(words(of: error) == "\(run.url.path): an ensemble, expected a run with one encoder")
    }
  }

  @Test(
    "Scaling is fitted on the training people, kept with the weights, and used in evaluation, prediction and embedding")
  func scaling() throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try ToyStudy.write(raw: raw)
      let corpus = try Preparation(card: ToyStudy.card).run(raw: raw, out: folder.appendingPathComponent("corpus"))
      let run = try finetune(corpus, folder.appendingPathComponent("run")) { $0.scaling = .minMax }
      let fold = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: "folds").folds[0]
      let seen = fold.train.flatMap { ToyStudy.samples($0.id, windows: 24) }
      let kept = try weights(run)
      #expect(kept["scaling.heart-rate.minimum"] == [seen.min() ?? 0])
      #expect(kept["scaling.heart-rate.maximum"] == [seen.max() ?? 0])
      #expect(try ToyStudy.evaluate(run, corpus).json() == Data(contentsOf: run.file("report.json")))
      let out = folder.appendingPathComponent("predictions")
      try PredictionRun.run(run.url, files: [raw], out: out, options: ToyStudy.silent)
      let person = try #require(fold.test.first)
      #expect(
        try ToyStudy.probabilities(run.file("predictions/\(person).csv"))
          == ToyStudy.probabilities(out.appendingPathComponent("\(person)/predictions.csv")))

      func vectors(_ name: String, _ weights: URL) throws -> [Float] {
        let out = folder.appendingPathComponent(name)
        try EmbeddingRun.run(weights, corpus: corpus, out: out, silent: true)
        return try NpyArray<Float>(contentsOf: out.appendingPathComponent("\(person)/heart-rate.npy")).values
      }
      let plain = try finetune(corpus, folder.appendingPathComponent("plain")) { $0.scaling = .none }
      #expect(try vectors("scaled vectors", run.url) != vectors("plain vectors", plain.url))

      let pretrained = try PretrainingRun.run(
        ToyStudy.recipe(), corpora: [corpus], out: folder.appendingPathComponent("up"), silent: true)
      let error = try #require(throws: RecipeError.self) {
        _ = try FineTuningRun.run(
          ToyStudy.recipe { $0.finetuning.scaling = .minMax }, corpus: corpus, initial: pretrained.url,
          out: folder.appendingPathComponent("refused"), silent: true)
      }
      #expect(
        words(of: error)
          == "toy: 'finetuning.scaling' with an encoder that was pretrained on windows as they are, expected scaling: none, or "
          + "training from scratch")
    }
  }

  @Test("Every epoch logs loss and accuracy of both parts, and the run has its curves", arguments: ["kappa", "last"])
  func curves(select: String) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let run = try finetune(corpus, folder.appendingPathComponent("run")) {
        $0.select = FineTuningRecipe.Selection(rawValue: select) ?? .kappa
        $0.epochs = 12
      }
      let lines = try String(contentsOf: run.metrics, encoding: .utf8).split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Double])
      }
      #expect(lines.count == 12)
      for line in lines {
        #expect(0...1 ~= line["accuracy"] ?? -1 && 0...1 ~= line["validation/accuracy"] ?? -1)
        #expect((line["loss"] ?? -1) > 0 && (line["validation/loss"] ?? -1) > 0)
        #expect((line["validation"] == nil) == (select == "last"))
      }
      #expect((lines[11]["accuracy"] ?? 0) > (lines[0]["accuracy"] ?? 1))
      if (try? Data(contentsOf: run.file("curves.png"))) == nil {
        #expect(!FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot"))
      }
    }
  }

  @Test("Balancing by number, with synthetic windows and without, trains the same weights from the same seed")
  func balanced() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      func run(_ name: String, _ changes: (inout FineTuningRecipe) -> Void) throws -> [String: [Float]] {
        try weights(
          finetune(corpus, folder.appendingPathComponent(name)) {
            $0.balanceTo = 20
            $0.select = .last
            changes(&$0)
          })
      }
      let plain = try run("plain") { _ in }
      let smote = try run("smote") { $0.synthetic = .smote }
      #expect(try run("again") { $0.synthetic = .smote } == smote)
      #expect(smote != plain)
      #expect(try run("once") { $0.balanceAnew = false } != plain)
    }
  }
}
