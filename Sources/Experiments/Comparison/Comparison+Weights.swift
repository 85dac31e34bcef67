import Corpora
import Encoders
import Foundation
import SleepCore
import Tensors
import Training
import Upstream

extension Comparison {
  /// What a pretrained arm begins with, whose makers have not seen the fold's test people.
  func weights(
    _ cell: Cell, of arm: Arm, _ own: Recipe, _ split: Split, _ folder: RunFolder, _ device: Device
  ) throws -> StartingWeights {
    let file: ModelFile
    switch arm.weights {
    case .file(let path): return .bare(URL(fileURLWithPath: path))
    case .run(let path): file = try ModelFile(of: URL(fileURLWithPath: path))
    case .pretrained, .none: file = try initial ?? encoder(cell, of: arm, own, split, folder, device)
    }
    // What is gone on with was audited by whoever wrote it; the file says whom it saw.
    _ = try file.seen.audit(split, of: corpus.index, fold: cell.fold, transductive: recipe.transductive)
    return .file(file)
  }

  /// The fold's encoder, pretrained on everyone but its test subjects, or on everyone where the recipe is transductive.
  ///
  /// Arms with the same pretraining have one encoder.
  private func encoder(
    _ cell: Cell, of arm: Arm, _ own: Recipe, _ split: Split, _ folder: RunFolder, _ device: Device
  ) throws -> ModelFile {
    let url = folder.file("cells/encoder-\(try pretrainingName(own))fold\(cell.fold)-seed\(cell.seed).safetensors")
    if !FileManager.default.fileExists(atPath: url.path) {
      let tested = Set(split.folds[cell.fold].test)
      let parts = ([corpus] + others).map { corpus in
        // A person is left out of every corpus of the same population.
        let same = corpus.population == self.corpus.population
        return (corpus, corpus.subjects.filter { recipe.transductive || !same || !tested.contains($0) })
      }
      let data = try PretrainingData(own, parts)
      try SplitAuditor(split, of: corpus.index).audit(
        pretraining: data.provenance, fold: cell.fold, transductive: recipe.transductive)
      _ = try data.pretrain(own, seed: numericSeed(cell), device: device, to: url) { _, _ in }
    }
    return try ModelFile(of: url, .encoder)
  }

  /// What the groups by which pretext tasks put their batches together have in common with the labels, a line a pretraining and task.
  func coincidences() throws -> [String] {
    var lines: [String] = []
    var known: Set<String> = []
    for arm in recipe.comparison.arms where arm.weights == .pretrained && initial == nil {
      let own = try training(of: arm)
      guard known.insert(try pretrainingName(own)).inserted else { continue }
      for found in try PretrainingData(own, ([corpus] + others).map { ($0, $0.subjects) })
        .coincidences(own, corpus)
      where !lines.contains(found.text) { lines.append(found.text) }
    }
    return lines
  }

  /// What each pretraining reads, a line each, where there are several corpora or an arm names some.
  func pretrainingNotes() throws -> [String] {
    let arms = recipe.comparison.arms.filter { $0.weights == .pretrained && initial == nil }
    let isAsked = try !others.isEmpty || arms.contains { try training(of: $0).pretraining.corpora?.isEmpty == false }
    guard isAsked else { return [] }
    let alike = try Dictionary(grouping: arms) { try pretrainingName(training(of: $0)) }
    return try arms.compactMap { arm -> String? in
      let own = try training(of: arm)
      let same = alike[try pretrainingName(own)] ?? []
      guard same.first == arm else { return nil }
      let data = try PretrainingData(own, ([corpus] + others).map { ($0, $0.subjects) })
      return "\(same.map(\.name).joined(separator: " and ")) pretrained, each fold without its test people, on "
        + data.reading(own).joined(separator: "; ")
    }
  }

  /// What tells one pretraining of the comparison from another in a file's name; nothing for the recipe's own.
  private func pretrainingName(_ own: Recipe) throws -> String {
    func says(_ recipe: Recipe) throws -> String {
      var part = Recipe()
      (part.sensors, part.missing) = (recipe.sensors, recipe.missing)
      (part.encoder, part.context) = (recipe.pretrainedEncoder ?? EncoderRecipe(), recipe.pretrainedContext)
      part.pretraining = recipe.pretraining
      return try part.text()
    }
    let text = try says(own)
    let plain = options.quick ? recipe.shortened : recipe
    return try text == says(plain) ? "" : Self.hash(text) + "-"
  }
}
