import Foundation
import Readers
import TestSupport
import Testing

@Suite("Slips of EDF headers")
struct EDFSlipTests {
  @Test("A plain file is read without a warning")
  func plain() throws {
    try withTemporaryFolder { folder in
      let file = try EDFSample().open(in: folder)
      #expect(file.warnings == [])
      #expect(file.channels.map(\.sampleRateHz) == [4, 2])
      #expect(try file.samples(ofChannel: 0) == [1, 2, 3, 4, 5, 6, 7, 8])
      #expect(try file.samples(ofChannel: 1) == [0.5, -0.5, 1, -1])
      #expect(try file.samples(ofChannel: 0, 3..<6) == [4, 5, 6])
      #expect(try file.digitalSamples(ofChannel: 1) == [500, -500, 1000, -1000])
      #expect(file.header.start == DateComponents(year: 2003, month: 2, day: 1, hour: 4, minute: 5, second: 6))
    }
  }

  @Test("Several threads read one file at once")
  func threads() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.edf")
      try EDFNight(channels: [("EEG", "uV", 20), ("ECG", "mV", 5)], seconds: 90).bytes.write(to: url)
      let file = try EDFFile(url)
      let whole = try file.channels.indices.map { try file.samples(ofChannel: $0) }
      DispatchQueue.concurrentPerform(iterations: 64) { turn in
        let range = turn..<turn + 300
        if (try? file.samples(ofChannel: turn % 2, range)) != Array(whole[turn % 2][range]) {
          Issue.record("samples \(range) differ between threads")
        }
      }
    }
  }

  static let slips: [(change: @Sendable (inout EDFSample) -> Void, warning: String)] = [
    ({ $0.recordCount = "-1" }, "the header says '-1' records, the file holds 2: read 2"),
    ({ $0.recordCount = "20" }, "the header says '20' records, the file holds 2: read 2"),
    ({ $0.recordCount = "1" }, "the header says '1' records, the file holds 2: read 2"),
    ({ $0.recordCount = "" }, "the header says '' records, the file holds 2: read 2"),
    ({ $0.headerLength = "" }, "the header length is '': read as 768, which fits the file's size"),
    ({ $0.data += Data([1, 2, 3]) }, "3 bytes after the last record are left out"),
    ({ $0.date = "30/13/99" }, "the start date '30/13/99' is malformed"),
    ({ $0.time = "25.00.00" }, "the start time '25.00.00' is malformed: read as midnight"),
    (
      {
        $0.recording = "Startdate 02-FEB-2003 X X X"
      },
      "the start date '01.02.03' disagrees with the recording field 'Startdate 02-FEB-2003 X X X': the latter is read"
    ),
    ({ $0.recordSeconds = "0" }, "the duration of a record is 0: the sampling rates are unknown"),
    (
      { $0.physicalMaximum[1] = "-1" }, "channel 'ECG' has physical minimum and maximum -1.0: read as a range of 1"
    ),
    (
      { $0.digitalMaximum[1] = "-1000" },
      "channel 'ECG' has digital minimum and maximum -1000.0: read as a range of 1"
    ),
    (
      {
        $0.digitalMinimum[1] = "1000"
        $0.digitalMaximum[1] = "-1000"
      }, "channel 'ECG' has its digital minimum above its maximum: its polarity may be wrong"
    ),
    ({ $0.version = "1.0" }, "the version field holds '1.0     ': read as EDF or BDF by its size"),
  ]

  @Test("A slip is mended and told", arguments: slips.indices)
  func slip(index: Int) throws {
    try withTemporaryFolder { folder in
      var sample = EDFSample()
      Self.slips[index].change(&sample)
      let file = try sample.open(in: folder)
      #expect(file.warnings == ["a.edf: " + Self.slips[index].warning])
      #expect(try file.samples(ofChannel: 0) == [1, 2, 3, 4, 5, 6, 7, 8])
    }
  }

  @Test("Labels and units outside ASCII are read, the micro sign as u, decimal commas as points")
  func text() throws {
    try withTemporaryFolder { folder in
      var sample = EDFSample()
      sample.labels = ["Fr\u{e9}q", "EEG"]
      sample.units = ["\u{b5}V", "\u{83}\u{ca}V"]
      sample.physicalMaximum[0] = "100,0"
      let file = try sample.open(in: folder)
      #expect(file.channels.map(\.label) == ["Fréq", "EEG"])
      #expect(file.channels.map(\.unit) == ["uV", "uV"])
      #expect(try file.samples(ofChannel: 0, 0..<2) == [1, 2])
      #expect(file.warnings == [])
      sample.labels = ["Fr\u{c3}\u{a9}q", "EEG"]
      #expect(try sample.open(in: folder).channels[0].label == "Fréq")
    }
  }

  @Test("An old BDF conversion that calls itself EDF is read as 24 bits")
  func oldConversion() throws {
    try withTemporaryFolder { folder in
      var sample = EDFSample()
      sample.data = EDFSample.integers([1, 2, 3, -4, 70, -70, 5, 6, 7, 8, 1000, -1000], bytes: 3)
      for name in ["a.bdf", "a.edf"] {
        let file = try sample.open(in: folder, name: name)
        #expect(try file.samples(ofChannel: 0) == [1, 2, 3, -4, 5, 6, 7, 8])
        #expect(file.warnings == ["\(name): the version field says EDF, its size BDF: read as 24-bit samples"])
      }
      sample.version = "\u{ff}BIOSEMI"
      #expect(try sample.open(in: folder, name: "a.bdf").warnings == [])
    }
  }

  @Test("A channel name in use twice gets a number, as in MNE")
  func duplicates() throws {
    try withTemporaryFolder { folder in
      var sample = EDFSample()
      sample.labels = ["EEG", "EEG"]
      let file = try sample.open(in: folder)
      #expect(file.channels.map(\.name) == ["EEG-0", "EEG-1"])
      #expect(file.channels.map(\.label) == ["EEG", "EEG"])
    }
  }

  @Test("Malformed annotations and Latin-1 texts are told")
  func annotations() throws {
    try withTemporaryFolder { folder in
      var sample = EDFSample()
      sample.labels = ["EEG", "EDF Annotations"]
      sample.samplesPerRecord = ["1", "30"]
      sample.recordCount = "1"
      let list = "+0.5\u{14}\u{14}\0+1\u{15}2\u{14}\u{e9}\u{14}b\u{14}\0oops\u{14}\0-1\u{14}y@@EEG\u{14}\0"
      sample.data =
        EDFSample.integers([1]) + EDFSample.field(list.padding(toLength: 60, withPad: "\0", startingAt: 0), 60)
      let found = try sample.open(in: folder).annotations()
      #expect(found.entries.map(\.text) == ["y", "é", "b"])
      #expect(found.entries.map(\.onsetSeconds) == [-1.5, 0.5, 0.5])
      #expect(found.entries.map(\.durationSeconds) == [nil, 2, 2])
      #expect(found.entries.map(\.channel) == ["EEG", nil, nil])
      #expect(found.startOffsetSeconds == 0.5)
      #expect(
        found.warnings == [
          "a.edf: 1 malformed annotations are left out", "a.edf: 1 annotations are not UTF-8: read as Latin-1",
        ])
    }
  }
}
