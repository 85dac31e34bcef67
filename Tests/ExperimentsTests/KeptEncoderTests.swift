import Experiments
import Foundation
import Tensors
import TestSupport
import Testing
import Training
import Upstream

@Suite("The encoder that a pretraining keeps")
struct KeptEncoderTests {
  private func recipe(_ epochs: Int, best: Bool) throws -> Recipe {
    try ToyStudy.recipe {
      $0.pretraining.epochs = epochs
      $0.pretraining.keep = best ? .best : .last
      $0.pretraining.optimization.schedule = .constant
      $0.pretraining.optimization.learningRate = 0.02
    }
  }

  private func weights(_ url: URL) throws -> [String: [Float]] {
    let file = try SafetensorsFile(url)
    return try Dictionary(
      uniqueKeysWithValues: file.entries.keys.map { ($0, try file.tensor($0).to(.float32).values(Float.self)) })
  }

  @Test(
    "The best epoch by the probe is kept, and the last one beside it: each is what a training of so many epochs gives")
  func best() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      func pretrain(_ recipe: Recipe, _ name: String) throws -> RunFolder {
        try PretrainingRun.run(
          recipe, corpora: [corpus], out: folder.appendingPathComponent(name), silent: true)
      }
      let run = try pretrain(recipe(5, best: true), "best")
      let kappas = try MetricsHistory(of: run).epochs.map { try #require($0["probe/logistic regression"]) }
      let highest = try #require(kappas.max())
      let epoch = try #require(kappas.firstIndex(of: highest))
      // Otherwise it would be the last one's in any case.
      try #require(epoch < 4)
      #expect(try weights(run.encoder) == weights(pretrain(recipe(epoch + 1, best: false), "so long").encoder))
      let plain = try pretrain(recipe(5, best: false), "last")
      #expect(try weights(run.lastEncoder) == weights(plain.encoder))
      #expect(!FileManager.default.fileExists(atPath: plain.lastEncoder.path))
      #expect(
        try String(contentsOf: run.report, encoding: .utf8).contains(
          "kept in encoder.safetensors: epoch \(epoch + 1) of 5, chosen by the labels of the validation people (the probe's logistic "
            + "regression, kappa \(String(format: "%.3f", highest))); the last epoch, of which the numbers below are, is in encoder-last.safetensors\n"
        ))
      #expect(try !String(contentsOf: plain.report, encoding: .utf8).contains("kept"))
      for (name, initial) in [("of best", run.url), ("of last", run.lastEncoder)] {
        try FineTuningRun.run(
          recipe(5, best: true), corpus: corpus, initial: initial, frozen: true,
          out: folder.appendingPathComponent(name),
          silent: true)
        let tuned = try weights(folder.appendingPathComponent("\(name)/model.safetensors"))
        let encoder = try weights(name == "of best" ? run.encoder : run.lastEncoder)
        #expect(encoder.allSatisfy { tuned[$0.key] == $0.value })
      }
    }
  }

  @Test("Stopped all the time, the same epochs are kept, bit for bit")
  func stopped() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      func pretrain(_ name: String) throws -> RunFolder {
        try PretrainingRun.run(
          recipe(4, best: true), corpora: [corpus], out: folder.appendingPathComponent(name), silent: true)
      }
      let whole = try pretrain("whole")
      var stops = 0
      while stops < 100 {
        do {
          try Interruption.$rehearsal.withValue(.init(after: 3)) { _ = try pretrain("stopped") }
          break
        } catch is Interrupted { stops += 1 }
      }
      let run = try RunFolder(existing: folder.appendingPathComponent("stopped"))
      #expect((1..<100).contains(stops))
      #expect(try Data(contentsOf: run.encoder) == Data(contentsOf: whole.encoder))
      #expect(try Data(contentsOf: run.lastEncoder) == Data(contentsOf: whole.lastEncoder))
    }
  }

  @Test("Where nobody's labels may choose an epoch, that is refused")
  func refused() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      var open = try recipe(2, best: true)
      open.transductive = true
      let error = #expect(throws: RecipeError.self) {
        try PretrainingRun.run(open, corpora: [corpus], out: folder.appendingPathComponent("run"), silent: true)
      }
      #expect(
        error.map(words)
          == "toy: 'pretraining.keep' is best, and there are no validation people with labels to choose the epoch on, expected last, or "
          + "'labels' that a corpus has, 'split.validation' above 0 and no 'transductive'")
      var options = Comparison.Options()
      options.silent = true
      let comparison = try Comparison(recipe(2, best: true), corpora: [corpus], options: options)
      let other = #expect(throws: RecipeError.self) {
        _ = try comparison.run(out: folder.appendingPathComponent("compare"))
      }
      #expect(
        other.map(words)
          == "toy: the arm 'frozen' with 'pretraining.keep' of best, which reads the labels of people whose labels a budget may hide, "
          + "expected last: a comparison's encoders see no label")
    }
  }
}
