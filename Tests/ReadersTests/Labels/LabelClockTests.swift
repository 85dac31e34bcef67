import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Clocks of labels and signals")
struct LabelClockTests {
  private func read(
    _ signal: (String, String), _ labels: (String, String), _ rules: LabelRules? = nil,
    _ entries: [(Double, Double, String)] = [(0, 60, "Sleep stage 2"), (60, 30, "Sleep stage R")]
  ) throws -> Recording {
    try withTemporaryFolder { folder in
      var night = LabelNight(
        "n1-Hypnogram.edf",
        EDFNight.hypnogram(entries.map { (onset: $0.0, duration: $0.1, text: $0.2) }, from: labels))
      night.start = signal
      return try night.read(in: folder, rules)
    }
  }

  @Test("Scoring that begins later or earlier is moved, and told")
  func moved() throws {
    var night = try read(("01.02.03", "23.59.30"), ("02.02.03", "00.00.30"))
    #expect(night.hypnogram == Hypnogram(stages: [nil, nil, .n2, .n2, .rem]))
    #expect(night.warnings == ["n1-Hypnogram.edf begins 60 s after n1.edf: its stages are moved by 60 s"])
    #expect(night.start == LocalTime("2003-02-01 23:59:30"))
    night = try read(("01.02.03", "22.00.00"), ("01.02.03", "21.59.20"))
    #expect(night.hypnogram == Hypnogram(startSeconds: -10, stages: [.n2, .rem, nil, nil, nil]))
    #expect(night.warnings == ["n1-Hypnogram.edf begins 40 s before n1.edf: its stages are moved by -40 s"])
  }

  @Test("A scored window that hangs over an edge of the signal is kept where half of it lies within")
  func edges() throws {
    let all = [(0.0, 300.0, "Sleep stage 2")]
    let starts = try ["21.59.20", "21.59.35", "21.59.50"].map {
      try read(("01.02.03", "22.00.00"), ("01.02.03", $0), nil, all).hypnogram
    }
    #expect(
      starts == [
        Hypnogram(startSeconds: -10, stages: Array(repeating: .n2, count: 5)),
        Hypnogram(startSeconds: 5, stages: Array(repeating: .n2, count: 5)),
        Hypnogram(startSeconds: -10, stages: Array(repeating: .n2, count: 5)),
      ])
  }

  @Test("Equal clocks move nothing")
  func equal() throws {
    let night = try read(("01.02.03", "22.00.00"), ("01.02.03", "22.00.00"))
    #expect(night.hypnogram == Hypnogram(stages: [.n2, .n2, .rem, nil, nil]) && night.warnings == [])
  }

  @Test(
    "Clocks that hold placeholders are not compared, and told",
    arguments: [
      ("01.01.85", "00.00.00", "01.02.03", "22.00.00", "n1.edf has"),
      ("01.02.03", "22.00.00", "01.01.85", "00.00.00", "n1-Hypnogram.edf has"),
      ("01.01.85", "00.00.00", "01.01.85", "00.00.00", "both have"),
    ])
  func placeholders(date: String, time: String, labelDate: String, labelTime: String, who: String) throws {
    let night = try read((date, time), (labelDate, labelTime))
    #expect(night.hypnogram == Hypnogram(stages: [.n2, .n2, .rem, nil, nil]))
    #expect(
      night.warnings == [
        "n1-Hypnogram.edf: its clock and that of n1.edf cannot be compared, since \(who) none: its stages are taken to begin with "
          + "the signal"
      ])
    #expect((night.start == nil) == (date == "01.01.85"))
  }

  @Test("A malformed time is no clock")
  func malformed() throws {
    let night = try read(("01.02.03", "25.00.00"), ("01.02.03", "22.00.00"))
    #expect(night.hypnogram?.stages.first == .n2 && night.start == nil)
    #expect(
      night.warnings == [
        "n1.edf: the start time '25.00.00' is malformed: read as midnight",
        "n1-Hypnogram.edf: its clock and that of n1.edf cannot be compared, since n1.edf has none: its stages are taken to begin with "
          + "the signal",
      ])
  }

  @Test("Where only the date is a placeholder the times of day are compared, over midnight too")
  func timesOfDay() throws {
    let night = try read(("01.01.85", "23.59.30"), ("04.05.06", "00.00.00"))
    #expect(night.hypnogram == Hypnogram(stages: [nil, .n2, .n2, .rem, nil]))
    #expect(night.start == LocalTime("23:59:30"))
  }

  @Test("Scoring of another night is refused with both times, unless the card says that it begins with the signal")
  func anotherNight() throws {
    let error = try #require(throws: ReadError.self) { try read(("01.02.03", "22.00.00"), ("02.02.03", "22.00.00")) }
    #expect(
      "\(error.found), \(error.expected)"
        == "stages from 2003-02-02 22:00:00 to 2003-02-02 22:01:30, some of them while n1.edf was recorded, from 2003-02-01 "
        + "22:00:00 to 2003-02-01 22:02:30; where a clock is wrong, 'labels: {start: signal}' in the card")
    let night = try read(("01.02.03", "22.00.00"), ("02.02.03", "22.00.00"), LabelRules(start: .signal))
    #expect(night.hypnogram == Hypnogram(stages: [.n2, .n2, .rem, nil, nil]) && night.warnings == [])
  }

  @Test("A card that asks for the labels' own start gets it or a refusal")
  func ownStart() throws {
    let night = try read(("01.02.03", "22.00.00"), ("01.02.03", "22.01.00"), LabelRules(start: .labels))
    #expect(night.hypnogram == Hypnogram(stages: [nil, nil, .n2, .n2, .rem]))
    let error = try #require(throws: ReadError.self) {
      try read(("01.01.85", "00.00.00"), ("01.02.03", "22.01.00"), LabelRules(start: .labels))
    }
    #expect(
      "\(error.found), \(error.expected)"
        == "no start that can be compared with that of n1.edf, dates and times in both headers, for 'labels: {start: labels}' in the card"
    )
  }

  @Test("Labels are compared with the start that a table of recordings tells")
  func toldStart() throws {
    try withTemporaryFolder { folder in
      let (url, labels) = (folder.appendingPathComponent("n1.edf"), folder.appendingPathComponent("n1.csv"))
      try EDFNight(channels: [("EEG", "uV", 2)], seconds: 90).bytes(from: ("01.01.85", "00.00.00")).write(to: url)
      try Data("onset,stage\n22:00:30,N2\n".utf8).write(to: labels)
      let files = ["psg": url, "labels": labels]
      let request = ReadingRequest(sensors: [.psg], labels: LabelRules(start: .clock))
      let told = RecordingSource(id: "n1", subject: Subject("n1"), files: files, start: LocalTime("22:00:00"))
      let night = try FolderReader.edf.read(told, request)
      #expect(night.hypnogram == Hypnogram(stages: [nil, .n2, nil]))
      let error = try #require(throws: ReadError.self) {
        try FolderReader.edf.read(RecordingSource(id: "n1", subject: Subject("n1"), files: files), request)
      }
      #expect(
        error
          == ReadError(
            labels, line: 2, found: "the onset '22:00:30' and no start of n1.edf",
            expected: "a signal whose start is known, by its header or a table of recordings"))
    }
  }

  @Test("A table of recordings' start wins over the header's")
  func table() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("n1.edf")
      try EDFNight(channels: [("EEG", "uV", 2)], seconds: 60).bytes.write(to: url)
      let start = LocalTime("2020-05-05 21:00:00")
      let source = RecordingSource(id: "n1", subject: Subject("n1"), files: ["psg": url], start: start)
      #expect(try FolderReader.edf.read(source, sensors: []).start == start)
      let plain = RecordingSource(id: "n1", subject: Subject("n1"), files: ["psg": url])
      #expect(try FolderReader.edf.read(plain, sensors: []).start == LocalTime("2003-02-01 04:05:06"))
    }
  }
}
