public import Testing

/// Expects two arrays to have one shape and values that agree.
///
/// Shapes are compared first; a NaN on either side fails. A value agrees when it differs from the expected one by at most
/// `relative` times the larger of the two magnitudes, or by at most `absolute`.
public func expectClose(
  _ actual: [Float], _ expected: [Float], shape: [Int]? = nil, expectedShape: [Int]? = nil,
  relative: Double = 1e-5, absolute: Double = 1e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  if let problem = disagreement(
    actual.map(Double.init), expected.map(Double.init), shape: shape, expectedShape: expectedShape,
    relative: relative, absolute: absolute)
  {
    Issue.record(Comment(rawValue: problem), sourceLocation: sourceLocation)
  }
}

/// The same for arrays of doubles.
public func expectClose(
  _ actual: [Double], _ expected: [Double], relative: Double = 1e-9, absolute: Double = 1e-12,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  if let problem = disagreement(
    actual, expected, shape: nil, expectedShape: nil, relative: relative, absolute: absolute)
  {
    Issue.record(Comment(rawValue: problem), sourceLocation: sourceLocation)
  }
}

/// What is wrong with `actual`, in a sentence, or `nil`. Separate from ``expectClose`` so that it can be tested itself.
public func disagreement(
  _ actual: [Double], _ expected: [Double], shape: [Int]?, expectedShape: [Int]?,
  relative: Double, absolute: Double
) -> String? {
  if let shape, let expectedShape, shape != expectedShape {
    return "shape \(shape), expected \(expectedShape)"
  }
  guard actual.count == expected.count else {
    return "\(actual.count) values, expected \(expected.count)"
  }
  var worst: (index: Int, excess: Double)?
  for (index, (a, e)) in zip(actual, expected).enumerated() {
    if a.isNaN || e.isNaN { return "NaN at \(index): \(a), expected \(e)" }
    if a == e { continue }
    let excess = abs(a - e) / max(absolute, relative * max(abs(a), abs(e)))
    if !(excess <= 1), worst == nil || excess > worst!.excess { worst = (index, excess) }
  }
  guard let worst else { return nil }
  let (a, e) = (actual[worst.index], expected[worst.index])
  return "value \(a) at \(worst.index), expected \(e), off by \(abs(a - e))"
}
