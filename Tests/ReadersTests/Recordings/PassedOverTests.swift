import Foundation
import Readers
import TestSupport
import Testing

@Suite("Files that are passed over without a card")
struct PassedOverTests {
  static let folders: [(files: [String], said: String?)] = [
    (["n1.edf", "n2.edf"], nil),
    (
      ["n1.edf", "W01_acc.csv"],
      "1 file below F passed over, since no name tells how it reads: 'W01_acc.csv'; --card FILE says which files hold signals"
    ),
    (
      ["n1.edf", "b/4.h5", "b/1.csv", "b/2.csv.gz", "b/3.xyz", "b/n1.tsv"],
      "5 files below F passed over, since no name tells how it reads: 'b/1.csv', 'b/2.csv.gz', 'b/3.xyz' and 2 more; "
        + "--card FILE says which files hold signals"
    ),
    // Documents, labels and what a recording is made of are no news.
    (
      [
        "n1.edf", "n1.csv", "n2.edf", "n2_scoring.txt", "README.md", "licence.txt", "participants.tsv", "plot.png",
        "n1.events",
      ], nil
    ),
    (["sub-1_task-s_eeg.edf", "sub-1_task-s_events.tsv", "sub-1_task-s_channels.tsv", "sub-1_task-s_eeg.json"], nil),
  ]

  @Test("How many they are, the first three and what to do stand in one sentence", arguments: folders)
  func told(files: [String], said: String?) throws {
    try withTemporaryFolder { folder in
      for file in files { try Data("x".utf8).write(file, in: folder) }
      let found = try FolderReader.any.discover(in: folder, rules: ReadingRules())
      let sentence = try FolderReader.any.passedOver(in: folder, besides: found)
      #expect(sentence == said?.replacing("below F ", with: "below \(folder.relativePath) "))
    }
  }

  @Test("Where no name tells that a file holds signals, what is there is named, and what a card can say")
  func nothingElse() throws {
    try withTemporaryFolder { folder in
      func refusal() throws -> String {
        words(
          of: try #require(throws: ReadError.self) { try FolderReader.edf.discover(in: folder, rules: ReadingRules()) })
      }
      #expect(try refusal() == "\(folder.path): found no files, expected a folder of .edf or .bdf files")
      try Data("x".utf8).write("b/W01.csv", in: folder)
      #expect(
        try refusal()
          == "\(folder.path): found 1 file of other names, 'b/W01.csv', expected a folder of .edf or .bdf files, or a card whose 'files' "
          + "say which hold signals (--card FILE)")
    }
  }

  @Test("By a card's patterns, files of none and recordings without a file that is required are told")
  func patterns() throws {
    try withTemporaryFolder { folder in
      for file in ["S1.edf", "S2.edf", "S1.csv", "other/x1.edf"] { try Data("x".utf8).write(file, in: folder) }
      let rules = ReadingRules(files: [
        "psg": FileRule(["{subject:S[0-9]}.edf"]), "wrist": FileRule(["{subject}.csv"], required: true),
      ])
      let found = try FolderReader.any.discover(in: folder, rules: rules)
      #expect(
        found.passedOver == [
          "1 file is of no pattern among the card's files and left out: 'other/x1.edf'",
          "1 of 2 recordings have no 'wrist' file, which the card requires, and are passed over: 'S2'",
        ])
      #expect(Set(found.passedOver).isSubset(of: found.notes))
    }
  }
}
