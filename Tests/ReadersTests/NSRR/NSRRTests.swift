import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

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
      try document([]).write("shhs2/shhs2-200001-nsrr.xml", in: folder)
      let sources = try NSRRReader.shhs.discover(in: folder)
      #expect(sources.map(\.id) == ["shhs1-200001", "shhs2-200001"])
      #expect(Set(sources.map(\.subject)) == [Subject("200001")])
      let night = try NSRRReader.shhs.read(sources[0], sensors: [.ecg, .respiration, .psg])
      #expect(night.warnings == [])
      #expect(night.hypnogram == Hypnogram(stages: [.wake, .wake, .n1, .n3, .n3, .rem, nil, nil]))
      #expect(night.signals.map(\.sensor) == [.ecg, .respiration, .psg, .psg])
      #expect(
        night.signals.map { $0.channels.map(\.name) } == [
          ["ecg"], ["Thor Res"], ["EEG", "EEG(sec)", "EMG"], ["EOG(L)", "EOG(R)"],
        ])
      #expect(night.signals[3].timing == .regular(startSeconds: 0, sampleRateHz: 50))
      let orphan = try #require(throws: ReadError.self) { try NSRRReader.shhs.read(sources[1], sensors: []) }
      #expect(orphan.found == "annotations without their signals" && orphan.expected == "a file 'shhs2-200001.edf'")
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
      let source = try #require(try NSRRReader.mesa.discover(in: folder).first)
      #expect(source.subject == Subject("0001"))
      let night = try NSRRReader.mesa.read(source, sensors: [.ecg, .respiration])
      #expect(night.hypnogram == Hypnogram(stages: [.wake, .n3, .rem]))
      #expect(night.signals.map(\.sensor) == [.ecg, .respiration])
      #expect(night.signals[0].channels[0].unit == "mV")
      #expect(night.signals[0].samples[0][1] == Float(-62 * 0.001))
    }
  }

  @Test("A missing channel names the file's channels and the nearest")
  func missing() throws {
    try withTemporaryFolder { folder in
      let channels = [("ECG", "mV", 10), ("Thor Rez", "", 10), ("Light", "", 1)]
      try EDFNight(channels: channels, seconds: 30).bytes.write("shhs2-200077.edf", in: folder)
      let source = try #require(try NSRRReader.shhs.discover(in: folder).first)
      let error = try #require(throws: ReadError.self) {
        try NSRRReader.shhs.read(source, sensors: [.ecg, .respiration])
      }
      #expect(
        words(of: error)
          == "\(folder.path)/shhs2-200077.edf: found the channels 'ECG', 'Thor Rez', 'Light', expected a channel 'THOR RES' or 'Thor' or 'Thoracic' or 'Thorax' or 'Thor Effort' or 'Chest'; the nearest is 'Thor Rez'"
      )
      // A short label is not the nearest one for being short.
      let short = [("ECG", "mV", 10), ("EOG(R)", "uV", 10), ("THORAX REZ", "", 10)]
      try EDFNight(channels: short, seconds: 30).bytes.write("shhs2-200077.edf", in: folder)
      let other = try #require(throws: ReadError.self) { try NSRRReader.shhs.read(source, sensors: [.respiration]) }
      #expect(other.expected.hasSuffix("the nearest is 'THORAX REZ'"))
      #expect(
        try NSRRReader.shhs.read(source, sensors: [.ecg]).warnings == [
          "shhs2-200077.edf: no stages, for want of 'shhs2-200077-nsrr.xml'"
        ])
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
      let night = try NSRRReader.shhs.read(#require(try NSRRReader.shhs.discover(in: folder).first), sensors: [])
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
      let night = try NSRRReader.shhs.read(#require(try NSRRReader.shhs.discover(in: folder).first), sensors: [])
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
        let source = try #require(try NSRRReader.shhs.discover(in: folder).first)
        let error = try #require(throws: ReadError.self) { try NSRRReader.shhs.read(source, sensors: []) }
        #expect(words(of: error) == xml.path + message)
      }
    }
  }
}
