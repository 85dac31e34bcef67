import Downstream

/// A difference that a comparison is there for: of two of its arms.
package struct Question: Hashable, Sendable {
  package let first: Arm
  package let second: Arm

  init(_ first: Arm, less second: Arm) { (self.first, self.second) = (first, second) }

  /// - Parameter text: As `fine-tuned - scratch`; `nil` where these are no two of the arms.
  package init?(_ text: String, among arms: [Arm]) {
    for first in arms where text.hasPrefix("\(first.name) - ") {
      guard let second = arms.first(where: { text == "\(first.name) - \($0.name)" && $0 != first }) else { continue }
      self.init(first, less: second)
      return
    }
    return nil
  }

  /// Whether both are of the same two arms, whichever way round.
  func isAbout(_ other: Question) -> Bool { Set([first, second]) == Set([other.first, other.second]) }

  package var text: String { "\(first.name) - \(second.name)" }
}

extension Recipe {
  /// What the comparison asks: what it says, or each pretrained arm less the one from scratch whose network it has; arms with shortcuts are asked
  /// about in their own way.
  package func questions() throws -> [Question] {
    let arms = comparison.arms
    if !comparison.questions.isEmpty { return comparison.questions.compactMap { Question($0, among: arms) } }
    let honest = try arms.filter { try $0.shortcutsTaken(in: self) == shortcutsTaken(isPretrained: $0.isPretrained) }
    let scratch = honest.filter { $0.transfer == .scratch }
    return try honest.filter(\.isPretrained).compactMap { arm in
      let own = try arm.recipe(in: self)
      func isAlike(_ other: Arm) throws -> Bool {
        let theirs = try other.recipe(in: self)
        return theirs.model == own.model && theirs.encoder == own.encoder && theirs.context == own.context
          && theirs.head == own.head && theirs.sensors == own.sensors
      }
      return try (scratch.first(where: isAlike) ?? scratch.first).map { Question(arm, less: $0) }
    }
  }
}
