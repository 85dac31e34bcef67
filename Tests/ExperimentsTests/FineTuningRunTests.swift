import Corpora
import Downstream
import Experiments
import Foundation
import Metrics
import NumPy
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Fine-tuning and evaluating")
struct FineTuningRunTests {
  private func finetune(_ corpus: Corpus, _ out: URL, initial: URL? = nil, _ recipe: Recipe) throws -> RunFolder {
    try FineTuningRun.run(recipe, corpus: corpus, initial: initial, out: out, silent: true).run
  }

  @Test("A run holds its recipe, folds, weights, predictions and report, and evaluating it again gives the report")
  func whole() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe { $0.finetuning.epochs = 20 }
      let run = try finetune(corpus, folder.appendingPathComponent("run"), recipe)
      #expect(try Recipe.load(run.recipe) == recipe)
      let split = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: run.folds.path)
      let tested = split.folds[0].test
      let report = try ClassificationReport(json: Data(contentsOf: run.file("report.json")))
      #expect(Set(report.subjects.map(\.subject)) == Set(tested))
      #expect(try String(contentsOf: run.report, encoding: .utf8).hasPrefix("toy, scratch\n\n"))
      #expect(report.confusion.total == 24 * tested.count)
      #expect((report.confusion.accuracy ?? 0) > 0.8)
      for subject in tested {
        let predictions = try ToyStudy.predictions(run.file("predictions/night-\(subject).csv"))
        #expect(predictions.count == 24)
        #expect(predictions.count { $0["true"] == $0["decoded"] } > 18)
        let own = try #require(report.subjects.first { $0.subject == subject })
        #expect(own.confusion.accuracy == Double(predictions.count { $0["true"] == $0["decoded"] }) / 24)
      }
      let metrics = try String(contentsOf: run.metrics, encoding: .utf8).split(separator: "\n")
      #expect(metrics.count == 20 && metrics.allSatisfy { $0.contains("\"validation\"") })
      let again = try ToyStudy.evaluate(run, corpus)
      #expect(try again.json() == Data(contentsOf: run.file("report.json")))
    }
  }

  @Test("The same seed gives the same weights and report, and the test subjects' labels have no part in the weights")
  func testLabels() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe { $0.finetuning.classWeights = .balanced }
      let first = try finetune(corpus, folder.appendingPathComponent("first"), recipe)
      let second = try finetune(corpus, folder.appendingPathComponent("second"), recipe)
      let weights = try Data(contentsOf: first.model)
      #expect(try Data(contentsOf: second.model) == weights)
      #expect(try Data(contentsOf: second.report) == Data(contentsOf: first.report))

      let tested = try Split(text: String(contentsOf: first.folds, encoding: .utf8), path: "folds").folds[0].test
      let garbage = ToyStudy.stages(24).indices.map { Int8(($0 * 7) % 5) }
      let planted = try ToyStudy.corpus(
        folder.appendingPathComponent("planted"),
        labels: Dictionary(uniqueKeysWithValues: tested.map { ($0.id, garbage) }))
      let third = try finetune(planted, folder.appendingPathComponent("third"), recipe)
      #expect(try Data(contentsOf: third.model) == weights)
      #expect(try Data(contentsOf: third.report) != Data(contentsOf: first.report))
      // The same in the validation subjects' labels may change which epoch is chosen; in the training ones it changes the weights.
      let trained = try Split(text: String(contentsOf: first.folds, encoding: .utf8), path: "folds").folds[0].train
      let other = try ToyStudy.corpus(
        folder.appendingPathComponent("other"), labels: [trained[0].id: garbage])
      #expect(try Data(contentsOf: finetune(other, folder.appendingPathComponent("fourth"), recipe).model) != weights)
    }
  }

  @Test(
    "A pretrained encoder that saw the test subjects is refused, and named in the report where the recipe allows it")
  func leak() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let pretrained = try PretrainingRun.run(
        ToyStudy.recipe { $0.transductive = true }, corpora: [corpus], out: folder.appendingPathComponent("upstream"),
        silent: true)
      let leak = try #require(throws: Leak.self) {
        _ = try finetune(corpus, folder.appendingPathComponent("refused"), initial: pretrained.url, ToyStudy.recipe())
      }
      #expect(
        words(of: leak).hasPrefix("fold 0: found that \(pretrained.encoder.path) was pretrained on test subjects "))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("refused").path))
      let run = try finetune(
        corpus, folder.appendingPathComponent("allowed"), initial: pretrained.url,
        ToyStudy.recipe { $0.transductive = true })
      #expect(
        try String(contentsOf: run.report, encoding: .utf8).hasPrefix(
          "toy, fine-tuned (shortcuts: pretrained on the test people)\ntransductive: \(pretrained.encoder.path) was pretrained on "
        ))
    }
  }

  @Test("Pretraining leaves out the people whom its recipe tests on, says so, and fine-tuning goes on from it")
  func leftOut() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let pretrained = try PretrainingRun.run(
        ToyStudy.recipe(), corpora: [corpus], out: folder.appendingPathComponent("upstream"), silent: true)
      let run = try finetune(
        corpus, folder.appendingPathComponent("run"), initial: pretrained.url, ToyStudy.recipe())
      let tested = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: "folds").folds[0].test
      #expect(
        try String(contentsOf: pretrained.report, encoding: .utf8).contains(
          "left out of \(corpus.index.dataset), as the recipe tests on them: \(tested.map(\.id).joined(separator: ", "))\n"
        ))
    }
  }

  @Test("Data that the run was not made for is refused, naming both sides")
  func fit() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let run = try finetune(corpus, folder.appendingPathComponent("run"), ToyStudy.recipe())
      let fast = try ToyStudy.corpus(folder.appendingPathComponent("fast"), dataset: "fast", rate: 2)
      let error = try #require(throws: FitError.self) { _ = try ToyStudy.evaluate(run, fast) }
      #expect(
        words(of: error) == """
          \(run.url.path) was made for heart-rate 1 x 30 at 1 Hz (hr in bpm); \(fast.folder.path) has heart-rate 1 x 60 at 2 Hz (hr in bpm); \
          'sample_rate_hz' is 1 Hz there and 2 Hz here: \
          prepare the data with the run's card
          """)
      let initial = try #require(throws: FitError.self) {
        _ = try finetune(
          fast, folder.appendingPathComponent("x"),
          initial: PretrainingRun.run(
            ToyStudy.recipe(), corpora: [corpus], out: folder.appendingPathComponent("up"), silent: true
          ).url, ToyStudy.recipe())
      }
      #expect(words(of: initial).hasPrefix("the model was made for heart-rate 1 x 60 at 2 Hz (hr in bpm); "))
      let labels = try #require(throws: FitError.self) {
        _ = try finetune(
          corpus, folder.appendingPathComponent("y"),
          ToyStudy.recipe {
            $0.labels = "postures-3"
          })
      }
      #expect(words(of: labels) == "toy tells 'postures-3'; \(corpus.folder.path) is labelled with stages")
    }
  }

  @Test("On another data set everyone is measured, though people there go by the same names")
  func otherDataset() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let run = try finetune(corpus, folder.appendingPathComponent("run"), ToyStudy.recipe())
      let other = try ToyStudy.corpus(folder.appendingPathComponent("other"), dataset: "another")
      #expect(try ToyStudy.evaluate(run, other).subjects.count == 5)
      #expect(try ToyStudy.evaluate(run, corpus).subjects.count == 3)
    }
  }

  @Test("A published list is tested on whole, or in part where the recipe says so, and then the folds say it too")
  func listed() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let list = folder.appendingPathComponent("test.txt")
      try Data("# of the paper\np2, night-p4 # twice named\np4\n".utf8).write(to: list)
      let recipe = try ToyStudy.recipe {
        $0.finetuning.epochs = 1
        $0.split.kind = .listed
        $0.split.file = list.path
      }
      let run = try finetune(corpus, folder.appendingPathComponent("run"), recipe)
      let split = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: run.folds.path)
      #expect(split.scheme == "listed" && split.folds[0].test == [Subject("p2"), Subject("p4")])

      try Data("p2\np9\n".utf8).write(to: list)
      let error = try #require(throws: CorpusError.self) {
        _ = try finetune(corpus, folder.appendingPathComponent("absent"), recipe)
      }
      #expect(
        words(of: error) == """
          \(list.path): found 1 of 2 subjects that toy has no labels of: p9, expected names such as p1, p2 and p3; \
          'split.partial: true' tests on the others, and the report says so
          """)
      var partial = recipe
      partial.split.partial = true
      let some = try finetune(corpus, folder.appendingPathComponent("some"), partial)
      let folds = try Split(text: String(contentsOf: some.folds, encoding: .utf8), path: some.folds.path)
      #expect(folds.scheme == "listed, 1 of the 2 in \(list.path)" && folds.folds[0].test == [Subject("p2")])
      #expect(
        try String(contentsOf: some.report, encoding: .utf8).hasPrefix(
          "toy, scratch\ntested on listed, 1 of the 2 in \(list.path)\n\n"))
    }
  }

  @Test("A recogniser on a frozen encoder has the pretrained weights, to the last bit")
  func pretrainedWeights() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let pretrained = try PretrainingRun.run(
        ToyStudy.recipe(), corpora: [corpus], out: folder.appendingPathComponent("upstream"), silent: true)
      let run = try FineTuningRun.run(
        ToyStudy.recipe(), corpus: corpus, initial: pretrained.url, frozen: true,
        out: folder.appendingPathComponent("run"), silent: true
      ).run
      let encoder = try SafetensorsFile(pretrained.encoder)
      let model = try SafetensorsFile(run.model)
      #expect(!encoder.entries.isEmpty)
      for name in encoder.entries.keys {
        #expect(
          try model.tensor(name).to(.float32).values(Float.self) == encoder.tensor(name).to(.float32).values(),
          "\(name)")
      }
    }
  }
}
