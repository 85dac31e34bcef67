import Corpora
import Downstream
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Fine-tuning of a part")
struct PartialTuningTests {
  private static let context = ContextRecipe(Transformer.self) {
    ($0.width, $0.layers, $0.heads, $0.feedForward, $0.dropout) = (6, 1, 2, 8, 0.2)
  }

  private static func recogniser(_ store: ParameterStore, _ recipe: FineTuningRecipe) throws -> Recogniser {
    try Recogniser(
      store.root, encoder: ToyNights.encoder, context: context, head: ToyNights.head("mlp"), inputs: [ToyNights.input],
      classes: 3, lowRank: recipe.lowRankChange, adapter: recipe.adapter)
  }

  private static func recipe(_ change: (inout FineTuningRecipe) -> Void) -> FineTuningRecipe {
    var recipe = ToyNights.training(epochs: 4, sequence: 8)
    change(&recipe)
    return recipe
  }

  /// All numbers before the training and after each epoch, of one step each.
  private func train(
    _ recipe: FineTuningRecipe, _ corpus: Corpus, _ transfer: TransferProtocol = .fineTuned
  ) throws -> [[String: [Float]]] {
    let store = try ParameterStore(seed: 11)
    let model = try Self.recogniser(store, recipe)
    var numbers = [try store.numbers()]
    _ = try FineTuning(recipe, transfer: transfer, seed: 5)(
      model, store, scheme: ToyNights.scheme, training: ToyNights.source(corpus), validation: nil
    ) { _, _ in numbers.append(try store.numbers()) }
    return numbers
  }

  private func withCorpus(_ body: (Corpus) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try body(ToyNights.corpus(folder, ["a", "b"].map { ToyNights.night($0, invalid: [5]) }))
    }
  }

  private func changed(_ before: [String: [Float]], _ after: [String: [Float]]) -> Set<String> {
    Set(before.keys.filter { before[$0] != after[$0] })
  }

  @Test(
    "Before the thaw encoder and context stay as they are, statistics too; then all learn",
    arguments: [false, true])
  func thaw(augmented: Bool) throws {
    try withCorpus { corpus in
      let recipe = Self.recipe {
        $0.thaw = 0.5
        if augmented { $0.augmentation.signal = .init() }
      }
      let epochs = try train(recipe, corpus)
      let pretrained = Set(epochs[0].keys.filter { $0.hasPrefix("encoder.") || $0.hasPrefix("context.") })
      for epoch in [1, 2] {
        let found = changed(epochs[epoch - 1], epochs[epoch])
        #expect(found.isDisjoint(with: pretrained) && found.contains("head.output.weight"), "\(epoch)")
      }
      for epoch in [3, 4] { #expect(changed(epochs[epoch - 1], epochs[epoch]) == Set(epochs[0].keys), "\(epoch)") }
      // From scratch there is nothing to thaw.
      #expect(
        try changed(train(recipe, corpus, .scratch)[0], train(recipe, corpus, .scratch)[1]).count == epochs[0].count)
    }
  }

  @Test(
    "A network with changes of low rank and adapters begins as the one without", arguments: [(4, 0), (0, 3), (2, 3)])
  func beginnings(rank: Int, adapter: Int) throws {
    try withCorpus { corpus in
      let source = try ToyNights.source(corpus)
      let plan = source.plans(recording: 0, length: 8, stride: 8, batchSize: 4)[0]
      let batch = try DeviceBatch(BatchReader([source]).read(plan), on: .cpu)
      func scores(_ recipe: FineTuningRecipe) throws -> [Float] {
        try Self.recogniser(ParameterStore(seed: 3), recipe).scores(batch, .inference).values(Float.self)
      }
      let added = Self.recipe { ($0.lowRank, $0.adapter) = (rank, adapter) }
      #expect(try scores(added) == scores(Self.recipe { _ in }))
    }
  }

  @Test(
    "Fine-tuning changes what was added and the head, and nothing else", arguments: [(4, 0), (0, 3), (2, 3)],
    [false, true])
  func added(sizes: (rank: Int, adapter: Int), augmented: Bool) throws {
    try withCorpus { corpus in
      let recipe = Self.recipe {
        ($0.lowRank, $0.adapter, $0.encoderRate) = (sizes.rank, sizes.adapter, 0)
        if augmented { $0.augmentation.signal = .init() }
      }
      let epochs = try train(recipe, corpus)
      let new = Set(epochs[0].keys.filter { !FineTuning.isPretrained($0) })
      #expect(new.contains("adapters.heart-rate.up") == (sizes.adapter > 0))
      #expect(new.contains("encoder.stems.heart-rate.output.weight.lora_b") == (sizes.rank > 0))
      #expect(new.contains("context.layers.0.linear1.weight.lora_a") == (sizes.rank > 0))
      #expect(changed(epochs[0], epochs[4]) == new)
    }
  }

  @Test("An adapter leaves windows that were not measured as zeros")
  func gaps() throws {
    try withCorpus { corpus in
      let recipe = Self.recipe { $0.adapter = 3 }
      let store = try ParameterStore(seed: 3)
      let model = try Recogniser(
        store.root, encoder: ToyNights.encoder, head: ToyNights.head("linear"), inputs: [ToyNights.input], classes: 3,
        adapter: recipe.adapter)
      _ = try FineTuning(recipe, transfer: .fineTuned, seed: 5)(
        model, store, scheme: ToyNights.scheme, training: ToyNights.source(corpus), validation: nil)
      let source = try ToyNights.source(corpus)
      let plan = source.plans(recording: 0, length: 8, stride: 8, batchSize: 1)[0]
      let batch = try DeviceBatch(BatchReader([source]).read(plan), on: .cpu)
      let scores = try model.scores(batch, .inference).select(1, 5).values(Float.self)
      // A linear layer of zeros is its bias.
      #expect(try scores == store["head.output.bias"]?.values(Float.self))
    }
  }

  @Test("What does not go together is refused in words")
  func refusals() throws {
    #expect(
      Self.recipe { ($0.thaw, $0.lowRank) = (0.5, 4) }.misfit?.description
        == "'thaw' is 0.5 with 'low_rank', expected 0: beside it what was pretrained never learns")
    #expect(
      Self.recipe { ($0.thaw, $0.adapter) = (0.5, 4) }.misfit?.description
        == "'thaw' is 0.5 with 'adapter', expected 0: beside it what was pretrained never learns")
    #expect(Self.recipe { $0.thaw = 1 }.misfit?.key == "thaw")
    #expect(Self.recipe { ($0.thaw, $0.lowRank) = (0, 4) }.misfit == nil)
  }
}
