import Corpora
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import Training
import Upstream

/// What an encoder is pretrained on, and from where it goes on: known, and audited, before it trains.
struct PretrainingData {
  /// One a sensor of the recipe.
  let contracts: [WindowContract]
  /// Whom the sources read, and whom the earlier encoder had seen.
  let provenance: Provenance
  /// One a corpus and sensor.
  private let sources: [WindowSource]
  /// One a corpus that has the sensors which a night needs.
  private let nights: [WindowSource]
  private let earlier: ModelFile?

  /// - Parameters:
  ///   - parts: The corpora, with the people of each that may be seen.
  ///   - earlier: An encoder to go on from.
  /// - Throws: ``RecipeError``, ``FitError`` or ``CorpusError`` where the corpora lack a sensor or differ.
  init(_ recipe: Recipe, _ parts: [(corpus: Corpus, subjects: [Subject])], from earlier: ModelFile? = nil) throws {
    let parts = try recipe.chosen(among: parts)
    var contracts: [WindowContract] = []
    var (sources, nights): ([WindowSource], [WindowSource]) = ([], [])
    let sensors = recipe.pretrainingSensors
    var ofNights: [(corpus: Corpus, subjects: [Subject])] = []
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
      let own = recipe.sensors.filter(present.contains)
      if recipe.need == .any ? !own.isEmpty : own.count == recipe.sensors.count { ofNights.append((corpus, subjects)) }
    }
    for sensor in sensors where !contracts.contains(where: { $0.sensor == sensor }) {
      throw CorpusError.absentSensor(
        sensor, path: parts.map(\.corpus.folder.path).joined(separator: ", "), present: contracts.map(\.sensor))
    }
    for (corpus, subjects) in ofNights {
      nights.append(
        try WindowSource(
          corpus, sensors: recipe.sensors, subjects: subjects, need: recipe.need, contracts: contracts))
    }
    try earlier?.contracts.check(hold: contracts, path: earlier?.url.path ?? "")
    var provenance = Provenance("the encoder", reading: sources)
    if let seen = earlier?.seen.pretraining { provenance.formUnion(seen) }
    self.contracts = contracts
    self.provenance = provenance
    self.sources = sources
    self.nights = nights
    self.earlier = earlier
  }

  /// What is read: a line a corpus and sensor, and one a corpus for nights where tasks of nights are among the recipe's.
  func reading(_ recipe: Recipe) -> [String] {
    func words(_ source: WindowSource, _ what: String) -> String {
      let recordings = source.recordings.map { source.store.recordings[$0] }
      let windows = source.recordings.reduce(0) { $0 + source.valid(recording: $1).count { $0 != 0 } }
      return
        "\(source.store.dataset), \(what): \(Set(recordings.map(\.subject)).count) people, \(recordings.count) recordings, "
        + "\(windows) windows"
    }
    let joiner = recipe.need == .any ? " or " : " and "
    return sources.map { words($0, $0.sensors[0].rawValue) }
      + (recipe.pretraining.tasks.contains(where: \.isOfNights) ? nights : []).map {
        words($0, "nights of \($0.sensors.map(\.rawValue).joined(separator: joiner))")
      }
  }

  /// Makes the network and the tasks once, so that what does not go together is refused before anything is trained.
  func check(_ recipe: Recipe) throws {
    let network = try network(recipe, seed: 0, device: .cpu)
    for (index, task) in recipe.pretraining.tasks.enumerated() {
      _ = try task.make(network.store.root("tasks")(index), network)
    }
  }

  /// Pretrains, from where it was stopped, and writes the encoder's file.
  ///
  /// - Parameters:
  ///   - group: The processes that train together; this one alone where `nil`.
  ///   - url: The encoder's file; none is written where `nil`.
  ///   - last: Where the last epoch's encoder is written too, where another one is kept.
  func pretrain(
    _ recipe: Recipe, seed: UInt64, device: Device, health: Health = Health(), checkpoint: Checkpoint? = nil,
    in group: ProcessGroup? = nil, to url: URL?, last: URL? = nil,
    log: @escaping (Int, [String: Double]) throws -> Void
  ) throws -> Pretrainer.Outcome {
    let network = try network(recipe, seed: seed, device: device)
    try earlier?.load(pretrained: network.store, contracts)
    let missing = recipe.toleratesMissing ? recipe.missing : nil
    let outcome = try Pretrainer(recipe.pretraining, missing: missing, seed: seed, device: device, in: group)(
      network, sources: sources, nights: nights, health: health, checkpoint: checkpoint, log: log)
    guard let url else { return outcome }
    func write(to url: URL) throws {
      try ModelFile.write(encoder: network.store, recipe: recipe, contracts: contracts, seen: provenance, to: url)
    }
    try write(to: url)
    if let last, let weights = outcome.last {
      try network.store.restore(weights)
      try write(to: last)
    }
    return outcome
  }

  /// What the groups of the recipe's tasks have in common with the labels of a corpus.
  func coincidences(_ recipe: Recipe, _ corpus: Corpus) throws -> [Coincidence] {
    guard !recipe.labels.isEmpty else { return [] }
    let scheme = try recipe.scheme()
    guard corpus.index.labels == scheme.kind else { return [] }
    let network = try network(recipe, seed: 0, device: .cpu)
    return try recipe.pretraining.tasks.enumerated().compactMap { index, task in
      let made = try task.make(network.store.root("tasks")(index), network)
      let sensors = contracts.map(\.sensor).filter { sensor in
        task.serves(sensor) && corpus.contracts.contains { $0.sensor == sensor }
      }
      let labelled = try sensors.map { try WindowSource(corpus, sensors: [$0], scheme: scheme) }
      return try Coincidence(made, sources: labelled, seed: recipe.seed)
    }
  }

  private func network(_ recipe: Recipe, seed: UInt64, device: Device) throws -> PretextNetwork {
    guard let encoder = recipe.pretrainedEncoder else {
      throw RecipeError(
        path: recipe.name, problem: "'\(recipe.model)', which has no encoder that pretext tasks could teach",
        wanted: "a recogniser, or a system with an encoder")
    }
    let context = recipe.pretrainedContext
    guard context.isNone || recipe.pretraining.tasks.contains(where: \.teachesContext) else {
      throw RecipeError(
        path: recipe.name, problem: "'context' is \(context.name), which no task of 'pretraining.tasks' teaches",
        wanted: "a task of nights: \(PretextTasks.ofContexts.joined(separator: ", "))")
    }
    return try recipe.pretextNetwork(
      ParameterStore(seed: seed, device: device), encoder: encoder, inputs: contracts)
  }
}

extension Recipe {
  /// The corpora that the recipe is pretrained on.
  ///
  /// - Throws: ``RecipeError`` for a name that no corpus has.
  fileprivate func chosen(
    among parts: [(corpus: Corpus, subjects: [Subject])]
  ) throws -> [(corpus: Corpus, subjects: [Subject])] {
    guard let names = pretraining.corpora, !names.isEmpty else { return parts }
    let known = parts.map(\.corpus.index.dataset)
    if let name = names.first(where: { !known.contains($0) }) {
      throw RecipeError(
        path: self.name, problem: "'pretraining.corpora' names '\(name)'",
        wanted: "data sets of the corpora given: \(known.joined(separator: ", "))")
    }
    return parts.filter { names.contains($0.corpus.index.dataset) }
  }

  /// The network that its pretext tasks teach, with new weights.
  ///
  /// - Parameter inputs: The windows of all sensors that are pretrained on.
  func pretextNetwork(
    _ store: ParameterStore, encoder: EncoderRecipe, inputs: [WindowContract]
  ) throws -> PretextNetwork {
    try PretextNetwork(
      store, encoder: encoder, context: pretrainedContext, inputs: inputs,
      night: sensors.compactMap { sensor in inputs.first { $0.sensor == sensor } }, toleratesMissing: toleratesMissing,
      trainsViews: !leavesUntrained(.views))
  }
}
