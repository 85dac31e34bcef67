import Foundation
import TestSupport
import Testing

/// A disk that is full, as a limit of the shell on the size of files makes one.
@Suite("A full disk")
struct FullDiskTests {
  @Test("Preparing stops at once, whatever it was told, keeps what is whole, and goes on when there is room")
  func prepare() throws {
    try withTemporaryFolder { folder in
      let words = "\"$SSRM\" prepare sleep-accel --raw raw --out corpus --jobs 1 --keep-going"
      let made = try BuiltProgram.shell(
        "\"$SSRM\" synthesize sleep-accel --out raw --subjects 3 --hours 0.5", in: folder)
      #expect(made.status == 0, "\(made.errors)")
      let full = try BuiltProgram.shell("ulimit -f 64; \(words)", in: folder)
      #expect(full.status == 70, "\(full)")
      let said = full.errors.split(separator: "\n").filter { $0.contains("found no room") }
      #expect(said.count == 1 && full.errors.hasSuffix("what was whole before is kept\n"), "\(full.errors)")
      #expect(!full.output.contains("could not be prepared"))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("corpus/corpus.json").path))
      let again = try BuiltProgram.shell(words, in: folder)
      #expect(again.status == 0 && again.output.contains("3 recordings of 3 subjects"), "\(again)")
    }
  }

  @Test("A picture that does not fit is an error, and what was there before is kept")
  func picture() throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized("sleep-edf", subjects: 1, in: folder)
      let raw = folder.appendingPathComponent("raw")
      let name = try #require(
        FileManager.default.subpathsOfDirectory(atPath: raw.path).first { $0.hasSuffix("-PSG.edf") })
      let picture = folder.appendingPathComponent("night.svg")
      try Data("old".utf8).write(to: picture)
      let outcome = try BuiltProgram.shell("ulimit -f 4; \"$SSRM\" inspect raw/\(name) --out night.svg", in: folder)
      #expect(outcome.status == 70 && outcome.errors.hasSuffix("\n"), "\(outcome)")
      #expect(try String(contentsOf: picture, encoding: .utf8) == "old")
    }
  }
}
