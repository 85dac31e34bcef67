import Corpora
import Foundation
import SleepCore
import TestSupport
import Testing

@Suite("Label budgets")
struct LabelBudgetTests {
  private func withCorpus(_ body: (Corpus) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let labels: [Int8] = (0..<40).map { $0 < 10 ? -1 : 2 }
      try body(
        toyCorpus(
          folder,
          (1...4).flatMap { person in
            ["a", "b"].map { toyRecording("\(person)\($0)", subject: "\(person)", windows: 40, labels: labels) }
          }))
    }
  }

  @Test("Each budget takes what it says, and of scored windows alone")
  func sizes() throws {
    try withCorpus { corpus in
      let people = Array(corpus.subjects.prefix(3))
      for (budget, subjects, windows) in [
        (LabelBudget.all, 3, 180), (.subjects(2), 2, 120), (.windowShare(0.1), 3, 18),
        (.windowShare(0.0001), 3, 3), (.minutesPerSubject(5), 3, 30), (.minutesPerSubject(1000), 3, 180),
      ] {
        let labelled = try budget.labelledWindows(of: corpus, subjects: people, fold: 0, seed: 1)
        #expect(labelled.subjects.count == subjects, "\(budget.name)")
        #expect(labelled.count == windows, "\(budget.name)")
        #expect(!labelled.contains(recording: "1a", window: 3))
        #expect(!labelled.contains(recording: "4a", window: 20))
      }
    }
  }

  @Test(
    "A larger budget holds the smaller one",
    arguments: [
      [LabelBudget.subjects(1), .subjects(2), .subjects(3)], [.windowShare(0.05), .windowShare(0.2), .windowShare(1)],
      [.minutesPerSubject(1), .minutesPerSubject(7)],
    ])
  func nested(budgets: [LabelBudget]) throws {
    try withCorpus { corpus in
      let chosen = try budgets.map { try $0.labelledWindows(of: corpus, subjects: corpus.subjects, fold: 2, seed: 5) }
      for (small, large) in zip(chosen, chosen.dropFirst()) {
        #expect(small.count < large.count)
        for (recording, flags) in small.flags {
          for window in flags.indices where flags[window] {
            #expect(large.contains(recording: recording, window: window))
          }
        }
      }
    }
  }

  @Test("The choice depends on seed and fold, and on nothing else")
  func deterministic() throws {
    try withCorpus { corpus in
      let budget = LabelBudget.windowShare(0.2)
      let one = try budget.labelledWindows(of: corpus, subjects: corpus.subjects, fold: 0, seed: 1)
      #expect(try budget.labelledWindows(of: corpus, subjects: corpus.subjects.reversed(), fold: 0, seed: 1) == one)
      #expect(try budget.labelledWindows(of: corpus, subjects: corpus.subjects, fold: 1, seed: 1) != one)
      #expect(try budget.labelledWindows(of: corpus, subjects: corpus.subjects, fold: 0, seed: 2) != one)
    }
  }

  @Test("A budget that cannot be met is refused")
  func refused() throws {
    try withCorpus { corpus in
      for (budget, message) in [
        (
          LabelBudget.subjects(9),
          "found the label budget 9 subjects, expected 1 to 4 training subjects: change 'comparison.budgets' in the recipe"
        ),
        (
          .windowShare(1.5),
          "found the label budget 150 % of windows, expected a share above 0 % and up to 100 %: change 'comparison.budgets' in the recipe"
        ),
        (
          .minutesPerSubject(0),
          "found the label budget 0 min a subject, expected minutes above 0: change 'comparison.budgets' in the recipe"
        ),
      ] {
        let error = #expect(throws: CorpusError.self) {
          try budget.labelledWindows(of: corpus, subjects: corpus.subjects, fold: 0, seed: 1)
        }
        #expect(error.map(words) == message)
      }
    }
  }
}
