import Foundation
public import SleepCore

/// Where labels are and how they read, as a card says it. What it leaves out is told by the files, or not decided at all.
public struct LabelRules: Codable, Hashable, Sendable, Ranged {
  /// The label file of a recording, relative to its signal file: `{name}_stages.csv`, `../labels/{stem}.txt`.
  ///
  /// `{name}` stands for the signal file's name without its extension, `{stem}` for that without a trailing `-PSG` or `_PSG`,
  /// `{recording}`, `{subject}` and `{session}` for what the recording is called.
  public var files: String?
  /// How the label file is written; by its name and its first line where it is left out.
  public var format: LabelFormat?
  /// The name of what holds the stages, in a file that holds several things: the key of a JSON object, the path of an
  /// array, `scoring/stages`.
  public var dataset: String?
  /// The column of a table that holds when a stage begins: its name, or its number from 1.
  public var onset: String?
  /// The column of a table that holds how long a stage lasts, in seconds.
  public var duration: String?
  /// The column of a table that holds the stage.
  public var stage: String?
  /// How long one scored window is: 30, 20 or 10. A model's window takes the stage of most of it.
  public var windowSeconds: Double?
  /// What the onsets count from; by the clocks of both files where they have one, else the signal's first sample.
  public var start: LabelStart?
  /// What words of the files mean; it wins over what they would otherwise be taken for. In a word `*` is anything: `'*sleeping*': NREM`;
  /// `'*'` alone is every text that is not known otherwise.
  public var vocabulary: [String: StageWord]?
  /// Which texts are labels, where others stand among them: `'Sleep stage *'`. Others are passed over and not told, unless the vocabulary
  /// has them.
  public var only: String?
  /// Whether a stage that says no length lasts until the next text that is a stage, or unscored; the last lasts one window. Each lasts one
  /// window where it is left out.
  public var untilNext: Bool?
  /// Rules of label files by the ends of their names, where a data set has several kinds: `{.stg.txt: {format: tsv, stage: 2}}`. They count
  /// in place of all that stands beside them.
  public var endings: [String: LabelRules]?

  /// What words of paths and label files mean among postures: `{L: left, prone: unscored}`.
  public var postures: [String: String]?

  /// How long a scored window may be, in seconds, whoever says it.
  static let windowRange = 0.1...3600

  public static let ranges = NumberRanges(CodingKeys.self, [.windowSeconds: .number(windowRange)])

  public var conflict: Misfit? {
    if let wrong = (postures ?? [:]).sorted(by: { $0.key < $1.key }).first(where: {
      $0.value != "unscored" && Posture.named($0.value) == nil
    }) {
      return Misfit(
        "postures.\(wrong.key)", is: wrong.value, oneOf: Posture.allCases.map(\.name) + ["unscored"])
    }
    if let misfit = conflictOfEndings { return misfit }
    let words = Dictionary(grouping: (vocabulary ?? [:]).keys.sorted()) { WordPattern($0).key }
    guard let same = words.values.filter({ $0.count > 1 }).min(by: { $0[0] < $1[0] }) else { return nil }
    return Misfit(
      "vocabulary", is: "given \(same.map { "'\($0)'" }.joined(separator: " and ")), which are one word",
      expected: "each word once; case, spaces and punctuation do not count")
  }

  private var conflictOfEndings: Misfit? {
    for (ending, rules) in (endings ?? [:]).sorted(by: { $0.key < $1.key }) {
      if ending.isEmpty {
        return Misfit("endings", is: "given an empty ending", expected: "the end of a file's name, as '.stg.txt'")
      }
      if rules.endings != nil || rules.files != nil || rules.postures != nil {
        return Misfit(
          "endings", is: "given 'files', 'postures' or 'endings' of '\(ending)'",
          expected: "these beside 'endings', since they are of all label files")
      }
    }
    return nil
  }

  /// The rules of one label file: those of the longest ending of its name, else these.
  func rules(of url: URL) -> LabelRules {
    let name = url.lastPathComponent.lowercased()
    return (endings ?? [:]).filter { name.hasSuffix($0.key.lowercased()) }
      .max { ($0.key.count, $0.key) < ($1.key.count, $1.key) }?.value ?? self
  }

  public init(
    files: String? = nil, format: LabelFormat? = nil, dataset: String? = nil, onset: String? = nil,
    duration: String? = nil, stage: String? = nil, windowSeconds: Double? = nil, start: LabelStart? = nil,
    vocabulary: [String: StageWord]? = nil, postures: [String: String]? = nil, only: String? = nil,
    untilNext: Bool? = nil, endings: [String: LabelRules]? = nil
  ) {
    self.only = only
    self.untilNext = untilNext
    self.endings = endings
    self.postures = postures
    self.files = files
    self.format = format
    self.dataset = dataset
    self.onset = onset
    self.duration = duration
    self.stage = stage
    self.windowSeconds = windowSeconds
    self.start = start
    self.vocabulary = vocabulary
  }
}

/// What the onsets of a label file count from.
public enum LabelStart: String, Codable, CaseIterable, Hashable, Sendable {
  /// Onsets are seconds from the signal's first sample.
  case signal
  /// Onsets are dates or times of day.
  case clock
  /// Onsets are seconds from the label file's own start, which its header tells.
  case labels
}

/// What a word of a label file means, as a card writes it.
public enum StageWord: String, Codable, CaseIterable, Hashable, Sendable {
  case wake = "W"
  case n1 = "N1"
  case n2 = "N2"
  case n3 = "N3"
  case rem = "REM"
  case nrem = "NREM"
  case unscored

  /// The stage; `nil` where a window is unscored.
  public var stage: Stage? {
    switch self {
    case .wake: .wake
    case .n1: .n1
    case .n2: .n2
    case .n3: .n3
    case .rem: .rem
    case .nrem: .nrem
    case .unscored: nil
    }
  }
}
