public import Corpora
import Encoders
public import Foundation
import Layers
import Metrics
import SleepCore
import Tensors
public import Training
import Upstream

/// `ssrm pretrain`: an encoder from unlabelled windows.
public enum PretrainingRun {
  /// Pretrains on the recordings of the corpora, less those of the people whom the recipe tests on: `finetune` with the same
  /// recipe and data may then start from the encoder. A transductive recipe, or one without labels, leaves no one out.
  ///
  /// - Parameters:
  ///   - corpora: Each with one or more of the sensors to pretrain on; together they have all.
  ///   - from: A run or an encoder's file to go on from.
  ///   - out: A new folder; `runs/<recipe>/<time>-<seed>` where `nil`.
  /// - Returns: The run's folder, with `encoder.safetensors`.
  @discardableResult
  public static func run(
    _ recipe: Recipe, corpora: [Corpus], from: URL? = nil, out: URL?, silent: Bool = false
  ) throws -> RunFolder {
    let device = try Device(named: recipe.device)
    let tested = testedSubjects(recipe, corpora)
    let run = try RunFolder(new: out, recipe: recipe.name, seed: recipe.seed)
    try run.write(recipe.text(), to: "recipe.yaml")
    try RunEnvironment(seed: recipe.seed, device: "\(device)").write(to: run)
    let log = try MetricsLog(run)
    let progress = Progress("pretraining epoch", total: recipe.pretraining.epochs, silent: silent)
    let parts = corpora.map { corpus in
      (corpus, corpus.subjects.filter { tested[corpus.index.dataset]?.contains($0) != true })
    }
    let outcome = try run.untilInterrupted {
      try pretrain(recipe, parts, seed: recipe.seed, from: from, device: device, to: run.encoder) { epoch, numbers in
        try log.write(step: epoch, numbers)
        progress.advance(by: 1, summary(numbers))
      }
    }
    progress.finish()
    try run.write(
      "pretrained \(recipe.name) for \(outcome.epochs) epochs in \(Progress.duration(outcome.seconds))\n"
        + tested.sorted { $0.key < $1.key }.map { dataset, people in
          "left out of \(dataset), as the recipe tests on them: \(people.sorted().map(\.id).joined(separator: ", "))\n"
        }.joined() + report(outcome.numbers), to: "report.txt")
    return run
  }

  /// The test subjects of the recipe's first fold, by data set, in the corpora that it can be tested on.
  private static func testedSubjects(_ recipe: Recipe, _ corpora: [Corpus]) -> [String: Set<Subject>] {
    guard !recipe.transductive, let scheme = try? recipe.scheme() else { return [:] }
    return corpora.reduce(into: [:]) { tested, corpus in
      guard corpus.index.labels == scheme.kind, let people = try? corpus.labelledSubjects(recipe),
        let split = try? recipe.split.make(corpus, subjects: people)
      else { return }
      tested[corpus.index.dataset, default: []].formUnion(split.folds[0].test)
    }
  }

  /// Pretrains on some subjects of each corpus and writes the encoder's file.
  static func pretrain(
    _ recipe: Recipe, _ parts: [(corpus: Corpus, subjects: [Subject])], seed: UInt64, from: URL? = nil, device: Device,
    to url: URL, log: (Int, [String: Double]) throws -> Void
  ) throws -> Pretrainer.Outcome {
    var inputs: [WindowContract] = []
    var sources: [WindowSource] = []
    var provenance = Provenance(url.lastPathComponent, subjects: [:])
    let sensors = recipe.pretrainingSensors
    for (corpus, subjects) in parts {
      let present = sensors.filter { sensor in corpus.sensors.contains { $0.sensor == sensor } }
      guard !present.isEmpty else {
        throw RecipeError(
          path: corpus.folder.path,
          problem: "none of the sensors \(sensors.map(\.rawValue).joined(separator: ", "))",
          wanted: "at least one to pretrain '\(recipe.name)' on")
      }
      for sensor in present {
        let contract = try corpus.sensor(sensor).contract
        if let other = inputs.first(where: { $0.sensor == sensor }) {
          guard other == contract else {
            throw FitError.contract(
              run: parts[0].corpus.folder.path, wanted: other, corpus: corpus.folder.path, found: contract)
          }
        } else {
          inputs.append(contract)
        }
        sources.append(try WindowSource(corpus, sensors: [sensor], subjects: subjects))
      }
      provenance.subjects[corpus.index.dataset, default: []].formUnion(subjects)
    }
    for sensor in sensors where !inputs.contains(where: { $0.sensor == sensor }) {
      throw CorpusError.absentSensor(
        sensor, path: parts.map(\.corpus.folder.path).joined(separator: ", "), present: inputs.map(\.sensor))
    }
    let store = try ParameterStore(seed: seed, device: device)
    let encoder = try recipe.encoder.make(store.root("encoder"), inputs: inputs)
    if let from {
      let earlier = try PretrainedEncoder(RunFolder.checkpoint(from, "encoder.safetensors"))
      try earlier.load(into: store, inputs: inputs)
      for (dataset, people) in earlier.provenance.subjects {
        provenance.subjects[dataset, default: []].formUnion(people)
      }
    }
    let outcome = try Pretrainer(recipe.pretraining, seed: seed, device: device)(
      encoder, store, sources: sources, log: log)
    try PretrainedEncoder.save(store, inputs: inputs, provenance: provenance, recipe: recipe, to: url)
    return outcome
  }

  /// The last epoch: one line a task and sensor, then what is of all of them.
  private static func report(_ numbers: [String: Double]) -> String {
    func words(_ value: Double) -> String { String(format: "%.3f", value) }
    var table = TextTable(["task", "sensor", "metric", "value", "chance", "loss"])
    for (key, value) in numbers.sorted(by: { $0.key < $1.key }) {
      let parts = key.split(separator: "/").map(String.init)
      guard parts.count == 3, parts[2] != "chance", parts[2] != "loss" else { continue }
      let others = ["chance", "loss"].map { numbers["\(parts[0])/\(parts[1])/\($0)"].map(words) ?? "-" }
      table.append(parts + [words(value)] + others)
    }
    let rest = numbers.filter { !$0.key.contains("/") }.sorted { $0.key < $1.key }
    return table.text + rest.map { "\($0.key): \(words($0.value))\n" }.joined()
  }

  /// Each task's metric, mean over sensors.
  private static func summary(_ numbers: [String: Double]) -> String {
    let metrics = numbers.filter { $0.key.contains("/") && !$0.key.hasSuffix("/chance") && !$0.key.hasSuffix("/loss") }
    return Dictionary(grouping: metrics) { $0.key.prefix { $0 != "/" } }.sorted { $0.key < $1.key }
      .map { "\($0) \(String(format: "%.3f", $1.map(\.value).reduce(0, +) / Double($1.count)))" }
      .joined(separator: ", ")
  }
}

extension RunFolder {
  /// Does a training, and says what becomes of this run where the user stops it.
  func untilInterrupted<Result>(_ training: () throws -> Result) throws -> Result {
    do {
      return try training()
    } catch is Interrupted {
      throw Interrupted("before there was a result; \(url.relativePath) may be used again with --out")
    }
  }

  /// A file of a run, or the file itself where one is named.
  static func checkpoint(_ url: URL, _ name: String) throws -> URL {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw RunError.absent(path: url.path)
    }
    return isFolder.boolValue ? url.appendingPathComponent(name) : url
  }
}
