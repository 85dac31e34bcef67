import Foundation
import TestSupport
import Testing

/// Small recordings on which the program was once wrong.
private let cases = sharedDatasets.map { $0.deletingLastPathComponent().appendingPathComponent("cases") }
  .flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }

@Suite("Scan")
struct ScanTests {
  /// Copies one synthetic night under several names.
  private func copies(_ names: [String], in folder: URL) throws {
    try PrepareTests.synthesized("sleep-edf", subjects: 1, in: folder)
    let night = folder.appendingPathComponent("raw/sleep-cassette/SC4001E0-PSG.edf")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("mine"), withIntermediateDirectories: true)
    for name in names {
      try FileManager.default.copyItem(at: night, to: folder.appendingPathComponent("mine/\(name)"))
    }
  }

  @Test("A folder whose names say all becomes a table, which is never written over")
  func decided() throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized("sleep-edf", subjects: 2, in: folder)
      let outcome = try BuiltProgram.run("scan", "raw", "--out", "t.csv", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.output
          == "wrote t.csv: 2 recordings of 2 subjects, 2 with a label file\n  2 by Sleep-EDF's names, labels of its name\n"
          + "next: ssrm prepare edf --raw raw --recordings t.csv --out CORPUS\n")
      let table = try String(contentsOf: folder.appendingPathComponent("t.csv"), encoding: .utf8).split(separator: "\n")
      #expect(table.first == "recording,subject,session,signals,labels,start,duration_seconds,decided_by")
      #expect(table.count == 3)
      let again = try BuiltProgram.run("scan", "raw", "--out", "t.csv", in: folder)
      #expect(again.status == 65 && again.output == "")
      #expect(
        again.errors.hasSuffix(
          "/t.csv: found a file that is there already, expected a new one, since a table may hold your decisions: name another, "
            + "or remove it\n"))
      let other = try BuiltProgram.run("scan", "raw", "--dataset", "sleep-edf", "--out", "t.tsv", in: folder)
      #expect(other.status == 0 && other.output.contains("  2 by the publisher's names\n"), "\(other.errors)")
      let text = try String(contentsOf: folder.appendingPathComponent("t.tsv"), encoding: .utf8)
      #expect(text.hasPrefix("recording\tsubject\t"))
    }
  }

  @Test("What no rule decides is listed and left to the user, and prepare refuses it with the command for a table")
  func undecided() throws {
    try withTemporaryFolder { folder in
      try copies(["P01_1.edf", "P01_2.edf", "P02_1.edf"], in: folder)
      let outcome = try BuiltProgram.run("scan", "mine", "--out", "t.csv", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.output == """
          wrote t.csv: 3 recordings of 1 subject, 0 with a label file
            1 by its own name
          note: no recording has a label file, or annotations of its own
          undecided:
            'P01_1.edf' and 'P01_2.edf' may be recordings of one subject 'P01', or of several; a card's subject: \
          {pattern: '([^/_]+)_[^/]*$'} joins them
          2 lines need your decision: edit t.csv, then ssrm prepare edf --raw mine --recordings t.csv --out CORPUS

          """)
      let refused = try BuiltProgram.run("prepare", "edf", "--raw", "mine", "--out", "corpus", in: folder)
      #expect(refused.status == 65)
      #expect(
        refused.errors.hasSuffix(
          ": ssrm scan mine --out recordings.csv drafts a table to edit; give it to --recordings\n"),
        "\(refused.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("corpus").path))

      let words = ["prepare", "edf", "--raw", "mine", "--out", "corpus", "--recordings", "t.csv"]
      func prepare() throws -> BuiltProgram.Outcome {
        try BuiltProgram.run(
          words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7], in: folder)
      }
      let draft = try prepare()
      #expect(draft.status == 65)
      #expect(draft.errors.hasSuffix("/t.csv:2: found no subject of 'P01_1', expected whose recording it is\n"))
      let table = folder.appendingPathComponent("t.csv")
      try String(contentsOf: table, encoding: .utf8).replacing("P01_1,,", with: "P01_1,anna,")
        .replacing("P01_2,,", with: "P01_2,anna,").write(to: table, atomically: true, encoding: .utf8)
      let decided = try prepare()
      #expect(decided.status == 0, "\(decided.errors)")
      #expect(decided.output.hasPrefix("wrote corpus: 3 recordings of 2 subjects, "), "\(decided.output)")
    }
  }

  @Test("Wrong words end with 64, a wrong folder with 65")
  func refused() throws {
    try withTemporaryFolder { folder in
      let unknown = try BuiltProgram.run("scan", "raw", "--dataset", "sleep-edff", "--out", "t.csv", in: folder)
      #expect(unknown.status == 64 && unknown.errors == "unknown data set 'sleep-edff'. Did you mean 'sleep-edf'?\n")
      let missing = try BuiltProgram.run("scan", "raw", in: folder)
      #expect(missing.status == 64 && missing.errors == "missing option '--out FILE'. See 'ssrm scan --help'\n")
      let absent = try BuiltProgram.run("scan", "raw", "--out", "t.csv", in: folder)
      #expect(absent.status == 65)
      #expect(absent.errors.hasSuffix("/raw: found no such folder, expected a folder of .edf or .bdf files\n"))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("t.csv").path))
    }
  }

  @Test(
    "Preparing takes nobody's labels and nobody's nights",
    .enabled(if: cases != nil, "the cases of ../shared/cases are not here"),
    arguments: [
      ("unscored-visit", "2 recordings of 1 subject, 40 windows, 20 with a label"),
      ("folder-named-psg/PSG", "1 recording of 1 subject, 20 windows, 20 with a label"),
      ("two-nights-one-person", "6 recordings of 3 subjects, "),
      ("scoring-of-other-name", "1 recording of 1 subject, 20 windows, 20 with a label"),
    ])
  func prepared(name: String, summary: String) throws {
    try withTemporaryFolder { folder in
      let raw = try #require(cases).appendingPathComponent(name).path
      let outcome = try BuiltProgram.run("prepare", "edf", "--raw", raw, "--out", "corpus", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("wrote corpus: " + summary), "\(outcome.output)")
    }
  }
}
