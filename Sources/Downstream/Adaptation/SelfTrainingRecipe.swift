public import SleepCore

/// What a recipe says of labels that a recogniser gives to the training people's unlabelled windows, and is then trained by.
///
/// Lee, "Pseudo-Label" (ICML workshop 2013); with the shares of classes aligned, Berthelot and others, "ReMixMatch" (ICLR 2020). People who
/// are chosen or tested on have no part in it.
public struct SelfTrainingRecipe: Settings {
  /// What is known of the shares of classes that each unlabelled person has.
  public enum Alignment: String, Codable, CaseIterable, Sendable {
    /// Nothing.
    case none
    /// All unlabelled people together have the classes in the shares of the labelled windows.
    case people
    /// Each unlabelled person has them so. It holds where people were recorded by one protocol; of nights it does not.
    case person
  }

  /// What the recogniser that is trained on such labels begins with.
  public enum Student: String, Codable, CaseIterable, Sendable {
    /// What the first one began with.
    case same
    /// Random weights, all of which are trained, at the rate of `scratch`: it has of pretraining what the labels have.
    case new
  }

  /// How often the training people are labelled anew and a new recogniser is trained; 0 trains on labels alone.
  public var rounds: Int = 0
  public var align: Alignment = .none
  public var student: Student = .same
  /// A window whose class is less probable than this gets no label.
  public var confidence: Double = 0.5
  /// A map that correlates less than this with the one before it begins another stay; all windows of a stay get one label. 1 lets every map
  /// stand alone, as windows of signals do.
  public var correlation: Double = 0.96
  /// A map that correlates less than this with the first one of its stay begins another, so that a slow turn ends a stay too.
  public var anchor: Double = 0.95

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .rounds: .whole(0...100),
      .confidence: .number(0...1),
      .correlation: .number(-1...1),
      .anchor: .number(-1...1),
    ])

  public init() {}
}
