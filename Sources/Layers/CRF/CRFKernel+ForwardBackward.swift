import Foundation

/// The chain's parameters as probabilities up to a factor, for the scaled recursions.
struct ScaledTables: Sendable {
  /// `exp(transitions - transitionShift)`, `[from, to]`.
  let transitions: [Double]
  let transitionShift: Double
  /// `exp(end - endShift)`.
  let end: [Double]
  let endShift: Double

  /// The widest range of scores for which the scaled recursions are exact.
  ///
  /// A class whose forward probability underflows to 0 is e⁷⁴⁵ times less probable than the best one. What follows can
  /// make up for at most the range of the transition or end scores, so that e⁻⁴⁴⁵ at most is lost, however the
  /// emissions are; and no intermediate exceeds e⁶⁰⁰, which a double holds.
  private static let widestRange = 300.0

  /// `nil` where the scores range too widely, as when a transition is forbidden by an infinite score.
  init?(_ kernel: CRFKernel) {
    var shifts: [Double] = []
    for scores in [kernel.transitions, kernel.end] {
      guard let least = scores.min(), let greatest = scores.max(),
        scores.allSatisfy(\.isFinite), greatest - least <= Self.widestRange
      else { return nil }
      shifts.append(greatest)
    }
    let (transitionShift, endShift) = (shifts[0], shifts[1])
    self.transitionShift = transitionShift
    self.endShift = endShift
    transitions = kernel.transitions.map { exp($0 - transitionShift) }
    end = kernel.end.map { exp($0 - endShift) }
  }
}

extension CRFKernel {
  /// The logarithm of the summed weight of all paths that agree with the sequence's tags; adds `weight` times each score's
  /// expected count under them to `counts`.
  func logPartition(
    _ sequence: CRFSequence, _ tables: ScaledTables?, weight: Double, into counts: ExpectedCounts?
  ) -> Double {
    guard let tables else { return logDomainPartition(sequence, weight: weight, into: counts) }
    return scaledPartition(sequence, tables, weight: weight, into: counts)
  }

  /// The same; a single path is summed directly.
  func numerator(
    _ sequence: CRFSequence, _ tables: ScaledTables?, weight: Double, into counts: ExpectedCounts?
  ) -> Double {
    guard let tags = sequence.tags, (0..<sequence.length).allSatisfy({ tags[$0] >= 0 }) else {
      return logPartition(sequence, tables, weight: weight, into: counts)
    }
    var score = 0.0
    var previous: Int?
    for window in 0..<sequence.length {
      let tag = Int(tags[window])
      score += sequence.emissions[window * classes + tag]
      counts?.emissions[window * classes + tag] += weight
      if let previous {
        score += transitions[previous * classes + tag]
        counts?.transitions[previous * classes + tag] += weight
      } else {
        score += start[tag]
        counts?.start[tag] += weight
      }
      previous = tag
    }
    if let previous {
      score += end[previous]
      counts?.end[previous] += weight
    }
    return score
  }

  /// Rabiner's scaled recursions: each window's forward probabilities add up to 1.
  private func scaledPartition(
    _ sequence: CRFSequence, _ tables: ScaledTables, weight: Double, into counts: ExpectedCounts?
  ) -> Double {
    let (classes, length) = (classes, sequence.length)
    let cells = length * classes
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * cells + length + 2 * classes) { scratch in
      guard let likelihood = scratch.baseAddress else { return 0 }
      let forward = likelihood + cells
      let inverseScale = forward + cells
      let backward = inverseScale + length
      let carried = backward + classes
      return tables.transitions.withUnsafeBufferPointer { transitions in
        var logPartition = tables.transitionShift * Double(length - 1) + tables.endShift

        for window in 0..<length {
          let now = window * classes
          logPartition += exponentials(of: sequence, window, into: likelihood + now)
          if window == 0 {
            for to in 0..<classes { forward[to] = likelihood[to] }
          } else {
            for to in 0..<classes { forward[now + to] = 0 }
            for from in 0..<classes {
              let probability = forward[now - classes + from]
              for to in 0..<classes {
                forward[now + to] += probability * transitions[from * classes + to]
              }
            }
            for to in 0..<classes { forward[now + to] *= likelihood[now + to] }
          }
          var scale = 0.0
          for to in 0..<classes { scale += forward[now + to] }
          logPartition += log(scale)
          inverseScale[window] = 1 / scale
          for to in 0..<classes { forward[now + to] *= inverseScale[window] }
        }

        let last = cells - classes
        var total = 0.0
        for index in 0..<classes { total += forward[last + index] * tables.end[index] }
        logPartition += log(total)
        guard let counts else { return logPartition }

        for index in 0..<classes {
          backward[index] = tables.end[index] / total
          counts.end[index] += weight * forward[last + index] * backward[index]
        }
        for window in stride(from: length - 1, through: 0, by: -1) {
          let now = window * classes
          for index in 0..<classes {
            counts.emissions[now + index] += weight * forward[now + index] * backward[index]
          }
          guard window > 0 else { break }
          for to in 0..<classes {
            carried[to] = likelihood[now + to] * backward[to] * inverseScale[window]
          }
          for from in 0..<classes {
            let probability = weight * forward[now - classes + from]
            var sum = 0.0
            for to in 0..<classes {
              let score = transitions[from * classes + to] * carried[to]
              sum += score
              counts.transitions[from * classes + to] += probability * score
            }
            backward[from] = sum
          }
        }
        for index in 0..<classes {
          counts.start[index] += weight * forward[index] * backward[index]
        }
        return logPartition
      }
    }
  }

  /// A window's emissions, the start scores with the first, as `exp(score - shift)`; 0 where a tag rules the class out.
  ///
  /// - Returns: `shift`, the greatest of the scores that are not ruled out.
  private func exponentials(
    of sequence: CRFSequence, _ window: Int, into likelihood: UnsafeMutablePointer<Double>
  ) -> Double {
    let emissions = sequence.emissions + window * classes
    if let tag = sequence.tags?[window], tag >= 0 {
      for index in 0..<classes { likelihood[index] = index == tag ? 1 : 0 }
      return emissions[Int(tag)] + (window == 0 ? start[Int(tag)] : 0)
    }
    for index in 0..<classes { likelihood[index] = emissions[index] }
    if window == 0 {
      for index in 0..<classes { likelihood[index] += start[index] }
    }
    var shift = likelihood[0]
    for index in 1..<classes { shift = likelihood[index] > shift ? likelihood[index] : shift }
    for index in 0..<classes { likelihood[index] = exp(likelihood[index] - shift) }
    return shift
  }
}
