import Corpora
import Foundation
import SleepCore
import TestSupport
import Testing

private let people = (10...39).map { Subject("S\($0)") }
/// Families of 1 to 5, and six who stand alone.
private let groups = SubjectGroups(
  Dictionary(
    uniqueKeysWithValues: people.prefix(24).enumerated().map { index, person in
      (person, "F\([0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4][index % 15] + index / 15 * 5)")
    }))

@Suite("Splits that keep groups together")
struct SubjectGroupsTests {
  static let splits: [(split: Split, scheme: String)] = [
    (
      try! .holdOut(people, groups: groups, testShare: 0.25, validationShare: 0.2, seed: 3), "hold-out by group"
    ),
    (try! .kFold(people, groups: groups, folds: 4, validationShare: 0.2, seed: 3), "4-fold by group"),
    (
      try! .leaveOneSubjectOut(people, groups: groups, validationShare: 0.2, seed: 3), "leave-one-group-out"
    ),
  ]

  @Test("Nobody stands in another part than people of the same group, and all stand somewhere", arguments: splits)
  func apart(split: Split, scheme: String) {
    #expect(split.scheme == scheme)
    for fold in split.folds {
      #expect((fold.train + fold.validation + fold.test).sorted() == people)
      for part in Part.allCases {
        let own = Set(fold.subjects(part))
        #expect(!own.isEmpty && groups.company(of: own) == own, "\(part)")
      }
    }
  }

  @Test("Parts come as near to the sizes that were asked for as groups let them, and each person is tested on once")
  func sizes() throws {
    let fold = Self.splits[0].split.folds[0]
    // A quarter of 30 people, and a fifth of the rest.
    #expect((5...8).contains(fold.test.count) && (2...5).contains(fold.validation.count))
    let folds = Self.splits[1].split.folds.map(\.test)
    #expect(folds.flatMap { $0 }.sorted() == people)
    #expect(folds.allSatisfy { (5...10).contains($0.count) })
    #expect(Self.splits[2].split.folds.count == groups.units(of: people).count)
    #expect(Self.splits[2].split.folds.flatMap(\.test).sorted() == people)
  }

  @Test("Where everybody stands alone, folds are those of the people, drawn as ever", arguments: [1, 2, 9] as [UInt64])
  func alone(seed: UInt64) throws {
    var random = RandomSource(seed: seed, for: "split")
    let shuffled = people.shuffled(using: &random)
    let expected = (0..<4).map { start in stride(from: start, to: 30, by: 4).map { shuffled[$0] }.sorted() }
    let plain = try Split.kFold(people, folds: 4, validationShare: 0.2, seed: seed)
    #expect(plain.scheme == "4-fold" && plain.folds.map(\.test) == expected)
    for (index, fold) in plain.folds.enumerated() {
      var random = RandomSource(seed: seed, for: "validation of fold \(index)")
      let others = people.filter { !fold.test.contains($0) }.shuffled(using: &random)
      #expect(fold.validation == others.prefix(others.count == 22 ? 4 : 5).sorted())
    }
    let own = SubjectGroups(Dictionary(uniqueKeysWithValues: people.map { ($0, "of \($0)") }))
    #expect(try Split.kFold(people, groups: own, folds: 4, validationShare: 0.2, seed: seed) == plain)
    let hold = try Split.holdOut(people, testShare: 0.25, validationShare: 0.2, seed: seed)
    #expect(hold.folds[0].test == shuffled.prefix(8).sorted())
    #expect(try Split.holdOut(people, groups: own, testShare: 0.25, validationShare: 0.2, seed: seed) == hold)
  }

  @Test(
    "Others of the groups of listed test people are in no part, which the scheme says; folds inside keep groups too")
  func listed() throws {
    let test = [people[1], people[3]]
    let split = try Split.listed(people, groups: groups, test: test, validationShare: 0.2, seed: 3)
    // F1 has two people, F2 three.
    #expect(split.scheme == "listed, without 3 others of the groups of those tested on")
    #expect(split.folds[0].test == test)
    let left = split.folds[0].train + split.folds[0].validation
    #expect(left.count == 25 && groups.company(of: left).isDisjoint(with: test))
    let inner = try split.inside(0, groups: groups, folds: 3, validationShare: 0.2)
    for fold in inner.folds {
      for part in Part.allCases {
        #expect(groups.company(of: fold.subjects(part)).intersection(left).count == fold.subjects(part).count)
      }
    }
  }

  @Test("Of few groups, however many people, a split is refused")
  func few() {
    let two = SubjectGroups(Dictionary(uniqueKeysWithValues: people.map { ($0, $0 < people[9] ? "a" : "b") }))
    let error = #expect(throws: CorpusError.self) {
      try Split.kFold(people, groups: two, folds: 2, validationShare: 0.2, seed: 1)
    }
    #expect(
      error.map(words)
        == "found 2 subjects, expected at least 3 for 2 folds, where people of one group count as one: prepare more people, or change 'split' in the recipe"
    )
  }

  /// A corpus of A and B, who are of one family, and of C and D, who are not.
  private func corpus(in folder: URL) throws -> Corpus {
    try toyCorpus(
      folder,
      ["A", "B", "C", "D"].enumerated().map { index, person in
        var recording = toyRecording("night-\(person)", subject: person, first: Float(index + 1))
        recording.group = index < 2 ? "F1" : nil
        return recording
      })
  }

  @Test("A corpus keeps the groups, and a split that parts one is refused, as is what saw others of it")
  func audited() throws {
    try withTemporaryFolder { folder in
      let index = try Corpus(corpus(in: folder).folder).index
      #expect(index.recordings.map(\.group) == ["F1", "F1", nil, nil])
      #expect(index.groups == SubjectGroups([Subject("A"): "F1", Subject("B"): "F1"]))
      func split(_ train: [String], _ validation: String, _ test: [String]) -> SplitAuditor {
        SplitAuditor(
          Split(
            scheme: "hold-out", seed: 0,
            folds: [
              Fold(train: train.map(Subject.init), validation: [Subject(validation)], test: test.map(Subject.init))
            ]),
          of: index)
      }
      let leak = #expect(throws: Leak.self) { try split(["A", "C"], "D", ["B"]).auditFolds() }
      #expect(
        leak.map(words)
          == "fold 0: found subjects A and B of the group 'F1' in train and test, expected each group in one part")
      try split(["A", "B"], "C", ["D"]).auditFolds()
      let encoder = Provenance("the encoder", population: "toy", subjects: [Subject("A")])
      let seen = #expect(throws: Leak.self) {
        try split(["C"], "D", ["B"]).audit(pretraining: encoder, fold: 0, transductive: false)
      }
      #expect(
        seen.map(words)
          == "fold 0: found that the encoder saw people of the groups of test subjects B, expected none of them: such people, as of one family, are alike"
      )
      try split(["A"], "B", ["C"]).audit(pretraining: encoder, fold: 0, transductive: false)
    }
  }
}
