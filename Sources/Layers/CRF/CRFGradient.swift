/// The log-likelihoods of a batch, and the gradient of their weighted sum with respect to every score.
public struct CRFGradient: Sendable {
  /// `[batch]`, unweighted.
  public private(set) var logLikelihoods: [Double]
  /// `[batch, length, classes]`, zeros beyond a sequence's length.
  public private(set) var emissions: [Double]
  /// `[classes]`.
  public private(set) var start: [Double]
  /// `[from, to]`.
  public private(set) var transitions: [Double]
  /// `[classes]`.
  public private(set) var end: [Double]
}

/// Where one sequence's expected counts are added up.
struct ExpectedCounts {
  let emissions: UnsafeMutablePointer<Double>
  let start: UnsafeMutablePointer<Double>
  let end: UnsafeMutablePointer<Double>
  let transitions: UnsafeMutablePointer<Double>
}

extension CRFGradient {
  /// Runs `body` for each sequence, each with counts of its own, and adds those up in order.
  init(_ batch: CRFBatch, _ body: @Sendable (Int, CRFSequence, ExpectedCounts) -> Double) {
    let classes = batch.classes
    let row = 2 * classes + classes * classes
    var rows = [Double](repeating: 0, count: batch.batch * row)
    logLikelihoods = Array(repeating: 0, count: batch.batch)
    emissions = Array(repeating: 0, count: batch.emissions.count)
    start = Array(repeating: 0, count: classes)
    end = start
    transitions = Array(repeating: 0, count: classes * classes)

    logLikelihoods.withUnsafeMutableBufferPointer { logLikelihoods in
      emissions.withUnsafeMutableBufferPointer { emissions in
        rows.withUnsafeMutableBufferPointer { rows in
          nonisolated(unsafe) let (logLikelihoods, emissions, rows) = (logLikelihoods, emissions, rows)
          batch.forEachSequence { index, sequence in
            guard let emissions = emissions.baseAddress, let rows = rows.baseAddress else { return }
            let counts = rows + index * row
            logLikelihoods[index] = body(
              index, sequence,
              ExpectedCounts(
                emissions: emissions + index * batch.length * classes, start: counts,
                end: counts + classes, transitions: counts + 2 * classes))
          }
        }
      }
    }
    for counts in stride(from: 0, to: rows.count, by: row) {
      for index in 0..<classes {
        start[index] += rows[counts + index]
        end[index] += rows[counts + classes + index]
      }
      for index in 0..<classes * classes {
        transitions[index] += rows[counts + 2 * classes + index]
      }
    }
  }
}
