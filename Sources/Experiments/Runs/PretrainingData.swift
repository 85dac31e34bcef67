import Corpora
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Upstream

/// What an encoder is pretrained on, and from where it goes on: known, and audited, before it trains.
struct PretrainingData {
  /// One a sensor of the recipe.
  let contracts: [WindowContract]
  /// Whom the sources read, and whom the earlier encoder had seen.
  let provenance: Provenance
  /// One a corpus and sensor.
  private let sources: [WindowSource]
  private let earlier: ModelFile?

  /// - Parameters:
  ///   - parts: The corpora, with the people of each that may be seen.
  ///   - earlier: An encoder to go on from.
  /// - Throws: ``RecipeError``, ``FitError`` or ``CorpusError`` where the corpora lack a sensor or differ.
  init(_ recipe: Recipe, _ parts: [(corpus: Corpus, subjects: [Subject])], from earlier: ModelFile? = nil) throws {
    var contracts: [WindowContract] = []
    var sources: [WindowSource] = []
    let sensors = recipe.pretrainingSensors
    for (corpus, subjects) in parts {
      let present = sensors.filter { sensor in corpus.contracts.contains { $0.sensor == sensor } }
      guard !present.isEmpty else {
        throw RecipeError(
          path: corpus.folder.path,
          problem: "none of the sensors \(sensors.map(\.rawValue).joined(separator: ", "))",
          wanted: "at least one to pretrain '\(recipe.name)' on")
      }
      for sensor in present {
        let contract = try corpus.sensor(sensor)
        if let other = contracts.first(where: { $0.sensor == sensor }) {
          guard other.misfit(contract) == nil else {
            throw FitError.contract(
              run: parts[0].corpus.folder.path, wanted: other, corpus: corpus.folder.path, found: contract)
          }
        } else {
          contracts.append(contract)
        }
        sources.append(try WindowSource(corpus, sensors: [sensor], subjects: subjects))
      }
    }
    for sensor in sensors where !contracts.contains(where: { $0.sensor == sensor }) {
      throw CorpusError.absentSensor(
        sensor, path: parts.map(\.corpus.folder.path).joined(separator: ", "), present: contracts.map(\.sensor))
    }
    try earlier?.contracts.check(hold: contracts, path: earlier?.url.path ?? "")
    var provenance = Provenance("the encoder", reading: sources)
    if let seen = earlier?.seen.pretraining { provenance.formUnion(seen) }
    self.contracts = contracts
    self.provenance = provenance
    self.sources = sources
    self.earlier = earlier
  }

  /// Pretrains, and writes the encoder's file.
  func pretrain(
    _ recipe: Recipe, seed: UInt64, device: Device, to url: URL, log: (Int, [String: Double]) throws -> Void
  ) throws -> Pretrainer.Outcome {
    let store = try ParameterStore(seed: seed, device: device)
    let encoder = try recipe.encoder.make(store.root("encoder"), inputs: contracts)
    try earlier?.load(encoder: store, contracts)
    let outcome = try Pretrainer(recipe.pretraining, seed: seed, device: device)(
      encoder, store, sources: sources, log: log)
    try ModelFile.write(encoder: store, recipe: recipe, contracts: contracts, seen: provenance, to: url)
    return outcome
  }
}
