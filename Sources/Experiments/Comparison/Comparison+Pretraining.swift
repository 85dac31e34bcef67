import Corpora
import Encoders
import SleepCore
import Upstream

extension Comparison {
  /// What the groups by which pretext tasks put their batches together have in common with the labels, a line a pretraining and task, of
  /// whose arms it is where pretrainings differ.
  func coincidences() throws -> [String] {
    let pretrainings = try pretrainings()
    return try pretrainings.flatMap { own, arms in
      let whose = pretrainings.count > 1 ? "\(arms.map(\.name).joined(separator: " and ")), " : ""
      return try PretrainingData(own, corpora(for: own).map { ($0, $0.subjects) }).coincidences(own, corpus)
        .map { whose + $0.text }
    }
  }

  /// The corpora that a pretraining reads: of those that it does not name, not the ones whose sensors only other arms are pretrained on.
  func corpora(for own: Recipe) -> [Corpus] {
    let all = [corpus] + others
    guard own.pretraining.corpora?.isEmpty ?? true else { return all }
    func serves(_ corpus: Corpus, _ recipe: Recipe) -> Bool {
      corpus.contracts.contains { recipe.pretrainingSensors.contains($0.sensor) }
    }
    let pretrained = recipe.comparison.arms.filter { $0.weights == .pretrained }.compactMap { recipes[$0.name] }
    return all.filter { corpus in serves(corpus, own) || !pretrained.contains { serves(corpus, $0) } }
  }

  /// Each different pretraining, with the arms that share it, in the order of the arms.
  private func pretrainings() throws -> [(recipe: Recipe, arms: [Arm])] {
    var found: [(name: String, recipe: Recipe, arms: [Arm])] = []
    for arm in recipe.comparison.arms where arm.weights == .pretrained && initial == nil {
      let own = try training(of: arm)
      let name = try pretrainingName(own)
      if let index = found.firstIndex(where: { $0.name == name }) {
        found[index].arms.append(arm)
      } else {
        found.append((name, own, [arm]))
      }
    }
    return found.map { ($0.recipe, $0.arms) }
  }

  /// What each pretraining reads, a line each, where there are several corpora or an arm names some.
  func pretrainingNotes() throws -> [String] {
    let pretrainings = try pretrainings()
    guard !others.isEmpty || pretrainings.contains(where: { $0.recipe.pretraining.corpora?.isEmpty == false }) else {
      return []
    }
    return try pretrainings.map { own, arms in
      let data = try PretrainingData(own, corpora(for: own).map { ($0, $0.subjects) })
      return
        "\(arms.map(\.name).joined(separator: " and ")) pretrained, each fold \(own.transductive ? "with" : "without") its test people, on "
        + data.reading(own).joined(separator: "; ")
    }
  }

  /// What tells one pretraining of the comparison from another in a file's name; nothing for the recipe's own.
  func pretrainingName(_ own: Recipe) throws -> String {
    func says(_ recipe: Recipe) throws -> String {
      var part = Recipe()
      (part.sensors, part.missing) = (recipe.sensors, recipe.missing)
      (part.encoder, part.context) = (recipe.pretrainedEncoder ?? EncoderRecipe(), recipe.pretrainedContext)
      (part.pretraining, part.transductive) = (recipe.pretraining, recipe.transductive)
      if recipe.leavesUntrained(.views) {
        part.shortcuts = ShortcutsRecipe()
        part.shortcuts?.untrained = [.views]
      }
      return try part.text()
    }
    let text = try says(own)
    let plain = options.quick ? recipe.shortened : recipe
    return try text == says(plain) ? "" : Self.hash(text) + "-"
  }
}
