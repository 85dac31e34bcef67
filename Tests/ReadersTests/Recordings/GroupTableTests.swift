import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Which people belong together, by a data set's own table or its files' names")
struct GroupTableTests {
  private let rule = GroupTable(table: "**/study-dataset-*.csv", key: "id", group: "family")

  private func discovery(_ table: String, in folder: URL) throws -> Discovery {
    for name in ["p0001.edf", "p0002.edf", "p0011.edf"] { try Data("x".utf8).write(name, in: folder) }
    try Data(table.utf8).write("datasets/study-dataset-0.10.0.csv", in: folder)
    let rules = ReadingRules(files: ["psg": FileRule(["p{subject}.edf"])], groups: rule)
    var found = try FolderReader.any.discover(in: folder, rules: rules)
    try found.group(by: rules, in: folder)
    return found
  }

  @Test("Each recording has the group of its subject, of the last version of the table, and that is told")
  func table() throws {
    try withTemporaryFolder { folder in
      try Data("id,family\n1,x\n2,y\n11,z\n".utf8).write("datasets/study-dataset-0.9.0.csv", in: folder)
      let found = try discovery("id,age,family\n1,30,7\n11,31,7\n0002,40,8\n12,9,8\n", in: folder)
      #expect(found.sources.map(\.group) == ["7", "8", "7"])
      #expect(
        found.notes.contains(
          "3 subjects belong to 2 groups by datasets/study-dataset-0.10.0.csv: people of one group stand on one side of a split"
        ))
    }
  }

  @Test("A name may say it")
  func names() throws {
    try withTemporaryFolder { folder in
      for name in ["F1/a.edf", "F1/b.edf", "F2/c.edf"] { try Data("x".utf8).write(name, in: folder) }
      let rules = ReadingRules(files: ["psg": FileRule(["{group}/{subject}.edf"])])
      var found = try FolderReader.any.discover(in: folder, rules: rules)
      try found.group(by: rules, in: folder)
      #expect(found.sources.map(\.group) == ["F1", "F1", "F2"])
      #expect(
        found.notes.last
          == "3 subjects belong to 2 groups by the card's files: people of one group stand on one side of a split")
      try Data("x".utf8).write("F2/a.edf", in: folder)
      var two = try FolderReader.any.discover(
        in: folder, rules: ReadingRules(files: ["psg": FileRule(["{group}/{subject}.edf"])]))
      let error = #expect(throws: ReadError.self) { try two.group(by: rules, in: folder) }
      #expect(
        error.map {
          words(of: $0).hasSuffix(": found subject 'a' in the groups 'F1' and 'F2', expected one group of each subject")
        }
          == true)
    }
  }

  @Test(
    "A table that cannot say it is refused in words",
    arguments: [
      (
        "id,famid\n1,7\n",
        "datasets/study-dataset-0.10.0.csv:1: found the columns 'id' and 'famid', expected one called 'family', as 'groups' in the card says; the nearest is 'famid'"
      ),
      (
        "id,family\n1,7\n0001,8\n",
        "datasets/study-dataset-0.10.0.csv:3: found '0001' in group '8', expected group '7' as in a line before"
      ),
      (
        "id,family\n1,7\n2,\n",
        "datasets/study-dataset-0.10.0.csv: found no 'family' of '0002' and '0011', expected one of each subject: people who belong together must not stand on both sides of a split"
      ),
    ])
  func refused(_ table: String, _ said: String) throws {
    try withTemporaryFolder { folder in
      let error = try #require(throws: ReadError.self) { try discovery(table, in: folder) }
      #expect(words(of: error).hasSuffix(said), "\(words(of: error))")
    }
  }

  @Test("Where the table is not there, whatever it is for is refused")
  func absent() throws {
    try withTemporaryFolder { folder in
      try Data("x".utf8).write("p1.edf", in: folder)
      let rules = ReadingRules(files: ["psg": FileRule(["p{subject}.edf"])], groups: rule)
      var found = try FolderReader.any.discover(in: folder, rules: rules)
      let error = try #require(throws: ReadError.self) { try found.group(by: rules, in: folder) }
      #expect(
        words(of: error)
          == "\(folder.path): found no file '**/study-dataset-*.csv', expected the table of who belongs together, as 'groups' in the card says; "
          + "a card without 'groups' lets relatives stand on both sides of a split")
    }
  }
}
