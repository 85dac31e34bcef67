import Corpora
import Downstream
import Encoders
import Experiments
import Foundation
import Layers
import Metrics
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Going on with an earlier model")
struct GoingOnTests {
  /// SleepVST, as small as it goes, on the toy's heart rate.
  private func sleepVST(_ changes: (inout Recipe, inout SleepVST.Options) -> Void = { _, _ in }) throws -> Recipe {
    try ToyStudy.recipe { recipe in
      recipe.model = "sleepvst"
      recipe.finetuning.sequence = 6
      recipe.finetuning.batch = 4
      recipe.finetuning.epochs = 1
      var options = SleepVST.Options()
      (options.layers, options.heads, options.width, options.feedForward, options.dropout) = (1, 2, 8, 8, 0)
      changes(&recipe, &options)
      recipe.modelOptions["sleepvst"] = options
    }
  }

  private func finetune(
    _ recipe: Recipe, _ corpus: Corpus, initial: URL? = nil, frozen: Bool = false, _ out: URL
  ) throws -> RunFolder {
    try FineTuningRun.run(recipe, corpus: corpus, initial: initial, frozen: frozen, out: out, silent: true).run
  }

  private func numbers(_ run: RunFolder) throws -> [String: [Float]] {
    let file = try SafetensorsFile(run.model)
    return try Dictionary(
      uniqueKeysWithValues: file.entries.keys.map { ($0, try file.tensor($0).to(.float32).values(Float.self)) })
  }

  private func withRun(
    _ recipe: Recipe, _ body: (_ folder: URL, _ corpus: Corpus, _ other: Corpus, _ run: RunFolder) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let other = try ToyStudy.corpus(folder.appendingPathComponent("other"), dataset: "other")
      try body(folder, corpus, other, finetune(recipe, corpus, folder.appendingPathComponent("run")))
    }
  }

  @Test("Frozen encoders and what they know come along bit for bit; a new adapter is trained with the rest")
  func transfer() throws {
    try withRun(sleepVST()) { folder, _, other, run in
      let earlier = try numbers(run)
      let transfer = try sleepVST { _, options in
        options.adapter = 4
        options.frozen = [.encoders]
      }
      let next = try finetune(transfer, other, initial: run.url, folder.appendingPathComponent("next"))
      let later = try numbers(next)
      for (name, values) in earlier { #expect((later[name] == values) == name.hasPrefix("encoder."), "\(name)") }
      #expect(Set(later.keys).subtracting(earlier.keys).allSatisfy { $0.hasPrefix("adapter.") })
      #expect(later["adapter.up.weight"]?.contains { $0 != 0 } == true)
      #expect(try String(contentsOf: next.report, encoding: .utf8).hasPrefix("toy, fine-tuned\n"))

      let still = try sleepVST { _, options in options.frozen = [.transformer] }
      let third = try numbers(finetune(still, other, initial: run.url, folder.appendingPathComponent("third")))
      for (name, values) in earlier { #expect((third[name] == values) == name.hasPrefix("transformer."), "\(name)") }

      // The second model has an adapter, and a third must have it too.
      let error = try #require(throws: ParameterError.self) {
        _ = try finetune(sleepVST(), other, initial: next.url, folder.appendingPathComponent("fourth"))
      }
      #expect(
        words(of: error) == """
          \(next.model.path): the weights are not this model's; unexpected: adapter.down.bias, adapter.down.weight, \
          adapter.up.bias, adapter.up.weight
          """)
    }
  }

  @Test(
    "An earlier model goes on under the authors' adapter: all of it stays bit for bit, and only adapter and classifier are new and learn"
  )
  func adapterBehind() throws {
    try withRun(sleepVST()) { folder, _, other, run in
      let earlier = try numbers(run)
      let transfer = try sleepVST { _, options in
        (options.adapter, options.adapterPlace) = (4, .behindTransformer)
        options.frozen = [.encoders, .transformer]
      }
      let next = try finetune(transfer, other, initial: run.url, folder.appendingPathComponent("next"))
      let later = try numbers(next)
      for (name, values) in earlier { #expect(later[name] == values, "\(name)") }
      let fresh = Set(later.keys).subtracting(earlier.keys)
      #expect(Set(fresh.map { $0.split(separator: ".")[0] }) == ["adapter", "classifier"])
      // It goes on from itself, too.
      let again = try numbers(finetune(transfer, other, initial: next.url, folder.appendingPathComponent("again")))
      for (name, values) in later { #expect((again[name] == values) != fresh.contains(name), "\(name)") }
    }
  }

  @Test("From scratch nothing stays as it is")
  func scratch() throws {
    try withRun(sleepVST()) { folder, corpus, _, _ in
      let store = try ParameterStore(seed: 1)
      let recipe = try sleepVST { _, options in options.frozen = [.encoders, .transformer] }
      _ = try RecognitionModels.named("sleepvst").make(
        store.root, [.init(sensor: .heartRate, channels: ["hr"], shape: [1, 30], sampleRateHz: 1)], 3,
        recipe.modelOptions)
      let trained = try numbers(finetune(recipe, corpus, folder.appendingPathComponent("next")))
      for entry in store.entries where entry.kind == .parameter {
        #expect(try trained[entry.name] != entry.tensor.values(Float.self), "\(entry.name)")
      }
    }
  }

  @Test(
    "Whoever was trained or chosen on is not tested on: not in this run, not when it is evaluated, not two runs later")
  func leaks() throws {
    try withRun(sleepVST()) { folder, corpus, other, run in
      let split = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: "folds").folds[0]
      // The same folds test on the same people.
      _ = try finetune(sleepVST(), corpus, initial: run.url, folder.appendingPathComponent("same"))
      let chosenOn = try #require(split.validation.first)
      let list = folder.appendingPathComponent("list.txt")
      try Data(chosenOn.id.utf8).write(to: list)
      let otherFolds = try sleepVST { recipe, _ in
        (recipe.split.kind, recipe.split.file) = (.listed, list.path)
        recipe.transductive = true
      }
      let leak = try #require(throws: Leak.self) {
        _ = try finetune(otherFolds, corpus, initial: run.url, folder.appendingPathComponent("leak"))
      }
      #expect(leak == .training(what: run.model.path, subjects: [chosenOn], fold: 0))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("leak").path))

      let next = try finetune(sleepVST(), other, initial: run.url, folder.appendingPathComponent("next"))
      #expect(
        try #require(throws: Leak.self) {
          _ = try finetune(otherFolds, corpus, initial: next.url, folder.appendingPathComponent("later"))
        } == .training(what: next.model.path, subjects: [chosenOn], fold: 0))
      // On the first data set only those whom neither training saw are measured.
      #expect(try ToyStudy.evaluate(next, corpus).subjects.map(\.subject) == split.test)
    }
  }

  @Test("An encoder's unlabelled people are remembered by the model that began with it")
  func pretrained() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let other = try ToyStudy.corpus(folder.appendingPathComponent("other"), dataset: "other")
      let encoder = try PretrainingRun.run(
        ToyStudy.recipe(), corpora: [corpus], out: folder.appendingPathComponent("encoder"), silent: true)
      let run = try finetune(ToyStudy.recipe(), other, initial: encoder.url, folder.appendingPathComponent("run"))
      let list = folder.appendingPathComponent("list.txt")
      try Data("p3".utf8).write(to: list)
      let last = try ToyStudy.recipe { ($0.split.kind, $0.split.file) = (.listed, list.path) }
      let leak = try #require(throws: Leak.self) {
        _ = try finetune(last, corpus, initial: run.url, folder.appendingPathComponent("leak"))
      }
      #expect(leak == .pretraining(what: run.model.path, subjects: [Subject("p3")], fold: 0))
    }
  }

  @Test("Another model, other classes, other windows or other layers are refused, naming both sides")
  func refusals() throws {
    try withRun(sleepVST()) { folder, corpus, other, run in
      func refusal(_ recipe: Recipe, _ corpus: Corpus) throws -> String {
        let out = folder.appendingPathComponent(UUID().uuidString)
        return words(
          of: try #require(throws: (any Error).self) {
            _ = try finetune(recipe, corpus, initial: run.url, out)
          })
      }
      #expect(
        try refusal(ToyStudy.recipe(), other)
          == "\(run.model.path): a model of 'sleepvst', expected one of 'recogniser', which 'toy' trains")
      #expect(
        try refusal(sleepVST { recipe, _ in recipe.labels = "five-stages" }, other)
          == "\(run.model.path): a model that tells 'w-nrem-rem', expected one that tells 'five-stages', as 'toy' does")
      let fast = try ToyStudy.corpus(folder.appendingPathComponent("fast"), dataset: "fast", rate: 2)
      #expect(
        try refusal(sleepVST(), fast) == """
          the model was made for heart-rate 1 x 60 at 2 Hz (hr in bpm); \(run.model.path) has heart-rate 1 x 30 at 1 Hz (hr in bpm); \
          'sample_rate_hz' is 2 Hz there and 1 Hz here: \
          prepare the data with the run's card
          """)
      #expect(
        try refusal(sleepVST { _, options in options.feedForward = 16 }, other).hasPrefix(
          "\(run.model.path): the weights are not this model's; of another shape: transformer.layers.0."))
      #expect(
        try refusal(sleepVST { _, options in options.layers = 2 }, other).hasPrefix(
          "\(run.model.path): the weights are not this model's; missing: transformer.layers.1."))
    }
  }

  @Test("A published model without an encoder of its own cannot be frozen")
  func noEncoder() throws {
    try withTemporaryFolder { folder in
      let spectrogram = WindowContract(sensor: .spectrogram, shape: [12, 12])
      let writer = try CorpusWriter(folder.appendingPathComponent("corpus"), dataset: "toy", labels: .stages)
      for (number, name) in zip(1..., ["a", "b", "c", "d"]) {
        try writer.write(
          RecordingWindows(
            id: name, subject: Subject(name), labels: [0, 2, 4, 2],
            sensors: [SensorWindows(contract: spectrogram, values: (0..<4 * 144).map { Float($0 * number % 7) })]))
      }
      let recipe = try ToyStudy.recipe { ($0.model, $0.sensors) = ("accelerometer-logistic", [.spectrogram]) }
      let error = try #require(throws: RecipeError.self) {
        _ = try finetune(recipe, writer.finish(), frozen: true, folder.appendingPathComponent("run"))
      }
      #expect(
        words(of: error) == """
          toy: 'random-frozen' of 'accelerometer-logistic', which has no encoder of its own, expected 'scratch' or \
          'fine-tuned'
          """)
    }
  }
}
