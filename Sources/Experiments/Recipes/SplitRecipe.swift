import Corpora
import Foundation
public import SleepCore

/// How a recipe divides subjects.
public struct SplitRecipe: Settings {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case holdOut = "hold-out"
    case kFold = "k-fold"
    case leaveOneSubjectOut = "leave-one-subject-out"
    /// The test subjects stand in a file.
    case listed
  }

  public var kind: Kind = .holdOut
  /// Of `k-fold`.
  public var folds: Int = 5
  /// Share of the subjects to test on, of `hold-out`.
  public var test: Double = 0.25
  /// Share of the others to choose the model on; at least one subject, and nobody where 0.
  public var validation: Double = 0.15
  /// Of `listed`: a text file of subjects, found from the working folder.
  public var file: String = ""
  /// Of `listed`: whether those of the list who are in the corpus will do.
  public var partial: Bool = false
  /// Of the draw; one split serves all seeds of a comparison.
  public var seed: UInt64 = 1

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .folds: .whole(2...10_000),
      .test: .number(above: 0, below: 1),
      .validation: .number(0..<1),
      .seed: .seed,
    ])

  public var conflict: Misfit? {
    guard kind == .listed, file.isEmpty else { return nil }
    return Misfit("file", with: ["kind"], is: "missing", expected: "a text file of the test subjects")
  }

  public init() {}

  /// The folds of a corpus, audited.
  ///
  /// - Parameter subjects: Those with labels to be tested on.
  /// - Throws: ``CorpusError`` or ``Leak``.
  func make(_ corpus: Corpus, subjects: [Subject]) throws -> Split {
    let groups = corpus.index.groups
    let split =
      switch kind {
      case .holdOut:
        try apart(subjects, of: corpus) {
          try Split.holdOut($0, groups: groups, testShare: test, validationShare: validation, seed: seed)
        }
      case .kFold:
        try apart(subjects, of: corpus) {
          try Split.kFold($0, groups: groups, folds: max(2, folds), validationShare: validation, seed: seed)
        }
      case .leaveOneSubjectOut:
        try Split.leaveOneSubjectOut(subjects, groups: groups, validationShare: validation, seed: seed)
      case .listed: try listed(corpus, subjects)
      }
    try SplitAuditor(split, of: corpus.index).auditFolds()
    return split
  }

  /// The folds of each data set by itself, put together: every fold is trained, chosen and tested on people of all, and those of one data set stand as
  /// they do where it is alone.
  private func apart(_ subjects: [Subject], of corpus: Corpus, _ make: ([Subject]) throws -> Split) throws -> Split {
    let sets = Dictionary(grouping: subjects) { corpus.person($0).population }.sorted { $0.key < $1.key }
    // One has nobody to be put together with, and none is told by what divides.
    return sets.count > 1 ? try Split(together: sets.map { try make($0.value) }) : try make(subjects)
  }

  private func listed(_ corpus: Corpus, _ subjects: [Subject]) throws -> Split {
    let list = try SubjectList(contentsOf: URL(fileURLWithPath: file), in: corpus.index, among: subjects)
    guard list.absent.isEmpty || partial else {
      throw CorpusError.absentListedSubjects(
        path: file, absent: list.absent, listed: list.count, dataset: corpus.index.dataset,
        examples: subjects.sorted().prefix(3).map(\.id))
    }
    var split = try Split.listed(
      subjects, groups: corpus.index.groups, test: list.subjects, validationShare: validation, seed: seed)
    if !list.absent.isEmpty { split.scheme += ", \(list.count - list.absent.count) of the \(list.count) in \(file)" }
    return split
  }
}
