import Corpora
import Downstream
import Foundation
import NumPy
import SleepCore

/// Predicted probabilities as files: `<recording>.npy`, `[windows, classes]`, rows of zeros where a sensor did not measure.
enum PredictionFiles {
  /// Writes those predictions that have probabilities; no folder where none has.
  static func write(_ predictions: [Prediction], to folder: URL, classes: Int) throws {
    let ranked = predictions.filter { !$0.probabilities.isEmpty }
    guard !ranked.isEmpty else { return }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for prediction in ranked {
      try NpyArray(shape: [prediction.classes.count, classes], values: prediction.probabilities)
        .write(to: folder.appendingPathComponent("\(prediction.recording).npy"))
    }
  }

  /// Reads what ``write(_:to:classes:)`` wrote, beside the labels of the corpus; a window's class is its most probable one.
  ///
  /// - Parameter source: The labels of at least these recordings.
  /// - Returns: In the source's order; empty where there is no folder.
  static func read(_ folder: URL, _ source: WindowSource, classes: Int) throws -> [Prediction] {
    try source.recordings.compactMap { recording in
      let entry = source.corpus.recordings[recording]
      let file = folder.appendingPathComponent("\(entry.id).npy")
      guard FileManager.default.fileExists(atPath: file.path) else { return nil }
      let probabilities = try NpyArray<Float>(contentsOf: file).values
      let best = (0..<probabilities.count / classes).map { window -> Int8 in
        let row = probabilities[window * classes..<(window + 1) * classes]
        guard let most = row.max(), most > 0, let index = row.firstIndex(of: most) else { return -1 }
        return Int8(index - row.startIndex)
      }
      return Prediction(
        recording: entry.id, subject: entry.subject, truth: source.classes(recording: recording), classes: best,
        probabilities: probabilities)
    }
  }
}
