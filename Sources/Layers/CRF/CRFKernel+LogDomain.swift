import Foundation

extension CRFKernel {
  /// The sum over paths in the logarithmic domain: slower than the scaled recursions, for scores of any range.
  func logDomainPartition(
    _ sequence: CRFSequence, weight: Double, into counts: ExpectedCounts?
  ) -> Double {
    let (classes, length) = (classes, sequence.length)
    let cells = length * classes
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: cells + 3 * classes) { scratch in
      guard let forward = scratch.baseAddress else { return 0 }
      let backward = forward + cells
      let carried = backward + classes
      let terms = carried + classes

      for window in 0..<length {
        for to in 0..<classes {
          let now = window * classes + to
          let emission = score(sequence, window, to)
          guard window > 0 else {
            forward[now] = start[to] + emission
            continue
          }
          for from in 0..<classes {
            terms[from] = forward[(window - 1) * classes + from] + transitions[from * classes + to]
          }
          forward[now] = logSumOfExponentials(terms) + emission
        }
      }
      let last = cells - classes
      for index in 0..<classes { terms[index] = forward[last + index] + end[index] }
      let logPartition = logSumOfExponentials(terms)
      guard let counts else { return logPartition }

      for index in 0..<classes {
        backward[index] = end[index]
        counts.end[index] += weight * exp(forward[last + index] + end[index] - logPartition)
      }
      for window in stride(from: length - 1, through: 0, by: -1) {
        for index in 0..<classes {
          let probability = exp(forward[window * classes + index] + backward[index] - logPartition)
          counts.emissions[window * classes + index] += weight * probability
          if window == 0 { counts.start[index] += weight * probability }
        }
        guard window > 0 else { break }
        for to in 0..<classes { carried[to] = score(sequence, window, to) + backward[to] }
        for from in 0..<classes {
          let before = forward[(window - 1) * classes + from]
          for to in 0..<classes {
            let pair = from * classes + to
            terms[to] = transitions[pair] + carried[to]
            counts.transitions[pair] += weight * exp(before + terms[to] - logPartition)
          }
          backward[from] = logSumOfExponentials(terms)
        }
      }
      return logPartition
    }
  }

  /// A class's emission, minus infinity where a tag rules it out.
  private func score(_ sequence: CRFSequence, _ window: Int, _ index: Int) -> Double {
    if let tag = sequence.tags?[window], tag >= 0, tag != index { return -.infinity }
    return sequence.emissions[window * classes + index]
  }

  private func logSumOfExponentials(_ terms: UnsafeMutablePointer<Double>) -> Double {
    var greatest = terms[0]
    for index in 1..<classes where terms[index] > greatest { greatest = terms[index] }
    guard greatest > -.infinity else { return greatest }
    var sum = 0.0
    for index in 0..<classes { sum += exp(terms[index] - greatest) }
    return greatest + log(sum)
  }
}
