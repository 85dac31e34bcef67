import Foundation
import TestSupport
import Testing

/// `ssrm pretrain` in several processes.
@Suite(
  "Processes of one pretraining",
  .enabled(
    if: FileManager.default.fileExists(
      atPath: BuiltProgram.url.deletingLastPathComponent().appendingPathComponent("libCTorchDistributed.so").path),
    "this build has no c10d"))
struct TogetherCommandTests {
  private let recipe = """
    name: small
    sensors: [ecg, respiration]
    labels: five-stages
    device: cpu
    encoder: {width: 8, signal: {channels: [4, 8], kernel: 3, tokens: 2}, trunk: {kind: mlp, layers: 1}}
    pretraining:
      tasks: [{task: contrast}]
      batch: 8
      epochs: 2
      steps: STEPS
      optimization: {rule: sgd, learning_rate: 0.02}
    split: {kind: hold-out}
    """

  private func prepare(_ folder: URL, steps: Int) throws {
    try Data(recipe.replacing("STEPS", with: "\(steps)").utf8).write(to: folder.appendingPathComponent("small.yaml"))
    #expect(
      try BuiltProgram.run("synthesize", "mesa", "--out", "raw", "--subjects", "4", "--hours", "0.6", in: folder).status
        == 0)
    #expect(try BuiltProgram.run("prepare", "mesa", "--raw", "raw", "--out", "corpus", in: folder).status == 0)
  }

  @Test("Two processes write one run, as one does")
  func two() throws {
    try withTemporaryFolder { (folder: URL) throws -> Void in
      try prepare(folder, steps: 3)
      let words = ["pretrain", "small.yaml", "--data", "corpus", "--out"]
      let alone = try BuiltProgram.outcome(words + ["alone"], in: folder)
      let both = try BuiltProgram.outcome(words + ["both", "--processes", "2"], in: folder)
      #expect(alone.status == 0 && both.status == 0, "\(both.errors)")
      func lines(_ outcome: BuiltProgram.Outcome) -> [String] {
        outcome.output.split(separator: "\n").map(String.init).filter {
          // Which window is the nearest may turn on the last bit.
          !["pretrained", "windows per second", "wrote", "probe, nearest neighbours"].contains(where: $0.hasPrefix)
        }
      }
      #expect(lines(alone) == lines(both))
      #expect(both.output.hasSuffix("wrote both\n"))
      let environment = try String(contentsOf: folder.appendingPathComponent("both/environment.json"), encoding: .utf8)
      #expect(environment.contains("\"processes\" : 2"))
    }
  }

  @Test("One that is killed ends all in words, and the same command goes on, with another number of processes")
  func killed() throws {
    try withTemporaryFolder { (folder: URL) throws -> Void in
      try prepare(folder, steps: 200)
      let words = ["pretrain", "small.yaml", "--data", "corpus", "--out", "run"]
      let process = BuiltProgram.process(words + ["--processes", "2"], in: folder)
      let errors = Pipe()
      (process.standardError, process.standardOutput) = (errors, FileHandle.nullDevice)
      try process.run()
      let second = try #require(try child(of: process.processIdentifier, rank: 1))
      // It is in the midst of its steps once the run's files are there.
      let metrics = folder.appendingPathComponent("run/metrics.jsonl").path
      while process.isRunning, !FileManager.default.fileExists(atPath: metrics) { usleep(20_000) }
      usleep(300_000)
      kill(second, SIGKILL)
      let began = ContinuousClock.now
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(ContinuousClock.now - began < .seconds(20))
      #expect(process.terminationStatus == 70)
      #expect(said.contains("process 0 of 2 (counted from 0) lost another one: "), "\(said)")
      #expect(
        said.contains(
          "; the training's last state is kept: run the same command again, with as many processes as you like, to go on with run\n"
        ),
        "\(said)")
      #expect(said.hasSuffix("process 1 of 2 (counted from 0) was ended by signal 9\n"), "\(said)")
      let after = try BuiltProgram.outcome(words, in: folder)
      #expect(after.status == 0 && after.errors.contains("run: going on where it was stopped\n"), "\(after.errors)")
    }
  }

  /// The process of this rank that another one started.
  private func child(of parent: Int32, rank: Int) throws -> Int32? {
    for _ in 0..<500 {
      let names = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }
      for pid in names {
        guard let environment = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/environ")) else { continue }
        let words = environment.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        if words.contains("SSRM_LAUNCHED_BY=\(parent)"), words.contains("RANK=\(rank)") { return pid }
      }
      usleep(20_000)
    }
    return nil
  }

  @Test("What makes no sense is refused")
  func refused() throws {
    let none = try BuiltProgram.run("pretrain", "pmd-17", "--data", "x", "--processes", "0")
    #expect(none.status == 64)
    #expect(none.errors == "option '--processes' is '0', expected a whole number from 1 to 1024\n")
    let process = BuiltProgram.process(["pretrain", "pmd-17", "--data", "x", "--processes", "2"])
    process.environment?.merge(
      ["RANK": "0", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500"]) { $1 }
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 64)
    #expect(
      said == "option '--processes' is '2', expected to be left out where torchrun or srun starts the processes\n")
  }
}
