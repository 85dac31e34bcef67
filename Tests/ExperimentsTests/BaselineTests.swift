import Corpora
import Downstream
import Experiments
import Foundation
import SleepCore
import TestSupport
import Testing

@Suite("Baselines")
struct BaselineTests {
  private func withSources(
    labels: [String: [Int8]] = [:], windows: Int = 12,
    _ body: (_ training: WindowSource, _ test: WindowSource) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder, labels: labels, windows: windows)
      func source(_ people: [String]) throws -> WindowSource {
        try WindowSource(
          corpus, sensors: [.heartRate], subjects: people.map { Subject($0) }, scheme: .wakeNREMREM)
      }
      try body(source(["p1", "p2"]), source(["p5"]))
    }
  }

  @Test("Majority is always the commonest class of the training people")
  func majority() throws {
    try withSources { training, test in
      // Stages 0 0 0 2 2 2 2 2 2 4 4 4.
      let prediction = try #require(try MajorityBaseline(training).predictions(test).first)
      #expect(prediction.classes == [Int8](repeating: 1, count: 12))
      #expect(prediction.recording == "night-p5")
    }
  }

  @Test("The chain gives what most often followed the window before, and begins as recordings begin")
  func previous() throws {
    // From wake comes N2, from N2 REM, from REM wake; an unscored window ends what is known.
    let cycle: [Int8] = [0, 2, 4, 0, 2, 4, 0, 2, -1, 0, 2, 4]
    let test: [Int8] = [4, 0, -1, 2, 2, 4, 0, 0, 2, 4, 0, 2]
    try withSources(labels: ["p1": cycle, "p2": cycle, "p5": test]) { training, source in
      let prediction = try #require(
        try PreviousLabelBaseline(training, classes: 3).predictions(source).first)
      #expect(prediction.classes == [0, 0, 1, 1, 2, 2, 0, 1, 1, 2, 0, 1])
    }
  }

  @Test("The clock finds the half of the night")
  func clock() throws {
    let halves = (0..<480).map { Int8($0 < 240 ? 0 : 2) }
    try withSources(labels: ["p1": halves, "p2": halves, "p5": halves], windows: 480) { training, test in
      let clock = try LogisticBaseline(.clock, training: training, classes: 3, seed: 1)
      let prediction = try #require(try clock.predictions(test).first)
      let right = zip(prediction.classes, prediction.truth).count { $0 == $1 }
      #expect(right > 440)
    }
  }

  @Test("Logistic regression on plain features beats the majority where the windows tell")
  func logistic() throws {
    try withSources(windows: 48) { training, test in
      func accuracy(_ model: some BaselineModel) throws -> Double {
        let prediction = try #require(try model.predictions(test).first)
        return Double(zip(prediction.classes, prediction.truth).count { $0 == $1 }) / 48
      }
      let majority = try accuracy(MajorityBaseline(training))
      let logistic = try accuracy(LogisticBaseline(.plain, training: training, classes: 3, seed: 1))
      #expect(majority == 0.5)
      #expect(logistic > 0.9)
    }
  }
}
