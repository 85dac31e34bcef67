import Foundation
import SleepCore

/// A table of samples of a few windows, as a wearable's publisher ships it.
struct SmallTable: Sendable {
  /// Its columns after the one of times: made up about a level, or a text that changes with the windows.
  enum Column: Sendable {
    case wave(level: Double, size: Double)
    case windows([String])
  }

  /// The first line; `nil` where there is none.
  var heading: String?
  var columns: [Column]
  var rateHz = 10.0
  /// By how much the times of rows lie beside those of the rate, at most.
  var jitterSeconds = 0.0
  var startSeconds = 0.0
  var windows = 6

  func text(seed: String) -> String {
    var random = RandomSource(seed: 1, for: seed)
    func uniform() -> Double { Double(random.next() >> 40) / Double(1 << 24) - 0.5 }
    var lines = heading.map { [$0] } ?? []
    for row in 0..<Int(Double(30 * windows) * rateHz) {
      let seconds = Double(row) / rateHz
      var fields = [Self.number(startSeconds + seconds + 2 * jitterSeconds * uniform())]
      for (index, column) in columns.enumerated() {
        switch column {
        case .wave(let level, let size):
          fields.append(Self.number(level + size * (sin(1.3 * seconds + Double(index)) + 0.5 * uniform())))
        case .windows(let texts): fields.append(texts[Int(seconds / 30)])
        }
      }
      lines.append(fields.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Six digits after the point.
  private static func number(_ value: Double) -> String {
    let whole = Int((abs(value) * 1e6).rounded())
    let fraction = String(String(whole % 1_000_000 + 1_000_000).dropFirst())
    return "\(value < 0 ? "-" : "")\(whole / 1_000_000).\(fraction)"
  }
}
