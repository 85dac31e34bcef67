import Metrics
import Training
import Corpora
import Preparation
import Downstream
import Experiments
import Foundation
import NumPy
import SleepCore
import Tensors

/// A study of a few people whose heart tells the stage, as raw files or as a corpus, and a recipe for it.
enum ToyStudy {
  static let people = ["p1", "p2", "p3", "p4", "p5"]
  static let samples = 30

  static func stages(_ windows: Int) -> [Int8] { (0..<windows).map { [0, 2, 2, 4][$0 / 3 % 4] } }

  /// `[windows, 1, 30]`.
  static func samples(_ person: String, windows: Int, count: Int = samples, dataset: String = "toy") -> [Float] {
    var random = RandomSource(seed: 7, for: dataset == "toy" ? person : "\(dataset) \(person)")
    var values: [Float] = []
    for stage in stages(windows) {
      for _ in 0..<count { values.append(Float(stage) / 2 - 1 + Float.random(in: -0.8...0.8, using: &random)) }
    }
    return values
  }

  /// - Parameters:
  ///   - labels: Of those people who have others than the true ones.
  ///   - people: All of them.
  ///   - rate: Of the heart rate, in Hz.
  static func corpus(
    _ folder: URL, labels: [String: [Int8]] = [:], dataset: String = "toy", population: String? = nil,
    people: [String] = people, windows: Int = 24, rate: Double = 1
  ) throws -> Corpus {
    let writer = try CorpusWriter(folder, dataset: dataset, population: population, labels: .stages)
    let count = Int(rate * 30)
    let contract = WindowContract(
      sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], shape: [1, count], sampleRateHz: rate)
    for person in people {
      try writer.write(
        RecordingWindows(
          id: "night-\(person)", subject: Subject(person), labels: labels[person] ?? stages(windows),
          sensors: [
            SensorWindows(contract: contract, values: samples(person, windows: windows, count: count, dataset: dataset))
          ]))
    }
    return try writer.finish()
  }

  /// Raw files for the reader of arrays.
  static func write(raw folder: URL, people: [String] = people, windows: Int = 24, sensor: String = "heart-rate") throws
  {
    for person in people {
      let own = folder.appendingPathComponent(person)
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      try NpyArray(shape: [windows, 1, samples], values: samples(person, windows: windows))
        .write(to: own.appendingPathComponent("\(sensor).npy"))
      try NpyArray(shape: [windows], values: stages(windows)).write(to: own.appendingPathComponent("labels.npy"))
    }
  }

  static var silent: PredictionRun.Options {
    var options = PredictionRun.Options()
    options.silent = true
    return options
  }

  /// Evaluates a run and leaves what comes of it beside the run.
  static func evaluate(_ run: RunFolder, _ corpus: Corpus) throws -> ClassificationReport {
    let out = URL(fileURLWithPath: "\(run.url.path)-evaluation-\(UUID().uuidString)")
    return try EvaluationRun.run(run, corpus: corpus, out: out).report
  }

  /// The rows of a file of predictions by the names of its columns.
  static func predictions(_ url: URL) throws -> [[String: String]] {
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  /// The probabilities of a file of predictions, `[windows, classes]`; 0 where there are none.
  static func probabilities(_ url: URL, classes: [String] = ["W", "NREM", "REM"]) throws -> [Float] {
    try predictions(url).flatMap { row in classes.map { Float(row[$0] ?? "") ?? 0 } }
  }

  static let card = Card(
    name: "npy", title: "arrays", citation: "none", licence: "none", labels: .stages,
    preprocessing: Preprocessing(sensors: [.heartRate: SensorPreprocessing(sampleRateHz: 1)]))

  static let text = """
    name: toy
    sensors: [heart-rate]
    labels: w-nrem-rem
    device: cpu
    encoder:
      width: 8
      signal: {channels: [4, 8], kernel: 3, tokens: 2}
    pretraining: {tasks: [{task: views}], batch: 16, epochs: 1, steps: 2}
    head: {kind: linear, dropout: 0.1}
    finetuning: {batch: 16, epochs: 3, optimization: {learning_rate: 0.01}}
    split: {kind: k-fold, folds: 2, validation: 0.3}
    comparison: {budgets: [1 subject, all], seeds: 2, measure: accuracy}
    """

  static func recipe(_ changes: (inout Recipe) -> Void = { _ in }) throws -> Recipe {
    var recipe = try Recipe.parse(text, path: "toy.yaml")
    changes(&recipe)
    return recipe
  }
}
