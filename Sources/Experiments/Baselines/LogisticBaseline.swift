package import Corpora
import Foundation
import Layers
import Signals
import SleepCore
import Tensors

/// Multinomial logistic regression on features of each window, standardised by the training windows.
///
/// Fitted by full-batch Adam with weight decay; convex, so that nothing is to be chosen.
package struct LogisticBaseline: BaselineModel {
  /// What a window is described by.
  package enum Features {
    /// The time since the start of the recording, as a recogniser's clock has it, with powers up to the third.
    case clock
    /// Mean, spread, quartiles and the like of each channel; a map pooled to 16 x 16.
    case plain
  }

  private let features: Features
  private let regression: LogisticRegression

  package init(_ features: Features, training: WindowSource, classes: Int, seed: UInt64) throws {
    self.features = features
    var rows: [Float] = []
    var targets: [Int64] = []
    for recording in training.recordings {
      let values = try Self.describe(features, training, recording: recording)
      let labels = training.classes(recording: recording)
      let valid = training.valid(recording: recording)
      let width = values.count / max(1, labels.count)
      for (window, label) in labels.enumerated() where label >= 0 && valid[window] != 0 {
        rows += values[(window * width)..<((window + 1) * width)]
        targets.append(Int64(label))
      }
    }
    let x = try Tensor(rows, shape: [targets.count, rows.count / max(1, targets.count)])
    regression = try LogisticRegression(x, Tensor(targets), classes: classes, seed: seed)
  }

  package func predict(recording: Int, of source: WindowSource) throws -> [Int8] {
    let count = source.store.recordings[recording].windows
    guard count > 0 else { return [] }
    let values = try Self.describe(features, source, recording: recording)
    return try regression.predict(Tensor(values, shape: [count, values.count / count])).values(Int64.self)
      .map { Int8($0) }
  }

  /// `[windows, features]`.
  static func describe(_ features: Features, _ source: WindowSource, recording: Int) throws -> [Float] {
    let corpus = source.store
    let count = corpus.recordings[recording].windows
    switch features {
    case .clock:
      return (0..<count).flatMap { window -> [Float] in
        let hours = Double(corpus.hours(recording: recording, window: window))
        let time = Float(hours / 4 - 1)
        return [time, time * time, time * time * time, Float(sin(2 * .pi * hours / 1.5))]
      }
    case .plain:
      let parts = try source.sensors.map { sensor -> [[Float]] in
        let contract = try source.contract(of: sensor)
        let values = try source.windows(recording: recording, sensor: sensor)
        let (first, second) = contract.mapShape
        if sensor.isMap {
          let pooled = try BilinearResampling(
            rows: first, columns: second, newRows: min(16, first), newColumns: min(16, second)
          )(contract.withoutReference(values))
          return rows(pooled, count: count)
        }
        let rate = contract.sampleRateHz ?? 1
        let edges = [0.0, 0.05, 0.1, 0.2, 0.4, 0.5].map { $0 * rate }
        let bands = second < 16 ? [] : zip(edges, edges.dropFirst()).map { $0..<$1 }
        let described = try WindowFeatures(sampleRateHz: rate, bandsHz: bands)(values, samples: second)
        return rows(described.map { $0.isFinite ? $0 : 0 }, count: count)
      }
      return (0..<count).flatMap { window in parts.flatMap { $0[window] } }
    }
  }

  private static func rows(_ values: [Float], count: Int) -> [[Float]] {
    let width = values.count / max(1, count)
    return (0..<count).map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
  }
}
