/// A linear-chain conditional random field: exact log-likelihood with its gradient, marginals, and the best path.
///
/// A path `y` through a sequence of emissions `x` scores `start[y₀] + Σ x[t, yₜ] + Σ transitions[yₜ₋₁, yₜ] + end[y_last]`,
/// and its probability is the softmax of that over all paths (Lafferty, McCallum and Pereira, "Conditional Random
/// Fields", 2001). Parameters are laid out as pytorch-crf has them.
///
/// A window tagged -1 is open: the likelihood is of all paths that agree with the tags that are there.
///
/// Sequences of a large batch run on several threads; sums are taken in order, so that results do not depend on their number.
public struct CRFKernel: Sendable {
  public let classes: Int
  /// Score of a sequence's first class, `[classes]`.
  public let start: [Double]
  /// Score of a class after another, `[from, to]`.
  public let transitions: [Double]
  /// Score of a sequence's last class, `[classes]`.
  public let end: [Double]

  /// - Precondition: `classes` start and end scores, `classes * classes` transition scores; at least one class.
  public init(start: [Double], transitions: [Double], end: [Double]) {
    precondition(
      !start.isEmpty && end.count == start.count && transitions.count == start.count * start.count,
      "scores of one number of classes")
    classes = start.count
    self.start = start
    self.transitions = transitions
    self.end = end
  }

  /// Same, from the single-precision scores of a layer.
  public init(start: [Float], transitions: [Float], end: [Float]) {
    self.init(
      start: start.map(Double.init), transitions: transitions.map(Double.init),
      end: end.map(Double.init))
  }

  /// The natural logarithm of each sequence's probability, `[batch]`; 0 where a sequence has no tag at all.
  public func logLikelihoods(_ batch: CRFBatch) throws(CRFError) -> [Double] {
    try check(batch)
    let tables = ScaledTables(self)
    var result = [Double](repeating: 0, count: batch.batch)
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      batch.forEachSequence { index, sequence in
        result[index] =
          numerator(sequence, tables, weight: 1, into: nil)
          - logPartition(sequence.withoutTags, tables, weight: 1, into: nil)
      }
    }
    return result
  }

  /// Each sequence's log-likelihood, and the gradient of their weighted sum.
  ///
  /// - Parameter weights: One a sequence; 1 each when `nil`. The loss "mean negative log-likelihood" has `-1 / batch` each.
  public func gradient(_ batch: CRFBatch, weights: [Double]? = nil) throws(CRFError) -> CRFGradient {
    try check(batch)
    if let weights, weights.count != batch.batch {
      throw .count(array: "weights", found: weights.count, shape: [batch.batch])
    }
    let tables = ScaledTables(self)
    return CRFGradient(batch) { index, sequence, sums in
      let weight = weights?[index] ?? 1
      return numerator(sequence, tables, weight: weight, into: sums)
        - logPartition(sequence.withoutTags, tables, weight: -weight, into: sums)
    }
  }

  /// The probability of each class of each window, given the whole sequence's emissions: `[batch, length, classes]`,
  /// zeros beyond a sequence's length. Tags, where there are any, are held to.
  public func marginals(_ batch: CRFBatch) throws(CRFError) -> [Double] {
    try check(batch)
    let tables = ScaledTables(self)
    return CRFGradient(batch) { _, sequence, sums in
      logPartition(sequence, tables, weight: 1, into: sums)
    }.emissions
  }

  /// The most probable path of each sequence and its score.
  public func decode(_ batch: CRFBatch) throws(CRFError) -> CRFPaths {
    try check(batch)
    var paths = CRFPaths(
      tags: Array(repeating: -1, count: batch.batch * batch.length),
      scores: Array(repeating: 0, count: batch.batch))
    paths.tags.withUnsafeMutableBufferPointer { tags in
      paths.scores.withUnsafeMutableBufferPointer { scores in
        nonisolated(unsafe) let (tags, scores) = (tags, scores)
        batch.forEachSequence { index, sequence in
          guard let tags = tags.baseAddress else { return }
          scores[index] = bestPath(sequence, into: tags + index * batch.length)
        }
      }
    }
    return paths
  }

  private func check(_ batch: CRFBatch) throws(CRFError) {
    guard batch.classes == classes else {
      throw .classes(found: batch.classes, expected: classes)
    }
  }
}
