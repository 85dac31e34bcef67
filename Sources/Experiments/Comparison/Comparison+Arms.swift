import Corpora
import Downstream
import Foundation
import SleepCore
import Tensors
import Training

/// What differs between the arms of a comparison, and what must not.
extension Comparison {
  /// The recipe that an arm is trained by.
  func training(of arm: Arm) throws -> Recipe {
    var recipe = try recipe.trained(as: arm)
    if options.quick { recipe.finetuning = recipe.finetuning.shortened }
    return recipe
  }

  /// Makes every network once, so that what an arm cannot take is refused before anything is trained.
  func checkArms() throws {
    for arm in recipe.comparison.arms where arm.transfer != nil {
      let own = try training(of: arm)
      _ = try Model(own, for: corpus, seed: 1, device: .cpu)
      guard initial == nil, arm.isPretrained, recipe.model != Recipe.recogniser else { continue }
      throw RecipeError(
        path: recipe.name, problem: "the arm '\(arm.rawValue)' of '\(recipe.model)', which no pretext task pretrains",
        wanted: "--init RUN, an earlier run of that model, or arms that begin from scratch")
    }
  }

  /// Whether some arm looks at other sensors than another.
  private var armsDiffer: Bool {
    get throws {
      try recipe.comparison.arms.contains { try Set(training(of: $0).sensors) != Set(common.sensors) }
    }
  }

  /// Labels of windows that the sensors of all arms measured.
  func measured(_ labelled: LabelledWindows) throws -> LabelledWindows {
    guard try armsDiffer else { return labelled }
    let source = try WindowSource(corpus, sensors: common.sensors)
    var flags = labelled.flags
    for recording in source.recordings {
      let id = corpus.recordings[recording].id
      flags[id] = flags[id].map { zip($0, source.valid(recording: recording)).map { $0 && $1 != 0 } }
    }
    return LabelledWindows(flags: flags, subjects: labelled.subjects)
  }

  /// A test recording's classes, of windows that the sensors of all arms measured.
  func measured(_ truth: [Int8], recording: Int) throws -> [Int8] {
    guard try armsDiffer else { return truth }
    return zip(truth, try WindowSource(corpus, sensors: common.sensors).valid(recording: recording))
      .map { $1 == 0 ? -1 : $0 }
  }

  /// What must be known of how models were chosen and trained.
  func notes(validation: Int) throws -> [String] {
    let trained = recipe.comparison.arms.filter { $0.transfer != nil }
    let chosen = try trained.filter { try training(of: $0).finetuning.select != .last }
    var notes: [String] = []
    if !chosen.isEmpty {
      let whose = chosen == trained ? "" : " of \(chosen.map(\.rawValue).joined(separator: ", "))"
      notes.append("the epoch\(whose) was chosen on \(validation) validation subjects a fold, outside of the budget")
    }
    for case .published(let name) in trained {
      let own = try training(of: .published(name)).finetuning
      let source =
        try RecognitionModels.named(name).training == nil
        ? "as the other arms" : "as published, not as the other arms"
      notes.append(
        "\(name) was trained \(source): \(own.epochs) epochs at most, batches of \(own.batch)"
          + (own.sequence > 1 ? " sequences of \(own.sequence) windows" : " windows"))
    }
    if let initial { notes.append("frozen and fine-tuned begin with \(initial.url.path)") }
    return notes
  }
}

extension FineTuningRecipe {
  /// For a look: few epochs of few steps.
  var shortened: FineTuningRecipe {
    var recipe = self
    (recipe.epochs, recipe.minimumSteps) = (min(2, epochs), min(2, minimumSteps))
    (recipe.balanceTo, recipe.ensemble) = (min(20, balanceTo), min(2, ensemble))
    return recipe
  }
}
