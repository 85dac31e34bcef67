import Corpora
import Downstream
import Files
import Foundation
import SleepCore

/// What was predicted of one recording, a line a window: `predictions.csv`.
///
/// The columns are the window's number, its start in seconds from the recording's zero and on the recording's clock, the true class
/// where it is known, the most probable class, each class's probability, and the decoded class, which is the most probable one unless
/// a chain decoded the whole recording. A window that was not measured has neither class nor probability. Numbers are written so that
/// reading them gives the same bits.
struct PredictionFile {
  private let prediction: Prediction
  private let recording: CorpusRecording
  private let windowSeconds: Double?
  private let scheme: LabelScheme
  private let showsTruth: Bool

  /// - Parameter showsTruth: Whether the true class is a column.
  init(
    _ prediction: Prediction, of recording: CorpusRecording, windowSeconds: Double?, scheme: LabelScheme,
    showsTruth: Bool
  ) {
    self.prediction = prediction
    self.recording = recording
    self.windowSeconds = windowSeconds
    self.scheme = scheme
    self.showsTruth = showsTruth
  }

  static let trueColumn = "true"

  static func columns(_ scheme: LabelScheme, showsTruth: Bool) -> [String] {
    ["window", "start_seconds", "clock_time"] + (showsTruth ? [trueColumn] : []) + ["class"] + scheme.classes
      + ["decoded"]
  }

  var text: String {
    let count = scheme.classes.count
    var text = CSV.line(Self.columns(scheme, showsTruth: showsTruth))
    for (window, decoded) in prediction.classes.enumerated() {
      let seconds = windowSeconds.map { recording.startSeconds + Double(window) * $0 }
      var cells = [
        "\(window)", seconds.map { short($0) } ?? "",
        seconds.flatMap { recording.start?.adding(seconds: $0).text } ?? "",
      ]
      if showsTruth { cells.append(name(prediction.truth[window])) }
      let row =
        prediction.probabilities.isEmpty ? [] : prediction.probabilities[(window * count)..<((window + 1) * count)]
      if decoded < 0 || row.isEmpty {
        cells += [String](repeating: "", count: count + 1)
      } else {
        let most = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
        cells += [name(Int8(most - row.startIndex))] + row.map { "\($0)" }
      }
      cells.append(name(decoded))
      text += CSV.line(cells)
    }
    return text
  }

  private func name(_ index: Int8) -> String { index < 0 ? "" : scheme.classes[Int(index)] }
}

extension PredictionFile {
  /// Writes `<recording>.csv` of each of a source's recordings into a folder.
  static func write(
    _ predictions: [Prediction], of source: WindowSource, scheme: LabelScheme, to folder: URL
  ) throws {
    _ = try folder.makeFolder()
    for (prediction, position) in zip(predictions, source.recordings) {
      let file = PredictionFile(
        prediction, of: source.store.recordings[position], windowSeconds: source.store.windowSeconds, scheme: scheme,
        showsTruth: true)
      try Data(file.text.utf8).writeWhole(to: folder.appendingPathComponent("\(prediction.recording).csv"))
    }
  }

  /// Reads what ``write(_:of:scheme:to:)`` wrote of a source's recordings that are there, in the source's order.
  ///
  /// - Throws: ``RecipeError`` where a file is not one that was written so, ``Files/InputError`` where it cannot be read.
  static func read(_ folder: URL, _ source: WindowSource, scheme: LabelScheme) throws -> [Prediction] {
    try source.recordings.compactMap { position in
      let entry = source.store.recordings[position]
      let url = folder.appendingPathComponent("\(entry.id).csv")
      guard FileManager.default.fileExists(atPath: url.path) else { return nil }
      let lines = try InputFile(url).text().split(separator: "\n")
      let columns = Self.columns(scheme, showsTruth: true)
      guard lines.first.map(String.init) == columns.joined(separator: ",") else {
        throw RecipeError(
          path: url.path, problem: "other columns", wanted: columns.joined(separator: ","))
      }
      var (truth, decoded): ([Int8], [Int8]) = ([], [])
      var probabilities: [Float] = []
      let indices = Dictionary(uniqueKeysWithValues: scheme.classes.enumerated().map { ($1, Int8($0)) })
      for (number, line) in lines.enumerated().dropFirst() {
        func refuse(_ problem: String, _ wanted: String) -> RecipeError {
          RecipeError(path: "\(url.path):\(number + 1)", problem: problem, wanted: wanted)
        }
        func label(_ name: String) throws -> Int8 {
          guard let index = name.isEmpty ? -1 : indices[name] else {
            throw refuse("the class '\(name)'", "one of \(scheme.classes.joined(separator: ", "))")
          }
          return index
        }
        let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard cells.count == columns.count else { throw refuse("\(cells.count) cells", "\(columns.count)") }
        truth.append(try label(cells[3]))
        decoded.append(try label(cells[cells.count - 1]))
        probabilities += try cells[5..<(cells.count - 1)].map { cell in
          guard let share = cell.isEmpty ? 0 : Float(cell), share.isFinite else {
            throw refuse("the probability '\(cell)'", "a number")
          }
          return share
        }
      }
      return Prediction(
        recording: entry.id, subject: entry.subject, truth: truth, classes: decoded, probabilities: probabilities)
    }
  }
}
