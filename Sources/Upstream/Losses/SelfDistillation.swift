package import Tensors

/// Cross-entropy of what a student makes of each view with what a teacher makes of its partner, sharpened and centred.
///
/// Equations 1 to 3 of Caron and others, "Emerging Properties in Self-Supervised Vision Transformers" (ICCV 2021), for two views.
/// Sharpening alone lets one prototype win always, centring alone makes all equal: each keeps the other from collapsing.
///
/// - Parameters:
///   - student: `[2 * pairs, prototypes]`: of the first members of all pairs, then of the second ones.
///   - teacher: The same shape; no gradient should come of it.
///   - center: `[prototypes]`: a running mean of what the teacher gives.
/// - Returns: A scalar, at least 0; the logarithm of the prototypes where the student gives all alike.
package func selfDistillation(
  student: Tensor, teacher: Tensor, center: Tensor, studentTemperature: Double, teacherTemperature: Double
) throws -> Tensor {
  let wanted = try ((teacher - center) / teacherTemperature).softmax(1).rolled([teacher.shape[0] / 2], axes: [0])
  return try (wanted * (student / studentTemperature).logSoftmax(1)).sum([1]).mean() * -1
}

/// How often student and teacher put the two members of a pair into the same bin, and how often they would by chance.
///
/// Chance is what is left where partners are shuffled: the sum over bins of the products of their shares, as in Cohen's kappa. Where all
/// windows have fallen into one bin both are 1.
///
/// - Parameters:
///   - student: `[2 * pairs]`: the bin of each view.
///   - teacher: The same.
package func agreement(_ student: [Int], _ teacher: [Int]) -> (share: Double, chance: Double) {
  let (count, pairs) = (student.count, student.count / 2)
  precondition(count > 0 && teacher.count == count && count == 2 * pairs, "whole pairs")
  var (same, byChance) = (0, 0)
  for (own, others) in [(0..<pairs, pairs..<count), (pairs..<count, 0..<pairs)] {
    same += zip(own, others).count { student[$0] == teacher[$1] }
    let shares = Dictionary(grouping: others, by: { teacher[$0] }).mapValues(\.count)
    byChance += own.reduce(0) { $0 + (shares[student[$1]] ?? 0) }
  }
  return (Double(same) / Double(count), Double(byChance) / Double(count * pairs))
}
