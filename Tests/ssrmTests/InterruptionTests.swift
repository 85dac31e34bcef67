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
    "A training that was stopped leaves its folder to the next one, which is then kept",
    arguments: [("pretrain", "encoder", SIGINT), ("finetune", "model", SIGTERM)])
  func training(command: String, result: String, signal: Int32) throws {
    try withTemporaryFolder { folder in
      try prepare(folder)
      let words = [command, "small.yaml", "--data", "corpus", "--out", "run"]
      let metrics = folder.appendingPathComponent("run/metrics.jsonl")
      let said = try interrupt(words, in: folder, signal: signal) {
        ((try? Data(contentsOf: metrics)) ?? Data()).count > 0
      }
      #expect(said == "interrupted before there was a result; run may be used again with --out")
      let file = folder.appendingPathComponent("run/\(result).safetensors")
      #expect(!FileManager.default.fileExists(atPath: file.path))
      func short() throws -> BuiltProgram.Outcome {
        try BuiltProgram.run(
          command, "small.yaml", "--data", "corpus", "--out", "run", "--set", "pretraining.epochs=2", "--set",
          "finetuning.epochs=2", in: folder)
      }
      let next = try short()
      #expect(next.status == 0, "\(next.errors)")
      #expect(try String(contentsOf: metrics, encoding: .utf8).split(separator: "\n").count == 2)
      let kept = try Data(contentsOf: file)
      let refused = try short()
      #expect(refused.status == 65)
      #expect(
        refused.errors.hasSuffix(
          "/run: found a folder that is not empty, expected a new one: name another with --out\n"))
      #expect(try Data(contentsOf: file) == kept)
    }
  }
}
