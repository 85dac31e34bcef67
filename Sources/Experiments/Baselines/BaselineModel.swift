package import Corpora
package import Downstream
import Foundation
import SleepCore
import Tensors

/// A recogniser that needs no network, for the bottom rows of a table.
package protocol BaselineModel {
  /// The class of each window of a recording; -1 where it has none.
  func predict(recording: Int, of source: WindowSource) throws -> [Int8]
}

extension BaselineModel {
  /// One prediction a recording of the source; windows that a sensor did not measure are left out, as recognisers leave them.
  package func predictions(_ source: WindowSource) throws -> [Prediction] {
    try source.recordings.map { recording in
      let entry = source.store.recordings[recording]
      let classes = try zip(predict(recording: recording, of: source), source.valid(recording: recording))
        .map { $1 == 0 ? -1 : $0 }
      return Prediction(
        recording: entry.id, subject: entry.subject, truth: source.classes(recording: recording), classes: classes,
        probabilities: [])
    }
  }
}

/// Always the class with the most labelled windows.
package struct MajorityBaseline: BaselineModel {
  private let answer: Int8

  package init(_ training: WindowSource) {
    let counts = training.classCounts()
    answer = Int8(counts.indices.max { counts[$0] < counts[$1] } ?? 0)
  }

  package func predict(recording: Int, of source: WindowSource) -> [Int8] {
    [Int8](repeating: answer, count: source.store.recordings[recording].windows)
  }
}

/// A Markov chain of labels that is told each window's true predecessor, and gives its commonest successor.
package struct PreviousLabelBaseline: BaselineModel {
  private let successor: [Int8]
  private let first: Int8

  package init(_ training: WindowSource, classes: Int) {
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    var starts = [Int](repeating: 0, count: classes)
    for recording in training.recordings {
      var previous: Int8 = -1
      for label in training.classes(recording: recording) {
        if label >= 0 {
          if previous >= 0 { counts[Int(previous)][Int(label)] += 1 } else { starts[Int(label)] += 1 }
        }
        previous = label
      }
    }
    func commonest(_ counts: [Int], else fallback: Int) -> Int8 {
      counts.allSatisfy { $0 == 0 } ? Int8(fallback) : Int8(counts.indices.max { counts[$0] < counts[$1] } ?? fallback)
    }
    successor = counts.indices.map { commonest(counts[$0], else: $0) }
    first = commonest(starts, else: 0)
  }

  package func predict(recording: Int, of source: WindowSource) -> [Int8] {
    var previous: Int8 = -1
    return source.classes(recording: recording).map { label in
      defer { if label >= 0 { previous = label } }
      return previous >= 0 ? successor[Int(previous)] : first
    }
  }
}
