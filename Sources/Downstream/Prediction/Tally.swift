import Corpora

/// What the sequences that hold each window of a recording say of it: the sum of their scores, and their votes.
struct Tally {
  private let classes: Int
  private var sums: [Float]
  private var counts: [Float]
  private var votes: [Int]
  /// The first of a window's sequences that voted for a class, as the number of votes before it.
  private var firsts: [Int]

  init(windows: Int, classes: Int) {
    self.classes = classes
    sums = [Float](repeating: 0, count: windows * classes)
    counts = [Float](repeating: 0, count: windows)
    votes = [Int](repeating: 0, count: windows * classes)
    firsts = votes
  }

  /// Adds the scores of windows, `[windows, classes]`; those of padding do not count. Sequences come in the order of their starts.
  mutating func add(_ scores: [Float], of windows: [WindowReference]) {
    for (position, window) in windows.enumerated() where window.window >= 0 {
      let own = scores[(position * classes)..<((position + 1) * classes)]
      let row = window.window * classes
      for (index, score) in own.enumerated() { sums[row + index] += score }
      if let best = own.indices.max(by: { own[$0] < own[$1] }) {
        let place = row + best - own.startIndex
        if votes[place] == 0 { firsts[place] = Int(counts[window.window]) }
        votes[place] += 1
      }
      counts[window.window] += 1
    }
  }

  /// `[windows, classes]`, the mean over sequences; zeros where there is none.
  var means: [Float] { sums.indices.map { sums[$0] / max(1, counts[$0 / classes]) } }

  /// The class of each window that most of its sequences gave, and of equals that which the earliest of them gave.
  var elected: [Int8] {
    counts.indices.map { window in
      let row = window * classes
      let best = (0..<classes).min {
        (-votes[row + $0], firsts[row + $0]) < (-votes[row + $1], firsts[row + $1])
      }
      return Int8(best ?? 0)
    }
  }
}
