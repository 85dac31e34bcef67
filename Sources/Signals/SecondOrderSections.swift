/// A recursive filter as a cascade of sections of second order, in double precision.
public struct SecondOrderSections: Hashable, Sendable {
  /// The transfer function of one section, `(b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2)`.
  public struct Section: Hashable, Sendable {
    public var b0, b1, b2, a1, a2: Double

    public init(b0: Double, b1: Double, b2: Double, a1: Double, a2: Double) {
      (self.b0, self.b1, self.b2, self.a1, self.a2) = (b0, b1, b2, a1, a2)
    }

    /// What the section answers to a constant 1 in the long run.
    var gain: Double { (b0 + b1 + b2) / (1 + a1 + a2) }

    /// The same but for a factor, `b0` being 1.
    var withoutGain: Section { Section(b0: 1, b1: b1 / b0, b2: b2 / b0, a1: a1, a2: a2) }
  }

  public let sections: [Section]

  /// - Precondition: No section's `b0` is 0: such a one delays, and belongs to no filter that runs both ways.
  public init(_ sections: [Section]) {
    precondition(sections.allSatisfy { $0.b0 != 0 }, "a section whose b0 is 0")
    self.sections = sections
  }

  /// Samples that are mirrored beyond each end before the filter runs both ways: three times the filter's own length.
  public var edgeSamples: Int {
    let unused = min(sections.count { $0.b2 == 0 }, sections.count { $0.a2 == 0 })
    return 3 * (2 * sections.count + 1 - unused)
  }

  /// The states in which each section rests under a constant input of 1 to the cascade (transposed direct form II).
  var restingStates: [(Double, Double)] {
    var scale = 1.0
    return sections.map { section in
      let second = section.b2 - section.a2 * section.gain
      let first = section.b1 - section.a1 * section.gain + second
      defer { scale *= section.gain }
      return (first * scale, second * scale)
    }
  }
}
