import Corpora
import Downstream
import Encoders
import Experiments
import Foundation
import Preparation
import SleepCore
import Synthesis
import TestSupport
import Testing
import Training
import Upstream

/// Trainings that are stopped between any two steps and gone on with by the same command.
@Suite("Stopped trainings")
struct StoppedTrainingTests {
  /// Does something again until it ends, each time stopped after some steps.
  ///
  /// - Returns: How often it was stopped.
  private func stoppingEvery(_ steps: Int, _ body: () throws -> Void) throws -> Int {
    for stops in 0..<1000 {
      do {
        try Interruption.$rehearsal.withValue(.init(after: steps)) { try body() }
        return stops
      } catch is Interrupted {}
    }
    return 1000
  }

  @Test(
    "Every pretext task: stopped all the time, the encoder and the numbers are those of a run that was never stopped")
  func tasks() throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try Synthesizer.write(dataset: "mesa", Synthesizer.Options(subjects: 4, hours: 0.6), to: raw)
      let corpus = try Preparation(card: Card(named: "mesa")).run(
        raw: raw, out: folder.appendingPathComponent("corpus"))
      for (place, task) in PretextTasks.kinds.enumerated() {
        let text = """
          name: one
          sensors: [ecg, respiration]
          missing: {drop: 0.3}
          device: cpu
          encoder: {width: 8, signal: {channels: [4, 8], kernel: 3, tokens: 2}, trunk: {kind: mlp, layers: 1}}
          context: {kind: \(PretextTasks.ofContexts.contains(task.name) ? "bilstm, hidden: 4" : "none")}
          pretraining:
            tasks: [{task: \(task.name)}]
            batch: 8
            nights: {length: 12, stride: 12, batch: 4}
            epochs: \(place % 3 == 0 ? 2 : 1)
            steps: \(place % 3 == 0 ? 2 : 4)
            optimization: {\(place % 3 == 0 ? "average_last: 2" : "averaging: 0.5"), precision: \(place.isMultiple(of: 2) ? "float32" : "bfloat16")}
          """
        let recipe = try Recipe.parse(text, path: "\(task.name).yaml")
        func pretrain(_ name: String) throws -> RunFolder {
          try PretrainingRun.run(
            recipe, corpora: [corpus], out: folder.appendingPathComponent("\(task.name)-\(name)"), silent: true)
        }
        let whole = try pretrain("whole")
        let stops = try stoppingEvery(3) { _ = try pretrain("stopped") }
        let stopped = try RunFolder(existing: folder.appendingPathComponent("\(task.name)-stopped"))
        #expect(stops == 1, "\(task.name)")
        #expect(try Data(contentsOf: stopped.encoder) == Data(contentsOf: whole.encoder), "\(task.name)")
        #expect(try numbers(stopped) == numbers(whole), "\(task.name)")
      }
    }
  }

  /// A run's numbers of each epoch, without its speed.
  private func numbers(_ run: RunFolder) throws -> [String] {
    try String(contentsOf: run.metrics, encoding: .utf8).split(separator: "\n").map {
      String($0).replacing(/"windows per second":[^,}]*/, with: "")
    }
  }

  @Test(
    "Every way to train a recogniser: stopped all the time, the model is that of a run that was never stopped",
    arguments: [
      "{batch: 16, epochs: 3}",
      "{batch: 16, epochs: 3, optimization: {precision: bfloat16}}",
      "{batch: 16, epochs: 4, patience: 2, optimization: {average_last: 2}}",
      "{batch: 4, epochs: 3, optimization: {accumulate: 3, averaging: 0.9}}",
      "{ensemble: 2, epochs: 2, self_training: {rounds: 1}}",
      "{epochs: 8, select: last, balance_to: 20, synthetic: smote}",
      "{epochs: 4, class_weights: balanced, patience: 5, optimization: {rule: sgd, schedule: plateau, learning_rate: 0.02}}",
      "{epochs: 8, augmentation: {signal: {noise: 0.2}}, adaptation: {centring: mean}}",
    ])
  func recognisers(options: String) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try Recipe.load(
        write(ToyStudy.text + "\n", to: folder), overrides: ["finetuning=\(options)"])
      func tune(_ name: String) throws {
        try FineTuningRun.run(
          recipe, corpus: corpus, initial: nil, out: folder.appendingPathComponent(name), silent: true)
      }
      try tune("whole")
      let stops = try stoppingEvery(9) { try tune("stopped") }
      #expect((1..<100).contains(stops))
      let files = try ["whole", "stopped"].map { try RunFolder(existing: folder.appendingPathComponent($0)) }
      #expect(try Data(contentsOf: files[0].model) == Data(contentsOf: files[1].model))
      #expect(try numbers(files[0]) == numbers(files[1]))
      #expect(try Data(contentsOf: files[0].report) == Data(contentsOf: files[1].report))
    }
  }

  @Test("Stopped within a fine-tuning whose encoder waits, it waits and learns as in one that was never stopped")
  func thawing() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe {
        $0.finetuning.thaw = 0.5
        $0.finetuning.keepsStatistics = true
      }
      let encoder = try PretrainingRun.run(
        recipe, corpora: [corpus], out: folder.appendingPathComponent("encoder"), silent: true)
      func tune(_ name: String) throws {
        try FineTuningRun.run(
          recipe, corpus: corpus, initial: encoder.url, out: folder.appendingPathComponent(name), silent: true)
      }
      try tune("whole")
      for steps in 8...11 {
        #expect(try stoppingEvery(steps) { try tune("stopped-\(steps)") } > 0)
        #expect(
          try Data(contentsOf: folder.appendingPathComponent("whole/model.safetensors"))
            == Data(contentsOf: folder.appendingPathComponent("stopped-\(steps)/model.safetensors")))
      }
    }
  }

  @Test("A finished run is trained on by the same command with more epochs, and by no other")
  func extended() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      func pretrain(_ epochs: Int, _ name: String, from earlier: String? = nil, seed: UInt64 = 1) throws -> RunFolder {
        let recipe = try ToyStudy.recipe {
          ($0.pretraining.epochs, $0.seed) = (epochs, seed)
          $0.pretraining.optimization.schedule = .constant
        }
        return try PretrainingRun.run(
          recipe, corpora: [corpus], extending: earlier.map(folder.appendingPathComponent),
          out: folder.appendingPathComponent(name), silent: true)
      }
      _ = try pretrain(1, "one")
      let (two, whole) = try (pretrain(2, "two", from: "one"), pretrain(2, "whole"))
      #expect(try Data(contentsOf: two.encoder) == Data(contentsOf: whole.encoder))
      #expect(try numbers(two).count == 2)
      let short = #expect(throws: RecipeError.self) { try pretrain(2, "again", from: "two") }
      #expect(
        short.map(words)
          == "\(folder.path)/two: a run of 2 epochs to be trained on to 'pretraining.epochs' of 2, expected more than 2: --set pretraining.epochs=4"
      )
      let other = #expect(throws: CheckpointError.self) { try pretrain(3, "other", from: "two", seed: 2) }
      #expect(other?.differences == ["seed: 1, now 2"])
    }
  }

  private func write(_ text: String, to folder: URL) throws -> URL {
    let url = folder.appendingPathComponent("toy.yaml")
    try Data(text.utf8).write(to: url)
    return url
  }
}
