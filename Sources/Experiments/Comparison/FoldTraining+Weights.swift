import Corpora
import Encoders
import Files
import Foundation
import SleepCore
import Tensors
import Training
import Upstream

extension FoldTraining {
  /// What a pretrained arm begins with, whose makers have not seen the fold's test people.
  func weights(
    _ cell: Cell, of arm: Arm, _ own: Recipe, _ device: Device
  ) throws -> StartingWeights {
    let file: ModelFile
    switch arm.weights {
    case .file(let path): return .bare(URL(fileURLWithPath: path))
    case .run(let path): file = try ModelFile(of: URL(fileURLWithPath: path))
    case .pretrained, .none: file = try comparison.initial ?? encoder(cell, own, device)
    }
    // What is gone on with was audited by whoever wrote it; the file says whom it saw. Weights that a user brings may have seen
    // the people inside a training part, never those whom the comparison tests on.
    let (audited, fold) = outer.map { ($0.split, $0.fold) } ?? (split, cell.fold)
    _ = try file.seen.audit(
      audited, labels: FoldParts(corpus, own, audited, fold: fold, common: comparison.common).split, of: corpus.index,
      fold: fold, transductive: own.transductive)
    return .file(file)
  }

  /// The fold's encoder, pretrained on everyone but its test subjects, or on everyone where the recipe is transductive. Also where a shortcut
  /// divides something else than people, it is that of the fold of people.
  ///
  /// Arms with the same pretraining have one encoder.
  ///
  /// - Throws: ``MadeElsewhere`` where someone else is pretraining it, and what pretraining throws.
  private func encoder(_ cell: Cell, _ own: Recipe, _ device: Device) throws -> ModelFile {
    let url = folder.file(
      "\(place)/encoder-\(try comparison.pretrainingName(own))fold\(cell.fold)-seed\(cell.seed).safetensors")
    func isThere() -> Bool { FileManager.default.fileExists(atPath: url.path) }
    guard !isThere() else { return try ModelFile(of: url, .encoder) }
    guard let lease = try Lease.take(url.appendingPathExtension("lease")) else { throw MadeElsewhere() }
    defer { lease.release() }
    if !isThere() { try pretrain(cell, own, device, to: url) }
    return try ModelFile(of: url, .encoder)
  }

  private func pretrain(_ cell: Cell, _ own: Recipe, _ device: Device, to url: URL) throws {
    let tested = corpus.index.groups.company(
      of: split.folds[cell.fold].test + (outer.map { $0.split.folds[$0.fold].test } ?? []))
    let parts = comparison.corpora(for: own).map { other in
      // A person is left out of every corpus of the same population.
      let same = other.population == corpus.population
      return (other, other.subjects.filter { own.transductive || !same || !tested.contains($0) })
    }
    let data = try PretrainingData(own, parts)
    for (split, fold) in [(split, cell.fold)] + (outer.map { [($0.split, $0.fold)] } ?? []) {
      try SplitAuditor(split, of: corpus.index).audit(
        pretraining: data.provenance, fold: fold, transductive: own.transductive)
    }
    let states = CheckpointFolder(
      url.deletingPathExtension().appendingPathExtension("states"), of: ["recipe": Comparison.hash(try own.text())],
      keepsEnds: false)
    _ = try data.pretrain(
      own, seed: numericSeed(cell), device: device, checkpoint: states.checkpoint("pretraining"), to: url
    ) { _, _ in }
    states.remove()
  }
}
