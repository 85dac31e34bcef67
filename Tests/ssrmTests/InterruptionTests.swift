import Foundation
import TestSupport
import Testing

/// Whether the library that opens LibTorch was built beside the program.
let hasLibTorch = FileManager.default.fileExists(
  atPath: BuiltProgram.url.deletingLastPathComponent().appendingPathComponent("libCTorchLibrary.so").path)

/// What a real signal does to a running program, and the same command afterwards.
@Suite("Interruption", .enabled(if: hasLibTorch))
struct InterruptionTests {
  static let recipe = """
    name: small
    sensors: [heart-rate]
    labels: w-nrem-rem
    device: cpu
    encoder:
      width: 8
      signal: {channels: [4, 8], kernel: 3, tokens: 2}
    pretraining: {tasks: [{task: views}], batch: 16, epochs: 100000, steps: 1}
    head: {kind: linear}
    finetuning: {batch: 16, epochs: 100000, select: last}
    split: {kind: k-fold, folds: 2, validation: 0.3}
    comparison: {arms: [scratch, frozen, majority], budgets: [all], seeds: 40}
    """

  /// A corpus and a recipe in the folder.
  private func prepare(_ folder: URL) throws {
    try PrepareTests.synthesized("sleep-accel", subjects: 4, hours: "0.5", in: folder)
    let prepared = try BuiltProgram.run(
      "prepare", "sleep-accel", "--raw", "raw", "--out", "corpus", "--sensors", "heart-rate", in: folder)
    #expect(prepared.status == 0, "\(prepared.errors)")
    try Data(Self.recipe.utf8).write(to: folder.appendingPathComponent("small.yaml"))
  }

  /// Starts the program, waits until it has come so far, and interrupts it.
  ///
  /// - Returns: What it said last.
  private func interrupt(
    _ words: [String], in folder: URL, signal: Int32 = SIGINT, when isReady: () -> Bool
  ) throws -> String {
    let process = BuiltProgram.process(words, in: folder)
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    while process.isRunning, !isReady() { usleep(500) }
    kill(process.processIdentifier, signal)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130, "\(said)")
    return said.split(separator: "\n").last.map(String.init) ?? ""
  }

  @Test("A comparison goes on where it was stopped, and does no cell again")
  func compare() throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      let place = folder.appendingPathComponent("out/cells")
      func cells() throws -> [String: Data] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        return try Dictionary(
          uniqueKeysWithValues: names.filter { $0.hasSuffix(".json") }.map {
            ($0, try Data(contentsOf: place.appendingPathComponent($0)))
          })
      }
      let words = [
        "compare", "small.yaml", "--data", "corpus", "--out", "out", "--set", "finetuning.epochs=1", "--set",
        "pretraining.epochs=1", "--set", "comparison.seeds=8",
      ]
      let said = try interrupt(words, in: folder) { ((try? cells()) ?? [:]).count >= 2 }
      let before = try cells()
      #expect(said == "interrupted after \(before.count) of 48 cells; run the same command again to go on")
      #expect((2..<48).contains(before.count))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out/report.txt").path))
      let again = try BuiltProgram.run(
        words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7], words[8], words[9], words[10],
        words[11], in: folder)
      #expect(again.status == 0, "\(again.errors)")
      let after = try cells()
      #expect(after.count == 48)
      // A cell's file holds its seconds: one that was done again would differ.
      for (name, data) in before { #expect(after[name] == data, "\(name)") }
    }
  }

  @Test(
    "A training that was stopped goes on by the same command, is refused to another one, and is kept when it has ended",
    arguments: [("pretrain", "encoder", SIGINT), ("finetune", "model", SIGTERM)])
  func training(command: String, result: String, signal: Int32) throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      func words(_ out: String, _ more: String...) -> [String] {
        [
          command, "small.yaml", "--data", "corpus", "--out", out, "--set", "pretraining.epochs=300", "--set",
          "finetuning.epochs=60",
        ]
          + more
      }
      let metrics = folder.appendingPathComponent("run/metrics.jsonl")
      func lines() -> Int { ((try? String(contentsOf: metrics, encoding: .utf8)) ?? "").split(separator: "\n").count }
      let said = try interrupt(words("run"), in: folder, signal: signal) { lines() > 2 }
      #expect(said == "interrupted before there was a result; run the same command again to go on with run")
      let file = folder.appendingPathComponent("run/\(result).safetensors")
      #expect(!FileManager.default.fileExists(atPath: file.path))
      let other = try BuiltProgram.outcome(words("run", "--set", "seed=2"), in: folder)
      #expect(other.status == 65)
      #expect(
        other.errors.contains(
          ": found the state of another training (seed: 1, now 2), expected one of this recipe and these data: give the command that was "
            + "stopped, or name another folder with --out"), "\(other.errors)")
      let next = try BuiltProgram.outcome(words("run"), in: folder)
      #expect(next.status == 0, "\(next.errors)")
      #expect(next.errors.hasPrefix("run: going on where it was stopped\n"), "\(next.errors)")
      #expect(lines() == (command == "pretrain" ? 300 : 60))
      let whole = try BuiltProgram.outcome(words("whole"), in: folder)
      #expect(whole.status == 0, "\(whole.errors)")
      let kept = try Data(contentsOf: file)
      #expect(try Data(contentsOf: folder.appendingPathComponent("whole/\(result).safetensors")) == kept)
      let refused = try BuiltProgram.outcome(words("run"), in: folder)
      #expect(refused.status == 65)
      #expect(
        refused.errors.hasSuffix(
          "/run: found a folder that is not empty, expected a new one: name another with --out\n"))
      #expect(try Data(contentsOf: file) == kept)
    }
  }
}
