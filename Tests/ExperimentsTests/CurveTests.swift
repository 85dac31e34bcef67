import Corpora
import Experiments
import Figures
import Foundation
import Metrics
import NumPy
import SleepCore
import TestSupport
import Testing
import Training

@Suite("Curves of predicted probabilities")
struct CurveTests {
  /// The area of one person's curve, from the files that the runs left.
  private func area(_ corpus: Corpus, _ recording: String, _ folder: URL, of index: Int, classes: Int) throws -> Double?
  {
    let scheme = LabelScheme.wakeNREMREM
    let position = try #require(corpus.position(of: recording))
    let probabilities = try ToyStudy.probabilities(folder.appendingPathComponent("\(recording).csv"))
    let truth = corpus.labels(recording: position).map { Int(scheme.classIndex(ofStored: $0)) == index }
    #expect(probabilities.count == truth.count * classes)
    let scores = truth.indices.map { Double(probabilities[$0 * classes + index]) }
    return ROCCurve(scores: scores, truth: truth)?.area
  }

  @Test("A comparison keeps the probabilities of each cell and draws each arm; areas are means over subjects and seeds")
  func comparison() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe {
        $0.comparison.arms = [.scratch, .majority]
        $0.comparison.budgets = ["all"]
        $0.comparison.curves = true
      }
      var options = Comparison.Options()
      options.silent = true
      let out = folder.appendingPathComponent("compare")
      let (run, table) = try Comparison(recipe, corpora: [corpus], options: options).run(out: out)
      // A baseline has classes but no probabilities.
      #expect(table.rankings.map(\.arm) == ["scratch"])
      #expect(table.rankings[0].classes.map(\.name) == ["W", "NREM", "REM"])

      let split = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: run.folds.path)
      for (index, ranking) in table.rankings[0].classes.enumerated() {
        var areas: [Double] = []
        for (number, fold) in split.folds.enumerated() {
          for person in fold.test {
            for seed in 0..<2 {
              let cell = out.appendingPathComponent("cells/scratch-all-fold\(number)-seed\(seed)")
              areas.append(
                try #require(try area(corpus, "night-\(person.id)", cell, of: index, classes: 3)))
            }
          }
        }
        #expect(areas.count == 10 && ranking.subjects == 5)
        expectClose([ranking.rocArea.value ?? -1], [areas.reduce(0, +) / 10], absolute: 1e-12)
        #expect(ranking.rocArea.interval != nil && (ranking.averagePrecision.value ?? 0) > 0)
        expectClose([ranking.share], [[0.25, 0.5, 0.25][index]], absolute: 1e-12)
      }
      #expect(table.text.contains("scratch, all: curves of each subject\nclass against the rest"))
      if (try? Gnuplot()) != nil {
        for name in ["roc-scratch.png", "precision-recall-scratch.png"] {
          #expect(try Data(contentsOf: out.appendingPathComponent(name)).count > 10_000)
        }
      }
      // Nothing is done again, and what is read again is the same.
      let again = try Comparison(recipe, corpora: [corpus], options: options).run(out: out).table
      #expect(again.rankings[0].classes.map(\.rocArea) == table.rankings[0].classes.map(\.rocArea))
    }
  }

  @Test("Fine-tuning leaves the curves of its test subjects, and evaluation draws them where it is told to")
  func run() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let (run, _) = try FineTuningRun.run(
        ToyStudy.recipe { $0.labels = "wake-sleep" }, corpus: corpus, initial: nil,
        out: folder.appendingPathComponent("run"), silent: true)
      let text = try String(contentsOf: run.file("curves/areas.txt"), encoding: .utf8)
      // Of two classes one says all.
      #expect(text.contains("\nW ") && !text.contains("\nSleep "))
      let places = [run.file("curves"), folder.appendingPathComponent("curves")]
      _ = try EvaluationRun.run(
        run, corpus: corpus, curves: places[1], out: folder.appendingPathComponent("evaluation"))
      let areas = try places.map { try Data(contentsOf: $0.appendingPathComponent("areas.json")) }
      #expect(areas[0] == areas[1])
      if (try? Gnuplot()) != nil {
        for place in places {
          #expect(try Data(contentsOf: place.appendingPathComponent("precision-recall.png")).count > 5000)
        }
      }
    }
  }
}
