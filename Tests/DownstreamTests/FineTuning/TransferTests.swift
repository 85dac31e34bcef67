import Corpora
import Downstream
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Transfer")
struct TransferTests {
  /// Trains from the same start, and gives all numbers before and after.
  private func train(
    _ transfer: TransferProtocol, _ recipe: FineTuningRecipe, head: HeadRecipe = ToyNights.head("mlp"),
    _ corpus: Corpus, carried: FineTuning.Carried = .pretrained, seed: UInt64 = 5
  ) throws -> (before: [String: [Float]], after: [String: [Float]]) {
    let store = try ParameterStore(seed: 11)
    let model = try ToyNights.recogniser(store, head: head)
    let before = try store.numbers()
    _ = try FineTuning(recipe, transfer: transfer, carried: carried, seed: seed)(
      model, store, scheme: ToyNights.scheme, training: ToyNights.source(corpus), validation: nil)
    return (before, try store.numbers())
  }

  private func withCorpus(_ body: (Corpus) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try body(ToyNights.corpus(folder, ["a", "b", "c"].map { ToyNights.night($0, invalid: [5]) }))
    }
  }

  @Test(
    "An encoder that stays as it is stays so bit for bit, running statistics too; one that learns changes in every part",
    arguments: TransferProtocol.allCases, [ToyNights.head("mlp", dropout: 0.2), ToyNights.head("bigru", crf: true)])
  func parts(_ transfer: TransferProtocol, head: HeadRecipe) throws {
    try withCorpus { corpus in
      let (before, after) = try train(
        transfer, ToyNights.training(epochs: 3, sequence: head.crf ? 8 : 1), head: head, corpus)
      for (name, numbers) in before {
        // Random weights too get the statistics of windows, which are no weights.
        let settles =
          transfer == .randomFrozen
          && ["running_mean", "running_var", "num_batches_tracked"].contains { name.hasSuffix($0) }
        let learns = transfer.trainsEncoder || !name.hasPrefix("encoder.")
        #expect((after[name] != numbers) == learns || settles, "\(name)")
      }
    }
  }

  @Test(
    "An encoder of random weights gets the statistics of the training windows, without which its vectors are of none")
  func settling() throws {
    try withCorpus { corpus in
      let (before, after) = try train(.randomFrozen, ToyNights.training(epochs: 1), corpus)
      let statistics = before.keys.filter { $0.hasPrefix("encoder.") && $0.hasSuffix("running_mean") }
      #expect(!statistics.isEmpty)
      for name in statistics { #expect(after[name] != before[name], "\(name)") }
    }
  }

  @Test("With changed inputs a frozen encoder stays as it is too")
  func frozenWithAugmentation() throws {
    try withCorpus { corpus in
      var recipe = ToyNights.training(epochs: 2)
      recipe.augmentation.signal = SignalAugmentation()
      recipe.augmentation.signal?.noise = 0.2
      let (before, after) = try train(.frozen, recipe, corpus)
      for (name, numbers) in before { #expect((after[name] != numbers) == !name.hasPrefix("encoder."), "\(name)") }
    }
  }

  @Test("Fine-tuning moves the encoder by a tenth of what learning from scratch does, and the head as far")
  func encoderRate() throws {
    try withCorpus { corpus in
      let recipe = ToyNights.training(epochs: 1)
      let scratch = try train(.scratch, recipe, corpus)
      let tuned = try train(.fineTuned, recipe, corpus)
      for (name, start) in scratch.before where !name.contains("running") && !name.contains("num_batches") {
        let full = zip(scratch.after[name] ?? [], start).map { $0 - $1 }
        let own = zip(tuned.after[name] ?? [], start).map { $0 - $1 }
        let factor: Float = name.hasPrefix("encoder.") ? 0.1 : 1
        expectClose(own, full.map { $0 * factor }, relative: 1e-3, absolute: 1e-6)
      }
    }
  }

  @Test("Going on with a whole model moves all of it by a tenth, and what is new as far as from scratch")
  func wholeModel() throws {
    try withCorpus { corpus in
      let recipe = ToyNights.training(epochs: 1)
      let scratch = try train(.scratch, recipe, corpus)
      let fresh = scratch.before.keys.filter { $0.hasPrefix("head.output.") }
      #expect(fresh.count == 2)
      let tuned = try train(.fineTuned, recipe, corpus, carried: .model(except: Set(fresh)))
      for (name, start) in scratch.before where !name.contains("running") && !name.contains("num_batches") {
        let full = zip(scratch.after[name] ?? [], start).map { $0 - $1 }
        let own = zip(tuned.after[name] ?? [], start).map { $0 - $1 }
        let factor: Float = fresh.contains(name) ? 1 : 0.1
        expectClose(own, full.map { $0 * factor }, relative: 1e-3, absolute: 1e-6)
      }
    }
  }

  @Test("The same seed gives the same weights, another seed others")
  func seeds() throws {
    try withCorpus { corpus in
      let recipe = ToyNights.training(epochs: 2)
      let head = ToyNights.head("mlp", dropout: 0.3)
      let first = try train(.scratch, recipe, head: head, corpus).after
      #expect(try train(.scratch, recipe, head: head, corpus).after == first)
      #expect(try train(.scratch, recipe, head: head, corpus, seed: 6).after != first)
    }
  }

  @Test(
    "Vectors that are computed once give the loss that the encoder gives anew, padding and gaps included",
    arguments: Heads.names, [false, true])
  func keptVectors(kind: String, crf: Bool) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(
        folder, [ToyNights.night("a", windows: 13, invalid: [4, 12]), ToyNights.night("b", windows: 9)])
      let source = try ToyNights.source(corpus)
      let model = try ToyNights.recogniser(ParameterStore(seed: 2), head: ToyNights.head(kind, crf: crf, clock: true))
      let view = try TrainedView(model, transfer: .frozen, FineTuningRecipe(), source, device: .cpu)
      let plans = [0, 1].flatMap { source.plans(recording: $0, length: 8, stride: 8, batchSize: 2) }
      for plan in plans {
        let batch = try BatchReader([source]).read(plan)
        let kept = try #require(
          try view.loss(
            batch, scheme: ToyNights.scheme, classWeights: nil, labelSmoothing: 0, Generator(seed: 1)))
        let anew = try #require(
          try model.freezingEncoder().loss(
            DeviceBatch(batch, on: .cpu), classWeights: nil, labelSmoothing: 0, .training(Generator(seed: 1))))
        expectClose([try kept.item()], [try anew.item()], relative: 1e-5)
      }
    }
  }

  @Test("Nothing to learn from is an error in words")
  func nothing() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyNights.corpus(
        folder, [ToyNights.night("a", windows: 3, labels: [-1, -1, -1])])
      let error = try #require(throws: TrainingError.self) {
        _ = try train(.scratch, ToyNights.training(epochs: 1), corpus)
      }
      #expect(words(of: error) == "no labelled window of \(folder.path) may be seen in training")
    }
  }
}
