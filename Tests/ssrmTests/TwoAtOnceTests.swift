import Files
import Foundation
import TestSupport
import Testing

@Suite("Two at once, and a kill in the first moments")
struct TwoAtOnceTests {
  /// Starts a command twice, as nearly at once as can be, and waits for both.
  ///
  /// - Returns: How each ended, and what it said.
  private func twice(_ words: [String], in folder: URL) throws -> [(status: Int32, errors: String)] {
    let runs = try (0..<2).map { _ in
      let process = BuiltProgram.process(words, in: folder)
      let errors = Pipe()
      process.standardOutput = FileHandle.nullDevice
      process.standardError = errors
      process.standardInput = FileHandle.nullDevice
      try process.run()
      return (process, errors)
    }
    return runs.map { process, errors in
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      return (process.terminationStatus, said)
    }
  }

  @Test("Of two preparations at once both end with the corpus")
  func prepare() throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized("sleep-accel", subjects: 2, in: folder)
      let words = ["prepare", "sleep-accel", "--raw", "raw", "--out", "corpus", "--sensors", "heart-rate"]
      for _ in 0..<10 {
        for run in try twice(words, in: folder) { #expect(run.status == 0, "\(run.errors)") }
        let seen = try BuiltProgram.run(
          "cluster", "corpus", "--labels", "wake-sleep", "--neighbours", "5", "--out", "groups", in: folder)
        #expect(seen.status == 0, "\(seen.errors)")
        for name in ["corpus", "groups"] { try FileManager.default.removeItem(at: folder.appendingPathComponent(name)) }
      }
    }
  }

  @Test(
    "Of two results for one new folder one is written whole, and the other command says who was there",
    arguments: [("cluster", 10), ("pretrain", 10), ("finetune", 10), ("compare", 10)])
  func results(_ command: String, times: Int) throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized("sleep-accel", subjects: 4, in: folder)
      let prepare = ["prepare", "sleep-accel", "--raw", "raw", "--out", "corpus", "--sensors", "heart-rate"]
      #expect(try BuiltProgram.outcome(prepare, in: folder).status == 0)
      let recipe = try Self.recipe(in: folder)
      let before = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      let words = Self.words(command, recipe)
      for _ in 0..<times {
        let ended = try twice(words, in: folder)
        #expect(ended.contains { $0.status == 0 }, "\(ended)")
        // A comparison that came later finds everything done.
        #expect(command == "compare" || ended.contains { $0.status != 0 })
        for run in ended where run.status != 0 {
          #expect(run.status == 65)
          #expect(
            run.errors.contains("found 'ssrm \(command)' (process ")
              || run.errors.contains("found a folder that is not empty"), "\(run.errors)")
        }
        let out = folder.appendingPathComponent("run")
        #expect(FileManager.default.fileExists(atPath: out.appendingPathComponent("report.txt").path))
        #expect(try !FileManager.default.contentsOfDirectory(atPath: out.path).contains { OwnName.isOwn($0) })
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder.path)) == Set(before + ["run"]))
        try FileManager.default.removeItem(at: out)
      }
    }
  }

  @Test(
    "Killed in its first moments, a command goes on in the same folder",
    arguments: ["prepare", "finetune", "compare", "cluster"])
  func killed(_ command: String) throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized("sleep-accel", subjects: 4, in: folder)
      let prepare = ["prepare", "sleep-accel", "--raw", "raw", "--out", "corpus", "--sensors", "heart-rate"]
      if command != "prepare" { _ = try twice(prepare, in: folder) }
      let recipe = try Self.recipe(in: folder)
      let words = command == "prepare" ? prepare : Self.words(command, recipe)
      for step in 0..<8 {
        let process = BuiltProgram.process(words, in: folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        Thread.sleep(forTimeInterval: 0.02 * Double(step))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .exit {
          // It was quicker; there is nothing to go on with.
          try? FileManager.default.removeItem(
            at: folder.appendingPathComponent(command == "prepare" ? "corpus" : "run"))
        }
      }
      let outcome = try BuiltProgram.outcome(words, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
  }

  /// A command that writes the folder `run`.
  private static func words(_ command: String, _ recipe: String) -> [String] {
    switch command {
    case "cluster": ["cluster", "corpus", "--labels", "wake-sleep", "--neighbours", "5", "--out", "run"]
    case "compare": ["compare", recipe, "--data", "corpus", "--out", "run", "--quick"]
    default: [command, recipe, "--data", "corpus", "--out", "run"]
    }
  }

  private static func recipe(in folder: URL) throws -> String {
    let text = """
      name: tiny
      sensors: [heart-rate]
      labels: wake-sleep
      device: cpu
      encoder: {width: 8, signal: {channels: [4, 8], kernel: 5, stride: 4, tokens: 2}, trunk: {kind: mlp, layers: 1}}
      pretraining: {tasks: [{task: views}], batch: 8, epochs: 1, steps: 1}
      head: {kind: linear}
      finetuning: {sequence: 6, stride: 3, batch: 4, epochs: 1, minimum_steps: 1}
      split: {kind: k-fold, folds: 2, validation: 0.25}
      comparison: {arms: [scratch], budgets: [all], seeds: 1, curves: false}

      """
    try text.write(to: folder.appendingPathComponent("tiny.yaml"), atomically: true, encoding: .utf8)
    return "tiny.yaml"
  }
}
