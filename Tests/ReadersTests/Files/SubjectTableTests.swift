import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Who is behind the names, by a data set's own table")
struct SubjectTableTests {
  private func discovery(_ table: String, _ rule: SubjectTable, in folder: URL) throws -> Discovery {
    for name in ["sub-1.edf", "sub-2.edf", "sub-3.edf"] { try Data("x".utf8).write(name, in: folder) }
    try Data(table.utf8).write("participants.tsv", in: folder)
    return try FolderReader.any.discover(
      in: folder, rules: ReadingRules(files: ["psg": FileRule(["{subject}.edf"])], subjects: rule))
  }

  private let rule = SubjectTable(table: "participants.tsv", key: "participant_id", subject: "pid")

  @Test("Recordings of one person in the table are one person's; who is missing from it is undecided")
  func people() throws {
    try withTemporaryFolder { folder in
      let found = try discovery(
        "participant_id\tage\tpid\nsub-1\t33\tp1\nSUB-2\t33\tp1\nsub-4\t20\tp9\n", rule, in: folder)
      #expect(found.sources.map(\.id) == ["sub-1", "sub-2"] && found.sources.map(\.subject.id) == ["p1", "p1"])
      #expect(found.sources[0].decidedBy == "the card's files, whose they are by participants.tsv")
      #expect(found.undecided == ["participants.tsv does not say who 'sub-3' is"])
    }
  }

  @Test(
    "A table that cannot say it is refused in words",
    arguments: [
      (
        "participant_id\tperson\nsub-1\tp1\n",
        "participants.tsv:1: found the columns 'participant_id' and 'person', expected one called 'pid', as 'subjects' in the card says"
      ),
      (
        "participant_id\tpid\nsub-1\tp1\nsub-1\tp2\n",
        "participants.tsv:3: found 'sub-1' as 'p2', expected 'p1' as in a line before"
      ),
    ])
  func refused(_ table: String, _ said: String) throws {
    try withTemporaryFolder { folder in
      let error = try #require(throws: ReadError.self) { try discovery(table, rule, in: folder) }
      #expect(words(of: error).hasSuffix(said), "\(words(of: error))")
    }
  }
}
