import Upstream
import Corpora
import Downstream
import Foundation
import SleepCore
import Tensors
import Training

/// What differs between the arms of a comparison, and what must not.
extension Comparison {
  /// The recipe that an arm is trained by.
  func training(of arm: Arm) throws -> Recipe { try recipes[arm.name] ?? arm.recipe(in: recipe) }

  /// Makes every network once, so that what an arm cannot take is refused before anything is trained.
  func checkArms() throws {
    for arm in recipe.comparison.arms where arm.transfer != nil {
      let own = try training(of: arm)
      let model = try Model(own, for: corpus, seed: 1, device: .cpu)
      switch arm.weights {
      case .pretrained where initial == nil:
        guard own.pretrainedEncoder != nil, !own.pretraining.tasks.isEmpty else {
          throw RecipeError(
            path: recipe.name,
            problem: own.pretrainedEncoder == nil
              ? "the arm '\(arm.name)' of '\(own.model)', which no pretext task pretrains"
              : "the arm '\(arm.name)' without pretext tasks in 'pretraining.tasks'",
            wanted: "'weights: {run: RUN}', --init RUN, or arms that begin from scratch")
        }
        guard own.pretraining.keep == .last else {
          throw RecipeError(
            path: recipe.name,
            problem:
              "the arm '\(arm.name)' with 'pretraining.keep' of best, which reads the labels of people whose labels a budget may hide",
            wanted: "last: a comparison's encoders see no label")
        }
        try PretrainingData(own, corpora(for: own).map { ($0, $0.subjects) }).check(own)
      case .run(let path): _ = try ModelFile(of: URL(fileURLWithPath: path)).load(into: model)
      case .file(let path): _ = try StartingWeights.bare(URL(fileURLWithPath: path)).load(into: model)
      default: break
      }
    }
  }

  /// Whether some arm looks at other sensors than another.
  private var armsDiffer: Bool { common.count > 1 }

  /// Labels of windows that the sensors which every arm needs measured.
  func measured(_ labelled: LabelledWindows) throws -> LabelledWindows {
    guard armsDiffer else { return labelled }
    var flags = labelled.flags
    for source in try commonSources() {
      for recording in source.recordings {
        let id = corpus.recordings[recording].id
        flags[id] = flags[id].map { zip($0, source.valid(recording: recording)).map { $0 && $1 != 0 } }
      }
    }
    return LabelledWindows(flags: flags, subjects: labelled.subjects)
  }

  /// A test recording's classes, of windows that the sensors which every arm needs measured.
  func measured(_ truth: [Int8], recording: Int) throws -> [Int8] {
    guard armsDiffer else { return truth }
    return try commonSources().reduce(truth) { truth, source in
      zip(truth, source.valid(recording: recording)).map { $1 == 0 ? -1 : $0 }
    }
  }

  /// The corpus as each set of sensors sees it.
  private func commonSources() throws -> [WindowSource] {
    try common.map { try WindowSource(corpus, sensors: $0.sensors, need: $0.need) }
  }

  /// What must be known of how models were chosen and trained; of a search, what it chose.
  func notes(validation: Int, _ choices: Choices) throws -> [String] {
    let trained = recipe.comparison.arms.filter { $0.transfer != nil }
    let chosen = try trained.filter { arm in
      let own = try training(of: arm)
      return own.finetuning.select != .last && own.shortcuts?.epochOnTest != true
        && own.shortcuts?.folds.unit == nil
    }
    var notes: [String] = []
    if !chosen.isEmpty {
      let whose = chosen == trained ? "" : " of \(chosen.map(\.name).joined(separator: ", "))"
      notes.append("the epoch\(whose) was chosen on \(validation) validation subjects a fold, outside of the budget")
    }
    for arm in trained {
      let additions = try choices.shares(of: arm, written: training(of: arm)) { $0.finetuning.additions }
      if !additions.isEmpty {
        notes.append("\(arm.name): \(additions.map { $0.said + $0.share }.joined(separator: "; "))")
      }
      if let published = arm.ownModel.flatMap(RecognitionModels.find) {
        let own = try training(of: arm).finetuning
        let source = published.training == nil ? "as the other arms" : "as published, not as the other arms"
        notes.append(
          "\(arm.name) was trained \(source): \(own.epochs) epochs at most, batches of \(own.batch)"
            + (own.sequence > 1 ? " sequences of \(own.sequence) windows" : " windows"))
      }
      switch arm.weights {
      case .run(let path):
        notes.append("\(arm.name) begins with \(path)")
        notes += [try ModelFile(of: URL(fileURLWithPath: path)).seen.unknown].compactMap(\.self)
      case .file(let path): notes.append("\(arm.name) begins with \(path), which does not say whom it has seen")
      default: break
      }
    }
    let profiled = try trained.flatMap { arm in
      try choices.shares(of: arm, written: training(of: arm)) { $0.readsProfile ? [arm.name] : [] }
    }
    if !profiled.isEmpty {
      notes.append(
        "\(profiled.map { $0.said + $0.share }.joined(separator: " and ")) read each window's plain quantities against the rest of its "
          + "night, which is known once the night is over")
    }
    if recipe.comparison.search.isOn {
      let unsearched = trained.filter { trials(of: $0).count <= 1 }.map(\.name)
      if !unsearched.isEmpty { notes.append("nothing of \(unsearched.joined(separator: " and ")) was searched") }
    }
    let tolerant = try trained.filter { try training(of: $0).toleratesMissing }
    if !tolerant.isEmpty {
      notes.append(
        "\(tolerant.map(\.name).joined(separator: " and ")) read recordings and windows that lack a sensor where every arm can"
      )
    }
    notes += try pretrainingNotes()
    if let initial {
      let names = trained.filter { $0.weights == .pretrained }.map(\.name)
      if !names.isEmpty {
        notes.append("\(names.joined(separator: " and ")) begin\(names.count == 1 ? "s" : "") with \(initial.url.path)")
        notes += [initial.seen.unknown].compactMap(\.self)
      }
    }
    return notes
  }
}

extension Recipe {
  /// For a look: few steps of everything.
  var shortened: Recipe {
    var recipe = self
    recipe.finetuning = finetuning.shortened
    recipe.pretraining.epochs = min(1, pretraining.epochs)
    recipe.pretraining.steps = min(2, max(1, pretraining.steps))
    return recipe
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
