import Corpora
import Experiments
import Foundation
import Metrics
import SleepCore
import TestSupport
import Testing

@Suite("Labels saved")
struct LabelsSavedTests {
  private let split = Split(
    scheme: "2-fold", seed: 1,
    folds: (0..<2).map { _ in Fold(train: (0..<8).map { Subject("t\($0)") }, validation: [], test: []) })

  /// What everyone reaches from scratch with 1, 2, 4 and 8 people, and pretrained with 1; each person a little above or below.
  private func saved(
    _ scratch: [Double], pretrained: Double, budgets: [String] = ["1 subject", "2 subjects", "4 subjects", "all"]
  )
    -> LabelsSaved?
  {
    let question = Question("frozen - scratch", among: [.scratch, .frozen])
    return question.flatMap {
      LabelsSaved($0, budgets: budgets, split: split, seed: 1) { arm, budget in
        let value = arm == "frozen" ? pretrained : scratch[budgets.firstIndex(of: budget) ?? 0]
        return Dictionary(uniqueKeysWithValues: (0..<6).map { (Subject("p\($0)"), value + [-0.02, 0.02, 0][$0 % 3]) })
      }
    }
  }

  @Test(
    "One labelled person is worth as many from scratch as reach the same, half-way between 2 and 4 at their geometric mean"
  )
  func worth() throws {
    let found = try #require(saved([0.5, 0.6, 0.7, 0.8], pretrained: 0.65))
    expectClose([found.worth], [sqrt(8)], relative: 1e-12)
    #expect(found.people == 1 && found.measured == Interval(lower: 1, upper: 8))
    // Everyone moves alike in both arms, so that whoever is drawn says the same.
    let interval = try #require(found.interval)
    expectClose([interval.lower, interval.upper], [sqrt(8), sqrt(8)], relative: 1e-9)
    #expect(
      found.text
        == "Labels saved: 1 labelled person with frozen is worth 2.8 with scratch (95 % 2.8 to 2.8).")
  }

  @Test("Nothing is read off beyond the curve")
  func ends() throws {
    let above = try #require(saved([0.5, 0.6, 0.7, 0.8], pretrained: 0.9))
    #expect(
      above.text
        == "Labels saved: 1 labelled person with frozen is worth 8.0 or more with scratch (95 % 8.0 or more to 8.0 or more)."
    )
    let below = try #require(saved([0.5, 0.6, 0.7, 0.8], pretrained: 0.4))
    #expect(below.worth == 1 && below.text.contains("is worth 1.0 or fewer with scratch"))
  }

  @Test("A curve that falls between is made to rise by the mean of its neighbours")
  func falling() throws {
    let curve = try #require(RisingCurve(amounts: [1, 2, 4, 8], values: [0.5, 0.7, 0.6, 0.8]))
    // 2 and 4 are at 0.65 together: half-way to it from 0.5 is half-way from 1 to 2.
    expectClose([curve.amount(reaching: 0.575)], [sqrt(2)], relative: 1e-12)
    expectClose([curve.amount(reaching: 0.725)], [sqrt(32)], relative: 1e-12)
    #expect(curve.amount(reaching: 0.1) == 1 && curve.amount(reaching: 2) == 8)
    #expect(RisingCurve(amounts: [1], values: [0.5]) == nil)
    #expect(RisingCurve(amounts: [2, 1], values: [0.5, 0.6]) == nil)
    #expect(RisingCurve(amounts: [1, 2], values: [0.5, .nan]) == nil)
  }

  @Test("Budgets that count no people, and one number of people alone, say nothing")
  func silence() {
    #expect(saved([0.5, 0.6], pretrained: 0.7, budgets: ["10 % of windows", "20 % of windows"]) == nil)
    #expect(saved([0.5], pretrained: 0.7, budgets: ["2 subjects"]) == nil)
  }
}
