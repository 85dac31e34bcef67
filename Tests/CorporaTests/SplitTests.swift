import Corpora
import Foundation
import SleepCore
import TestSupport
import Testing

private let people = (1...10).map { Subject("S\($0)") }

@Suite("Splits by subject")
struct SplitTests {
  static let splits: [Split] = [
    try! .holdOut(people, testShare: 0.2, validationShare: 0.25, seed: 1),
    try! .kFold(people, folds: 4, validationShare: 0.25, seed: 1),
    try! .leaveOneSubjectOut(people, validationShare: 0.1, seed: 1),
    try! .listed(people, test: [people[1], people[4]], validationShare: 0.25, seed: 1),
  ]

  @Test("Every person is in one part of a fold, and every part has someone", arguments: splits)
  func partition(split: Split) {
    for fold in split.folds {
      #expect((fold.train + fold.validation + fold.test).sorted() == people.sorted())
      for part in Part.allCases { #expect(!fold.subjects(part).isEmpty) }
    }
  }

  @Test("The folds have the sizes that were asked for")
  func sizes() {
    #expect(Self.splits[0].folds.map(\.test.count) == [2])
    #expect(Self.splits[0].folds.map(\.validation.count) == [2])
    #expect(Self.splits[1].folds.map(\.test.count) == [3, 3, 2, 2])
    #expect(Self.splits[1].folds.flatMap(\.test).sorted() == people.sorted())
    #expect(Self.splits[2].folds.map(\.test) == people.sorted().map { [$0] })
    #expect(Self.splits[3].folds.map(\.test) == [[people[1], people[4]]])
  }

  @Test("The order of the subjects does not matter, the seed does")
  func seeds() throws {
    let one = try Split.kFold(people, folds: 5, validationShare: 0.2, seed: 3)
    #expect(try Split.kFold(people.reversed(), folds: 5, validationShare: 0.2, seed: 3) == one)
    #expect(try Split.kFold(people, folds: 5, validationShare: 0.2, seed: 4).folds != one.folds)
  }

  @Test("Too few people for a split are refused")
  func few() {
    let error = #expect(throws: CorpusError.self) {
      try Split.kFold(Array(people.prefix(3)), folds: 5, validationShare: 0.2, seed: 0)
    }
    #expect(
      error.map(words)
        == "found 3 subjects, expected at least 5 for 5 folds: prepare more people, or change 'split' in the recipe")
  }

  @Test("A saved split is read back", arguments: splits)
  func saved(split: Split) throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("folds.txt")
      try split.write(to: file)
      #expect(try Split(contentsOf: file) == split)
    }
  }

  @Test(
    "A damaged split is refused with the line",
    arguments: [
      ("", "f:2: found the end of the file, expected 'scheme: ...'"),
      ("scheme: a\nseed: x\n", "f:2: found the seed 'x', expected a whole number"),
      ("scheme: a\nseed: 1\n", "f:4: found the end of the file, expected 'fold: ...'"),
      ("scheme: a\nseed: 1\nfold: 1\n", "f:3: found fold '1', expected fold 0"),
      ("scheme: a\n\nseed: 1\nfold: 0\ntest: S1\n", "f:5: found 'test: S1', expected 'train: ...'"),
      ("scheme: a\nseed: 1\nfold: 0\ntrain: S1\n", "f:6: found the end of the file, expected 'validation: ...'"),
    ])
  func damaged(text: String, message: String) {
    let error = #expect(throws: CorpusError.self) { try Split(text: text, path: "f") }
    #expect(error.map(words) == message)
  }

  @Test("A published list names subjects or recordings; who is not here is told, and nobody is an error")
  func lists() throws {
    try withTemporaryFolder { folder in
      let corpus = try toyCorpus(
        folder.appendingPathComponent("c"), [toyRecording("n1", subject: "A"), toyRecording("n2", subject: "B")])
      let file = folder.appendingPathComponent("test.txt")
      try "# of the paper\nB, n1\r\nC # not scored\n".write(to: file, atomically: true, encoding: .utf8)
      let list = try SubjectList(contentsOf: file, in: corpus.index)
      #expect(list.subjects == [Subject("A"), Subject("B")])
      #expect(list.absent == ["C"])
      #expect(list.count == 3)
      #expect(try SubjectList(contentsOf: file, in: corpus.index, among: [Subject("B")]).absent == ["n1", "C"])
      try "X\nY\n".write(to: file, atomically: true, encoding: .utf8)
      let error = #expect(throws: CorpusError.self) { try SubjectList(contentsOf: file, in: corpus.index) }
      #expect(
        error.map(words)
          == "\(file.path): found 2 subjects and none of them in toy, expected names such as A and B")
      let folderError = #expect(throws: CorpusError.self) { try SubjectList(contentsOf: folder, in: corpus.index) }
      #expect(
        folderError.map(words)
          == "\(folder.path): found no text to read, expected a file of subjects, separated by commas or line ends")
    }
  }

  @Test("Names of SHHS and MESA are found as lists write them: number, recording, any case, zeros at the front or not")
  func studies() throws {
    try withTemporaryFolder { folder in
      let corpus = try toyCorpus(
        folder.appendingPathComponent("c"),
        [
          toyRecording("shhs1-200001", subject: "200001"), toyRecording("shhs2-200001", subject: "200001"),
          toyRecording("mesa-sleep-0001", subject: "0001"), toyRecording("mesa-sleep-0012", subject: "0012"),
          toyRecording("mesa-sleep-12", subject: "12"),
        ])
      let file = folder.appendingPathComponent("test.txt")
      for (name, subject) in [
        ("200001", "200001"), ("shhs2-200001", "200001"), ("SHHS1-200001", "200001"), ("1", "0001"),
        ("mesa-sleep-0001", "0001"), ("12", "12"), ("0012", "0012"),
      ] {
        try name.write(to: file, atomically: true, encoding: .utf8)
        #expect(try SubjectList(contentsOf: file, in: corpus.index).subjects == [Subject(subject)], "\(name)")
      }
      // Two people could be meant.
      try "0001, 012\n".write(to: file, atomically: true, encoding: .utf8)
      #expect(try SubjectList(contentsOf: file, in: corpus.index).absent == ["012"])
    }
  }
}
