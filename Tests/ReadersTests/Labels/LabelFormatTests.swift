import Foundation
import NumPy
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Label files of every format")
struct LabelFormatTests {
  private static let night: [Stage?] = [.wake, .n1, .n2, .n3, .rem]
  private static let wordsOfNight = ["W", "N1", "N2", "N3", "R"]

  private static func rows(_ separator: String, header: String?) -> String {
    ([header].compactMap(\.self)
      + wordsOfNight.enumerated().map { ["\($0 * 30)", "30", $1].joined(separator: separator) })
      .joined(separator: "\n") + "\n"
  }

  private static let files: [(name: String, text: String, rules: LabelRules?)] = [
    ("a.csv", rows(",", header: "onset,duration,stage"), nil),
    ("a.csv", rows(";", header: "Onset (s);Duration (s);Sleep Stage"), nil),
    ("a.csv", rows(",", header: nil), nil),
    ("a.tsv", rows("\t", header: "onset\tduration\tstage"), nil),
    ("a_events.tsv", rows("\t", header: "onset\tduration\ttrial_type") + "31\t2\tarousal\n", nil),
    ("a.txt", wordsOfNight.joined(separator: "\r\n"), nil),
    ("a.txt", wordsOfNight.enumerated().map { "\($0 * 30) \($1)" }.joined(separator: "\n"), nil),
    ("a.csv", "stage\n" + wordsOfNight.joined(separator: "\n"), nil),
    ("a.csv", "x,y\n" + wordsOfNight.map { "7,\"Stage, \($0)\"" }.joined(separator: "\n"), LabelRules(stage: "y")),
    (
      "a.csv", wordsOfNight.enumerated().map { "u,\($1),\($0 * 30)" }.joined(separator: "\n"),
      LabelRules(onset: "3", stage: "2")
    ),
    (
      "a.csv", "u,v,w\n" + wordsOfNight.enumerated().map { "u,\($1),\($0 * 30)" }.joined(separator: "\n"),
      LabelRules(onset: "3", stage: "2")
    ),
    ("a.dat", wordsOfNight.joined(separator: "\n"), LabelRules(format: .lines)),
    (
      "a.xml",
      "<CMPStudyConfig><SleepStages>" + [0, 1, 2, 4, 5].map { "<SleepStage>\($0)</SleepStage>" }.joined()
        + "</SleepStages></CMPStudyConfig>", nil
    ),
  ]

  @Test("A night is the same in each", arguments: files.indices)
  func formats(index: Int) throws {
    let (name, text, rules) = Self.files[index]
    try withTemporaryFolder { folder in
      let night = try LabelNight(name, text).read(in: folder, rules)
      #expect(night.hypnogram == Hypnogram(stages: Self.night))
      let told =
        name == "a_events.tsv" ? ["a_events.tsv: 1 text names no known stage and is passed over: 'arousal' (1)"] : []
      #expect(night.warnings == told)
    }
  }

  @Test("Arrays and WFDB annotations are label files too")
  func binary() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.npy")
      try NpyArray<Int64>(shape: [5], values: [0, 1, 2, 3, 4]).write(to: url)
      #expect(
        try LabelNight("a.npy", Data(contentsOf: url)).read(in: folder).hypnogram == Hypnogram(stages: Self.night))
      // A window is 60 samples of the channel's 2 Hz.
      var bytes: [UInt8] = []
      for (index, word) in ["W", "1", "2", "4", "R"].enumerated() {
        bytes += [index == 0 ? 0 : 60, 22 << 2, 1, 63 << 2, Array(word.utf8)[0], 0]
      }
      let night = try LabelNight("a.st", Data(bytes + [0, 0])).read(in: folder)
      #expect(night.hypnogram == Hypnogram(stages: Self.night))
      #expect(night.warnings == ["a.st: its stages are numbers: 1 as N1, 2 as N2, 4 as N3"])
    }
  }

  @Test("Onsets that are times of day or dates are compared with the signal's start, over midnight too")
  func clock() throws {
    func read(_ text: String) throws -> Hypnogram? {
      try withTemporaryFolder { folder in
        var night = LabelNight("a.csv", text)
        night.start.1 = "23.59.00"
        return try night.read(in: folder, LabelRules(start: .clock)).hypnogram
      }
    }
    #expect(
      try read("time,stage\n23:59:00,W\n23:59:30,N1\n00:00:00,N2\n00:00:30,N3\n00:01:00,R\n")
        == Hypnogram(stages: Self.night))
    #expect(
      try read("time,stage\n2003-02-01 23:58:30,N3\n2003-02-01T23:59:30,N1\n")
        == Hypnogram(stages: [nil, .n1, nil, nil, nil]))
    #expect(try read("23:58:30,N3\n23:59:00,N2\n") == Hypnogram(stages: [.n2, nil, nil, nil, nil]))
  }

  @Test("Scoring windows of 20 s stay windows of 20 s, told where nobody said so")
  func windowLength() throws {
    try withTemporaryFolder { folder in
      let rows = "onset,duration,stage\n10,20,W\n30,20,N1\n50,20,N1\n70,20,R\n"
      var night = try LabelNight("a.csv", rows).read(in: folder)
      let wanted = Hypnogram(startSeconds: 10, windowSeconds: 20, stages: [.wake, .n1, .n1, .rem, nil, nil, nil])
      #expect(night.hypnogram == wanted)
      #expect(night.warnings == ["a.csv: its stages were scored in windows of 20 s"])
      night = try LabelNight("a.csv", rows).read(in: folder, LabelRules(windowSeconds: 20))
      #expect(night.hypnogram == wanted && night.warnings == [])
      night = try LabelNight("a.txt", "W\nW\nN2\n").read(in: folder, LabelRules(windowSeconds: 50))
      #expect(night.hypnogram == Hypnogram(windowSeconds: 50, stages: [.wake, .wake, .n2]))
    }
  }

  @Test("Empty lines among lines are unscored windows, and told")
  func emptyLines() throws {
    try withTemporaryFolder { folder in
      let night = try LabelNight("a.txt", "W\n\nN2\n\n").read(in: folder)
      #expect(night.hypnogram == Hypnogram(stages: [.wake, nil, .n2, nil, nil]))
      #expect(
        night.warnings == [
          "a.txt: 1 empty line is an unscored window", "a.txt: its windows of 30 s end 60 s before n1.edf does",
        ])
    }
  }

  @Test("XML in Latin-1 is read, and bytes that are no text do not end the program")
  func latin() throws {
    let parts = [
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><CMPStudyConfig><\u{e9}t\u{e9}/><SleepStages>",
      "<SleepStage>2</SleepStage></SleepStages></CMPStudyConfig>",
    ]
    let bytes = Data(parts.joined().unicodeScalars.map { UInt8($0.value) })
    try withTemporaryFolder { folder in
      let night = try LabelNight("a.xml", bytes).read(in: folder)
      #expect(night.hypnogram?.stages.first == .n2)
      #expect(throws: ReadError.self) {
        try LabelNight("a.xml", Data([0x3c, 0xc5, 0x3e, 0xff, 0xc5, 0x3c])).read(in: folder)
      }
    }
  }

  @Test("A stage at a damaged time is left out, and told")
  func damagedTime() throws {
    try withTemporaryFolder { folder in
      let night = try LabelNight("a.csv", "onset,stage\n-1e300,W\n0,N1\n30,N2\n1e300,R\n").read(in: folder)
      #expect(night.hypnogram == Hypnogram(stages: [.n1, .n2, nil, nil, nil]))
      #expect(
        night.warnings.last
          == "a.csv: 2 of 4 stages lie more than two weeks from the signal's start and are left out")
    }
  }

  @Test("Flipped and cut bytes are read or refused, and never end the program")
  func fuzz() throws {
    var random = RandomSource(seed: 5)
    let edf = EDFNight.hypnogram(
      [(0, 60, "Sleep stage 2"), (60, 0, "Sleep stage R"), (90, 30, "N@@EEG")], from: ("01.02.03", "22.00.30"))
    let xml = [
      "<PSGAnnotation><EpochLength>30</EpochLength><ScoredEvent><EventConcept>Recording Start Time</EventConcept>",
      "<ClockTime>00.00.00 22.00.30</ClockTime></ScoredEvent><ScoredEvent><EventType>Stages|Stages</EventType>",
      "<EventConcept>Wake|0</EventConcept><Start>0</Start><Duration>60</Duration></ScoredEvent></PSGAnnotation>",
    ].joined()
    let whole: [(name: String, content: Data, rules: LabelRules)] = [
      ("a.edf", edf, LabelRules()), ("a.xml", Data(xml.utf8), LabelRules()),
      ("a.csv", Data("onset,duration,stage\n0,30,W\n30,30,4\n60,30,5\n".utf8), LabelRules()),
      ("a.tsv", Data("time\tstage\n22:00:30\tW\n2003-02-01 22:01\tR\n".utf8), LabelRules(start: .clock)),
      ("a.txt", Data("W\nN1\n\nR\n".utf8), LabelRules(windowSeconds: 20)),
    ]
    var (read, refused) = (0, 0)
    try withTemporaryFolder { folder in
      for round in 0..<300 {
        let (name, content, rules) = whole[round % whole.count]
        var bytes = Array(content)
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0..<3, using: &random) {
          case 0: bytes[place] = UInt8.random(in: 0x2b...0x39, using: &random)
          case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
          default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...20, using: &random)))
          }
        }
        do {
          _ = try LabelNight(name, Data(bytes)).read(in: folder, rules)
          read += 1
        } catch is ReadError { refused += 1 }
      }
    }
    #expect(read > 30 && refused > 30)
  }

  private static let refusals: [(name: String, text: String, rules: LabelRules?, words: String)] = [
    (
      "a.csv", "when,what\n0,W\n", nil,
      ":1: found the columns 'when', 'what', expected a column 'stage', or the name or number of the one that holds it as labels.stage in the card"
    ),
    (
      "a.csv", "onset,stage\n0,W\n", LabelRules(stage: "score"),
      ":1: found the columns 'onset', 'stage', expected a column 'score', as labels.stage in the card says"
    ),
    ("a.csv", "onset,stage\n0,W\nx,W\n", nil, ":3: found the onset 'x', expected a number of seconds"),
    (
      "a.csv", "onset,stage\n22:00:00,W\n", nil,
      ":2: found the onset '22:00:00', expected a number of seconds; where onsets are times of day, 'labels: {start: clock}' in the card"
    ),
    (
      "a.csv", "onset,stage\n30,W\n", LabelRules(start: .clock),
      ":2: found the onset '30', expected a date and time such as '2026-01-31 22:30:00', or a time of day"
    ),
    (
      "a.csv", "stage\nW\n", LabelRules(start: .clock),
      ": found no column of onsets, expected one of times, as 'labels: {start: clock}' in the card says"
    ),
    (
      "a.csv", "onset,stage\n0,W\n", LabelRules(start: .labels),
      ": found labels without a start of their own, expected onsets from the first sample of n1.edf, as 'labels: {start: signal}' in the card says"
    ),
    (
      "a.csv", "onset,duration,stage\n0,long,W\n", nil, ":2: found the duration 'long', expected a number of seconds"
    ),
    ("a.csv", "onset,stage\n0,W\n30\n", nil, ":3: found 1 column, expected a stage in column 2"),
    (
      "a.dat", "W\n", nil,
      ": found labels whose format its name does not tell, expected 'labels: {format: …}' in the card, one of edf, csv, tsv, bids, nsrr, profusion, wfdb, lines, npy, npz, hdf5, mat, json, export, domino, luna"
    ),
    ("a.txt", "W\n", LabelRules(windowSeconds: 0), ": found labels.window_seconds of 0, expected 0.1 to 3600"),
    (
      "a.csv", "onset,stage\n", nil,
      ": found no stages, expected words such as 'W', 'N1', 'N2', 'N3' and 'REM'; labels.vocabulary in the card says what others mean"
    ),
  ]

  @Test("What is wrong is said with the file and the fix", arguments: refusals.indices)
  func refused(index: Int) throws {
    let (name, text, rules, expected) = Self.refusals[index]
    try withTemporaryFolder { folder in
      let error = try #require(throws: ReadError.self) { try LabelNight(name, text).read(in: folder, rules) }
      let file = expected.hasPrefix(": found labels.window_seconds") ? "n1.edf" : name
      #expect(words(of: error) == folder.appendingPathComponent(file).path + expected)
    }
  }
}
