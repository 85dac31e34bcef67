import Corpora
import Preparation
import Downstream
import Experiments
import Files
import Foundation
import NumPy
import Readers
import SleepCore
import TestSupport
import Testing
import Training

@Suite("Predicting, embedding and exporting")
struct PredictionRunTests {
  /// Raw files, the corpus made of them, and a run on it.
  ///
  /// - Parameter profile: Whether its head reads each window's plain quantities against its night.
  private func withRun(
    profile: Bool = false, _ body: (_ folder: URL, _ raw: URL, _ corpus: Corpus, _ run: RunFolder) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try ToyStudy.write(raw: raw)
      let corpus = try Preparation(card: ToyStudy.card).run(raw: raw, out: folder.appendingPathComponent("corpus"))
      let run = try FineTuningRun.run(
        ToyStudy.recipe { ($0.finetuning.epochs, $0.head.profile) = (10, profile) }, corpus: corpus, initial: nil,
        out: folder.appendingPathComponent("run"), silent: true
      ).run
      try body(folder, raw, corpus, run)
    }
  }

  private func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test(
    "Raw files come out as the prepared corpus does: a table, a summary and a hypnogram each", arguments: [false, true])
  func predicting(profile: Bool) throws {
    try withRun(profile: profile) { folder, raw, _, run in
      let out = folder.appendingPathComponent("predictions")
      let summaries = try PredictionRun.run(run.url, files: [raw], out: out, options: ToyStudy.silent)
      #expect(summaries.map(\.recording) == ToyStudy.people)
      #expect(try names(out) == ToyStudy.people)
      let tested = try Split(text: String(contentsOf: run.folds, encoding: .utf8), path: "folds").folds[0].test
      for person in tested {
        let own = out.appendingPathComponent(person.id)
        let evaluated = try ToyStudy.predictions(run.file("predictions/\(person.id).csv"))
        let url = own.appendingPathComponent("predictions.csv")
        #expect(
          try String(contentsOf: url, encoding: .utf8).hasPrefix(
            "window,start_seconds,clock_time,class,W,NREM,REM,decoded\n0,0,,"))
        let rows = try ToyStudy.predictions(url)
        #expect(rows.count == 24 && rows[2]["start_seconds"] == "60")
        // The same as what was evaluated, to the last digit.
        #expect(rows == evaluated.map { $0.filter { $0.key != "true" } })
        for row in rows {
          let shares = ["W", "NREM", "REM"].map { ($0, Double(row[$0] ?? "") ?? .nan) }
          #expect(row["class"] == shares.max { $0.1 < $1.1 }?.0)
          #expect(row["decoded"] == row["class"])
        }
        let summary = try JSONDecoder().decode(
          RecordingSummary.self, from: Data(contentsOf: own.appendingPathComponent("summary.json")))
        let labels = rows.map { $0["decoded"] ?? "" }
        #expect(summary == summaries.first { $0.recording == person.id })
        #expect(summary.windows == 24 && summary.predictedWindows == 24)
        #expect(
          summary.counts
            == ["W", "NREM", "REM"].reduce(into: [:]) { counts, name in counts[name] = labels.count { $0 == name } })
        #expect(summary.totalSleepMinutes == Double(labels.count { $0 != "W" }) / 2)
        #expect(summary.sleepEfficiency == Double(labels.count { $0 != "W" }) / 24)
        let onset = labels.firstIndex { $0 != "W" } ?? 0
        #expect(summary.wakeAfterSleepOnsetMinutes == Double(labels[onset...].count { $0 == "W" }) / 2)
        #expect(summary.remLatencyMinutes == labels.firstIndex(of: "REM").map { Double($0 - onset) / 2 })
      }
    }
  }

  @Test("Labels beside raw files change nothing, and one file stands for its recording")
  func withoutLabels() throws {
    try withRun { folder, raw, _, run in
      let first = folder.appendingPathComponent("first")
      try PredictionRun.run(run.url, files: [raw], out: first, options: ToyStudy.silent)
      for person in ToyStudy.people {
        try FileManager.default.removeItem(at: raw.appendingPathComponent("\(person)/labels.npy"))
      }
      let file = raw.appendingPathComponent("p2/heart-rate.npy")
      let second = folder.appendingPathComponent("second")
      let summaries = try PredictionRun.run(run.url, files: [file], out: second, options: ToyStudy.silent)
      #expect(summaries.map(\.recording) == ["p2"])
      for name in ["predictions.csv", "summary.json"] {
        let (left, right) = (first.appendingPathComponent("p2/\(name)"), second.appendingPathComponent("p2/\(name)"))
        #expect(try Data(contentsOf: left) == Data(contentsOf: right))
      }
    }
  }

  @Test("A window without a measurement has no label and no probabilities")
  func gaps() throws {
    try withRun { folder, raw, _, run in
      let file = raw.appendingPathComponent("p1/heart-rate.npy")
      var values = ToyStudy.samples("p1", windows: 24)
      for index in (3 * 30)..<(4 * 30) { values[index] = 1 }
      try NpyArray(shape: [24, 1, 30], values: values).write(to: file)
      let out = folder.appendingPathComponent("out")
      let summary = try #require(
        try PredictionRun.run(run.url, files: [file], out: out, options: ToyStudy.silent).first)
      #expect(summary.windows == 24 && summary.predictedWindows == 23)
      let lines = try String(contentsOf: out.appendingPathComponent("p1/predictions.csv"), encoding: .utf8)
        .split(separator: "\n")
      #expect(lines[4] == "3,90,,,,,,")
    }
  }

  @Test("Files that do not fit are refused, naming both sides, and nothing is written")
  func refusals() throws {
    try withRun { folder, raw, _, run in
      let out = folder.appendingPathComponent("out")
      func refusal(_ file: URL, dataset: String? = nil) throws -> String {
        let error = try #require(throws: (any Error).self) {
          // A good recording before it is not kept either.
          var options = ToyStudy.silent
          options.dataset = dataset
          _ = try PredictionRun.run(
            run.url, files: [raw.appendingPathComponent("p1/heart-rate.npy"), file], out: out, options: options)
        }
        #expect(!FileManager.default.fileExists(atPath: out.path))
        #expect(try names(folder).allSatisfy { !$0.hasPrefix(".unfinished") })
        return words(of: error)
      }
      let other = folder.appendingPathComponent("other")
      try ToyStudy.write(raw: other, people: ["x1"], sensor: "activity")
      let activity = other.appendingPathComponent("x1/activity.npy")
      let absentSensor = try refusal(other)
      #expect(absentSensor.hasPrefix("\(run.url.path) was made for heart-rate 1 x 30 at 1 Hz"))
      #expect(absentSensor.hasSuffix("; \(activity.path) has only activity"))

      let two = folder.appendingPathComponent("two/x2")
      try FileManager.default.createDirectory(at: two, withIntermediateDirectories: true)
      try NpyArray(shape: [4, 2, 30], values: (0..<240).map { Float($0 % 7) })
        .write(to: two.appendingPathComponent("heart-rate.npy"))
      let channels = try refusal(two.appendingPathComponent("heart-rate.npy"))
      #expect(channels.contains(" was made for heart-rate 1 x 30 at 1 Hz"))
      #expect(channels.contains(" gives heart-rate 2 x 30 at 1 Hz"))

      let lost = folder.appendingPathComponent("lost.txt")
      try Data("no signal".utf8).write(to: lost)
      #expect(
        try refusal(lost) == """
          \(lost.path): found a file that is no part of a recording of 'npy', expected one that is named as its publisher \
          does, or another reader with --dataset or --card
          """)
      let absent = folder.appendingPathComponent("absent.npy")
      #expect(
        try refusal(absent) == "\(absent.path): found nothing, expected a raw recording of 'npy', or a folder of them")
      #expect(try refusal(raw, dataset: "nyp").hasPrefix("found the reader 'nyp', expected one of pmd, "))
    }
  }

  @Test("A folder that holds something is not written into")
  func taken() throws {
    try withRun { (folder, raw, corpus, run) throws -> Void in
      let full = #expect(throws: Taken.self) {
        _ = try PredictionRun.run(run.url, files: [raw], out: raw, options: ToyStudy.silent)
      }
      #expect(full?.path == raw.path)
      #expect(throws: Taken(path: raw.path)) {
        _ = try EmbeddingRun.run(run.url, corpus: corpus, out: raw, silent: true)
      }
      #expect(try names(raw) == ToyStudy.people)
      #expect(try names(folder) == ["corpus", "raw", "run"])
    }
  }

  @Test("Vectors are one a window, those of a recogniser and of a pretrained encoder")
  func embedding() throws {
    try withRun { folder, _, corpus, run in
      let pretrained = try PretrainingRun.run(
        ToyStudy.recipe(), corpora: [corpus], out: folder.appendingPathComponent("upstream"), silent: true)
      var all: [[Float]] = []
      for (name, source) in [("a", run.url), ("b", pretrained.url), ("c", pretrained.encoder)] {
        let out = folder.appendingPathComponent(name)
        let counts = try EmbeddingRun.run(source, corpus: corpus, out: out, silent: true)
        #expect(counts.windows == 120 && counts.width == 8)
        let vectors = try NpyArray<Float>(contentsOf: out.appendingPathComponent("p3/heart-rate.npy"))
        #expect(vectors.shape == [24, 8] && vectors.values.allSatisfy(\.isFinite))
        all.append(vectors.values)
      }
      #expect(all[0] != all[1] && all[1] == all[2])
      let fast = try ToyStudy.corpus(folder.appendingPathComponent("fast"), rate: 2)
      #expect(throws: FitError.self) {
        _ = try EmbeddingRun.run(run.url, corpus: fast, out: folder.appendingPathComponent("d"), silent: true)
      }
    }
  }

  @Test("An exported file holds the run's weights and says all of them; a wrong one is refused and nothing written")
  func exporting() throws {
    try withRun { folder, _, corpus, run in
      let url = folder.appendingPathComponent("weights.safetensors")
      let counts = try WeightsExport.run(run.url, to: url)
      #expect(try Data(contentsOf: url) == Data(contentsOf: run.model))
      #expect(counts.tensors > 5 && counts.numbers > 100)
      let again = #expect(throws: RecipeError.self) { try WeightsExport.run(run.url, to: url) }
      #expect(words(of: try #require(again)) == "\(url.path): a file is there, expected a new one")
      let named = folder.appendingPathComponent("weights.pt")
      let error = #expect(throws: RecipeError.self) { try WeightsExport.run(run.url, to: named) }
      #expect(
        words(of: try #require(error)) == "\(named.path): another ending, expected a file that ends in .safetensors")
      let pretrained = try PretrainingRun.run(
        ToyStudy.recipe(), corpora: [corpus], out: folder.appendingPathComponent("upstream"), silent: true)
      try WeightsExport.run(pretrained.url, to: folder.appendingPathComponent("encoder.safetensors"))
    }
  }
}
