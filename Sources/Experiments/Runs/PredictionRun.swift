import Corpora
import Downstream
import Figures
import Files
public import Foundation
public import Preparation
import Readers
import SleepCore
import Tensors
import Training

/// `ssrm predict`: a run's recogniser on raw files that nobody has scored.
public enum PredictionRun {
  /// Which files, and which parts of them.
  public struct Options: Sendable {
    /// Whose reader reads the files; that of the run's own data where `nil`.
    public var dataset: String?
    /// A card whose rules say which files are a recording's and how they read; that of the data set, where there is one and it is `nil`.
    public var card: Card?
    /// A table of recordings, whose files lie below the one folder that is predicted: it says when each began.
    public var table: URL?
    /// The parts of each recording that are predicted, each by itself.
    public var stretches: StretchChoice = .all
    public var silent = false
    /// Is told of recordings and files below the folders that are passed over, a sentence each.
    public var note: @Sendable (String) -> Void = { _ in }

    public init() {}
  }

  /// Predicts every recording, and writes a folder each: `predictions.csv`, `summary.json`, and `hypnogram.png` for stages.
  ///
  /// Labels that lie beside the files are not read. Nothing is written unless all recordings could be predicted.
  ///
  /// - Parameters:
  ///   - run: A run of `ssrm finetune`, or its `model.safetensors`.
  ///   - files: Raw files or folders, as their publisher ships them.
  ///   - out: A new folder.
  /// - Throws: ``FitError`` where a file is not what the run was made for, ``Readers/ReadError`` where it cannot be read.
  @discardableResult
  public static func run(
    _ run: URL, files: [URL], out: URL, options: Options = Options()
  ) throws -> [RecordingSummary] {
    let device = try Device.ofRun("auto")
    let model = try Model(ModelFile(of: run, .model), device: device)
    let origin = try model.source(like: options.card?.dataset ?? options.dataset, run: run.path)
    let card = try options.card ?? Card.shipped(named: options.dataset ?? origin.dataset)
    let reader = try options.card?.datasetReader() ?? RawRecordings.reader(of: options.dataset ?? origin.reader)
    // Rules for the files of one reader say nothing to another.
    let rules = card.flatMap { $0.reader == reader.name ? $0.rules : nil } ?? ReadingRules()
    let sources =
      try options.table.map { try RawRecordings.find(in: files, by: $0, with: reader) }
      ?? RawRecordings.find(files, with: reader, rules, note: options.note)
    // Each becomes a folder's name.
    for source in sources {
      if let problem = SafeName.problem(with: source.id) {
        throw CorpusError.unsafeIdentifier(source.id, problem: problem)
      }
    }
    return try out.writingWhole { folder in
      let progress = Progress("predict recording", total: sources.count, silent: options.silent)
      defer { progress.finish() }
      return try sources.flatMap { source in
        try Interruption.check()
        let recording = try read(source, reader, rules, model, origin, run: run.path)
        defer { progress.advance(by: 1, source.id) }
        return try options.stretches.stretches(of: recording, path: source.path).map { stretch in
          let predicted = try predict(recording, stretch, source, model, origin, run: run.path, device: device)
          try predicted.write(to: folder.appendingPathComponent(source.id + stretch.suffix))
          return predicted.summary
        }
      }
    }
  }

  /// Reads what the model takes of one recording, and nothing that says how someone scored it.
  private static func read(
    _ source: RecordingSource, _ reader: any DatasetReader, _ rules: ReadingRules, _ model: Model,
    _ origin: RawSource, run: String
  ) throws -> Recording {
    let preprocessing = model.preprocessing(of: origin)
    var request = preprocessing.request()
    request.readsLabels = false
    request.files = rules.files ?? [:]
    let read = try reader.recording(source.withoutLabels, request)
    func isThere(_ sensor: Sensor) -> Bool {
      read.sensors.contains(preprocessing.sensors[sensor]?.spectrogram?.from ?? sensor)
    }
    let isEnough = model.recipe.need == .any && model.contracts.contains { isThere($0.sensor) }
    for wanted in model.contracts where !isEnough && !isThere(wanted.sensor) {
      request.sensors = Set(reader.sensors)
      let present = try reader.read(source.withoutLabels, request).sensors
      throw FitError.absent(run: run, wanted: wanted, corpus: source.path, present: present)
    }
    return read
  }

  /// Prepares a stretch as the run says, checks that the model takes it, and predicts it.
  private static func predict(
    _ recording: Recording, _ stretch: Stretch, _ source: RecordingSource, _ model: Model, _ origin: RawSource,
    run: String, device: Device
  ) throws -> PredictedRecording {
    // Labels that the signal's own file holds stay out too: they must change nothing.
    let unscored = Recording(
      id: recording.id + stretch.suffix, subject: recording.subject, signals: recording.signals,
      frames: recording.frames, start: recording.start, lightsOffSeconds: recording.lightsOffSeconds,
      warnings: recording.warnings)
    let preprocessing = model.preprocessing(of: origin)
    let windows = try preprocessing.within(stretch).windows(of: unscored, path: source.path)
    let store = RecordingsInMemory(
      [windows], dataset: DatasetDescription(name: origin.dataset, labels: nil),
      windowSeconds: preprocessing.windowSeconds, path: source.path)
    let need = model.recipe.need
    var absent: [Sensor] = []
    for wanted in model.contracts {
      guard let found = store.contracts.first(where: { $0.sensor == wanted.sensor }) else {
        absent.append(wanted.sensor)
        if need == .any, absent.count < model.contracts.count { continue }
        throw FitError.absent(
          run: run, wanted: wanted, corpus: source.path, present: store.contracts.map(\.sensor))
      }
      guard wanted.misfit(found) == nil else {
        throw FitError.file(run: run, wanted: wanted, path: source.path, found: found)
      }
    }
    let source = try WindowSource(store, sensors: model.recipe.sensors, need: need, contracts: model.contracts)
    let prediction = try Predictor(model.recipe.finetuning, scheme: model.scheme, device: device)(
      model.model, model.store, model.recipe.readsProfile ? source.profiled() : source)
    return PredictedRecording(prediction[0], of: store, scheme: model.scheme, without: absent)
  }
}

extension Model {
  /// The corpus that it was trained on and whose raw files the files to be predicted are like.
  ///
  /// - Parameter dataset: As the user names it.
  /// - Throws: ``RecipeError`` where it was trained on several and none of them is named.
  fileprivate func source(like dataset: String?, run: String) throws -> RawSource {
    if sources.count == 1 { return sources[0] }
    if let source = sources.first(where: { $0.dataset == dataset }) { return source }
    let names = sources.datasets
    throw RecipeError(
      path: run, problem: "a recogniser that was trained on \(list(names))\(dataset.map { ", not on '\($0)'" } ?? "")",
      wanted: "--dataset \(names.joined(separator: " or ")): files are prepared as that one's were")
  }

  /// How raw files become the windows of its own sensors.
  fileprivate func preprocessing(of origin: RawSource) -> Preprocessing {
    var preprocessing = origin.preprocessing
    let wanted = Set(contracts.map(\.sensor))
    preprocessing.sensors = preprocessing.sensors.filter { wanted.contains($0.key) }
    return preprocessing
  }
}

extension Recording {
  /// What was measured.
  fileprivate var sensors: [Sensor] {
    Sensor.allCases.filter { sensor in
      frames?.sensor == sensor || signals.contains { $0.sensor == sensor }
    }
  }
}
