import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Clocks and events of scorers' exports")
struct ExportTests {
  /// A night of five windows of 30 s from 22:00:00 on 1 February 2003.
  private func read(_ name: String, _ text: String, _ rules: LabelRules? = nil, at start: String = "22.00.00") throws
    -> Recording
  {
    try withTemporaryFolder { folder in
      var night = LabelNight(name, text)
      night.start.1 = start
      return try night.read(in: folder, rules)
    }
  }

  private func export(_ times: [String], _ words: [String] = ["W", "N1", "N2"]) -> String {
    "Start Time,Duration,Event\n" + zip(times, words).map { "\($0),30,\($1)\n" }.joined()
  }

  @Test(
    "A date whose day and month may be exchanged is not read, and told",
    arguments: [
      ("02/01/2003 22:00:00", "02/01/2003 22:00:30", "02/01/2003 22:01:00"),
      ("01/02/2003 22:00:00", "01/02/2003 22:00:30", "01/02/2003 22:01:00"),
      ("07/08/2011 10:00:00 PM", "07/08/2011 10:00:30 PM", "07/08/2011 10:01:00 PM"),
      ("01/02/03 22:00", "01/02/03 22:00:30", "01/02/03 22:01:00"),
    ])
  func unclear(first: String, second: String, third: String) throws {
    let night = try read("a.csv", export([first, second, third]))
    #expect(night.hypnogram == Hypnogram(stages: [.wake, .n1, .n2, nil, nil]))
    let shown = first.count > 24 ? first.prefix(24) + "…" : first[...]
    #expect(
      night.warnings == [
        "a.csv: its dates, such as that of '\(shown)', can be read in more than one way: only the times of day are taken"
      ])
  }

  @Test(
    "A date that can be read in one way counts",
    arguments: ["2003-02-%2d", "%2d.02.2003", "%2d/02/2003", "02/%2d/2003"])
  func clear(pattern: String) throws {
    func text(_ day: Int) -> String {
      export(
        [23, 23, 24].enumerated().map { index, of in
          pattern.replacingOccurrences(of: "%2d", with: "\(of + day)")
            + [" 23:59:00", " 23:59:30", " 00:00:00"][index]
        })
    }
    // Three weeks after the signal.
    let error = try #require(throws: ReadError.self) { try read("a.csv", text(0), at: "23.59.00") }
    #expect(error.found == "stages from 2003-02-23 23:59:00 to 2003-02-24 00:00:30")
    let night = try read("a.csv", text(0), LabelRules(start: .signal), at: "23.59.00")
    #expect(night.hypnogram == Hypnogram(stages: [.wake, .n1, .n2, nil, nil]) && night.warnings == [])
  }

  @Test("Over the end of a month the order of day and month shows")
  func month() throws {
    let night = try read(
      "a.csv", export(["01/02/2003 23:59:00", "01/02/2003 23:59:30", "02/02/2003 00:00:00"]), at: "23.59.00")
    #expect(night.hypnogram == Hypnogram(stages: [.wake, .n1, .n2, nil, nil]) && night.warnings == [])
  }

  @Test("Scoring that begins before or after the signal is moved by the clock")
  func moved() throws {
    let night = try read("a.csv", export(["22:00:30", "22:01:00", "22:01:30"]))
    #expect(night.hypnogram == Hypnogram(stages: [nil, .wake, .n1, .n2, nil]))
    #expect(night.warnings == ["a.csv begins 30 s after n1.edf: its stages are moved by 30 s"])
    let before = try read("a.csv", export(["23:59:50", "00:00:20", "00:00:50"]), at: "00.00.20")
    #expect(before.hypnogram == Hypnogram(stages: [.n1, .n2, nil, nil, nil]))
    let asked = try read("a.csv", export(["22:00:30", "22:01:00", "22:01:30"]), LabelRules(start: .clock))
    #expect(asked.hypnogram == night.hypnogram)
  }

  @Test("Events out of order, and one before the first stage across midnight, keep their places")
  func order() throws {
    let night = try read(
      "a.csv", export(["00:00:05", "23:59:58", "00:00:05", "00:00:35"], ["LM", "Lights Off", "N1", "N2"]),
      at: "23.59.35")
    #expect(night.hypnogram == Hypnogram(startSeconds: 0, stages: [nil, .n1, .n2, nil, nil]))
    #expect(night.lightsOffSeconds == 23)
  }

  @Test("A first time of 00:00:00 is midnight or the beginning: the card says which")
  func midnight() throws {
    let text = export(["00:00:00", "00:00:30", "00:01:00"])
    let error = try #require(throws: ReadError.self) { try read("a.csv", text) }
    #expect(
      "\(error.found), \(error.expected)"
        == "stages from 00:00:00 on, midnight or the beginning, which it is, as the card says it: 'labels: {start: clock}' or 'labels: {start: signal}'"
    )
    #expect(
      try read("a.csv", text, LabelRules(start: .signal)).hypnogram == Hypnogram(stages: [.wake, .n1, .n2, nil, nil]))
    #expect(
      try read("a.csv", text, LabelRules(start: .clock), at: "23.59.00").hypnogram
        == Hypnogram(stages: [nil, nil, .wake, .n1, .n2]))
  }

  @Test("Artefacts among events leave no window unscored, unless the card says so")
  func artefacts() throws {
    let text = export(["22:00:00", "22:00:03", "22:00:30"], ["N1", "Artefact", "N2"])
    #expect(try read("a.csv", text).hypnogram == Hypnogram(stages: [.n1, .n2, nil, nil, nil]))
    let rules = LabelRules(vocabulary: ["artefact": .unscored])
    #expect(try read("a.csv", text, rules).hypnogram == Hypnogram(stages: [nil, .n2, nil, nil, nil]))
  }

  @Test("An export's columns may have names that a card gives, windows of 20 s, and ends for lengths")
  func columns() throws {
    let text = "Label Export\n\nKello;Loppu;Vaihe\n22:00:00;x;Valve\n22:00:20;x;N2\n22:00:40;x;N2\n"
    let rules = LabelRules(format: .export, onset: "Kello", stage: "Vaihe", vocabulary: ["Valve": .wake])
    let night = try read("a.txt", text, rules)
    #expect(night.hypnogram == Hypnogram(windowSeconds: 20, stages: [.wake, .n2, .n2, nil, nil, nil, nil]))
    #expect(night.warnings == ["a.txt: its stages were scored in windows of 20 s"])
    let ends = try read("a.csv", "Start Time,End Time,Event\n22:00:00,22:01:00,N1\n22:01:00,22:02:00,N2\n")
    #expect(ends.hypnogram == Hypnogram(stages: [.n1, .n1, .n2, .n2, nil]))
  }

  @Test("Where the signal has no clock, the first stage is its beginning, and told")
  func noClock() throws {
    try withTemporaryFolder { folder in
      var night = LabelNight("a.csv", export(["22:00:00", "22:00:10", "22:00:40"], ["LM", "N1", "N2"]))
      night.start = ("01.01.85", "00.00.00")
      let read = try night.read(in: folder)
      #expect(read.hypnogram == Hypnogram(stages: [.n1, .n2, nil, nil, nil]))
      #expect(read.warnings.count == 2 && read.warnings[1].contains("its stages are taken to begin with the signal"))
    }
  }

  private static let profile =
    "Signal ID: SchlafProfil\\profil\nStart Time: 01.02.2003 22:00:00\nUnit: \nSignal Type: Discret\n"

  @Test("A profile's artefacts are unscored windows, and its rate is their length")
  func profile() throws {
    let night = try read(
      "a.txt", Self.profile + "Rate: 20 s\n\n22:00:00,000; A\n22:00:20,000; N2\n22:00:40,000; Wake\n")
    #expect(night.hypnogram == Hypnogram(windowSeconds: 20, stages: [nil, .n2, .wake, nil, nil, nil, nil]))
  }

  @Test("Lines of U-Sleep say their length and start")
  func lines() throws {
    let night = try read("a.txt", "EPOCH=10.0 SEC\nSTART=20\nWake\nN1\n")
    #expect(night.hypnogram?.windowSeconds == 10 && night.hypnogram?.stages.count == 15)
    #expect(night.hypnogram?.stages.prefix(5) == [nil, nil, .wake, .n1, nil])
    let dreams = LabelRules(
      windowSeconds: 5, vocabulary: ["5": .wake, "4": .rem, "3": .n1, "2": .n2, "1": .n3, "0": .n3])
    #expect(
      try read("a.txt", "[hypnogramAASM]\n5\n5\n4\n-1\n", dreams).hypnogram?.stages.prefix(5)
        == [.wake, .wake, .rem, nil, nil])
  }

  @Test("RemLogic's XML is a list of events with a clock")
  func xml() throws {
    func event(_ type: String, _ start: String, _ stop: String) -> String {
      "<Event><Type>\(type)</Type><Location>x</Location><StartTime>2003-02-01T\(start).000000</StartTime>"
        + "<StopTime>2003-02-01T\(stop).000000</StopTime></Event>"
    }
    let events = [
      event("LIGHTS-OFF", "22:00:10", "22:00:10"), event("SLEEP-S0", "22:00:30", "22:01:00"),
      event("ARTIFACT", "22:01:00", "22:01:09"), event("SLEEP-S2", "22:01:00", "22:02:00"),
    ]
    let night = try read("a.xml", "<EventExport><Events>\(events.joined(separator: "\n"))</Events></EventExport>")
    #expect(night.hypnogram == Hypnogram(stages: [nil, .wake, .n2, .n2, nil]) && night.lightsOffSeconds == 10)
    #expect(
      night.warnings == [
        "a.xml: 1 text names no known stage and is passed over: 'ARTIFACT' (1)",
        "a.xml begins 30 s after n1.edf: its stages are moved by 30 s",
      ])
  }

  @Test("In Luna's files a stage may be an instance, and its length may reach to the next line or the end")
  func luna() throws {
    let night = try read(
      "a.annot",
      "# SleepStage | x\nSleepStage\tN1\t.\t0\t...\t.\nSleepStage N2 . 0+00:01:00 +30 .\nLights_Off . . 15 15 .\n")
    #expect(night.hypnogram == Hypnogram(stages: [.n1, .n1, .n2, nil, nil]))
    #expect(night.lightsOffSeconds == 15)
    let open = try read("a.annot", "N1 22:00:00 +60\nN2 e:3 .\nN3 90 ...\n")
    #expect(open.hypnogram == Hypnogram(stages: [.n1, .n1, .n2, .n3, .n3]))
  }

  private static let refusals: [(name: String, text: String, rules: LabelRules?, expected: String)] = [
    ("a.xlsx", "PK", nil, "found a spreadsheet, expected a text file: save the sheet as CSV UTF-8"),
    ("a.xls", "x", nil, "found a spreadsheet, expected a text file: save the sheet as CSV UTF-8"),
    ("a.ods", "x", nil, "found a spreadsheet, expected a text file: save the sheet as CSV UTF-8"),
    ("a.csv", "PK\u{3}\u{4}x", nil, "found a spreadsheet, expected a text file: save the sheet as CSV UTF-8"),
    (
      "a.docx", "x", nil,
      "found a document of a word processor, expected a text file: save it as plain text in UTF-8, one stage a line"
    ),
    (
      "a.pdf", "x", nil, "found a PDF, expected a text file: export the stages from the scoring program as text or CSV"
    ),
    (
      "a.txt", "%PDF-1.4\n", LabelRules(format: .lines),
      "found a PDF, expected a text file: export the stages from the scoring program as text or CSV"
    ),
    (
      "a.txt", "MATLAB 5.0 MAT-file, Platform", nil,
      "found a MATLAB file by another name, expected a file whose name ends in '.mat', or 'labels: {format: mat}' in the card"
    ),
    (
      "a.mat", "MATLAB 5.0 MAT-file, Platform", nil,
      "found no such file, or one of version 4, expected a MATLAB file of version 5 to 7.3"
    ),
    (
      "a.json", "[0, 1", nil,
      "found malformed JSON, expected a JSON list of stages, or of objects with 'onset', 'duration' and 'stage'"
    ),
    (
      "a.json", "3", nil,
      "found JSON that is neither a list nor an object, expected a JSON list of stages, or of objects with 'onset', 'duration' and 'stage'"
    ),
    (
      "a.json", "[]", nil,
      "found an empty list, expected a JSON list of stages, or of objects with 'onset', 'duration' and 'stage'"
    ),
    (
      "a.json", "[\"W\", [1]]", nil,
      "found element 2 that holds a list, expected a JSON list of stages, or of objects with 'onset', 'duration' and 'stage'"
    ),
    (
      "a.json", "[{\"stage\": \"W\"}, 1]", nil,
      "found element 2 that is no object, expected a JSON list of stages, or of objects with 'onset', 'duration' and 'stage'"
    ),
    (
      "a.json", "{\"a\": 1}", nil,
      "found an object without a list, expected a JSON list of stages, or of objects with 'onset', 'duration' and 'stage'"
    ),
    (
      "a.json", "{\"b\": [], \"a\": [1]}", nil,
      "found an object with lists under 'a', 'b', expected the key of the list of stages as labels.dataset in the card, such as 'labels: {dataset: a}'"
    ),
    (
      "a.json", "{\"a\": [1]}", LabelRules(dataset: "c"),
      "found an object with a list under 'a', expected a list under 'c', as labels.dataset in the card says"
    ),
    (
      "a.json", "[{\"onset\": 0, \"duration\": 30, \"stage\": \"W\"}, {\"onset\": \"x\", \"stage\": \"W\"}]", nil,
      "found the onset 'x' in element 2 of the list, expected a number of seconds"
    ),
    (
      "a.txt", "W\n", LabelRules(format: .export),
      "found no such row in its first lines, expected a row that names a column of times and one of events or stages, such as 'Time [hh:mm:ss]' and 'Event'; labels.onset and labels.stage in the card say other names"
    ),
    (
      "a.csv", "Start Time,Event\n22:00:00,W\nlater,N1\n", nil,
      ":3: found 'later' in the column 'Start Time', expected a time such as '22:30:00', or a date and time"
    ),
    ("a.csv", "Start Time,Event\n22:00:00,W\n22:00:30\n", nil, ":3: found 1 column, expected the column 'Event'"),
    (
      "a.csv", "Start Time,Event,Duration\n22:00:00,W,long\n", nil,
      ":2: found the duration 'long', expected a number of seconds, or '00:00:30'"
    ),
    (
      "a.csv", "Start Time,Event\n22:00:00,LM\n", nil,
      "found no stage among 'LM' (1), expected words such as 'W', 'N1', 'N2', 'N3' and 'REM'; labels.vocabulary in the card says what others mean"
    ),
    (
      "a.txt", profile + "Rate: x\n", nil,
      ":5: found the rate 'x', expected the length of a window, from 0.1 to 3600 s, such as '30 s'"
    ),
    (
      "a.txt", profile + "22:00:00,000-22:00:10,000; 10;Hypopnea\n", nil,
      ":5: found '22:00:00,000-22:00:10,00…', expected a time and a stage, '22:30:00,000; N2', as a sleep profile has them"
    ),
    (
      "a.txt", profile + "22:00:00,000; 4\n", nil,
      ":5: found the number 4 as a stage, expected a word such as 'N2', or what numbers are, as labels.vocabulary in the card"
    ),
    (
      "a.txt", "[hypnogramAASM]\n5\n", nil,
      ":1: found the heading '[hypnogramAASM]', below which numbers count from wake down, expected what they are, as the card says it: 'labels: {window_seconds: 5, vocabulary: {5: W, 4: REM, 3: N1, 2: N2, 1: N3, 0: N3}}'"
    ),
    (
      "a.xml", "<E>\n<Event><Type>SLEEP-S0</Type><StartTime>9</StartTime></Event></E>", nil,
      ":2: found the start '9', expected a date and time"
    ),
    ("a.txt", "EPOCH=0 SEC\nW\n", nil, ":1: found 'EPOCH=0 SEC', expected a window from 0.1 to 3600 s"),
    ("a.txt", "START=x\nW\n", nil, ":1: found 'START=x', expected a number of seconds"),
    (
      "a.annot", "W 0\n", nil,
      ":1: found 2 columns, expected class, start and stop; class, instance, start and stop; or class, instance, channel, start, stop and more"
    ),
    (
      "a.annot", "class instance\n", nil,
      ":1: found the columns 'class', 'instance', expected 'class', 'instance', 'channel', 'start' and 'stop'"
    ),
    (
      "a.annot", "class start stop\nW 0\n", nil, ":2: found 2 columns, expected as many as the line of names has"
    ),
    (
      "a.annot", "W 30 ...\nN2 0 +30\n", nil,
      ":1: found the stop '...' before a line that begins earlier, expected lines in order of time, or a stop"
    ),
    ("a.annot", "W 30 0\n", nil, ":1: found the stop '0' before the start, expected one after it"),
    (
      "a.annot", "W e:0 .\n", nil,
      ":1: found the time 'e:0', expected seconds, '0+00:00:30', a time of day, an epoch 'e:5', or for a stop '+30' or '...'"
    ),
    (
      "a.annot", "W e:9:1e300 .\n", nil,
      ":1: found the time 'e:9:1e300', expected seconds, '0+00:00:30', a time of day, an epoch 'e:5', or for a stop '+30' or '...'"
    ),
    (
      "a.annot", "W 0 +x\n", nil,
      ":1: found the time '+x', expected seconds, '0+00:00:30', a time of day, an epoch 'e:5', or for a stop '+30' or '...'"
    ),
  ]

  @Test("What is wrong is said with the place and the fix", arguments: refusals.indices)
  func refused(index: Int) throws {
    let (name, text, rules, expected) = Self.refusals[index]
    try withTemporaryFolder { folder in
      let error = try #require(throws: ReadError.self) { try LabelNight(name, text).read(in: folder, rules) }
      let place = expected.hasPrefix(":") ? "" : ": "
      #expect(words(of: error) == folder.appendingPathComponent(name).path + place + expected)
    }
  }

  @Test("Cut and changed bytes of every program's file are read or refused, and never end the program")
  func damaged() throws {
    var random = RandomSource(seed: 11)
    let names = try FileManager.default.contentsOfDirectory(atPath: ProgramFileTests.folder.path).sorted()
      .filter { !$0.hasSuffix(".py") && $0 != "expected.json" }
    let pieces: [[UInt8]] = [
      Array("99:99:99".utf8), Array("\t\t".utf8), Array("1e308".utf8), [0xff, 0xfe], Array("e:1e18".utf8),
      Array("[[[[".utf8),
      Array("...".utf8), Array("+1e300".utf8), Array("31/12/9999 23:59:59".utf8), Array("01/01/0001 00:00:00".utf8),
    ]
    var (read, refused) = (0, 0)
    try withTemporaryFolder { folder in
      for name in names {
        var night = try ProgramFileTests.night(name)
        let whole = [UInt8](night.file.content)
        for _ in 0..<25 {
          var bytes = whole
          for _ in 0..<Int.random(in: 0..<6, using: &random) + 1 {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[place] = UInt8(Int.random(in: 0..<256, using: &random))
            case 1: bytes.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random)], at: place)
            default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0..<40, using: &random)))
            }
            if bytes.isEmpty { bytes = [0] }
          }
          night.file.content = Data(bytes)
          do {
            _ = try night.read(in: folder)
            read += 1
          } catch is ReadError { refused += 1 }
        }
      }
    }
    #expect(read > 100 && refused > 100)
  }

  @Test("Deep, long and repeated texts take no time that grows with more than their size")
  func hostile() throws {
    let start = ContinuousClock.now
    let texts: [(name: String, text: String)] = [
      ("a.json", String(repeating: "[", count: 200_000)),
      ("a.json", String(repeating: "{\"a\":", count: 100_000)),
      ("a.json", "[" + String(repeating: "0,", count: 50_000) + "0]"),
      ("a.csv", "Start Time,Event\n" + (0..<10_000).map { "\($0 % 2 == 0 ? "23" : "11"):00:00,N2\n" }.joined()),
      ("a.annot", (0..<10_000).map { "N2 e:\($0 + 1):1000 ...\n" }.joined()),
      ("a.txt", "EPOCH=0.1 SEC\n" + String(repeating: "START=0\n", count: 30_000) + "W\n"),
    ]
    try withTemporaryFolder { folder in
      for (name, text) in texts { _ = try? LabelNight(name, text).read(in: folder) }
    }
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}
