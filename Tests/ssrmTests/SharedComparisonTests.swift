import Foundation
import TestSupport
import Testing

/// One comparison by several processes, as the jobs of a cluster's array are.
@Suite("A shared comparison", .enabled(if: hasLibTorch))
struct SharedComparisonTests {
  private static let recipe = """
    name: small
    sensors: [heart-rate]
    labels: w-nrem-rem
    device: cpu
    encoder: {width: 8, signal: {channels: [4, 8], kernel: 3, tokens: 2}}
    pretraining: {tasks: [{task: views}], batch: 16, epochs: 1, steps: 5}
    head: {kind: linear}
    finetuning: {batch: 16, epochs: 2, select: last}
    split: {kind: k-fold, folds: 2, validation: 0.3}
    comparison:
      arms: [scratch, frozen, fine-tuned]
      budgets: [all]
      seeds: 2
    """

  @Test("Four processes on one folder, of which one is killed, give every cell and the table of one process alone")
  func four() throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized("sleep-accel", subjects: 4, hours: "0.5", in: folder)
      let prepared = try BuiltProgram.run(
        "prepare", "sleep-accel", "--raw", "raw", "--out", "corpus", "--sensors", "heart-rate", in: folder)
      #expect(prepared.status == 0, "\(prepared.errors)")
      try Data(Self.recipe.utf8).write(to: folder.appendingPathComponent("small.yaml"))
      func words(_ out: String) -> [String] { ["compare", "small.yaml", "--data", "corpus", "--out", out] }
      let alone = try BuiltProgram.outcome(words("alone"), in: folder)
      #expect(alone.status == 0, "\(alone.errors)")

      let processes = (0..<4).map { _ in BuiltProgram.process(words("shared"), in: folder) }
      for process in processes {
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
      }
      let cells = folder.appendingPathComponent("shared/cells")
      func names(_ place: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []).sorted()
      }
      while processes[0].isRunning, !names(cells).contains(where: { $0.hasSuffix(".lease") }) { usleep(500) }
      kill(processes[0].processIdentifier, SIGKILL)
      for process in processes { process.waitUntilExit() }
      #expect(processes.dropFirst().allSatisfy { $0.terminationStatus == 0 })
      #expect(names(cells) == names(folder.appendingPathComponent("alone/cells")))
      #expect(names(cells).count { $0.hasSuffix(".json") } == 12)
      // All but how long each took.
      func text(_ run: String, _ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent("\(run)/\(name)"), encoding: .utf8)
          .replacing(/"seconds":[0-9.e-]+/, with: "")
      }
      for name in names(cells) where name.hasSuffix(".json") {
        #expect(try text("shared", "cells/\(name)") == text("alone", "cells/\(name)"), "\(name)")
      }
      #expect(
        try text("shared", "report.md").split(separator: "\n").count
          == text("alone", "report.md").split(separator: "\n").count)
    }
  }
}
