public import Corpora
import Files
public import Foundation
import NumPy
import SleepCore
import Training

/// `ssrm embed`: the vectors that a run's encoder makes of a corpus.
public enum EmbeddingRun {
  /// Writes `<recording>/<sensor>.npy`, `[windows, width]`, for every recording; NaN where the sensor did not measure.
  ///
  /// - Parameters:
  ///   - run: A run of `ssrm pretrain` or `ssrm finetune`, or a checkpoint of one.
  ///   - out: A new folder.
  /// - Returns: How many windows of which width were embedded.
  /// - Throws: ``FitError`` where the corpus has none of the encoder's sensors, or others.
  @discardableResult
  public static func run(
    _ run: URL, corpus: Corpus, out: URL, silent: Bool = false
  ) throws -> (windows: Int, width: Int) {
    let embedder = try Embedder(run, corpus: corpus)
    return try out.writingWhole { folder in
      let progress = Progress("embed recording", total: corpus.recordings.count, silent: silent)
      defer { progress.finish() }
      var windows = 0
      for (position, recording) in corpus.recordings.enumerated() {
        try Interruption.check()
        let own = folder.appendingPathComponent(recording.id)
        _ = try own.makeFolder()
        for sensor in embedder.sensors where recording.validWindows[sensor] != nil {
          try NpyArray(
            shape: [recording.windows, embedder.width], values: embedder.vectors(recording: position, of: sensor)
          )
          .write(to: own.appendingPathComponent("\(sensor.rawValue).npy"))
          windows += recording.windows
        }
        progress.advance(by: 1, recording.id)
      }
      return (windows, embedder.width)
    }
  }
}
