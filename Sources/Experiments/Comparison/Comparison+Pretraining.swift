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

  /// What tells one pretraining of the comparison from another in a file's name; nothing for the recipe's own.
  func pretrainingName(_ own: Recipe) throws -> String {
    func says(_ recipe: Recipe) throws -> String {
      var part = Recipe()
      part.sensors = recipe.sensors
      (part.encoder, part.context) = (recipe.pretrainedEncoder ?? EncoderRecipe(), recipe.pretrainedContext)
      part.pretraining = recipe.pretraining
      return try part.text()
    }
    let text = try says(own)
    let plain = options.quick ? recipe.shortened : recipe
    return try text == says(plain) ? "" : Self.hash(text) + "-"
  }
}
