import Foundation
import TestSupport
import Testing

/// What a training writes where figures cannot be drawn and nobody listens.
@Suite("A training's output", .enabled(if: hasLibTorch))
struct TrainingOutputTests {
  /// The end of a command that fine-tunes into `out`, with a corpus and a recipe in the folder.
  private func withTraining(_ body: (_ folder: URL, _ words: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized("sleep-accel", subjects: 4, hours: "0.5", in: folder)
      let prepared = try BuiltProgram.run(
        "prepare", "sleep-accel", "--raw", "raw", "--out", "corpus", "--sensors", "heart-rate", in: folder)
      #expect(prepared.status == 0, "\(prepared.errors)")
      let recipe = InterruptionTests.recipe.replacing("epochs: 100000, select", with: "epochs: 2, select")
      try Data(recipe.utf8).write(to: folder.appendingPathComponent("small.yaml"))
      try body(folder, "\"$SSRM\" finetune small.yaml --data corpus --out out")
    }
  }

  private func pictures(_ folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.appendingPathComponent("out").path)
      .filter { $0.hasSuffix(".png") || $0.hasSuffix(".svg") }.sorted()
  }

  private func report(_ folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent("out/report.txt"), encoding: .utf8)
  }

  @Test("Without gnuplot the result is whole, and that it is missing is said once")
  func missing() throws {
    try withTraining { folder, words in
      let outcome = try BuiltProgram.shell("PATH=\"$PWD/none\" \(words)", in: folder)
      #expect(outcome.status == 0)
      #expect(outcome.output == (try report(folder)) + "wrote out\n")
      let line =
        "gnuplot: not found in PATH, needed to draw figures: sudo apt-get install gnuplot-nox; the result is whole without it"
      #expect(
        outcome.errors.split(separator: "\n").filter { $0.contains("gnuplot") } == [line[...]], "\(outcome.errors)")
      #expect(try pictures(folder).isEmpty)
    }
  }

  @Test("A gnuplot that fails costs a line a figure and no result")
  func failing() throws {
    try withTraining { folder, words in
      let program = folder.appendingPathComponent("gnuplot")
      try Data("#!/bin/sh\necho 'no fonts' >&2\nexit 1\n".utf8).write(to: program)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
      let outcome = try BuiltProgram.shell("PATH=\"$PWD\" \(words)", in: folder)
      #expect(outcome.status == 0)
      #expect(outcome.output == (try report(folder)) + "wrote out\n")
      let told = outcome.errors.split(separator: "\n").filter { $0.contains("gnuplot ended") }
      #expect(
        told.count == 4 && told.allSatisfy { $0.hasSuffix(": no fonts; the result is whole without it") }, "\(told)")
      #expect(try pictures(folder).isEmpty)
    }
  }

  @Test(
    "With every stream closed, or standard error full, a training ends as always and nothing is written into its files")
  func closed() throws {
    for streams in ["<&- >&- 2>&-", "2>/dev/full >/dev/null"] {
      try withTraining { folder, words in
        #expect(try BuiltProgram.shell("\(words) \(streams); echo $?", in: folder).output == "0\n")
        #expect(try report(folder).hasPrefix("small, scratch\n"))
        let out = folder.appendingPathComponent("out")
        for name in try FileManager.default.subpathsOfDirectory(atPath: out.path) {
          let data = try? Data(contentsOf: out.appendingPathComponent(name))
          #expect(data?.range(of: Data("fine-tuning epoch".utf8)) == nil, "\(name)")
        }
      }
    }
  }
}
