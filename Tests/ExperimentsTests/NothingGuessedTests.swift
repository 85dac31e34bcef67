import Metrics
import Corpora
import Experiments
import Foundation
import Preparation
import SleepCore
import TestSupport
import Testing
import Training

@Suite("What stops a run before it trains")
struct StoppedRunTests {
  @Test(
    "A test person's night in a second corpus under another name and population stops pretraining, and nothing is left")
  func plantedContent() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe { $0.split.kind = .leaveOneSubjectOut }
      // p1 is tested on first; the same samples come again as somebody else's of another cohort.
      let writer = try CorpusWriter(
        folder.appendingPathComponent("copy"), dataset: "cohort", population: "cohort", labels: .stages)
      try writer.write(
        RecordingWindows(
          id: "x", subject: Subject("stranger"), labels: ToyStudy.stages(24),
          sensors: [
            SensorWindows(
              contract: try corpus.sensor(.heartRate), values: ToyStudy.samples("p1", windows: 24))
          ]))
      let copy = try writer.finish()
      let out = folder.appendingPathComponent("run")
      let leak = try #require(throws: Leak.self) {
        _ = try PretrainingRun.run(recipe, corpora: [corpus, copy], out: out, silent: true)
      }
      #expect(leak == .seenContent(what: "the encoder", recordings: ["night-p1"], fold: 0))
      #expect(!FileManager.default.fileExists(atPath: out.path))
      // The same stops a comparison before its first encoder is trained.
      var options = Comparison.Options()
      options.silent = true
      let compared = folder.appendingPathComponent("compare")
      let second = try #require(throws: Leak.self) {
        _ = try Comparison(
          ToyStudy.recipe { recipe in
            recipe.split.kind = .leaveOneSubjectOut
            recipe.comparison.arms = [.frozen]
          }, corpora: [corpus, copy], options: options
        ).run(out: compared)
      }
      #expect(second == leak)
      let cells = try FileManager.default.contentsOfDirectory(atPath: compared.appendingPathComponent("cells").path)
      #expect(cells.isEmpty)
    }
  }

  @Test("People of one population are left out of every corpus of it, whatever their data set is called")
  func populations() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let other = try ToyStudy.corpus(
        folder.appendingPathComponent("other"), dataset: "toy-again", population: "toy")
      let run = try PretrainingRun.run(
        ToyStudy.recipe { $0.split.kind = .leaveOneSubjectOut }, corpora: [corpus, other],
        out: folder.appendingPathComponent("run"), silent: true)
      let report = try String(contentsOf: run.report, encoding: .utf8)
      #expect(report.contains("left out of toy, as the recipe tests on them: p1\n"))
      #expect(report.contains("left out of toy-again, as the recipe tests on them: p1\n"))
    }
  }

  @Test("A split's file that is not there, or that names nobody, stops pretraining as it stops fine-tuning")
  func mistypedSplit() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let out = folder.appendingPathComponent("run")
      func refusal(_ file: String) throws -> String {
        let error = try #require(throws: CorpusError.self) {
          _ = try PretrainingRun.run(
            ToyStudy.recipe { ($0.split.kind, $0.split.file) = (.listed, file) }, corpora: [corpus], out: out,
            silent: true)
        }
        #expect(!FileManager.default.fileExists(atPath: out.path))
        return error.localizedDescription
      }
      let absent = folder.appendingPathComponent("tset.txt").path
      #expect(
        try refusal(absent)
          == "\(absent): found no text to read, expected a file of subjects, separated by commas or line ends")
      let list = folder.appendingPathComponent("list.txt")
      try Data("q1, q2\n".utf8).write(to: list)
      #expect(
        try refusal(list.path)
          == "\(list.path): found 2 subjects and none of them in toy, expected names such as p1, p2 and p3")
    }
  }

  @Test(
    "Data prepared with another setting is refused by evaluation and as a beginning, naming the key and both values")
  func otherPreparation() throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try ToyStudy.write(raw: raw)
      func prepare(_ name: String, _ change: (inout SensorPreprocessing) -> Void) throws -> Corpus {
        var card = ToyStudy.card
        if var settings = card.preprocessing.sensors[.heartRate] {
          change(&settings)
          card.preprocessing.sensors[.heartRate] = settings
        }
        return try Preparation(card: card).run(raw: raw, out: folder.appendingPathComponent(name))
      }
      let plain = try prepare("plain") { _ in }
      let clipped = try prepare("clipped") { $0.clip = 0.5 }
      let recipe = try ToyStudy.recipe()
      let run = try FineTuningRun.run(
        recipe, corpus: plain, initial: nil, out: folder.appendingPathComponent("run"), silent: true
      ).run
      let what = "heart-rate 1 x 30 at 1 Hz (heart-rate 1)"
      var error = try #require(throws: FitError.self) { _ = try ToyStudy.evaluate(run, clipped) }
      #expect(
        error.localizedDescription
          == "\(run.url.path) was made for \(what); \(clipped.folder.path) has \(what); 'clip' is not set there and 0.5 here: prepare the data with the run's card"
      )
      error = try #require(throws: FitError.self) {
        _ = try FineTuningRun.run(
          recipe, corpus: clipped, initial: run.url, out: folder.appendingPathComponent("next"), silent: true)
      }
      #expect(error.localizedDescription.contains("'clip' is 0.5 there and not set here"))
      error = try #require(throws: FitError.self) {
        _ = try PretrainingRun.run(
          recipe, corpora: [plain, clipped], out: folder.appendingPathComponent("up"), silent: true)
      }
      #expect(error.localizedDescription.contains("'clip' is not set there and 0.5 here"))
      // What only moves windows or labels changes no number in them.
      var card = ToyStudy.card
      card.preprocessing.trimWakeMinutes = 1
      card.preprocessing.toSeconds = 600
      let trimmed = try Preparation(card: card).run(raw: raw, out: folder.appendingPathComponent("trimmed"))
      #expect(try !ToyStudy.evaluate(run, trimmed).subjects.isEmpty)
    }
  }

  @Test("An encoder without a head says that it has none, and a run that was stopped that it has no weights")
  func withoutHead() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let run = try PretrainingRun.run(
        ToyStudy.recipe(), corpora: [corpus], out: folder.appendingPathComponent("up"), silent: true)
      let out = folder.appendingPathComponent("out")
      func refusal(_ run: URL) throws -> String {
        try #require(throws: (any Error).self) {
          _ = try PredictionRun.run(run, files: [folder], out: out, options: ToyStudy.silent)
        }.localizedDescription
      }
      #expect(
        try refusal(run.url)
          == "\(run.url.path): an encoder without a head, expected a recogniser: 'ssrm finetune RECIPE --data CORPUS --init \(run.url.path)' makes one of it"
      )
      try FileManager.default.removeItem(at: run.encoder)
      #expect(
        try refusal(run.url)
          == "\(run.url.path): found a run without encoder.safetensors or model.safetensors, expected one that has ended: run its command again"
      )
    }
  }
}
