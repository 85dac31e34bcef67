import Corpora
import Encoders
import SleepCore
import Upstream

extension Comparison {
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
  func pretrainingName(_ own: Recipe) throws -> String {
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
