import Encoders
import Downstream
import Corpora
public import Foundation
public import SleepCore
import Training

/// Windows that a run's model cannot take.
public enum FitError: Error, Equatable, LocalizedError {
  case contract(run: String, wanted: WindowContract, corpus: String, found: WindowContract)
  case absent(run: String, wanted: WindowContract, corpus: String, present: [Sensor])
  case labels(run: String, scheme: String, corpus: String, found: LabelKind?)
  /// A raw file, prepared as the run says.
  case file(run: String, wanted: WindowContract, path: String, found: WindowContract)

  public var errorDescription: String? {
    switch self {
    case .contract(let run, let wanted, let corpus, let found):
      "\(run) was made for \(wanted.summary); \(corpus) has \(found.summary)\(Self.words(wanted, found)): prepare the data with the run's card"
    case .absent(let run, let wanted, let corpus, let present):
      "\(run) was made for \(wanted.summary); \(corpus) has "
        + (present.isEmpty ? "no sensor" : "only \(present.map(\.rawValue).joined(separator: ", "))")
    case .labels(let run, let scheme, let corpus, let found):
      "\(run) tells '\(scheme)'; \(corpus) is labelled with \(found?.rawValue ?? "nothing")"
    case .file(let run, let wanted, let path, let found):
      "\(run) was made for \(wanted.summary); \(path) gives \(found.summary)\(Self.words(wanted, found))"
    }
  }

  /// The key that differs, with both sides.
  private static func words(_ wanted: WindowContract, _ found: WindowContract) -> String {
    wanted.misfit(found).map { "; \($0)" } ?? ""
  }
}

extension [WindowContract] {
  /// Checks that these, of a checkpoint, are all that a model wants.
  ///
  /// - Throws: ``FitError``, naming both sides.
  func check(hold wanted: [WindowContract], path: String) throws {
    for contract in wanted {
      guard let found = first(where: { $0.sensor == contract.sensor }) else {
        throw FitError.absent(run: "the model", wanted: contract, corpus: path, present: map(\.sensor))
      }
      guard contract.misfit(found) == nil else {
        throw FitError.contract(run: "the model", wanted: contract, corpus: path, found: found)
      }
    }
  }
}

extension Corpus {
  /// The contracts of sensors, in the order given.
  func contracts(of sensors: [Sensor]) throws -> [WindowContract] { try sensors.map(sensor) }

  /// Checks that this corpus is what a model was made for.
  ///
  /// - Throws: ``FitError``, naming both sides.
  ///
  /// - Parameter need: Where one sensor is enough, those that are here are compared, and at least one must be.
  func check(fits inputs: [WindowContract], scheme: LabelScheme?, run: String, need: SensorNeed = .all) throws {
    let present = inputs.filter { wanted in contracts.contains { $0.sensor == wanted.sensor } }
    for wanted in need == .any && !present.isEmpty ? present : inputs {
      guard let found = contracts.first(where: { $0.sensor == wanted.sensor }) else {
        throw FitError.absent(run: run, wanted: wanted, corpus: path, present: contracts.map(\.sensor))
      }
      guard wanted.misfit(found) == nil else {
        throw FitError.contract(run: run, wanted: wanted, corpus: path, found: found)
      }
    }
    if let scheme, index.labels != scheme.kind {
      throw FitError.labels(run: run, scheme: scheme.name, corpus: path, found: index.labels)
    }
  }

  /// The subjects of the scored recordings that all of some recipes label, which have the sensors that these need; none where there are
  /// none.
  func scoredSubjects(_ recipes: Recipe...) -> [Subject] { scoredSubjects(recipes) }

  private func scoredSubjects(_ recipes: [Recipe]) -> [Subject] {
    Set(recordings.indices.filter { isMeasured($0, recipes) }.map { recordings[$0].subject }).sorted()
  }

  /// Whether a recording has, for each of some recipes, a window with a label that its sensors measured.
  private func isMeasured(_ position: Int, _ recipes: [Recipe]) -> Bool {
    let recording = recordings[position]
    guard recording.scoredWindows > 0, recipes.allSatisfy({ $0.labels(recording) }) else { return false }
    let labels = labels(recording: position)
    return recipes.allSatisfy { recipe in
      let flags = recipe.sensors.compactMap { valid(recording: position, sensor: $0) }
      return labels.indices.contains { window in
        (LabelScheme.named(recipe.labels)?.classIndex(ofStored: labels[window]) ?? labels[window]) >= 0
          && (recipe.need == .any ? flags.contains { $0[window] != 0 } : flags.allSatisfy { $0[window] != 0 })
      }
    }
  }

  /// For the head of a report: the recordings that are scored and have the sensors, of which no scored window was measured.
  func unmeasuredNotes(_ recipes: [Recipe]) -> [String] {
    let dead = recordings.indices.filter { position in
      recordings[position].scoredWindows > 0 && recipes.allSatisfy { $0.labels(recordings[position]) }
        && !isMeasured(position, recipes)
    }
    guard !dead.isEmpty else { return [] }
    let names = shortened(dead.map { recordings[$0].id })
    return ["left out, since no labelled window was measured: \(names.joined(separator: ", "))"]
  }

  /// The same, of which there is at least one.
  ///
  /// - Throws: ``RecipeError``.
  ///
  /// - Parameter common: Further recipes that must label the recordings too.
  func labelledSubjects(_ recipe: Recipe, common: [Recipe] = []) throws -> [Subject] {
    let people = scoredSubjects([recipe] + common)
    guard !people.isEmpty else {
      let sensors = ([recipe] + common).flatMap(\.sensors).reduce(into: [Sensor]()) { known, sensor in
        if !known.contains(sensor) { known.append(sensor) }
      }
      let needed = sensors.map(\.rawValue).joined(separator: recipe.need == .any ? " or " : " and ")
      throw RecipeError(
        path: path,
        problem: "no labelled recording with \(needed)"
          + (recipe.recordings.isEmpty ? "" : " whose name begins with \(recipe.recordings.joined(separator: " or "))"),
        wanted: "a corpus that '\(recipe.name)' can be tested on")
    }
    return people
  }

  /// Warnings that every recording carries: they are of the data set, and stand at the head of a report.
  var commonWarnings: [String] {
    let sources = index.sources
    return sources.flatMap { source -> [String] in
      let own = recordings.filter { sources.dataset(of: $0.id) == source.dataset }
      return (own.first?.warnings ?? [])
        .filter { warning in own.allSatisfy { $0.warnings.contains(warning) } }
        .map { sources.count == 1 ? $0 : "\(source.dataset): \($0)" }
    }
  }

  /// From where the time of night counts, for the head of a report; empty where the recipe's recogniser is not told it.
  ///
  /// - Parameter asked: Whether something beside the recogniser, such as the clock arm, is told it.
  func clockNotes(_ recipe: Recipe, asked: Bool = false) -> [String] {
    let isTold =
      recipe.readsClock
    guard isTold || asked else { return [] }
    let labelled = recordings.filter { recipe.labels($0) }
    let lightsOff = labelled.count { $0.lightsOffSeconds != nil }
    return [
      lightsOff == 0
        ? "the time of night counts from each recording's first window"
        : "the time of night counts from lights off in \(lightsOff) of \(labelled.count) recordings, else from the first window"
    ]
  }

  /// The windows that a recipe's recogniser sees of some subjects.
  ///
  /// - Parameters:
  ///   - common: Only recordings that all of these recipes label; those of `recipe` where there are none.
  ///   - known: The contracts of sensors that the corpus lacks, where the recipe can do without.
  func source(
    _ recipe: Recipe, subjects: [Subject], labelled: LabelledWindows? = nil, common: [Recipe] = [],
    contracts known: [WindowContract] = []
  ) throws -> WindowSource {
    let source = try WindowSource(
      self, sensors: recipe.sensors, subjects: subjects, scheme: recipe.scheme(), labelled: labelled, need: recipe.need,
      contracts: known)
    let common = common.isEmpty ? [recipe] : common
    return (recipe.readsProfile ? source.profiled() : source)
      .keeping { position in common.allSatisfy { $0.labels(recordings[position]) } }
  }
}

extension Recipe {
  /// Whether the recogniser is told the time of night.
  fileprivate var readsClock: Bool {
    guard model != Recipe.recogniser else { return head.clock || context.clock }
    return RecognitionModels.find(model).flatMap { modelOptions[$0.optionsKey] }?.readsClock ?? false
  }

  /// Whether the recogniser reads each window's plain quantities against the rest of its night.
  var readsProfile: Bool { model == Recipe.recogniser && head.profile }

  /// Whether a recording is one that the recipe labels and tests on.
  func labels(_ recording: CorpusRecording) -> Bool {
    (recordings.isEmpty || recordings.contains { recording.id.hasPrefix($0) })
      && need.isMet(by: recording, of: sensors)
  }
}
