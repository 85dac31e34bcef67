import Files
import Foundation
import Tensors
import TestSupport
import Testing
import Training

@Suite("Runs")
struct RunTests {
  @Test("A new run's folder is named after recipe, time and seed; a second one at the same time gets a number")
  func names() throws {
    try withTemporaryFolder { folder in
      let runs = try (0..<3).map { _ in try RunFolder(new: nil, recipe: "pmd", seed: 7, runs: folder) }
      #expect(Set(runs.map(\.url.path)).count == 3)
      for run in runs {
        #expect(run.url.deletingLastPathComponent().lastPathComponent == "pmd")
        #expect(run.url.lastPathComponent.contains(/^\d{4}-\d\d-\d\d-\d{6}-7(-[23])?$/))
        #expect(run.metrics.path == run.url.path + "/metrics.jsonl")
      }
    }
  }

  @Test("A named folder must be new or empty")
  func chosen() throws {
    try withTemporaryFolder { folder in
      let run = try RunFolder(new: folder.appendingPathComponent("deep/run"), recipe: "pmd", seed: 1)
      #expect(throws: RunError.absent(path: run.url.path)) { try RunFolder(existing: run.url) }
      try run.write("a: 1\n", to: "recipe.yaml")
      #expect(try RunFolder(existing: run.url).recipe == run.recipe)
      #expect(try String(contentsOf: run.recipe, encoding: .utf8) == "a: 1\n")
      try run.write("done", to: "report.txt")
      let error = #expect(throws: Taken.self) { try RunFolder(new: run.url, recipe: "pmd", seed: 1) }
      #expect(
        words(of: try #require(error))
          == "\(run.url.path): found a folder that is not empty, expected a new one: name another with --out")
      let absent = #expect(throws: RunError.self) { try RunFolder(existing: folder.appendingPathComponent("none")) }
      #expect(
        words(of: try #require(absent))
          == "\(folder.path)/none: found no recipe.yaml, expected a run's folder, as runs/<recipe>/<time>-<seed>")
      #expect(throws: (any Error).self) { try RunFolder(new: run.recipe, recipe: "pmd", seed: 1) }
    }
  }

  @Test(
    "What a run left behind that ended before its result gives way; a result, another's file and a going run do not")
  func unfinished() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("run")
      func begin() throws -> RunFolder {
        let run = try RunFolder(new: url, recipe: "pmd", seed: 1)
        #expect(try url.strangers().isEmpty)
        for name in ["recipe.yaml", "folds.txt", "environment.json"] { try run.write("a: 1\n", to: name) }
        try MetricsLog(run).write(step: 0, ["loss": 1])
        return run
      }
      var going: RunFolder? = try begin()
      let busy = #expect(throws: Busy.self) { try RunFolder(new: url, recipe: "pmd", seed: 1) }
      #expect(try #require(busy).path == url.path && busy?.holder?.process == getpid())
      #expect(going.map { FileManager.default.fileExists(atPath: $0.metrics.path) } == true)
      going = nil
      for name in ["encoder.safetensors", "model.safetensors", "report.txt", "cells", "notes.txt"] {
        try begin().write("mine", to: name)
        #expect(throws: Taken(path: url.path)) { try RunFolder(new: url, recipe: "pmd", seed: 1) }
        let kept = url.appendingPathComponent(name)
        #expect(try String(contentsOf: kept, encoding: .utf8) == "mine")
        #expect(FileManager.default.fileExists(atPath: url.appendingPathComponent("metrics.jsonl").path))
        try FileManager.default.removeItem(at: kept)
      }
      // What was killed in its first moments has left the file that names it.
      for name in try FileManager.default.contentsOfDirectory(atPath: url.path) where name != "recipe.yaml" {
        try FileManager.default.removeItem(at: url.appendingPathComponent(name))
      }
      try Data().write(to: url.appendingPathComponent(FolderLock.name))
      _ = try begin()
      // A recipe alone may be the user's own.
      for name in try FileManager.default.contentsOfDirectory(atPath: url.path) where name != "recipe.yaml" {
        try FileManager.default.removeItem(at: url.appendingPathComponent(name))
      }
      #expect(throws: Taken(path: url.path)) { try RunFolder(new: url, recipe: "pmd", seed: 1) }
    }
  }

  @Test("The environment is written as JSON")
  func environment() throws {
    try withTemporaryFolder { folder in
      let run = try RunFolder(new: folder, recipe: "pmd", seed: 1)
      try RunEnvironment(seed: 5, device: .cpu).write(to: run)
      let data = try Data(contentsOf: run.file("environment.json"))
      let environment = try JSONDecoder().decode(RunEnvironment.self, from: data)
      #expect(environment.seed == 5 && environment.device == "cpu" && environment.cores > 0 && environment.threads > 0)
      #expect(environment.libtorch.hasPrefix("2."))
      #expect(environment.determinism == "the same bits with as many threads")
    }
  }

  static let steps: [(Int, [String: Double])] = [
    (0, ["loss": 1.5]), (1, ["views/accuracy": 0.5, "loss": 0.25]), (300, ["loss": 0]),
  ]

  @Test("Metrics are lines of JSON, null where not finite, appended when a run goes on")
  func metrics() throws {
    try withTemporaryFolder { folder in
      let run = try RunFolder(new: folder, recipe: "pmd", seed: 1)
      for half in [Self.steps[..<1], Self.steps[1...]] {
        let log = try MetricsLog(run)
        for (step, values) in half { try log.write(step: step, values) }
      }
      try MetricsLog(run).write(step: 301, ["a \"b\"": .nan, "c": 1e-9])
      let text = try String(contentsOf: run.metrics, encoding: .utf8)
      #expect(
        text == """
          {"step":0,"loss":1.5}
          {"step":1,"loss":0.25,"views\\/accuracy":0.5}
          {"step":300,"loss":0.0}
          {"step":301,"a \\"b\\"":null,"c":1e-09}

          """)
      for line in text.split(separator: "\n") {
        #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
      }
    }
  }

  /// The run whose log is such a text.
  private func withLog(_ text: String, _ body: (RunFolder) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let run = try RunFolder(new: folder, recipe: "pmd", seed: 1)
      try run.write(text, to: "metrics.jsonl")
      try body(run)
    }
  }

  @Test("A log is read again by epochs; what was cut within its last line is left out")
  func history() throws {
    try withLog("{\"step\":0,\"loss\":1.5,\"a\":null}\n\n{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"lo") { run in
      let history = try MetricsHistory(of: run)
      #expect(history.epochs == [["loss": 1.5], ["loss": 0.5]])
    }
    try withTemporaryFolder { folder in
      let history = try MetricsHistory(of: RunFolder(new: folder, recipe: "pmd", seed: 1))
      #expect(history.epochs.isEmpty)
    }
  }

  @Test(
    "A log that is none is refused with its line",
    arguments: [
      ("[1]\n{}\n", ":1: found another kind of value, expected an object of numbers, as a training logs one an epoch"),
      (
        "{\"a\":1}\n{\"a\":\"x\"}\n{}\n",
        ":2: found another kind of value at 'a', expected an object of numbers, as a training logs one an epoch"
      ),
      (
        "{}\n\n{\n{}\n",
        ":3: found text that is no JSON, expected an object of numbers, as a training logs one an epoch"
      ),
      (
        (0...1000).map { "{\"n\($0)\":1}\n" }.joined(),
        ":1001: found more than 1000 names of numbers, expected those that a training logs"
      ),
    ])
  func wrongHistory(text: String, message: String) throws {
    try withLog(text) { run in
      let error = try #require(throws: JSONFileError.self) { try MetricsHistory(of: run) }
      #expect(words(of: error) == run.metrics.path + message)
    }
  }

  @Test("Event files hold the records that TensorBoard writes for the same scalars")
  func events() throws {
    try withTemporaryFolder { folder in
      let run = try RunFolder(new: folder, recipe: "pmd", seed: 1)
      let log = try MetricsLog(run)
      let started = Date().timeIntervalSince1970
      for (step, values) in Self.steps { try log.write(step: step, values) }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      let name = try #require(names.first { $0.hasPrefix("events.out.tfevents.") })
      let ours = try records(in: folder.appendingPathComponent(name))
      let theirs = try records(in: Fixture("events").url("tensorboard.tfevents"))
      try #require(ours.count == 4 && theirs.count == 4)
      for record in ours {
        let time = record.dropFirst().prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.1) << (8 * $1.0) }
        #expect(record.first == 9)
        #expect(abs(Double(bitPattern: time) - started) < 60)
      }
      // The first names the format; TensorBoard's goes on with the name of its writer.
      let version = ours[0].dropFirst(9)
      #expect(Data(version) == Data([0x1a, 13] + "brain.Event:2".utf8))
      #expect(theirs[0].dropFirst(9).starts(with: version))
      for (our, their) in zip(ours, theirs).dropFirst() { #expect(our.dropFirst(9) == their.dropFirst(9)) }
    }
  }

  /// The records of a TFRecord file, each length and content checked against its sum, bit by bit.
  func records(in url: URL) throws -> [Data] {
    func number(_ bytes: Data) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    func sum(_ bytes: Data) -> UInt64 {
      var crc: UInt32 = .max
      for byte in bytes {
        for bit in 0..<8 {
          let low = crc & 1 ^ UInt32(byte >> bit & 1)
          crc = crc >> 1 ^ (low == 1 ? 0x82f6_3b78 : 0)
        }
      }
      crc = ~crc
      return UInt64((crc >> 15 | crc << 17) &+ 0xa282_ead8)
    }
    var (rest, records) = (try Data(contentsOf: url), [Data]())
    while !rest.isEmpty {
      try #require(rest.count >= 16)
      let length = rest.prefix(8)
      let count = Int(number(length))
      #expect(number(rest.dropFirst(8).prefix(4)) == sum(length))
      try #require(rest.count >= 16 + count)
      let record = rest.dropFirst(12).prefix(count)
      #expect(number(rest.dropFirst(12 + count).prefix(4)) == sum(record))
      records.append(Data(record))
      rest = Data(rest.dropFirst(16 + count))
    }
    return records
  }

  static let lines: [(done: Int, total: Int, seconds: Double, note: String, line: String)] = [
    (25, 100, 10, "", "pretrain 25/100, 30 s left"),
    (25, 100, 1, "loss 0.5", "pretrain 25/100, 3.0 s left, loss 0.5"),
    (1, 100, 120, "", "pretrain 1/100, 3 h 18 min left"),
    (50, 100, 200, "", "pretrain 50/100, 3 min 20 s left"),
    (100, 100, 59.7, "loss 0.1", "pretrain 100/100, in 1 min 0 s, loss 0.1"),
    (0, 0, 0, "", "pretrain 0/0, in 0.0 s"),
  ]

  @Test("Progress is a line with an estimate", arguments: lines)
  func progress(done: Int, total: Int, seconds: Double, note: String, line: String) {
    #expect(Progress.line(title: "pretrain", done: done, total: total, seconds: seconds, note: note) == line)
  }
}
