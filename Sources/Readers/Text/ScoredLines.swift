import Foundation
import SleepCore

/// Stages out of a text file that has a line a window.
struct ScoredLines {
  private let url: URL
  private let windowSeconds = 30.0
  /// More is a damaged time.
  private let longestWindows = 20_160.0
  private var lines: [(line: Int, seconds: Double, stage: Stage?)] = []

  init(_ url: URL) { self.url = url }

  mutating func append(line: Int, seconds: Double, stage: Stage?) {
    lines.append((line, seconds, stage))
  }

  /// The stages on a grid from the first time on. Windows without a line are unscored.
  ///
  /// - Throws: ``ReadError`` when a time is not within a week of the first.
  func hypnogram() throws -> (Hypnogram, warnings: [String]) {
    guard let start = lines.map(\.seconds).min() else { return (Hypnogram(stages: []), []) }
    var stages: [Stage?] = []
    var isFilled: [Bool] = []
    var (backward, repeated, shifted) = (0, 0, 0)
    var previous = -Double.infinity
    for (line, seconds, stage) in lines {
      guard abs(seconds) <= RecordingLimits.farthestTimeSeconds else {
        throw ReadError(
          url, line: line, found: "a label at \(plain(seconds)) s", expected: "a time of day or night in seconds")
      }
      let position = (seconds - start) / windowSeconds
      guard position < longestWindows else {
        throw ReadError(
          url, line: line, found: "a label \(Int(min(seconds - start, 1e15))) s after the first",
          expected: "all labels within a week")
      }
      let index = Int(position.rounded())
      if stages.count <= index {
        stages.append(contentsOf: repeatElement(nil, count: index + 1 - stages.count))
        isFilled.append(contentsOf: repeatElement(false, count: index + 1 - isFilled.count))
      }
      if seconds < previous { backward += 1 }
      if abs(position - Double(index)) * windowSeconds > 1 { shifted += 1 }
      if isFilled[index] { repeated += 1 } else { stages[index] = stage }
      isFilled[index] = true
      previous = seconds
    }
    let name = url.lastPathComponent
    var warnings: [String] = []
    if backward > 0 {
      warnings.append("\(name): time steps back \(backward == 1 ? "once" : "\(backward) times"); sorted")
    }
    if shifted > 0 {
      warnings.append(
        "\(name): \(shifted) \(shifted == 1 ? "label" : "labels") more than 1 s off the grid of \(Int(windowSeconds)) s; moved onto it"
      )
    }
    if repeated > 0 {
      warnings.append(
        "\(name): \(repeated) \(repeated == 1 ? "window" : "windows") labelled again; the first label kept")
    }
    return (Hypnogram(startSeconds: start, windowSeconds: windowSeconds, stages: stages), warnings)
  }
}
