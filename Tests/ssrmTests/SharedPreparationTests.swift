import Files
import Foundation
import TestSupport
import Testing

/// One preparation by several processes, as the jobs of a cluster's array are.
@Suite("A preparation shared by processes")
struct SharedPreparationTests {
  private static func words(_ out: String, _ more: String...) -> [String] {
    ["prepare", "sleepbrl", "--raw", "raw", "--out", out, "--jobs", "1", "--keep-going"] + more
  }

  /// All files of a corpus but the stamps, which no two files have in common.
  private func content(_ corpus: URL) throws -> [String: Data] {
    try Dictionary(
      uniqueKeysWithValues: FileManager.default.subpathsOfDirectory(atPath: corpus.path).map { name in
        let data = FileManager.default.contents(atPath: corpus.appendingPathComponent(name).path) ?? Data()
        guard name.hasSuffix(".json"), let text = String(data: data, encoding: .utf8) else { return (name, data) }
        return (name, Data(text.replacing(/"stamp" : "[^"]*"/, with: "").utf8))
      })
  }

  /// Whether a process is at a recording just now.
  private func isAtWork(_ process: Process, in corpus: URL) -> Bool {
    let place = SharedSession.place(in: corpus)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
    return names.contains { name in
      name.hasSuffix(".json.lease")
        && Lease.holder(of: place.appendingPathComponent(name))?.process == process.processIdentifier
    }
  }

  @Test("Four processes on one folder, of which one is killed, end alike, with the corpus of one alone")
  func four() throws {
    try withTemporaryFolder { (folder) throws -> Void in
      try PrepareTests.synthesized("sleepbrl", subjects: 10, hours: "0.3", in: folder)
      let broken = try #require(
        FileManager.default.subpathsOfDirectory(atPath: folder.appendingPathComponent("raw").path).sorted()
          .first { $0.contains("03") && !$0.hasSuffix("/") && $0.contains(".") })
      try Data("x".utf8).write(to: folder.appendingPathComponent("raw/\(broken)"))
      let alone = try BuiltProgram.outcome(Self.words("alone"), in: folder)
      #expect(alone.status == 0, "\(alone.errors)")
      #expect(alone.output.contains("1 recording could not be prepared:"), "\(alone.output)")

      var kills = 0
      for round in 0..<10 where kills < 2 {
        let out = "shared\(round)"
        let corpus = folder.appendingPathComponent(out)
        let runs = (0..<4).map { _ in (process: BuiltProgram.process(Self.words(out), in: folder), output: Pipe()) }
        for run in runs {
          (run.process.standardOutput, run.process.standardError) = (run.output, FileHandle.nullDevice)
          try run.process.run()
        }
        while runs[0].process.isRunning, !isAtWork(runs[0].process, in: corpus) { usleep(200) }
        kill(runs[0].process.processIdentifier, SIGKILL)
        let said = runs.map {
          String(decoding: $0.output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        for run in runs { run.process.waitUntilExit() }
        kills += runs[0].process.terminationReason == .uncaughtSignal ? 1 : 0
        for (run, said) in zip(runs, said).dropFirst() {
          #expect(run.process.terminationStatus == 0)
          #expect(said == alone.output.replacing("wrote alone", with: "wrote \(out)"))
        }
        // The last one may have been the one that was killed: then what it left waits for the next.
        let again = try BuiltProgram.outcome(Self.words(out), in: folder)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try content(corpus) == content(folder.appendingPathComponent("alone")))
      }
      #expect(kills == 2)
    }
  }

  @Test("Without --keep-going all end with the error of the first damaged recording, and nothing is left")
  func damaged() throws {
    try withTemporaryFolder { (folder) throws -> Void in
      try PrepareTests.synthesized("pmd", subjects: 4, in: folder)
      for person in ["S2", "S3"] {
        try Data("12\tx\n".utf8).write(to: folder.appendingPathComponent("raw/experiment-i/\(person)/3.txt"))
      }
      let words = ["prepare", "pmd", "--raw", "raw", "--out", "corpus"]
      let runs = try (0..<3).map { _ in
        let (process, errors) = (BuiltProgram.process(words, in: folder), Pipe())
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, errors)
        try process.run()
        return (process, errors)
      }
      for (process, errors) in runs {
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 65)
        #expect(said.split(separator: "\n").last?.contains("/raw/experiment-i/S2/3.txt:1: found ") == true, "\(said)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("corpus").path))
    }
  }

  @Test("A preparation of other sensors is refused while one is at work, and told by what they differ")
  func otherArguments() throws {
    try withTemporaryFolder { (folder) throws -> Void in
      try PrepareTests.synthesized("sleep-accel", subjects: 3, in: folder)
      func words(_ sensors: String) -> [String] {
        ["prepare", "sleep-accel", "--raw", "raw", "--out", "corpus", "--sensors", sensors]
      }
      let corpus = folder.appendingPathComponent("corpus")
      // As if another process on another machine were at it: no recording is there yet, and it has said what it does.
      let session = try SharedSession.join(
        corpus, as: ["sensors": "heart-rate"], check: {}, plan: { ["nothing": true] }
      ).session
      let refused = try BuiltProgram.outcome(words("activity"), in: folder)
      session.leave()
      #expect(refused.status == 65)
      #expect(refused.errors.contains("/corpus: found 'ssrm "), "\(refused.errors)")
      #expect(refused.errors.contains("sensors: heart-rate, now activity"), "\(refused.errors)")
      #expect(try BuiltProgram.outcome(words("activity"), in: folder).status == 0)
    }
  }
}
