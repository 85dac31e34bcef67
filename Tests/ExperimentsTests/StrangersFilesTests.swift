import Corpora
import Experiments
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Files from someone else")
struct StrangersFilesTests {
  /// A trained recogniser whose checkpoint is damaged, and what it is refused with.
  private func refusal(_ folder: URL, _ run: RunFolder, _ damage: (inout [String: String]) throws -> Void) throws
    -> String
  {
    let file = try SafetensorsFile(run.model)
    var metadata = file.metadata
    try damage(&metadata)
    let items = try file.entries.keys.sorted().map { name in
      let entry = try #require(file.entries[name])
      return SafetensorsItem(name: name, type: entry.type, shape: entry.shape, bytes: try file.bytes(of: name))
    }
    let url = folder.appendingPathComponent("stranger.safetensors")
    try SafetensorsWriter.write(items, metadata: metadata, to: url)
    let raw = folder.appendingPathComponent("raw")
    let error = #expect(throws: (any Error).self) {
      _ = try PredictionRun.run(
        url, files: [raw], out: folder.appendingPathComponent("out"), options: ToyStudy.silent)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out").path))
    return try words(of: #require(error)).replacing(url.path, with: "FILE")
  }

  @Test(
    "A checkpoint's recipe, windows and preprocessing pass the ranges of recipes and cards; its network is not made before its numbers are there"
  )
  func checkpoint() throws {
    try withTemporaryFolder { folder in
      try ToyStudy.write(raw: folder.appendingPathComponent("raw"))
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let run = try FineTuningRun.run(
        ToyStudy.recipe(), corpus: corpus, initial: nil, out: folder.appendingPathComponent("run"), silent: true
      ).run
      func refused(_ key: String, _ what: String, _ hostile: String) throws -> String {
        try refusal(folder, run) { metadata in
          let text = metadata[key] ?? ""
          try #require(text.contains(what), "\(text)")
          metadata[key] = text.replacing(what, with: hostile)
        }
      }
      #expect(
        try refused("inputs", #""sampleRateHz":1"#, #""sampleRateHz":9e18"#)
          == "FILE, inputs: 'sampleRateHz of heart-rate' is 9e+18, expected a number from 0.0001 to 10000")
      #expect(
        try refused("inputs", #""shape":[1,30]"#, #""shape":[0,30]"#)
          == "FILE, inputs: 'shape of heart-rate' is [0 x 30], expected two sides above 0")
      #expect(
        try refused("inputs", #""shape":[1,30]"#, #""shape":[1000000,1000000]"#)
          == "FILE, inputs: 'shape of heart-rate' is 1000000 x 1000000, expected at most 100000000 values")
      #expect(
        try refused("inputs", #""shape":[1,30]"#, #""shape":[2,30]"#)
          == "FILE, inputs: 'channels of heart-rate' is 1, expected 2, as its shape says")
      #expect(
        try refused("source", #""windowSeconds":30"#, #""windowSeconds":0"#)
          == "FILE, preprocessing: 'window_seconds' is 0.0, expected a number from 0.01 to 3600")
      let large = try refused("recipe", "width: 8", "width: 8000")
      #expect(large.hasPrefix("FILE: found "))
      #expect(
        large.hasSuffix(
          ", expected all of them: the file was changed, or its recipe is another one's"), "\(large)")
    }
  }

  @Test(
    "A recipe's name is a plain one, since it becomes a folder's",
    arguments: [("../../x", "a slash"), (".x", "a dot at the beginning")])
  func recipeName(_ name: String, _ problem: String) throws {
    let error = #expect(throws: (any Error).self) {
      try Recipe.parse("name: \(name)\nsensors: [heart-rate]\nlabels: five-stages\n", path: "r.yaml")
    }
    #expect(
      try words(of: #require(error))
        == "r.yaml:1:7: 'name' is '\(name)' with \(problem), expected a plain name without slashes, control characters or a dot at its beginning, of at most 200 bytes"
    )
  }

  @Test("A person whose only sensor is dead is named and left out of everything; the comparison ends with its table")
  func deadSensor() throws {
    try withTemporaryFolder { folder in
      let writer = try CorpusWriter(folder.appendingPathComponent("corpus"), dataset: "toy", labels: .stages)
      let contract = WindowContract(
        sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], shape: [1, 30], sampleRateHz: 1)
      for person in ToyStudy.people {
        let values =
          person == "p1"
          ? [Float](repeating: 0, count: 24 * 30) : ToyStudy.samples(person, windows: 24)
        try writer.write(
          RecordingWindows(
            id: "night-\(person)", subject: Subject(person), labels: ToyStudy.stages(24),
            sensors: [SensorWindows(contract: contract, values: values)]))
      }
      var options = Comparison.Options()
      options.silent = true
      let recipe = try ToyStudy.recipe {
        $0.comparison.arms = [.scratch, .majority]
        $0.comparison.budgets = ["1 subject"]
      }
      let (run, table) = try Comparison(recipe, corpora: [writer.finish()], options: options)
        .run(out: folder.appendingPathComponent("run"))
      #expect(table.rows.count == 2)
      let report = try String(contentsOf: run.report, encoding: .utf8)
      #expect(report.contains("left out, since no labelled window was measured: night-p1"))
      let folds = try String(contentsOf: run.folds, encoding: .utf8)
      #expect(!folds.contains("p1") && folds.contains("p2"))
    }
  }
}
