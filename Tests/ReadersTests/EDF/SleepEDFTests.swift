import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Sleep-EDF")
struct SleepEDFTests {
  private let reader = SleepEDFReader()
  private let cassette: [(String, String, Int)] = [
    ("EEG Fpz-Cz", "uV", 100), ("EEG Pz-Oz", "uV", 100), ("EOG horizontal", "uV", 100), ("Resp oro-nasal", "", 1),
    ("EMG submental", "uV", 1), ("Temp rectal", "DegC", 1), ("Event marker", "", 1),
  ]

  @Test("A cassette night is cropped to its signal, stages 3 and 4 joined, movement and unknown unscored")
  func cassetteNight() throws {
    try withTemporaryFolder { folder in
      try EDFNight(channels: cassette, seconds: 240).bytes.write("sleep-cassette/SC4012E0-PSG.edf", in: folder)
      try EDFNight.hypnogram([
        (0, 60, "Sleep stage W"), (60, 30, "Sleep stage 1"), (90, 30, "Sleep stage 3"), (120, 30, "Sleep stage 4"),
        (150, 30, "Movement time"), (180, 30, "Sleep stage R"), (210, 80_000, "Sleep stage ?"),
      ]).write("sleep-cassette/SC4012EC-Hypnogram.edf", in: folder)
      let source = try #require(try reader.discover(in: folder).first)
      #expect(source.id == "SC4012" && source.subject == Subject("SC01"))
      let night = try reader.read(source, sensors: [.psg, .respiration])
      #expect(night.warnings == [])
      #expect(night.hypnogram == Hypnogram(stages: [.wake, .wake, .n1, .n3, .n3, nil, .rem, nil]))
      #expect(night.signals.map(\.sensor) == [.psg, .psg, .respiration])
      #expect(
        night.signals.map { $0.channels.map(\.name) } == [
          ["EEG Fpz-Cz", "EEG Pz-Oz", "EOG horizontal"], ["EMG submental"], ["Resp oro-nasal"],
        ])
      #expect(night.signals.map(\.count) == [24_000, 240, 240])
      #expect(night.signals[0].timing == .regular(startSeconds: 0, sampleRateHz: 100))
      #expect(try reader.read(source, sensors: [.respiration]).signals.map(\.sensor) == [.respiration])
    }
  }

  @Test("A telemetry night needs no respiration; its subject is not the cassette subject of that number")
  func telemetryNight() throws {
    try withTemporaryFolder { folder in
      let four = cassette.prefix(3) + [("EMG submental", "uV", 100)]
      try EDFNight(channels: Array(four), seconds: 60).bytes.write("ST7011J0-PSG.edf", in: folder)
      try EDFNight.hypnogram([(30, 30, "Sleep stage 2")]).write("ST7011JP-Hypnogram.edf", in: folder)
      let source = try #require(try reader.discover(in: folder).first)
      #expect(source.id == "ST7011" && source.subject == Subject("ST01"))
      let night = try reader.read(source, sensors: [.psg, .respiration])
      #expect(night.signals.map(\.channels.count) == [4])
      #expect(night.hypnogram == Hypnogram(stages: [nil, .n2]))
    }
  }

  @Test("A PSG or a hypnogram alone is read and told")
  func alone() throws {
    try withTemporaryFolder { folder in
      try EDFNight(channels: cassette, seconds: 60).bytes.write("SC4001E0-PSG.edf", in: folder)
      try EDFNight.hypnogram([(60, 60, "Sleep stage 2")]).write("SC4002EC-Hypnogram.edf", in: folder)
      let sources = try reader.discover(in: folder)
      let nights = try sources.map { try reader.read($0, sensors: [.psg]) }
      #expect(
        nights.map(\.warnings) == [["SC4001: a PSG without its hypnogram"], ["SC4002: a hypnogram without its PSG"]])
      #expect(nights[0].hypnogram == nil)
      #expect(nights[1].hypnogram == Hypnogram(startSeconds: 60, stages: [.n2, .n2]))
      #expect(sources.map(\.subject) == [Subject("SC00"), Subject("SC00")])
    }
  }

  @Test("An unknown stage, a missing channel and a folder of other files are refused")
  func refused() throws {
    try withTemporaryFolder { folder in
      let expected = "the Sleep-EDF database, with files such as SC4001E0-PSG.edf"
      #expect(throws: ReadError(folder, found: "no file of that name", expected: expected)) {
        try reader.discover(in: folder)
      }
      let absent = folder.appendingPathComponent("x")
      #expect(throws: ReadError(absent, found: "no such folder", expected: expected)) {
        try reader.discover(in: absent)
      }

      let psg = folder.appendingPathComponent("SC4001E0-PSG.edf")
      let hypnogram = folder.appendingPathComponent("SC4001EC-Hypnogram.edf")
      var night = EDFNight(channels: cassette, seconds: 60)
      night.channels[1].label = "EEG PzOx"
      try night.bytes.write(to: psg)
      try EDFNight.hypnogram([(0, 30, "Sleep stage 5")]).write(to: hypnogram)
      let source = try #require(try reader.discover(in: folder).first)
      let missing = try #require(throws: ReadError.self) { try reader.read(source, sensors: [.psg]) }
      #expect(
        words(of: missing)
          == "\(psg.path): found the channels 'EEG Fpz-Cz', 'EEG PzOx', 'EOG horizontal', 'Resp oro-nasal', 'EMG submental', 'Temp rectal', 'Event marker', expected a channel 'EEG Pz-Oz'; the nearest is 'EEG PzOx'"
      )
      let unknown = try #require(throws: ReadError.self) { try reader.read(source, sensors: []) }
      #expect(
        words(of: unknown)
          == "\(hypnogram.path): found no stage among 'Sleep stage 5' (1), expected words such as 'W', 'N1', 'N2', 'N3' and 'REM'; labels.vocabulary in the card says what others mean"
      )
      var zero = EDFSample()
      zero.labels = ["EEG Fpz-Cz", "EEG Pz-Oz", "EOG horizontal", "EMG submental"]
      zero.recordSeconds = "0"
      zero.units = Array(repeating: "uV", count: 4)
      zero.physicalMinimum = Array(repeating: "-1", count: 4)
      zero.physicalMaximum = Array(repeating: "1", count: 4)
      zero.digitalMinimum = zero.physicalMinimum
      zero.digitalMaximum = zero.physicalMaximum
      zero.samplesPerRecord = ["2", "2", "1", "1"]
      try zero.bytes.write(to: psg)
      let rate = try #require(throws: ReadError.self) { try reader.read(source, sensors: [.psg]) }
      #expect(
        words(of: rate)
          == "\(psg.path): found 2 samples in records of 0.0 s in channel 'EEG Fpz-Cz', expected a sampling rate above 0"
      )
    }
  }

  @Test("Flat and clipped channels and other units are told or converted")
  func quality() throws {
    try withTemporaryFolder { folder in
      var night = EDFNight(channels: cassette, seconds: 300)
      night.channels[0].unit = "mV"
      night.channels[1].unit = "?"
      night.sample = { channel, index in
        switch channel {
        case 1: 7
        case 2: index % 50 == 0 ? 100 : index % 90
        case 4: index < 120 ? 3 : index % 90
        default: index % 90
        }
      }
      try night.bytes.write("SC4001E0-PSG.edf", in: folder)
      let source = try #require(try reader.discover(in: folder).first)
      let read = try reader.read(source, sensors: [.psg])
      #expect(
        read.warnings == [
          "SC4001E0-PSG.edf: channel 'EEG Pz-Oz' has the unit '?', which is no voltage: read as it is",
          "SC4001E0-PSG.edf: channel 'EEG Pz-Oz' is flat: every sample is 7.0",
          "SC4001E0-PSG.edf: channel 'EOG horizontal' is clipped: 2.0 % of its samples lie at the limits of its range",
          "SC4001E0-PSG.edf: channel 'EMG submental' is flat in 4 of 10 windows of 30 s",
          "SC4001: a PSG without its hypnogram",
        ])
      #expect(read.signals[0].channels.map(\.unit) == ["uV", "?", "uV"])
      #expect(Array(read.signals[0].samples[0].prefix(3)) == [0, 1000, 2000])
    }
  }

  @Test("The published hypnograms and the excerpt are read", .needsRecordings)
  func published() throws {
    let sources = try reader.discover(in: #require(sharedDatasets).appendingPathComponent("sleep-edfx-1.0.0"))
    #expect(sources.count == 20 && Set(sources.map(\.subject)).count == 10)
    let first = try reader.read(sources[0], sensors: [.psg, .respiration])
    #expect(first.signals.map(\.count) == [30_000, 300, 300])
    #expect(first.hypnogram == Hypnogram(stages: Array(repeating: .wake, count: 10)))
    #expect(
      first.warnings == [
        "SC4001EC-Hypnogram.edf: 2640 of 2650 scored windows of 30 s lie outside SC4001E0-PSG-first-300s.edf and are left out"
      ])
    let other = try reader.read(sources[1], sensors: [])
    #expect(other.hypnogram?.stages.prefix(870).filter { $0 == .wake }.count == 869)
    #expect(Array(other.hypnogram?.stages[868...870] ?? []) == [.wake, .n1, .n1])
  }
}
