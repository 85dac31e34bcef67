import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Files by a card's patterns")
struct PatternFileTests {
  private func night(_ start: (date: String, time: String) = ("01.01.20", "22.00.00"), label: String = "ECG") -> Data {
    var sample = EDFSample()
    sample.labels = [label]
    sample.units = ["mV"]
    (sample.physicalMinimum, sample.physicalMaximum) = (["-1"], ["1"])
    (sample.digitalMinimum, sample.digitalMaximum) = (["-1"], ["1"])
    sample.samplesPerRecord = ["30"]
    sample.recordSeconds = "30"
    sample.recordCount = "4"
    sample.data = EDFSample.integers((0..<120).map { $0 % 3 - 1 })
    (sample.date, sample.time) = start
    return sample.bytes
  }

  private func discovery(_ files: [String], _ rules: [String: FileRule]) throws -> Discovery {
    try withTemporaryFolder { folder in
      for file in files { try Data("x".utf8).write(file, in: folder) }
      return try FolderReader.any.discover(in: folder, rules: ReadingRules(files: rules))
    }
  }

  @Test("Whose a file is, which visit and what it is called stand in its path, wherever it lies")
  func names() throws {
    let found = try discovery(
      ["a/V2/p07_x.EDF", "V1/P07_x.edf", "V1/P08_x.edf", "V1/readme.txt", "V1/P09.edf"],
      ["psg": FileRule(["**/V{session}/P{subject:[0-9]+}_*.edf"])])
    #expect(found.sources.map(\.id) == ["07-1", "07-2", "08-1"])
    #expect(found.sources.map(\.subject.id) == ["07", "07", "08"])
    #expect(found.sources.map(\.session) == ["1", "2", "1"])
    #expect(found.notes.contains("1 file is of no pattern among the card's files and left out: 'V1/P09.edf'"))
    let named = try discovery(["x/1/psg.edf", "x/2/psg.edf"], ["psg": FileRule(["x/{recording}/psg.edf"])])
    #expect(named.sources.isEmpty && named.drafts.map(\.id) == ["1", "2"])
    #expect(
      named.undecided.map { $0.hasPrefix("'x/1/psg.edf' and 'x/2/psg.edf' have one name, and may be ") } == [true])
  }

  @Test(
    "A recording is called as its file where that says whose it is, else by subject and session, whatever lies beside it",
    arguments: [
      (["**/v{session}-{subject}.edf"], ["a/v1-S1.edf": "v1-S1", "b/v2-S1.EDF": "v2-S1"]),
      (["**/{subject}/psg.edf"], ["a/S1/psg.edf": "S1", "S2/psg.edf": "S2"]),
      (["**/{subject}/psg.edf"], ["S1/psg.edf": "S1"]),
      (["{subject:g[0-9]/[0-9]+}/*.edf"], ["g1/1/1.edf": "g1-1", "g2/1/7.edf": "g2-1"]),
      (["{subject}/{session}/{subject}.edf"], ["S1/2/S1.edf": "S1-2"]),
      (["**/{subject:P[0-9]+}.csv.gz"], ["P001.csv.gz": "P001"]),
      (["**/{subject}/{recording}.edf"], ["S1/first night.edf": "first night"]),
      // Two of one name are told apart by as many folders as it takes.
      (
        ["**/{subject:S[0-9]}*.edf"],
        ["x/a/S1.edf": "x-a-S1", "y/a/S1.edf": "y-a-S1", "x/b/S1.edf": "x-b-S1", "x/S2.edf": "S2"]
      ),
      (["**/{subject}/*.edf"], ["c/S1/a.edf": "a", "c/S1/b.edf": "b", "c/S2/a.edf": "S2"]),
    ])
  func identifiers(_ patterns: [String], _ expected: [String: String]) throws {
    let found = try discovery(expected.keys.sorted(), ["signals": FileRule(patterns)])
    #expect(Set(found.sources.map(\.id) + found.drafts.map(\.id)) == Set(expected.values))
    for source in found.sources {
      let file = try #require(source.files.values.first?.path)
      let path = try #require(expected.keys.first { file.hasSuffix("/" + $0) })
      #expect(source.id == expected[path], "\(path)")
    }
  }

  @Test("Files of one recording are those whose names agree; of several patterns the first that has one counts")
  func joined() throws {
    let found = try discovery(
      ["e/S1_a.edf", "e/S1_b.edf", "e/S2_a.edf", "w/S1.csv", "l/S1_a.txt", "l/S1_a.xml", "l/S2_a.xml"],
      [
        "psg": FileRule(["e/{subject}_{session}.edf"]), "wrist": FileRule(["w/{subject}.csv"]),
        "labels": FileRule(["l/{subject}_{session}.xml", "l/{subject}_{session}.txt"]),
      ])
    let files = found.sources.map { $0.files.mapValues(\.lastPathComponent) }
    #expect(
      files == [
        ["psg": "S1_a.edf", "wrist": "S1.csv", "labels": "S1_a.xml"], ["psg": "S1_b.edf", "wrist": "S1.csv"],
        ["psg": "S2_a.edf", "labels": "S2_a.xml"],
      ])
    #expect(found.notes.contains("1 of 3 recordings have no file of the kind 'wrist'"))
    let twice = try #require(throws: ReadError.self) {
      try discovery(
        ["e/S1.edf", "l/a/S1.txt", "l/b/S1.txt"],
        ["psg": FileRule(["e/{subject}.edf"]), "labels": FileRule(["l/*/{subject}.txt"])])
    }
    #expect(
      words(of: twice).hasSuffix(
        "l/b/S1.txt: found a second file of the kind 'labels' of 'e/S1.edf', expected 'l/a/S1.txt' alone, or this one: move the "
          + "other away"))
  }

  @Test("A recording without a file that the card requires is passed over, and all such are told once")
  func required() throws {
    let files = ["S1.edf", "S2.edf", "S3.edf", "w/s2.csv", "w/S9.csv"]
    var rules = ["psg": FileRule(["{subject}.edf"]), "wrist": FileRule(["w/{subject}.csv"], required: true)]
    let found = try discovery(files, rules)
    #expect(found.sources.map(\.id) == ["S2"] && found.undecided.isEmpty)
    #expect(
      found.notes.filter { $0.contains("wrist") } == [
        "2 of 3 recordings have no 'wrist' file, which the card requires, and are passed over: 'S1' and 'S3'"
      ])
    rules["wrist"]?.required = false
    let kept = try discovery(files, rules)
    #expect(kept.sources.map(\.id) == ["S1", "S2", "S3"])
    #expect(
      kept.notes.filter { $0.contains("wrist") } == ["2 of 3 recordings have no file of the kind 'wrist'"])
    // Those that nobody scored are left out in the same way.
    let scored = try discovery(
      ["S1.edf", "S2.edf", "S2.txt"],
      ["psg": FileRule(["{subject}.edf"]), "labels": FileRule(["{subject}.txt"], required: true)])
    #expect(scored.sources.map(\.id) == ["S2"])
  }

  @Test("Where no recording has what the card requires, that is refused")
  func noneHasIt() throws {
    let error = try #require(throws: ReadError.self) {
      try discovery(
        ["S1.edf", "S2.edf", "w/S9.csv"],
        ["psg": FileRule(["{subject}.edf"]), "wrist": FileRule(["w/{subject}.csv"], required: true)])
    }
    #expect(
      words(of: error).hasSuffix(
        ": found no recording of 2 with a file of the kind 'wrist', which the card requires, expected files as 'w/{subject}.csv'"
      ))
  }

  @Test(
    "What cannot be followed is refused in words",
    arguments: [
      (
        "**/{who}.edf",
        "found '{who}' in the card's files '**/{who}.edf', expected one of {subject}, {session}, {recording}, {group}, {part}, {posture}"
      ),
      ("{subject", "found a '{' without its '}' in the card's files '{subject', expected both"),
      (
        "../{subject}.edf",
        "found a path that leaves the folder in the card's files '../{subject}.edf', expected one below it"
      ),
      (
        "{subject:[}.edf",
        "found '[', which is no regular expression (missing terminating ] for character class, at character 2) in the card's "
          + "files '{subject:[}.edf', expected one such as '{subject:[0-9]+}'"
      ),
      (
        "psg/{subject}.edf",
        "found 2 files, 'a/S1.edf' and 'b.csv', expected files as 'psg/{subject}.edf': is it the folder that the data set "
          + "lies in, and whole?"
      ),
    ])
  func refused(_ pattern: String, _ said: String) throws {
    let error = try #require(throws: ReadError.self) {
      try discovery(["a/S1.edf", "b.csv"], ["psg": FileRule([pattern])])
    }
    #expect(words(of: error).hasSuffix(": " + said), "\(words(of: error))")
  }

  @Test("A second file lies at its own clock's time, or is told to have none; a card may move it")
  func clocks() throws {
    try withTemporaryFolder { folder in
      try night().write("S1.edf", in: folder)
      try night(("01.01.20", "22.00.45"), label: "x").write("S1_wrist.edf", in: folder)
      var rules = ["psg": FileRule(["{subject}.edf"]), "heart-rate": FileRule(["{subject}_wrist.edf"])]
      func read() throws -> Recording {
        let source = try #require(
          FolderReader.any.discover(in: folder, rules: ReadingRules(files: rules)).sources.first { $0.id == "S1" })
        var request = ReadingRequest(sensors: [.ecg, .heartRate])
        request.files = rules
        return try FolderReader.any.read(source, request)
      }
      let both = try read()
      #expect(both.signals.map(\.sensor) == [.ecg, .heartRate])
      #expect(both.signals.map(\.timing) == [0, 45].map { .regular(startSeconds: $0, sampleRateHz: 1) })
      rules["heart-rate"]?.shiftSeconds = -3600
      #expect(try read().signals[1].timing == .regular(startSeconds: -3555, sampleRateHz: 1))
      try night(("01.01.85", "00.00.00"), label: "x").write("S1_wrist.edf", in: folder)
      rules["heart-rate"]?.shiftSeconds = nil
      let silent = try read()
      #expect(silent.signals[1].timing == .regular(startSeconds: 0, sampleRateHz: 1))
      #expect(silent.warnings.contains("S1_wrist.edf is taken to begin with S1.edf, since it has no clock"))
    }
  }
}
