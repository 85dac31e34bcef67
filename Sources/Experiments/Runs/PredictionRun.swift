import Corpora
import Downstream
import Encoders
import Figures
public import Foundation
import Readers
import SleepCore
import Tensors
import Training

/// `ssrm predict`: a run's recogniser on raw files that nobody has scored.
public enum PredictionRun {
  /// Predicts every recording, and writes a folder each: `predictions.csv`, `summary.json`, and `hypnogram.png` for stages.
  ///
  /// Labels that the files hold are not looked at. Nothing is written unless all recordings could be predicted.
  ///
  /// - Parameters:
  ///   - run: A run of `ssrm finetune`, or its `model.safetensors`.
  ///   - files: Raw files or folders, as their publisher ships them.
  ///   - dataset: Whose reader reads them; that of the run's data set where `nil`.
  ///   - out: A new folder.
  /// - Throws: ``FitError`` where a file is not what the run was made for, ``Readers/ReadError`` where it cannot be read.
  @discardableResult
  public static func run(
    _ run: URL, files: [URL], dataset: String? = nil, out: URL, silent: Bool = false
  ) throws -> [RecordingSummary] {
    let device = try Device(named: "auto")
    let trained = try TrainedModel(RunFolder.checkpoint(run, "model.safetensors"), device: device)
    guard let dataset = dataset ?? trained.dataset else {
      throw RecipeError(path: run.path, problem: "no 'dataset' in the checkpoint", wanted: "--dataset NAME")
    }
    let reader = try RawRecordings.reader(of: dataset)
    let sources = try RawRecordings.find(files, with: reader)
    return try out.writingWhole { folder in
      let progress = Progress("predict recording", total: sources.count, silent: silent)
      defer { progress.finish() }
      return try sources.map { source in
        try Interruption.check()
        let windows = try windows(of: source, reader, trained, run: run.path)
        let predicted = PredictedRecording(
          windows, try predict(windows, trained, device: device, beside: folder), scheme: trained.scheme,
          windowSeconds: trained.preprocessing.windowSeconds)
        try predicted.write(to: folder.appendingPathComponent(source.id))
        progress.advance(by: 1, source.id)
        return predicted.summary
      }
    }
  }

  /// Reads and prepares one recording as the run says, and checks that the model takes it.
  private static func windows(
    of source: RecordingSource, _ reader: any DatasetReader, _ trained: TrainedModel, run: String
  ) throws -> RecordingWindows {
    let wanted = Set(trained.inputs.map(\.sensor))
    var preprocessing = trained.preprocessing
    preprocessing.sensors = preprocessing.sensors.filter { wanted.contains($0.key) }
    let read = try reader.read(source, sensors: preprocessing.sources)
    for input in trained.inputs
    where !read.sensors.contains(preprocessing.sensors[input.sensor]?.spectrogram?.from ?? input.sensor) {
      let present = try reader.read(source, sensors: Set(reader.sensors)).sensors
      throw FitError.absent(run: run, wanted: input, corpus: source.path, present: present)
    }
    // Without the labels, where there are any: they would move and trim the windows.
    let recording = Recording(
      id: read.id, subject: read.subject, signals: read.signals, frames: read.frames, warnings: read.warnings)
    let windows = try preprocessing.windows(of: recording, path: source.path)
    for input in trained.inputs {
      guard let found = windows.sensors.first(where: { $0.contract.sensor == input.sensor })?.contract.contract else {
        throw FitError.absent(
          run: run, wanted: input, corpus: source.path, present: windows.sensors.map(\.contract.sensor))
      }
      guard found == input else {
        throw FitError.file(run: run, wanted: input, path: source.path, found: found)
      }
    }
    return windows
  }

  /// Predicts by way of a corpus of this one recording, which is removed again.
  private static func predict(
    _ windows: RecordingWindows, _ trained: TrainedModel, device: Device, beside folder: URL
  ) throws -> Prediction {
    let place = folder.appendingPathComponent(".corpus")
    defer { try? FileManager.default.removeItem(at: place) }
    let writer = try CorpusWriter(
      place, dataset: trained.dataset ?? "raw", labels: nil, windowSeconds: trained.preprocessing.windowSeconds)
    try writer.write(windows)
    let source = try WindowSource(writer.finish(), sensors: trained.recipe.sensors)
    return try Predictor(trained.recipe.finetuning, scheme: trained.scheme, device: device)(trained.model, source)[0]
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

extension URL {
  /// Fills a new folder under another name, and gives it this one when it is whole; without that nothing is left.
  ///
  /// - Throws: ``Training/RunError/taken(path:)`` where something is there, and what `body` threw.
  func writingWhole<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let files = FileManager.default
    if files.fileExists(atPath: path) {
      guard (try? files.contentsOfDirectory(atPath: path))?.isEmpty == true else { throw RunError.taken(path: path) }
    }
    let parent = absoluteURL.deletingLastPathComponent()
    let temporary = parent.appendingPathComponent(".unfinished-\(lastPathComponent)-\(UUID().uuidString)")
    try files.createDirectory(at: temporary, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: temporary) }
    let result = try body(temporary)
    try? files.removeItem(at: self)
    try files.moveItem(at: temporary, to: self)
    return result
  }
}
