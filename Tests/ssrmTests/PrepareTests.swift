import Foundation
import TestSupport
import Testing

@Suite("Synthesize and prepare")
struct PrepareTests {
  static func synthesized(_ dataset: String, subjects: Int, hours: String = "0.1", in folder: URL) throws {
    let outcome = try BuiltProgram.run(
      "synthesize", dataset, "--out", "raw", "--subjects", "\(subjects)", "--hours", hours, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "wrote synthetic recordings of \(subjects) people as \(dataset) to raw\n")
  }

  @Test("Synthetic recordings become a corpus")
  func prepare() throws {
    try withTemporaryFolder { folder in
      try Self.synthesized("sleep-accel", subjects: 2, in: folder)
      let outcome = try BuiltProgram.run(
        "prepare", "sleep-accel", "--raw", "raw", "--out", "corpus", "--sensors", "heart-rate,activity", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("wrote corpus: 2 recordings of 2 subjects, "))
      let facts = try BuiltProgram.json(try BuiltProgram.run("inspect", "corpus", "--json", in: folder))
      #expect(facts["kind"] as? String == "corpus")
      let sensors = try #require(facts["sensors"] as? [[String: Any]])
      #expect(sensors.compactMap { $0["sensor"] as? String } == ["activity", "heart-rate"])
    }
  }

  @Test("A folder of someone's recordings is not written into")
  func occupied() throws {
    try withTemporaryFolder { folder in
      let out = folder.appendingPathComponent("mine")
      try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
      try Data("x".utf8).write(to: out.appendingPathComponent("night.edf"))
      let outcome = try BuiltProgram.run("synthesize", "pmd", "--out", "mine", in: folder)
      #expect(outcome.status == 65)
      #expect(
        outcome.errors.hasSuffix(
          "/mine: found a folder that is not empty, expected a new one: name another with --out\n"))
    }
  }

  @Test("What cannot be written is told with the path, in one line")
  func unwritable() throws {
    try withTemporaryFolder { folder in
      try Data("x".utf8).write(to: folder.appendingPathComponent("taken"))
      let outcome = try BuiltProgram.run("synthesize", "pmd", "--out", "taken", in: folder)
      #expect(outcome.status == 70)
      #expect(
        outcome.errors.hasSuffix(
          "/taken: found no way to write (it is no folder that may be read), expected a place that may be written to: choose "
            + "another, or change its permissions\n"))
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
  }

  @Test("A damaged file ends with 65, one line, and nothing written; with --keep-going the rest is prepared")
  func damaged() throws {
    try withTemporaryFolder { folder in
      try Self.synthesized("pmd", subjects: 2, in: folder)
      let file = folder.appendingPathComponent("raw/experiment-i/S1/3.txt")
      #expect(FileManager.default.fileExists(atPath: file.path))
      try Data("12\tx\n".utf8).write(to: file)
      let words = ["prepare", "pmd", "--raw", "raw", "--out", "corpus"]
      let stopped = try BuiltProgram.run(words[0], words[1], words[2], words[3], words[4], words[5], in: folder)
      #expect(stopped.status == 65)
      #expect(stopped.output == "")
      let line = try #require(stopped.errors.split(separator: "\n").last)
      #expect(line.contains("/raw/experiment-i/S1/3.txt:1: found "))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("corpus").path))
      let kept = try BuiltProgram.run(
        words[0], words[1], words[2], words[3], words[4], words[5], "--keep-going", in: folder)
      #expect(kept.status == 0, "\(kept.errors)")
      #expect(kept.output.contains("1 recording could not be prepared:\n  i-S1: "))
      let facts = try BuiltProgram.json(try BuiltProgram.run("inspect", "corpus", "--json", in: folder))
      #expect((facts["failures"] as? [String])?.first?.hasPrefix("i-S1: ") == true)
    }
  }

  @Test("Interrupted, a preparation ends with 130, and the same command goes on")
  func interrupted() throws {
    try withTemporaryFolder { folder in
      try Self.synthesized("sleepbrl", subjects: 6, in: folder)
      let words = ["prepare", "sleepbrl", "--raw", "raw", "--out", "corpus", "--jobs", "1"]
      let process = BuiltProgram.process(words, in: folder)
      let errors = Pipe()
      process.standardError = errors
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let first = folder.appendingPathComponent("corpus/sbj01/labels.npy").path
      while process.isRunning, !FileManager.default.fileExists(atPath: first) { usleep(500) }
      kill(process.processIdentifier, SIGINT)
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 130)
      let pattern = /interrupted after (\d+) of 6 recordings; run the same command again to go on\n/
      let match = try #require(said.firstMatch(of: pattern), "\(said)")
      #expect((1..<6).contains(try #require(Int(match.output.1))))
      let resumed = try BuiltProgram.run("prepare", "sleepbrl", "--raw", "raw", "--out", "corpus", in: folder)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(resumed.output.hasPrefix("wrote corpus: 6 recordings of 6 subjects, "))
    }
  }

  @Test("A card of another data set is refused")
  func otherCard() throws {
    let card = BuiltProgram.checkout.appendingPathComponent("Datasets/sleep-edf/card.yaml").path
    let outcome = try BuiltProgram.run("prepare", "pmd", "--raw", "a", "--out", "b", "--card", card)
    #expect(outcome.status == 64)
    #expect(
      outcome.errors
        == "option '--card' is '\(card)', expected a card of 'pmd'; this one is of 'sleep-edf': "
        + "name that, or say 'dataset: pmd' in it\n")
  }
}
