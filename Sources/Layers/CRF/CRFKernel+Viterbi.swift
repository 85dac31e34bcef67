extension CRFKernel {
  /// The best path by the Viterbi algorithm, and its score.
  ///
  /// Only scores are kept on the way forward; the way back finds each predecessor again, which costs one row a window
  /// instead of a table of back-pointers. The first of equally good classes wins.
  func bestPath(_ sequence: CRFSequence, into path: UnsafeMutablePointer<Int64>) -> Double {
    let (classes, length) = (classes, sequence.length)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: length * classes) { scores in
      transitions.withUnsafeBufferPointer { transitions in
        for to in 0..<classes { scores[to] = start[to] + sequence.emissions[to] }
        for window in 1..<max(length, 1) {
          let now = window * classes
          let before = now - classes
          for to in 0..<classes {
            var best = scores[before] + transitions[to]
            for from in 1..<classes {
              let score = scores[before + from] + transitions[from * classes + to]
              best = score > best ? score : best
            }
            scores[now + to] = best + sequence.emissions[now + to]
          }
        }

        let last = (length - 1) * classes
        var tag = 0
        for index in 1..<classes where scores[last + index] + end[index] > scores[last + tag] + end[tag] {
          tag = index
        }
        let total = scores[last + tag] + end[tag]
        path[length - 1] = Int64(tag)
        for window in stride(from: length - 1, to: 0, by: -1) {
          let before = (window - 1) * classes
          var predecessor = 0
          var best = scores[before] + transitions[tag]
          for from in 1..<classes {
            let score = scores[before + from] + transitions[from * classes + tag]
            if score > best { (best, predecessor) = (score, from) }
          }
          tag = predecessor
          path[window - 1] = Int64(tag)
        }
        return total
      }
    }
  }
}
