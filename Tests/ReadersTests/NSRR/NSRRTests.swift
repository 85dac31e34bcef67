import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// A study as its card says it.
struct NSRRStudy {
  let rules: ReadingRules

  static let shhs = NSRRStudy("shhs{session}-{subject}")
  static let mesa = NSRRStudy("mesa-sleep-{subject}")

  init(_ name: String) {
    rules = ReadingRules(files: [
      "psg": FileRule(["**/\(name).edf"]),
      "labels": FileRule(["**/\(name)-nsrr.xml", "**/\(name)-profusion.xml"]),
    ])
  }

  func discovery(in folder: URL) throws -> Discovery { try FolderReader.any.discover(in: folder, rules: rules) }

  func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    var request = ReadingRequest(sensors: sensors)
    request.files = rules.files ?? [:]
    return try FolderReader.any.read(source, request)
  }
}

@Suite("SHHS and MESA")
struct NSRRTests {
  private func event(_ type: String, _ concept: String, _ start: String, _ duration: String) -> String {
    // The order of the elements differs between files.
    """
    <ScoredEvent>\r
      <Duration>\(duration)</Duration><EventType>\(type)</EventType>
      <Start>\(start)</Start><EventConcept>\(concept)</EventConcept><SpO2Nadir>93</SpO2Nadir>
    </ScoredEvent>

    """
  }

  private func document(_ events: [String]) -> Data {
    Data(
      ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PSGAnnotation><SoftwareVersion>Compumedics</SoftwareVersion><EpochLength>30</EpochLength>\n<ScoredEvents>\n"
        + event("", "Recording Start Time", "0", "240") + events.joined()
        + "</ScoredEvents></PSGAnnotation>\n").utf8)
  }

  private let shhs: [(String, String, Int)] = [
    ("SaO2", "%", 1), ("EEG(sec)", "uV", 125), ("ecg", "mV", 125), ("EOG(L)", "uV", 50), ("Thor Res", "", 10),
    ("ABDO RES", "", 10), ("EEG", "uV", 125), ("EOG(R)", "uV", 50), ("EMG", "uV", 125),
  ]

  @Test("A night of SHHS has its sensors, one signal a rate, and the runs' stages")
  func shhsNight() throws {
    try withTemporaryFolder { folder in
      try EDFNight(channels: shhs, seconds: 240).bytes.write("polysomnography/edfs/shhs1/shhs1-200001.edf", in: folder)
      try document([
        event("Stages|Stages", "Wake|0", "0", "60.0"), event("Arousals|Arousals", "Arousal|Arousal ()", "12", "3"),
        event("Stages|Stages", "Stage 1 sleep|1", "60", "30"), event("Stages|Stages", "Stage 4 sleep|4", "90", "60"),
        event("Stages|Stages", "REM sleep|5", "150", "30"), event("Stages|Stages", "Unscored|9", "180", "600"),
      ]).write("polysomnography/annotations-events-nsrr/shhs1/shhs1-200001-nsrr.xml", in: folder)
      try EDFNight(channels: shhs, seconds: 60).bytes.write("more/shhs1-200002.edf", in: folder)
      try document([]).write("shhs2/shhs2-200001-nsrr.xml", in: folder)
      let found = try NSRRStudy.shhs.discovery(in: folder)
      let sources = found.sources
      #expect(sources.map(\.id) == ["shhs1-200001", "shhs1-200002"])
      #expect(sources.map(\.subject) == [Subject("200001"), Subject("200002")])
      #expect(sources.map(\.session) == ["1", "1"])
      #expect(sources.map(\.decidedBy) == ["the card's files, labels by the card", "the card's files"])
      #expect(
        found.notes == [
          "1 of 2 recordings have no label file and no annotations of their own: 'shhs1-200002.edf'",
          "1 label file is of no recording: 'shhs2/shhs2-200001-nsrr.xml'",
        ])
      let night = try NSRRStudy.shhs.read(sources[0], sensors: [.ecg, .respiration, .psg])
      #expect(night.warnings == [])
      #expect(night.hypnogram == Hypnogram(stages: [.wake, .wake, .n1, .n3, .n3, .rem, nil, nil]))
      #expect(
        night.signals.map { $0.channels.map(\.name) } == [
          ["EEG(sec)", "EEG", "EMG"], ["ecg"], ["EOG(L)", "EOG(R)"], ["Thor Res", "ABDO RES"],
        ])
      #expect(night.signals.map(\.sensor) == [.psg, .ecg, .psg, .respiration])
      #expect(night.signals[2].timing == .regular(startSeconds: 0, sampleRateHz: 50))
    }
  }

  @Test("A night of MESA is read with Profusion's annotations, byte-order mark and all")
  func mesaNight() throws {
    try withTemporaryFolder { folder in
      let channels = [("EKG", "uV", 256), ("Thor", "", 32), ("EEG1", "uV", 256), ("Pleth", "", 256)]
      try EDFNight(channels: channels, seconds: 90).bytes.write("mesa-sleep-0001.edf", in: folder)
      let xml =
        "\u{feff}<?xml version=\"1.0\"?><CMPStudyConfig><EpochLength>30</EpochLength><SleepStages><SleepStage>0</SleepStage><SleepStage>3</SleepStage><SleepStage>5</SleepStage><SleepStage>0</SleepStage></SleepStages></CMPStudyConfig>"
      try Data(xml.utf8).write("mesa-sleep-0001-profusion.xml", in: folder)
      let source = try #require(try NSRRStudy.mesa.discovery(in: folder).sources.first)
      #expect(source.subject == Subject("0001"))
      let night = try NSRRStudy.mesa.read(source, sensors: [.ecg, .respiration])
      #expect(night.hypnogram == Hypnogram(stages: [.wake, .n3, .rem]))
      #expect(night.signals.map(\.sensor) == [.ecg, .respiration])
      #expect(night.signals[0].channels[0].unit == "mV")
      #expect(night.signals[0].samples[0][1] == Float(-62 * 0.001))
    }
  }

  @Test("A stage that is not known is unscored and told, and windows have the file's own length")
  func unknownStage() throws {
    try withTemporaryFolder { folder in
      try EDFNight(channels: shhs, seconds: 60).bytes.write("shhs1-1.edf", in: folder)
      let xml =
        "<CMPStudyConfig><EpochLength>20</EpochLength><SleepStages>"
        + ["0", "2", "8"].map { "<SleepStage>\($0)</SleepStage>" }.joined() + "</SleepStages></CMPStudyConfig>"
      try Data(xml.utf8).write("shhs1-1-profusion.xml", in: folder)
      let night = try NSRRStudy.shhs.read(#require(try NSRRStudy.shhs.discovery(in: folder).sources.first), sensors: [])
      #expect(night.hypnogram == Hypnogram(windowSeconds: 20, stages: [.wake, .n2, nil]))
      #expect(night.warnings == ["shhs1-1-profusion.xml: 1 window is unscored, its word not known: '8' (1)"])
    }
  }

  @Test("Annotations whose clock is later than the signal's are moved, by the time of day")
  func clocks() throws {
    try withTemporaryFolder { folder in
      var psg = EDFSample()
      psg.labels = ["ECG"]
      psg.units = ["mV"]
      (psg.physicalMinimum, psg.physicalMaximum) = (["-1"], ["1"])
      (psg.digitalMinimum, psg.digitalMaximum) = (["-1"], ["1"])
      psg.samplesPerRecord = ["30"]
      psg.recordSeconds = "30"
      psg.recordCount = "4"
      psg.data = EDFSample.integers([Int](repeating: 1, count: 120))
      (psg.date, psg.time) = ("01.01.85", "23.59.30")
      try psg.bytes.write("shhs1-1.edf", in: folder)
      let clock =
        "<ScoredEvent><EventConcept>Recording Start Time</EventConcept><ClockTime>00.00.00 00.00.30</ClockTime></ScoredEvent>"
      try document([clock, event("Stages|Stages", "REM sleep|5", "0", "30")]).write("shhs1-1-nsrr.xml", in: folder)
      let night = try NSRRStudy.shhs.read(#require(try NSRRStudy.shhs.discovery(in: folder).sources.first), sensors: [])
      #expect(night.hypnogram == Hypnogram(stages: [nil, nil, .rem, nil]))
      #expect(night.warnings == ["shhs1-1-nsrr.xml begins 60 s after shhs1-1.edf: its stages are moved by 60 s"])
      #expect(night.start == LocalTime("23:59:30"))
    }
  }

  @Test("Damaged annotations name the line")
  func damaged() throws {
    let kinds = "NSRR XML with events of type 'Stages|Stages', or Profusion XML with a list of SleepStages"
    let cases: [(Data, String)] = [
      (Data("stage,start\n".utf8), ":1: found malformed XML, expected \(kinds)"),
      (Data(), ": found an empty file, expected \(kinds)"),
      (document([]), ": found no stages, expected \(kinds)"),
      (
        document([event("Stages|Stages", "Stage 7 sleep|7", "0", "30")]),
        ": found no stage among 'Stage 7 sleep|7' (1), expected words such as 'W', 'N1', 'N2', 'N3' and 'REM'; labels.vocabulary in the card says what others mean"
      ),
      (
        document([event("Stages|Stages", "Sleep", "0", "30")]),
        ": found no stage among 'Sleep' (1), expected words such as 'W', 'N1', 'N2', 'N3' and 'REM'; labels.vocabulary in the card says what others mean"
      ),
      (
        document([event("Stages|Stages", "Wake|0", "zero", "30")]),
        ":11: found 'zero' as the Start of a stage, expected a number of seconds"
      ),
      (
        Data("<CMPStudyConfig><EpochLength>-20</EpochLength></CMPStudyConfig>".utf8),
        ":1: found windows of '-20' s, expected a length from 0.1 to 3600 s"
      ),
    ]
    try withTemporaryFolder { folder in
      try EDFNight(channels: shhs, seconds: 30).bytes.write("shhs1-1.edf", in: folder)
      let xml = folder.appendingPathComponent("shhs1-1-nsrr.xml")
      for (bytes, message) in cases {
        try bytes.write(to: xml)
        let source = try #require(try NSRRStudy.shhs.discovery(in: folder).sources.first)
        let error = try #require(throws: ReadError.self) { try NSRRStudy.shhs.read(source, sensors: []) }
        #expect(words(of: error) == xml.path + message)
      }
    }
  }
}
