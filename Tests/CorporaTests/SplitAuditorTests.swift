import Corpora
import Foundation
import SleepCore
import TestSupport
import Testing

@Suite("The split auditor")
struct SplitAuditorTests {
  private let clean = Split(
    scheme: "2-fold", seed: 0,
    folds: [
      Fold(train: [Subject("A")], validation: [Subject("B")], test: [Subject("C"), Subject("D")]),
      Fold(train: [Subject("C")], validation: [Subject("D")], test: [Subject("A"), Subject("B")]),
    ])

  /// Audits a split of the people A, B, C and D, each with a recording of other values; of `copies` with equal ones.
  private func audit(_ split: Split, copies: Set<String> = [], _ body: (SplitAuditor) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let corpus = try toyCorpus(
        folder,
        ["A", "B", "C", "D"].enumerated().map { index, person in
          toyRecording("night-\(person)", subject: person, first: copies.contains(person) ? 0 : Float(index + 1))
        })
      try body(SplitAuditor(split, of: corpus.index))
    }
  }

  @Test("A clean split passes")
  func passes() throws {
    try audit(clean) { auditor in
      try auditor.auditFolds()
      let training = Provenance("the scaling", population: "toy", subjects: [Subject("A")])
      try auditor.audit(normalisation: training, fold: 0)
      try auditor.audit(selection: Provenance("the epoch", population: "toy", subjects: [Subject("B")]), fold: 0)
      #expect(try auditor.audit(pretraining: training, fold: 0, transductive: false) == nil)
    }
  }

  @Test("Weights that were trained with the labels of test people are found, whatever a recipe allows of pretraining")
  func labels() throws {
    try audit(clean) { auditor in
      let weights = Provenance("earlier.safetensors", population: "toy", subjects: ["B", "C", "D"].map { Subject($0) })
      let leak = #expect(throws: Leak.self) { try auditor.audit(training: weights, fold: 0) }
      #expect(
        leak.map(words)
          == "fold 0: found that earlier.safetensors was trained with the labels of test subjects C and D, expected none of them: test on those that it was tested on, or begin with another"
      )
      try auditor.audit(training: Provenance("other", population: "elsewhere", subjects: [Subject("C")]), fold: 0)
    }
  }

  @Test("A test recording that was read under another name, in another population, is found by its content")
  func content() throws {
    try withTemporaryFolder { folder in
      let corpus = try toyCorpus(
        folder.appendingPathComponent("one"),
        ["A", "B", "C", "D"].enumerated().map { (index: Int, person: String) in
          toyRecording("night-\(person)", subject: person, first: Float(index + 1))
        })
      // C's night again, as a stranger's of another data set.
      let other = try toyCorpus(
        folder.appendingPathComponent("two"), dataset: "elsewhere",
        [toyRecording("x", subject: "S7", first: 3), toyRecording("y", subject: "S8", first: 9)])
      let auditor = SplitAuditor(clean, of: corpus.index)
      func read(_ subjects: [String]) throws -> Provenance {
        Provenance(
          "the encoder",
          reading: [try WindowSource(other, sensors: [.heartRate], subjects: subjects.map { Subject($0) })])
      }
      try auditor.audit(pretraining: read(["S8"]), fold: 0, transductive: false)
      let leak = #expect(throws: Leak.self) {
        try auditor.audit(pretraining: read(["S7", "S8"]), fold: 0, transductive: false)
      }
      #expect(
        leak.map(words)
          == "fold 0: found that the encoder saw the test recording night-C under another name, expected none: people of two data sets who are the same need one 'population' in both cards"
      )
      // In the other fold C is trained on.
      try auditor.audit(pretraining: read(["S7"]), fold: 1, transductive: false)
    }
  }

  @Test("People of one population are the same, whatever the data set is called; provenance is of what was read")
  func populations() throws {
    try withTemporaryFolder { folder in
      let corpus = try toyCorpus(
        folder.appendingPathComponent("one"),
        ["A", "B", "C", "D"].enumerated().map { (index: Int, person: String) in
          toyRecording("night-\(person)", subject: person, first: Float(index + 1))
        })
      let writer = try CorpusWriter(
        folder.appendingPathComponent("two"), dataset: "toy-again", population: "toy", labels: .stages)
      try writer.write(toyRecording("again", subject: "D", first: 20))
      try writer.write(toyRecording("new", subject: "E", first: 30))
      let again = try writer.finish()
      let seen = Provenance("the encoder", reading: [try WindowSource(again, sensors: [.heartRate])])
      #expect(seen.subjects == ["toy": [Subject("D"), Subject("E")]])
      let leak = #expect(throws: Leak.self) {
        try SplitAuditor(clean, of: corpus.index).audit(pretraining: seen, fold: 0, transductive: false)
      }
      #expect(leak == .pretraining(what: "the encoder", subjects: [Subject("D")], fold: 0))
    }
  }

  @Test("A subject in two parts of a fold is found")
  func sharedSubject() throws {
    var split = clean
    split.folds[1].validation.append(Subject("A"))
    try audit(split) { auditor in
      let leak = #expect(throws: Leak.self) { try auditor.auditFolds() }
      #expect(
        leak.map(words) == "fold 1: found subject A in validation and test, expected each person in one part")
    }
  }

  @Test("A subject that two folds test on is found")
  func testedTwice() throws {
    var split = clean
    split.folds[1].train = []
    split.folds[1].test.append(Subject("C"))
    try audit(split) { auditor in
      let leak = #expect(throws: Leak.self) { try auditor.auditFolds() }
      #expect(
        leak.map(words)
          == "folds 0 and 1: found subject C in the test part of each, expected each person to be tested on once")
    }
  }

  @Test("Windows that two parts share are found, also by one window of context")
  func overlap() throws {
    try audit(clean) { auditor in
      try auditor.audit(
        claims: [
          WindowClaim(recording: "night-A", windows: 0..<10, part: .train),
          WindowClaim(recording: "night-A", windows: 10..<20, part: .test),
          WindowClaim(recording: "night-A", windows: 5..<9, part: .train),
          WindowClaim(recording: "night-B", windows: 10..<20, part: .train),
        ], fold: 0)
      let leak = #expect(throws: Leak.self) {
        try auditor.audit(
          claims: [
            WindowClaim(recording: "night-A", windows: 9..<20, part: .test),
            WindowClaim(recording: "night-A", windows: 0..<10, part: .train),
            WindowClaim(recording: "night-A", windows: 2..<4, part: .train),
          ], fold: 1)
      }
      #expect(
        leak.map(words)
          == "fold 1: found windows 9 to 9 of night-A in train and test, expected each window in one part")
    }
  }

  @Test("One recording under two names is found when it stands in two parts")
  func sameContent() throws {
    try audit(clean, copies: ["A", "C"]) { auditor in
      let leak = #expect(throws: Leak.self) { try auditor.auditFolds() }
      #expect(
        leak.map(words)
          == "fold 0: found the same heart-rate in night-A and night-C, which stand in train and test, expected different recordings: is one person here under two names?"
      )
    }
    try audit(clean, copies: ["C"]) { try $0.auditFolds() }
  }

  @Test("A statistic that was fitted on the test part is found")
  func normalisation() throws {
    try audit(clean) { auditor in
      let leak = #expect(throws: Leak.self) {
        let all = ["A", "B", "C", "D"].map { Subject($0) }
        try auditor.audit(normalisation: Provenance("the min-max scaling", population: "toy", subjects: all), fold: 0)
      }
      #expect(
        leak.map(words)
          == "fold 0: found that the min-max scaling was fitted on test subjects C and D, expected training subjects alone"
      )
    }
  }

  @Test("A model that was chosen on the test part is found")
  func selection() throws {
    try audit(clean) { auditor in
      let leak = #expect(throws: Leak.self) {
        try auditor.audit(selection: Provenance("the epoch", population: "toy", subjects: clean.folds[1].test), fold: 1)
      }
      #expect(
        leak.map(words)
          == "fold 1: found that the epoch was chosen on test subjects A and B, expected validation subjects alone")
    }
  }

  @Test("An encoder that was pretrained on test people is found, unless the recipe allows it")
  func pretraining() throws {
    let seen = Provenance(
      "the encoder of runs/1", subjects: ["toy": [Subject("A"), Subject("D")], "other": [Subject("C")]])
    try audit(clean) { (auditor: SplitAuditor) throws in
      let leak = #expect(throws: Leak.self) { try auditor.audit(pretraining: seen, fold: 0, transductive: false) }
      #expect(
        leak.map(words)
          == "fold 0: found that the encoder of runs/1 was pretrained on test subjects D, expected none of them; 'transductive: true' in the recipe allows it, and the table says so"
      )
      let note = try auditor.audit(pretraining: seen, fold: 0, transductive: true)
      #expect(
        note
          == "transductive: the encoder of runs/1 was pretrained on 1 test subject of fold 0, without labels")
    }
  }

  @Test("A split of another data set's people is found")
  func unknown() throws {
    var split = clean
    split.folds[0].train.append(Subject("Z"))
    try audit(split) { auditor in
      let leak = #expect(throws: Leak.self) { try auditor.auditFolds() }
      #expect(leak.map(words) == "fold 0: found subject Z in train, expected one of the people of toy")
    }
  }
}
