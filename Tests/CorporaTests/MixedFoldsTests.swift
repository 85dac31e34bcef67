import Corpora
import Foundation
import SleepCore
import TestSupport
import Testing

@Suite("Folds that mix people")
struct MixedFoldsTests {
  /// Four people with as many nights as given, of 20 windows each.
  private func withCorpus(nights: Int = 2, _ body: (Corpus) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try body(
        toyCorpus(
          folder,
          ["A", "B", "C", "D"].enumerated().flatMap { (number: Int, person: String) in
            (0..<nights).map {
              toyRecording("\(person)\($0)", subject: person, windows: 20, first: Float(number * 10 + $0))
            }
          }))
    }
  }

  @Test("Each window is tested in one fold, and stands in one part of each", arguments: MixedFolds.Unit.allCases)
  func everyWindowOnce(unit: MixedFolds.Unit) throws {
    try withCorpus { corpus in
      let folds = try MixedFolds(corpus, subjects: corpus.subjects, unit: unit, count: 4, seed: 3)
      var tested: [String: [Int]] = [:]
      for fold in 0..<4 {
        let parts = folds.parts(of: fold, validationShare: 0.25)
        for recording in corpus.recordings {
          let flags = try Part.allCases.map { try #require(parts[$0]?.flags[recording.id]) }
          for window in 0..<20 {
            #expect(flags.count { $0[window] } == 1)
            if flags[2][window] { tested[recording.id, default: []].append(window) }
          }
          // A night stays whole.
          if unit == .night { #expect(flags.allSatisfy { Set($0).count == 1 }) }
        }
        #expect(parts[.test]?.count == 40)
        #expect(parts[.validation]?.count == (unit == .night ? 40 : 32))
        #expect(parts[.train]?.subjects == corpus.subjects)
        #expect(try MixedFolds(corpus, subjects: corpus.subjects, unit: unit, count: 4, seed: 3) == folds)
        #expect(try MixedFolds(corpus, subjects: corpus.subjects, unit: unit, count: 4, seed: 4) != folds)
      }
      #expect(tested.count == 8 && tested.values.allSatisfy { $0.sorted() == Array(0..<20) })
      #expect(folds.parts(of: 0, validationShare: 0)[.validation]?.count == 0)
    }
  }

  @Test("Only the recordings and people asked for are divided")
  func some() throws {
    try withCorpus { corpus in
      let folds = try MixedFolds(
        corpus, subjects: [Subject("A"), Subject("B")], unit: .window, count: 2, seed: 1, where: { $0.id != "B1" })
      #expect(folds.subjects == [Subject("A"), Subject("B")])
      let test = folds.parts(of: 0, validationShare: 0.2)[.test]
      #expect(test?.flags.keys.sorted() == ["A0", "A1", "B0"])
      #expect(test?.count == 30)
    }
  }

  @Test("Nights that cannot be divided are refused with what there is")
  func refused() throws {
    try withCorpus(nights: 1) { corpus in
      let error = try #require(throws: CorpusError.self) {
        _ = try MixedFolds(corpus, subjects: corpus.subjects, unit: .night, count: 2, seed: 1)
      }
      #expect(
        words(of: error)
          == "\(corpus.path): found one recording of each person, expected several of some: folds by night are folds by person here: change 'shortcuts.folds' in the recipe"
      )
    }
    try withCorpus { corpus in
      let error = try #require(throws: CorpusError.self) {
        _ = try MixedFolds(corpus, subjects: corpus.subjects, unit: .night, count: 9, seed: 1)
      }
      #expect(
        words(of: error)
          == "\(corpus.path): found 8 recordings, expected at least 9, one for each fold: change 'shortcuts.folds' in the recipe"
      )
    }
  }

  @Test("Windows become the stretches that an auditor compares")
  func claims() {
    let windows = LabelledWindows(
      flags: ["b": [true, true, false, true], "a": [false, true]], subjects: [Subject("A")])
    #expect(
      windows.claims(.train) == [
        WindowClaim(recording: "a", windows: 1..<2, part: .train),
        WindowClaim(recording: "b", windows: 0..<2, part: .train),
        WindowClaim(recording: "b", windows: 3..<4, part: .train),
      ])
  }

  @Test("A budget takes windows of the training part alone, and unscored ones only where it is told to")
  func budget() throws {
    try withTemporaryFolder { folder in
      let labels: [Int8] = (0..<20).map { $0 < 5 ? -1 : 2 }
      let corpus = try toyCorpus(
        folder,
        ["A", "B"].map { toyRecording($0, windows: 20, first: $0 == "A" ? 0 : 500, labels: labels) })
      let allowed = LabelledWindows(
        flags: ["A": (0..<20).map { $0 % 2 == 0 }, "B": [Bool](repeating: false, count: 20)], subjects: corpus.subjects)
      func windows(_ withUnscored: Bool) throws -> [Int] {
        let labelled = try LabelBudget.all.labelledWindows(
          of: corpus, subjects: corpus.subjects, fold: 0, seed: 1, among: allowed, withUnscored: withUnscored)
        #expect(labelled.flags["B"]?.contains(true) == false)
        return (0..<20).filter { labelled.contains(recording: "A", window: $0) }
      }
      #expect(try windows(false) == [6, 8, 10, 12, 14, 16, 18])
      #expect(try windows(true) == Array(stride(from: 0, to: 20, by: 2)))
    }
  }
}

@Suite("What an auditor lets through")
struct AllowanceTests {
  private let split = Split(
    scheme: "2-fold", seed: 0,
    folds: [Fold(train: [Subject("A"), Subject("C")], validation: [Subject("B")], test: [Subject("C"), Subject("D")])])

  private func withIndex(_ body: (CorpusIndex) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try body(
        toyCorpus(
          folder,
          ["A", "B", "C", "D"].enumerated().map { (number: Int, person: String) in
            toyRecording("night-\(person)", subject: person, first: Float(number + 1))
          }
        ).index)
    }
  }

  private func seen(_ what: String, _ people: [String]) -> Provenance {
    Provenance(what, population: "toy", subjects: people.map { Subject($0) })
  }

  /// Each check, what it asks about, and which allowances let it through.
  @Test("Each allowance lets through its own, in words, and everything else is refused")
  func each() throws {
    try withIndex { index in
      func check(_ allowance: Allowance, _ kind: String) throws -> String? {
        let auditor = SplitAuditor(split, of: index, allowing: allowance)
        return switch kind {
        case "training": try auditor.audit(training: seen("the recogniser", ["A", "C"]), fold: 0)
        case "selection": try auditor.audit(selection: seen("the epoch", ["C", "D"]), fold: 0)
        default: try auditor.audit(normalisation: seen("the scaling", ["C"]), fold: 0)
        }
      }
      let (trained, chosen, fitted) = (
        "fold 0: the recogniser was trained with labels of test subject C",
        "fold 0: the epoch was chosen on test subjects C and D", "fold 0: the scaling was fitted on test subject C"
      )
      let passing: [(allowance: Allowance, kind: String, words: String?)] = [
        ([], "training", nil), (.labels, "training", trained), (.people, "training", trained),
        (.selection, "training", nil), ([], "selection", nil), (.selection, "selection", chosen),
        (.people, "selection", chosen), (.labels, "selection", nil), ([], "normalisation", nil),
        (.labels, "normalisation", fitted), (.people, "normalisation", fitted), (.selection, "normalisation", nil),
      ]
      for (allowance, kind, expected) in passing {
        if let expected {
          let told = try check(allowance, kind)
          #expect(told == expected)
        } else {
          #expect(throws: Leak.self) { _ = try check(allowance, kind) }
        }
      }
      // What an allowance does not concern is refused all the same.
      let auditor = SplitAuditor(split, of: index, allowing: [.people, .labels, .selection])
      #expect(throws: Leak.self) {
        try auditor.audit(pretraining: seen("the encoder", ["C"]), fold: 0, transductive: false)
      }
      #expect(throws: Leak.self) { try auditor.auditFolds() }
      #expect(throws: Leak.self) {
        try auditor.audit(
          claims: [
            WindowClaim(recording: "night-A", windows: 0..<4, part: .train),
            WindowClaim(recording: "night-A", windows: 3..<5, part: .test),
          ], fold: 0)
      }
    }
  }

  @Test("A night that stands in two parts under two names is found by its content")
  func contents() throws {
    try withTemporaryFolder { folder in
      let index = try toyCorpus(
        folder, [("A1", Float(1)), ("A2", 5), ("A3", 1)].map { toyRecording($0, subject: "A", first: $1) }
      ).index
      let auditor = SplitAuditor(split, of: index, allowing: .people)
      func claims(_ parts: [Part]) -> [WindowClaim] {
        zip(["A1", "A2", "A3"], parts).map { WindowClaim(recording: $0, windows: 0..<6, part: $1) }
      }
      try auditor.audit(contentsOf: claims([.train, .test, .train]), fold: 0)
      let leak = #expect(throws: Leak.self) {
        try auditor.audit(contentsOf: claims([.train, .train, .test]), fold: 0)
      }
      #expect(
        leak.map(words)
          == "fold 0: found the same heart-rate in A1 and A3, which stand in train and test, expected different recordings: is one person here under two names?"
      )
    }
  }
}
