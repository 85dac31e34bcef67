import Foundation
import SleepCore

/// A channel that a data set promises, under any of the names that its files use.
struct ChannelRole: Sendable {
  let sensor: Sensor
  /// The usual name first. Case, spaces and punctuation do not count.
  let names: [String]
  /// Whether a file without it is refused.
  let isRequired: Bool

  init(_ sensor: Sensor, _ names: String..., isRequired: Bool = true) {
    self.sensor = sensor
    self.names = names
    self.isRequired = isRequired
  }

  /// The first of the labels that this role goes by.
  func index(in labels: [String]) -> Int? {
    let plain = labels.map(\.lettersAndDigits)
    for name in names {
      if let index = plain.firstIndex(of: name.lettersAndDigits) { return index }
    }
    return nil
  }

  /// Names the channels that a file has and the nearest to what was wanted.
  func missing(from labels: [String], url: URL) -> ReadError {
    let wanted = names.map { "'\($0)'" }.joined(separator: " or ")
    guard
      let nearest = labels.min(by: { distance(to: $0) < distance(to: $1) })
    else { return ReadError(url, found: "no channels", expected: "a channel \(wanted)") }
    return ReadError(
      url, found: "the channels \(labels.map { "'\($0)'" }.joined(separator: ", "))",
      expected: "a channel \(wanted); the nearest is '\(nearest)'")
  }

  /// The share of the letters that differ, so that a short label is not near to everything.
  private func distance(to label: String) -> Double {
    let letters = Array(label.lettersAndDigits)
    return names.map { name in
      let own = Array(name.lettersAndDigits)
      return Double(editDistance(own, letters)) / Double(max(1, own.count, letters.count))
    }.min() ?? 1
  }
}

extension String {
  /// What counts when labels are compared: `EEG(sec)`, `eeg SEC` and `EEG-sec` are one.
  var lettersAndDigits: String { lowercased().filter { $0.isLetter || $0.isNumber } }
}

/// Insertions, deletions and exchanges that lead from one word to the other (Levenshtein's distance).
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var corner = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let exchanged = corner + (x == y ? 0 : 1)
      corner = row[j + 1]
      row[j + 1] = min(exchanged, corner + 1, row[j] + 1)
    }
  }
  return row[b.count]
}
