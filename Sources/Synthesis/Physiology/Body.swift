import Foundation
import SleepCore

/// Where a body presses on a mat: a part is an oval patch of weight.
struct BodyPart {
  /// From the crown of the head to the feet, and to the body's left, in body heights.
  var along, across: Double
  /// Deviations of the patch along and across the body, in body heights.
  var length, width: Double
  /// Share of the body's weight.
  var weight: Double
}

/// A person lying in a posture, as patches of weight on a mat.
struct Body {
  private(set) var parts: [BodyPart]

  private enum Limb: Int, CaseIterable {
    case head, leftShoulder, rightShoulder, back, leftHip, rightHip
    case leftThigh, rightThigh, leftCalf, rightCalf, leftHeel, rightHeel, leftElbow, rightElbow, leftHand, rightHand
  }

  /// - Parameters:
  ///   - sway: Deviation of each part's place, in body heights.
  init(_ posture: Posture, sway: Double, random: inout RandomSource) {
    parts = Self.supine
    pose(posture)
    for index in parts.indices {
      parts[index].along += sway * random.normal()
      parts[index].across += sway * random.normal()
      parts[index].weight *= exp(0.25 * random.normal())
    }
  }

  private static let supine: [BodyPart] = [
    BodyPart(along: 0.06, across: 0, length: 0.025, width: 0.025, weight: 0.06),
    BodyPart(along: 0.2, across: 0.075, length: 0.04, width: 0.035, weight: 0.14),
    BodyPart(along: 0.2, across: -0.075, length: 0.04, width: 0.035, weight: 0.14),
    BodyPart(along: 0.32, across: 0, length: 0.05, width: 0.05, weight: 0.1),
    BodyPart(along: 0.47, across: 0.05, length: 0.04, width: 0.035, weight: 0.17),
    BodyPart(along: 0.47, across: -0.05, length: 0.04, width: 0.035, weight: 0.17),
    BodyPart(along: 0.6, across: 0.055, length: 0.05, width: 0.022, weight: 0.035),
    BodyPart(along: 0.6, across: -0.055, length: 0.05, width: 0.022, weight: 0.035),
    BodyPart(along: 0.79, across: 0.06, length: 0.04, width: 0.016, weight: 0.04),
    BodyPart(along: 0.79, across: -0.06, length: 0.04, width: 0.016, weight: 0.04),
    BodyPart(along: 0.95, across: 0.065, length: 0.01, width: 0.01, weight: 0.02),
    BodyPart(along: 0.95, across: -0.065, length: 0.01, width: 0.01, weight: 0.02),
    BodyPart(along: 0.35, across: 0.16, length: 0.014, width: 0.012, weight: 0.01),
    BodyPart(along: 0.35, across: -0.16, length: 0.014, width: 0.012, weight: 0.01),
    BodyPart(along: 0.48, across: 0.18, length: 0.014, width: 0.012, weight: 0.008),
    BodyPart(along: 0.48, across: -0.18, length: 0.014, width: 0.012, weight: 0.008),
  ]

  private mutating func set(
    _ limb: Limb, along: Double? = nil, across: Double? = nil, weight: Double? = nil
  ) {
    if let along { parts[limb.rawValue].along = along }
    if let across { parts[limb.rawValue].across = across }
    if let weight { parts[limb.rawValue].weight = weight }
  }

  private mutating func pose(_ posture: Posture) {
    switch posture {
    case .supine, .otherSupine: break
    case .right, .otherRight: roll(1)
    case .left, .otherLeft:
      roll(1)
      mirror()
    case .right30: roll(0.4)
    case .right60: roll(0.7)
    case .left30:
      roll(0.4)
      mirror()
    case .left60:
      roll(0.7)
      mirror()
    case .rightFetal: curl()
    case .leftFetal:
      curl()
      mirror()
    case .supine8:
      for (limb, side) in [(Limb.leftElbow, 0.15), (.rightElbow, -0.15)] { set(limb, along: 0.13, across: side) }
      for (limb, side) in [(Limb.leftHand, 0.08), (.rightHand, -0.08)] { set(limb, along: 0.02, across: side) }
    case .supine9:
      spreadLegs(0.09)
    case .supine10:
      for (limb, side) in [(Limb.leftElbow, 0.22), (.rightElbow, -0.22)] { set(limb, along: 0.24, across: side) }
      for (limb, side) in [(Limb.leftHand, 0.3), (.rightHand, -0.3)] { set(limb, along: 0.3, across: side) }
      spreadLegs(0.06)
    case .supine11:
      bendLeftLeg()
    case .supine12:
      bendLeftLeg()
      mirror()
    case .supineBed30: raiseHead(0.35)
    case .supineBed45: raiseHead(0.65)
    case .supineBed60: raiseHead(1)
    }
  }

  /// Rolls to the right by a share of a quarter turn: the weight goes to the right shoulder, hip and leg.
  private mutating func roll(_ share: Double) {
    let onRight: [(Limb, along: Double, across: Double, weight: Double)] = [
      (.head, 0.06, 0.01, 0.07), (.leftShoulder, 0.22, 0.03, 0.02), (.rightShoulder, 0.19, 0, 0.26),
      (.back, 0.33, 0.02, 0.1), (.leftHip, 0.5, 0.03, 0.02), (.rightHip, 0.48, 0, 0.29),
      (.leftThigh, 0.6, -0.1, 0.04), (.rightThigh, 0.61, -0.04, 0.07), (.leftCalf, 0.77, -0.1, 0.03),
      (.rightCalf, 0.79, -0.03, 0.06), (.leftHeel, 0.93, -0.05, 0.01), (.rightHeel, 0.94, 0, 0.025),
      (.leftElbow, 0.32, -0.12, 0.01), (.rightElbow, 0.24, -0.14, 0.02), (.leftHand, 0.36, -0.19, 0.006),
      (.rightHand, 0.15, -0.19, 0.01),
    ]
    for (limb, along, across, weight) in onRight {
      let part = parts[limb.rawValue]
      set(
        limb, along: part.along + share * (along - part.along), across: part.across + share * (across - part.across),
        weight: part.weight + share * (weight - part.weight))
    }
  }

  /// On the right side with the knees drawn up.
  private mutating func curl() {
    roll(1)
    set(.head, along: 0.1, across: -0.04)
    set(.leftThigh, along: 0.46, across: -0.17)
    set(.rightThigh, along: 0.5, across: -0.12, weight: 0.09)
    set(.leftCalf, along: 0.56, across: -0.16)
    set(.rightCalf, along: 0.6, across: -0.1, weight: 0.08)
    set(.leftHeel, along: 0.68, across: -0.08)
    set(.rightHeel, along: 0.71, across: -0.03)
  }

  /// The left sole on the mat.
  private mutating func bendLeftLeg() {
    set(.leftThigh, weight: 0.005)
    set(.leftCalf, weight: 0.003)
    set(.leftHeel, along: 0.66, across: 0.09, weight: 0.07)
  }

  private mutating func spreadLegs(_ distance: Double) {
    for (left, right, reach) in [
      (Limb.leftThigh, Limb.rightThigh, 0.3), (.leftCalf, .rightCalf, 0.8), (.leftHeel, .rightHeel, 1.2),
    ] {
      parts[left.rawValue].across += reach * distance
      parts[right.rawValue].across -= reach * distance
    }
  }

  /// The head of the bed raised: the weight slides to the hips, and they to the foot.
  private mutating func raiseHead(_ share: Double) {
    for limb in [Limb.head, .leftShoulder, .rightShoulder, .back] { parts[limb.rawValue].weight *= 1 - 0.55 * share }
    for limb in [Limb.leftHip, .rightHip] {
      parts[limb.rawValue].weight *= 1 + 0.5 * share
      parts[limb.rawValue].length *= 1 + 0.4 * share
    }
    for index in parts.indices { parts[index].along += 0.05 * share }
  }

  private mutating func mirror() {
    for index in parts.indices { parts[index].across = -parts[index].across }
  }
}
