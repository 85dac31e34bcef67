import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Tables of recordings")
struct RecordingTableTests {
  private static let header = "recording,subject,session,signals,labels,start,duration_seconds,decided_by\n"

  private func read(_ text: String, name: String = "recordings.csv") throws -> RecordingTable {
    try withTemporaryFolder { folder in
      try write(Data(text.utf8), to: folder.appendingPathComponent(name))
      return try RecordingTable(contentsOf: folder.appendingPathComponent(name))
    }
  }

  /// The words of the refusal, without the folder's path.
  private func refusal(_ text: String, name: String = "recordings.csv") throws -> String {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent(name)
      try write(Data(text.utf8), to: url)
      let error = try #require(throws: ReadError.self) { try RecordingTable(contentsOf: url) }
      return words(of: error).replacingOccurrences(of: folder.path + "/", with: "")
    }
  }

  @Test("A line is a recording; columns may come in any order, and those that no rule reads are kept and told")
  func read() throws {
    let table = try read(
      "\u{feff}subject,age,recording,labels,signals,start,sex\r\nS1,30,n1,s/n1.csv,./a/n1.edf,2026-01-31T22:30,f\r\n\r\n"
        + "S1,31,\"n 2\",,\"psg=a=b.edf; ecg=e,\"\"1\"\".edf\",23:00:00,\n")
    #expect(
      table.rows == [
        RecordingTable.Row(
          recording: "n1", subject: "S1", signals: [RecordingTable.SignalFile(path: "a/n1.edf")], labels: ["s/n1.csv"],
          start: LocalTime("2026-01-31 22:30:00"), others: ["30", "f"]),
        RecordingTable.Row(
          recording: "n 2", subject: "S1",
          signals: [
            RecordingTable.SignalFile(role: "psg", path: "a=b.edf"),
            RecordingTable.SignalFile(role: "ecg", path: "e,\"1\".edf"),
          ], start: LocalTime("23:00:00"), others: ["31", ""]),
      ])
    #expect(
      table.notes == [
        "recordings.csv: the column 'age' is of no known meaning, and left alone",
        "recordings.csv: the column 'sex' is of no known meaning, and left alone",
      ])
  }

  @Test("What is written is read again, as CSV and as TSV", arguments: ["t.csv", "t.tsv"])
  func roundTrip(name: String) throws {
    let table = RecordingTable(
      rows: [
        RecordingTable.Row(
          recording: "a,b", subject: "S \"1\"", session: "night\t1",
          signals: [
            RecordingTable.SignalFile(path: "x y/é.edf"), RecordingTable.SignalFile(role: "ecg", path: "z.edf"),
          ], labels: ["l.csv"], start: LocalTime("2026-01-31 22:30:00.5"), durationSeconds: 28800.25,
          decidedBy: "BIDS names, labels of its name", others: ["a\nb"]),
        RecordingTable.Row(
          recording: "c", subject: "S2", signals: [RecordingTable.SignalFile(path: "c.edf")], others: [""]),
        // What a spreadsheet would compute.
        RecordingTable.Row(
          recording: "=1+2", subject: "-S3", session: "@1", signals: [RecordingTable.SignalFile(path: "+4.edf")],
          others: ["'=5"]),
      ], otherColumns: ["remarks"])
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent(name)
      try table.write(to: url)
      #expect(try String(contentsOf: url, encoding: .utf8).contains("\n'=1+2"))
      let again = try RecordingTable(contentsOf: url)
      #expect(again.rows == table.rows && again.otherColumns == table.otherColumns)
      let error = try #require(throws: ReadError.self) { try table.write(to: url) }
      #expect(
        words(of: error)
          == "\(url.path): found a file that is there already, expected a new one, since a table may hold your decisions: name "
          + "another, or remove it")
    }
  }

  private static let wrong: [(text: String, words: String)] = [
    ("", "recordings.csv: found an empty file, expected a text file"),
    (
      "recording,signals,labels\nn1,n1.edf,\n",
      "recordings.csv:1: found no column 'subject' among 'recording', 'signals' and 'labels', expected recording,subject,signals,labels"
    ),
    (
      "recording,subjct,signals,labels\nn1,S1,n1.edf,\n",
      "recordings.csv:1: found the column 'subjct', expected 'subject', its nearest known name"
    ),
    (
      "recording,subject,subject,signals,labels\nn1,S1,S1,n1.edf,\n",
      "recordings.csv:1: found the column 'subject' twice, expected it once"
    ),
    (
      "recording;subject;signals;labels\nn1;S1;n1.edf;\n",
      "recordings.csv:1: found columns separated by semicolons, expected commas, or tabs in a file named .tsv; ';' separates the files in one column"
    ),
    ("HEAD\n", "recordings.csv: found no line below the column names, expected a line a recording"),
    (
      "HEAD\nn1,S1,,n1.edf\n",
      "recordings.csv:2: found 4 fields, expected 8, as there are columns; a field with the separator in it stands in quotation marks"
    ),
    ("HEAD\nn1,,,n1.edf,,,,\n", "recordings.csv:2: found no subject of 'n1', expected whose recording it is"),
    ("HEAD\nn1, ,,n1.edf,,,,\n", "recordings.csv:2: found no subject of 'n1', expected whose recording it is"),
    ("HEAD\nn1,S1,,,,,,\n", "recordings.csv:2: found no file of 'n1', expected a path under 'signals'"),
    (
      "HEAD\nn1,S1,,n1.edf,a.csv;b.csv,,,\n",
      "recordings.csv:2: found 2 label files of 'n1', 'a.csv' and 'b.csv', expected the one that is its own"
    ),
    (
      "HEAD\nn1,S1,,n1.edf,,,,\nN1,S1,,n2.edf,,,,\n",
      "recordings.csv:3: found the recording 'N1' again, as on line 2, expected a name of its own, whatever its case"
    ),
    (
      "HEAD\nn1,S1,,\"n1.edf\",,,,\nn2,S1,\"a\nb\",./n1.edf,,,,\n",
      "recordings.csv:3: found the file 'n1.edf' again, as on line 2, expected each signal file in one recording alone"
    ),
    (
      "HEAD\nn1,S1,,n1.edf;n1.edf,,,,\n",
      "recordings.csv:2: found the file 'n1.edf' twice, expected each signal file in one recording alone"
    ),
    (
      "HEAD\nn1,S1,,n1.edf,a.csv,,,\nn2,S1,,n2.edf,a.csv,,,\n",
      "recordings.csv:3: found the label file 'a.csv' again, as on line 2, expected each label file in one recording alone"
    ),
    (
      "HEAD\na/b,S1,,n1.edf,,,,\n",
      "recordings.csv:2: found the recording 'a/b', with '/' in it, expected a name that a folder may have, such as S01_night1"
    ),
    (
      "HEAD\n..,S1,,n1.edf,,,,\n",
      "recordings.csv:2: found the recording '..', which begins with a point, expected a name that a folder may have, such as S01_night1"
    ),
    (
      "HEAD\n,S1,,n1.edf,,,,\n",
      "recordings.csv:2: found no recording, expected a name that a folder may have, such as S01_night1"
    ),
    (
      "HEAD\nn1,S1,,../n1.edf,,,,\n",
      "recordings.csv:2: found the path '../n1.edf', expected one below the folder of the raw files"
    ),
    (
      "HEAD\nn1,S1,,/n1.edf,,,,\n",
      "recordings.csv:2: found the path '/n1.edf', expected one below the folder of the raw files"
    ),
    (
      "HEAD\nn1,S1,,n1.edf,,25:00,,\n",
      "recordings.csv:2: found the start '25:00', expected a time such as 2026-01-31 22:30:00, or 22:30:00, or nothing"
    ),
    (
      "HEAD\nn1,S1,,n1.edf,,,long,\n",
      "recordings.csv:2: found the duration 'long', expected a number of seconds, or nothing"
    ),
    (
      "HEAD\nn1,\"S1,,n1.edf,,,,\n",
      "recordings.csv:2: found a field in quotation marks that does not end, expected a second '\"' after it"
    ),
    (
      "HEAD\nn1,\"S\"1,,n1.edf,,,,\n",
      "recordings.csv:2: found '1' after a field in quotation marks, expected a separator or the line's end: quotation marks in a field are written twice"
    ),
  ]

  @Test("What is wrong is told with its line", arguments: wrong)
  func refused(text: String, wanted: String) throws {
    #expect(try refusal(text.replacing("HEAD\n", with: Self.header)) == wanted)
  }

  @Test("Bytes that are no UTF-8 are refused")
  func bytes() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("t.csv")
      try write(Data(Self.header.utf8) + Data([0xff, 0x2c]), to: url)
      let error = try #require(throws: ReadError.self) { try RecordingTable(contentsOf: url) }
      #expect(words(of: error) == "\(url.path): found bytes that are no UTF-8, expected text in UTF-8")
    }
  }

  @Test("A table gives the files of each recording by role, and refuses what is not there")
  func sources() throws {
    try withTemporaryFolder { folder in
      try EDFTree(signals: ["raw/n1.edf", "raw/n2.edf"], texts: ["raw/s/n1.csv": "x"]).write(to: folder)
      let root = folder.appendingPathComponent("raw")
      let url = folder.appendingPathComponent("t.csv")
      func sources(_ lines: String, _ reader: any DatasetReader = FolderReader.edf) throws -> [RecordingSource] {
        try Data((Self.header + lines).utf8).write(to: url)
        return try RecordingTable(contentsOf: url).sources(root: root, reader: reader)
      }
      let found = try sources("b,S1,night2,n2.edf,labels=s/n1.csv,22:30,,\na,S1,,psg=n1.edf,,,,\n")
      #expect(
        found == [
          RecordingSource(
            id: "b", subject: Subject("S1"), session: "night2",
            files: [
              "psg": root.appendingPathComponent("n2.edf"), "labels": root.appendingPathComponent("s/n1.csv"),
            ],
            start: LocalTime("22:30"), decidedBy: "the table of recordings"),
          RecordingSource(
            id: "a", subject: Subject("S1"), files: ["psg": root.appendingPathComponent("n1.edf")],
            decidedBy: "the table of recordings"),
        ])
      func refusal(_ lines: String, _ reader: any DatasetReader = FolderReader.edf) throws -> String {
        let error = try #require(throws: ReadError.self) { try sources(lines, reader) }
        return words(of: error).replacingOccurrences(of: folder.path + "/", with: "")
          .replacingOccurrences(of: root.relativePath, with: "raw")
      }
      #expect(
        try refusal("a,S1,,n3.edf,,,,\n")
          == "t.csv:2: found no file 'n3.edf' below raw, expected one that is there; the nearest name there is 'n1.edf'"
      )
      #expect(try refusal("a,S1,,s,,,,\n") == "t.csv:2: found the folder 's', expected a file")
      #expect(
        try refusal("a,S1,,ecg=n1.edf,,,,\n")
          == "t.csv:2: found the role 'ecg' of 'n1.edf', expected one that 'edf' reads: psg")
      #expect(
        try refusal("a,S1,,n1.edf;n2.edf,,,,\n")
          == "t.csv:2: found a second file of the role 'psg', 'n2.edf', expected one file a role")
      #expect(
        try refusal("a,S1,,n1.edf,,,,\n", NpyReader.stages)
          == "t.csv:2: found the file 'n1.edf' without its role, expected role=path, such as radar=n1.edf")
      #expect(
        try refusal("a,S1,,rr=n1.edf,s/n1.csv,,,\n", SlpdbRRReader())
          == "t.csv:2: found the label file 's/n1.csv', expected none: 'slpdb-rr' reads labels from the signal's file")
      let absent = folder.appendingPathComponent("absent")
      #expect(
        throws: ReadError(absent, found: "no such folder", expected: "the folder that the table's paths start from")
      ) {
        try RecordingTable(contentsOf: url).sources(root: absent, reader: FolderReader.edf)
      }
    }
  }
}
