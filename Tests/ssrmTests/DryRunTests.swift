import Foundation
import TestSupport
import Testing

@Suite("A look before a preparation")
struct DryRunTests {
  @Test("Three recordings, the first, one between and the last, are shown, and nothing is written")
  func shown() throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized("shhs", subjects: 5, in: folder)
      let outcome = try BuiltProgram.run(
        "prepare", "shhs", "--raw", "raw", "--dry-run", "--sensors", "ecg,respiration", "--picture", "n.svg", in: folder
      )
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("5 recordings of 5 subjects below raw; nothing is written\n"))
      for id in ["shhs1-200001", "shhs1-200003", "shhs1-200005"] { #expect(outcome.output.contains(id)) }
      #expect(!outcome.output.contains("shhs1-200002"))
      #expect(outcome.output.contains("ECG: 'ECG' at 125 Hz") && outcome.output.hasSuffix("wrote n.svg\n"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["n.svg", "raw"])
    }
  }

  @Test(
    "What does not go together is a wrong command line",
    arguments: [
      (["--picture", "n.png"], "option '--picture' is 'n.png', expected it with --dry-run\n"),
      ([], "missing option '--out DIR'. See 'ssrm prepare --help'\n"),
    ])
  func refused(_ words: [String], _ said: String) throws {
    let outcome = try BuiltProgram.outcome(["prepare", "shhs", "--raw", "raw"] + words)
    #expect(outcome.status == 64 && outcome.errors.hasSuffix(said), "\(outcome.errors)")
  }

  @Test("A folder of another data set is refused with what is there and what is wanted")
  func otherFolder() throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized("sleep-edf", subjects: 1, in: folder)
      let outcome = try BuiltProgram.run("prepare", "hmc", "--raw", "raw", "--dry-run", in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("raw: found 3 files, 'SYNTHETIC.txt', "), "\(outcome.errors)")
      #expect(outcome.errors.contains(", expected files as '**/"), "\(outcome.errors)")
    }
  }
}
