/// What a corpus's stored labels are: stages or postures.
public enum LabelKind: String, Codable, CaseIterable, Hashable, Sendable {
  case stages
  case postures

  /// The values that a window's stored label may have; -1 is unscored.
  public var stored: ClosedRange<Int8> {
    switch self {
    case .stages: -1...Stage.nrem.rawValue
    case .postures: -1...Posture.otherLeft.rawValue
    }
  }
}

/// A named set of classes and how stored labels become one of them.
public struct LabelScheme: Hashable, Sendable {
  /// As recipes name it: `w-nrem-rem`.
  public let name: String
  public let kind: LabelKind
  /// In the order of the class index.
  public let classes: [String]
  /// The class of each stored label, by its raw value; -1 leaves it out.
  private let classOf: [Int8]
  /// The class of a window that nobody scored; -1 leaves it out.
  private let unscored: Int8

  private init(_ name: String, _ kind: LabelKind, _ classes: [String], _ classOf: [Int8], unscored: Int8 = -1) {
    self.unscored = unscored
    self.name = name
    self.kind = kind
    self.classes = classes
    self.classOf = classOf
  }

  /// The same classes, with windows that nobody scored, and what a scorer called movement, among those of wake.
  ///
  /// - Precondition: Its classes are stages.
  public var withUnscoredAsWake: LabelScheme {
    precondition(kind == .stages, "classes of which one is wake")
    return LabelScheme(name, kind, classes, classOf, unscored: classOf[Int(Stage.wake.rawValue)])
  }

  /// The class index of a stored label, -1 where it is unscored.
  public func classIndex(ofStored label: Int8) -> Int8 {
    if label == -1 { return unscored }
    return classOf.indices.contains(Int(label)) ? classOf[Int(label)] : -1
  }

  /// The class of the same posture turned left side right; stages, and -1, stay as they are.
  public func mirrored(classIndex index: Int) -> Int {
    guard kind == .postures, index >= 0,
      let posture = Posture.allCases.first(where: { classOf[Int($0.rawValue)] == Int8(index) })
    else { return index }
    return Int(classOf[Int(posture.mirrored.rawValue)])
  }

  /// The stages that make up each class; empty for postures. Sleep-time measures need it.
  public func stages(ofClass index: Int) -> [Stage] {
    guard kind == .stages else { return [] }
    return Stage.allCases.filter { classIndex(ofStored: $0.rawValue) == Int8(index) }
  }

  public static let wakeSleep = LabelScheme(
    "wake-sleep", .stages, ["W", "Sleep"], [0, 1, 1, 1, 1, 1])
  public static let wakeNREMREM = LabelScheme(
    "w-nrem-rem", .stages, ["W", "NREM", "REM"], [0, 1, 1, 1, 2, 1])
  public static let wakeLightDeepREM = LabelScheme(
    "w-light-deep-rem", .stages, ["W", "Light", "Deep", "REM"], [0, 1, 1, 2, 3, -1])
  public static let fiveStages = LabelScheme(
    "five-stages", .stages, Stage.allCases.map(\.name), [0, 1, 2, 3, 4, -1])
  /// The published postures; those of which only the side is known are left out.
  public static let postures17 = LabelScheme(
    "postures-17", .postures, Posture.published.map(\.name),
    Posture.allCases.map { $0.number == nil ? -1 : $0.rawValue })
  public static let postures3 = LabelScheme(
    "postures-3", .postures, ["supine", "right", "left"], Posture.allCases.map(\.side.rawValue))

  /// Every scheme, in the order in which they are listed to users.
  public static let all = [
    wakeSleep, wakeNREMREM, wakeLightDeepREM, fiveStages, postures17, postures3,
  ]

  public static func named(_ name: String) -> LabelScheme? { all.first { $0.name == name } }
}
