import Corpora
import Downstream
import Encoders
import Experiments
import Foundation
import Metrics
import NumPy
import Preparation
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Ways to read an encoder, in runs")
struct ReadoutRunTests {
  private func numbers(_ url: URL) throws -> [String: [Float]] {
    let file = try SafetensorsFile(url)
    return try Dictionary(
      uniqueKeysWithValues: file.entries.keys.map { ($0, try file.tensor($0).to(.float32).values(Float.self)) })
  }

  /// Raw files, their corpus, and an encoder of it.
  private func withEncoder(_ body: (_ folder: URL, _ raw: URL, _ corpus: Corpus, _ encoder: RunFolder) throws -> Void)
    throws
  {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try ToyStudy.write(raw: raw)
      let corpus = try Preparation(card: ToyStudy.card).run(raw: raw, out: folder.appendingPathComponent("corpus"))
      let encoder = try PretrainingRun.run(
        ToyStudy.recipe(), corpora: [corpus], out: folder.appendingPathComponent("encoder"), silent: true)
      try body(folder, raw, corpus, encoder)
    }
  }

  @Test(
    "A head that is computed is saved, evaluated and used in prediction like any",
    arguments: ["prototypes", "neighbours"])
  func fittedHeads(kind: String) throws {
    try withEncoder { folder, raw, corpus, encoder in
      let recipe = try ToyStudy.recipe {
        $0.head = HeadRecipe(kind == "prototypes" ? Choice(PrototypesHead.self) : Choice(NeighboursHead.self))
      }
      let run = try FineTuningRun.run(
        recipe, corpus: corpus, initial: encoder.url, frozen: true, out: folder.appendingPathComponent("run"),
        silent: true
      ).run
      let (before, after) = try (numbers(encoder.file("encoder.safetensors")), numbers(run.model))
      for (name, values) in before { #expect(after[name] == values, "\(name)") }
      #expect(try ToyStudy.evaluate(run, corpus).json() == Data(contentsOf: run.file("report.json")))
      let fold = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: "folds").folds[0]
      let person = try #require(fold.test.first)
      let out = folder.appendingPathComponent("predictions")
      try PredictionRun.run(run.url, files: [raw], out: out, options: ToyStudy.silent)
      expectClose(
        try ToyStudy.probabilities(out.appendingPathComponent("\(person)/predictions.csv")),
        try ToyStudy.probabilities(run.file("predictions/\(person).csv")), absolute: 1e-5)
    }
  }

  @Test(
    "Changes of low rank and adapters begin with an encoder that has none, are saved, and go on",
    arguments: [(2, 0), (0, 3)])
  func additions(rank: Int, adapter: Int) throws {
    try withEncoder { folder, _, corpus, encoder in
      let recipe = try ToyStudy.recipe { ($0.finetuning.lowRank, $0.finetuning.adapter) = (rank, adapter) }
      func finetune(_ recipe: Recipe, _ initial: URL?, frozen: Bool = false, _ name: String) throws -> RunFolder {
        try FineTuningRun.run(
          recipe, corpus: corpus, initial: initial, frozen: frozen, out: folder.appendingPathComponent(name),
          silent: true
        ).run
      }
      let run = try finetune(recipe, encoder.url, "run")
      let (before, after) = try (numbers(encoder.file("encoder.safetensors")), numbers(run.model))
      for (name, values) in before { #expect(after[name] == values, "\(name)") }
      let added = rank > 0 ? "encoder.stems.heart-rate.output.weight.lora_b" : "adapters.heart-rate.up"
      #expect(try #require(after[added]).contains { $0 != 0 })
      #expect(try ToyStudy.evaluate(run, corpus).json() == Data(contentsOf: run.file("report.json")))
      // Going on, and reading it frozen, keep what was added.
      let next = try finetune(recipe, run.url, "next")
      #expect(try numbers(next.model)[added] != after[added])
      let frozen = try finetune(recipe, run.url, frozen: true, "frozen")
      if rank > 0 { #expect(try numbers(frozen.model)[added] == after[added]) }
      // From scratch, and over a frozen encoder, nothing is added.
      #expect(try numbers(finetune(recipe, nil, "scratch").model)[added] == nil)
      #expect(try numbers(finetune(recipe, encoder.url, frozen: true, "plain").model)[added] == nil)

      func vectors(_ run: RunFolder, _ name: String) throws -> [Float] {
        let out = folder.appendingPathComponent(name)
        try EmbeddingRun.run(run.url, corpus: corpus, out: out, silent: true)
        return try NpyArray<Float>(contentsOf: out.appendingPathComponent("p1/heart-rate.npy")).values
      }
      #expect(try (vectors(run, "own vectors") != vectors(encoder, "vectors")) == (rank > 0))
    }
  }

  @Test("Arms of a comparison have each their own way to read the encoder")
  func comparison() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let text =
        ToyStudy.text.replacingOccurrences(
          of: "comparison: {budgets: [1 subject, all], seeds: 2, measure: accuracy}",
          with: """
            comparison:
              budgets: [1 subject]
              seeds: 1
              measure: accuracy
              arms:
                - scratch
                - {name: prototypes, protocol: frozen, head: {kind: prototypes, centre: true}}
                - {name: neighbours, protocol: random-frozen, head: {kind: neighbours, k: 5}}
                - {name: thaw, protocol: fine-tuned, finetuning: {thaw: 0.5}}
                - {name: low rank, protocol: fine-tuned, finetuning: {low_rank: 2}}
                - {name: layers, protocol: frozen, head: {kind: mlp, layers: 2, encoder_layers: weighted}}
                - {name: adapter, protocol: fine-tuned, finetuning: {adapter: 4}}
            """)
      var options = Comparison.Options()
      options.silent = true
      let (run, table) = try Comparison(
        Recipe.parse(text, path: "toy.yaml"), corpora: [corpus], options: options
      ).run(out: folder.appendingPathComponent("run"))
      #expect(
        Set(table.rows.map(\.arm)) == ["scratch", "prototypes", "neighbours", "thaw", "low rank", "layers", "adapter"])
      let encoders = try FileManager.default.contentsOfDirectory(atPath: run.file("cells").path)
        .filter { $0.hasPrefix("encoder-") }
      #expect(encoders.count == 2)
      // Of two folds the pretrained encoder's vectors, which three arms share, its layers, and the random one's vectors.
      let kept = try FileManager.default.contentsOfDirectory(atPath: run.file("vectors").path)
      #expect(kept.count == 6)
    }
  }

  @Test("What does not go together is refused at its line")
  func refusals() throws {
    for (text, expected) in [
      (
        "model: ulw-sleepnet\nsensors: [heart-rate]\nfinetuning: {low_rank: 4}",
        "3:24: 'finetuning.low_rank' is 4 with 'model: ulw-sleepnet', expected 0: only the recogniser's own encoder and context "
          + "can be added to"
      ),
      (
        "sensors: [heart-rate]\nhead: {kind: neighbours}\nfinetuning: {thaw: 0.5}",
        "3:20: 'finetuning.thaw' is 0.5 with 'head.kind' of neighbours, expected 0: the head is computed, so nothing would "
          + "learn before the thaw"
      ),
      (
        "sensors: [heart-rate]\nhead: {kind: prototypes, crf: true}\nfinetuning: {sequence: 10}",
        "2:31: 'crf' is true with 'kind' of prototypes, expected false: a chain is trained, and this head is computed from the "
          + "labelled windows"
      ),
      (
        "labels: five-stages\nsensors: [heart-rate]\nfinetuning: {ordinal: 0.5}",
        "3:23: 'finetuning.ordinal' is 0.5 with 'labels: five-stages', expected 0: its classes have no order of angles, as those "
          + "of postures-17 have"
      ),
      (
        "labels: postures-17\nsensors: [pressure-map]\nhead: {crf: true}\nfinetuning: {sequence: 5, ordinal: 0.5}",
        "4:36: 'finetuning.ordinal' is 0.5 with 'head.crf', expected 0: the chain's likelihood has no spread labels"
      ),
    ] {
      let error = try #require(throws: (any Error).self) { _ = try Recipe.parse(text, path: "r.yaml") }
      #expect(words(of: error) == "r.yaml:\(expected)")
    }
  }
}
