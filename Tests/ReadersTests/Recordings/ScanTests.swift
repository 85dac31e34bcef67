import Foundation
import NumPy
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Scans")
struct ScanTests {
  @Test("A scan drafts a table that gives the recordings that the rules give")
  func draft() throws {
    try withTemporaryFolder { folder in
      let root = folder.appendingPathComponent("raw")
      try EDFTree(
        signals: ["a/S1_night1.edf", "a/S1_night2.edf", "a/S2_night1.edf", "a/x=y.edf"],
        scorings: ["a/S1_night2_scoring.edf"]
      ).write(to: root)
      let scan = try Scan(root: root, reader: FolderReader.edf)
      #expect(scan.undecided == [] && scan.undecidedRows == 0)
      #expect(
        scan.table.text() == """
          recording,subject,session,signals,labels,start,duration_seconds,decided_by
          a-S1_night1,S1,night1,a/S1_night1.edf,,2003-02-01 04:05:06,60,the word 'night' in its name
          a-S1_night2,S1,night2,a/S1_night2.edf,a/S1_night2_scoring.edf,2003-02-01 04:05:06,60,"the word 'night' in its name, labels of its name"
          a-S2_night1,S2,night1,a/S2_night1.edf,,2003-02-01 04:05:06,60,the word 'night' in its name
          a-x_y,a-x_y,,a/x=y.edf,,2003-02-01 04:05:06,60,its own name

          """)
      let url = folder.appendingPathComponent("t.csv")
      try scan.table.write(to: url)
      let sources = try RecordingTable(contentsOf: url).sources(root: root, reader: FolderReader.edf)
      let discovered = try FolderReader.edf.discover(in: root)
      #expect(sources.map(\.files) == discovered.map(\.files) && sources.map(\.subject) == discovered.map(\.subject))
      #expect(sources.map(\.session) == discovered.map(\.session) && sources.map(\.id) == discovered.map(\.id))
    }
  }

  @Test("What no rule decides stands in the table, which is refused until someone decides")
  func undecided() throws {
    try withTemporaryFolder { folder in
      let root = folder.appendingPathComponent("raw")
      try EDFTree(
        signals: ["P1_1.edf", "P1_2.edf", "n1.edf", "b.edf", "b-PSG.edf"],
        scorings: ["z.edf", "n1_scoring.edf", "b_scoring.edf"],
        texts: ["n1.csv": "x"]
      ).write(to: root)
      let scan = try Scan(root: root, reader: FolderReader.edf)
      #expect(scan.undecided.count == 5 && scan.undecidedRows == 6)
      let lines = scan.table.text().split(separator: "\n").dropFirst().map { line in
        line.split(separator: ",", omittingEmptySubsequences: false).enumerated()
          .filter { ![2, 5, 6].contains($0.offset) }.map { String($0.element) }.joined(separator: ",")
      }
      #expect(
        lines == [
          "P1_1,,P1_1.edf,,undecided", "P1_2,,P1_2.edf,,undecided", "b,,b.edf,b_scoring.edf,undecided",
          "b-PSG,,b-PSG.edf,b_scoring.edf,undecided", "n1,n1,n1.edf,n1_scoring.edf;n1.csv,undecided",
          "z,,,z.edf,undecided",
        ])
      let url = folder.appendingPathComponent("t.csv")
      try scan.table.write(to: url)
      #expect(throws: ReadError(url, line: 2, found: "no subject of 'P1_1'", expected: "whose recording it is")) {
        try RecordingTable(contentsOf: url)
      }
    }
  }

  @Test("Arrays have a role each, and labels are in their own column")
  func arrays() throws {
    try withTemporaryFolder { folder in
      for name in ["ecg", "respiration", "labels"] {
        try write(Data([1]), to: folder.appendingPathComponent("S1_a/\(name).npy"))
      }
      let scan = try Scan(root: folder, reader: NpyReader.stages)
      #expect(
        scan.table.rows == [
          RecordingTable.Row(
            recording: "S1_a", subject: "S1",
            signals: [
              RecordingTable.SignalFile(role: "ecg", path: "S1_a/ecg.npy"),
              RecordingTable.SignalFile(role: "respiration", path: "S1_a/respiration.npy"),
            ], labels: ["S1_a/labels.npy"], decidedBy: "its name up to the first '_'")
        ])
      #expect(
        try scan.table.sources(root: folder, reader: NpyReader.stages).map(\.files)
          == NpyReader.stages.discover(in: folder).map(\.files))
    }
  }

  @Test("Recordings that share a file need no table")
  func shared() throws {
    try withTemporaryFolder { folder in
      try NpyArray<Float>(shape: [100, 1, 1], values: Array(repeating: 0, count: 100))
        .write(to: folder.appendingPathComponent("X.npy"))
      try NpyArray<Int64>(shape: [100], values: Array(repeating: 0, count: 100))
        .write(to: folder.appendingPathComponent("y.npy"))
      let error = try #require(throws: ReadError.self) { try Scan(root: folder, reader: SpectrogramReader()) }
      #expect(
        words(of: error)
          == "\(folder.path)/X.npy: found a file of several recordings, expected a file a recording: 'spectrograms' needs no table"
      )
    }
  }
}
