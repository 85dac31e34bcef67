import Foundation

/// A linear chain by its definition: every path, one by one.
struct BruteForceChain {
  let start: [Double]
  let transitions: [Double]
  let end: [Double]

  var classes: Int { start.count }

  /// All paths through `emissions`, `[length, classes]`, that agree with `tags`, each with its score.
  func paths(_ emissions: [Double], agreeingWith tags: [Int64]? = nil) -> [(path: [Int], score: Double)] {
    let length = emissions.count / classes
    var paths: [[Int]] = [[]]
    for _ in 0..<length {
      paths = paths.flatMap { path in (0..<classes).map { path + [$0] } }
    }
    if let tags {
      paths = paths.filter { path in
        zip(path, tags).allSatisfy { $1 == -1 || Int($1) == $0 }
      }
    }
    return paths.map { ($0, score($0, emissions)) }
  }

  func logPartition(_ emissions: [Double], agreeingWith tags: [Int64]? = nil) -> Double {
    let scores = paths(emissions, agreeingWith: tags).map(\.score)
    let greatest = scores.max() ?? 0
    return greatest + log(scores.reduce(0) { $0 + exp($1 - greatest) })
  }

  /// How often each score is used in a path, on average: emissions, start, end, transitions, one after another.
  func expectedCounts(_ emissions: [Double], agreeingWith tags: [Int64]? = nil) -> [Double] {
    var counts = [Double](repeating: 0, count: emissions.count + 2 * classes + classes * classes)
    let total = logPartition(emissions, agreeingWith: tags)
    for (path, score) in paths(emissions, agreeingWith: tags) {
      let probability = exp(score - total)
      for (window, tag) in path.enumerated() {
        counts[window * classes + tag] += probability
        if window > 0 {
          counts[emissions.count + 2 * classes + path[window - 1] * classes + tag] += probability
        }
      }
      if let first = path.first, let last = path.last {
        counts[emissions.count + first] += probability
        counts[emissions.count + classes + last] += probability
      }
    }
    return counts
  }

  private func score(_ path: [Int], _ emissions: [Double]) -> Double {
    guard let first = path.first, let last = path.last else { return 0 }
    var score = start[first] + end[last]
    for (window, tag) in path.enumerated() { score += emissions[window * classes + tag] }
    for (from, to) in zip(path, path.dropFirst()) { score += transitions[from * classes + to] }
    return score
  }
}
