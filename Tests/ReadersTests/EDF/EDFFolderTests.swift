import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Any folder of EDF files")
struct EDFFolderTests {
  private let reader = FolderReader.edf

  @Test("Channels go to the sensors that their labels speak of")
  func sensors() throws {
    try withTemporaryFolder { folder in
      let channels = [
        ("C3-A2", "uV", 2), ("EOG LOC", "mV", 2), ("Chin", "uV", 4), ("EMG Leg L", "uV", 2), ("EKG", "uV", 4),
        ("THOR RES", "", 1), ("Airflow", "", 2), ("SpO2", "%", 1), ("EEG 2", "uV", 2),
      ].map { (label: $0.0, unit: $0.1, rate: $0.2) }
      try EDFNight(channels: channels, seconds: 60).bytes.write("clinic a/night 1.edf", in: folder)
      let sources = try reader.discover(in: folder)
      #expect(sources.map(\.id) == ["clinic_a-night_1"])
      let night = try reader.read(sources[0], sensors: [.psg, .ecg, .respiration])
      #expect(night.signals.map(\.sensor) == [.psg, .psg, .ecg, .respiration, .respiration])
      #expect(
        night.signals.map { $0.channels.map(\.name) } == [
          ["C3-A2", "EOG LOC", "EEG 2"], ["Chin"], ["EKG"], ["THOR RES"], ["Airflow"],
        ])
      #expect(night.signals[2].channels[0].unit == "mV")
      expectClose(Array(night.signals[2].samples[0].prefix(2)), [-0.055, -0.018])
      #expect(
        night.warnings == [
          "night 1.edf: channel 'EMG Leg L' is of no known sensor and left out"
        ])
      #expect(night.hypnogram == nil)
      #expect(try reader.read(sources[0], sensors: [.ecg]).signals.count == 1)
    }
  }

  @Test("A hypnogram beside the file is found", arguments: ["a", "a-PSG", "a_psg", "A-PSG"])
  func hypnogram(stem: String) throws {
    try withTemporaryFolder { folder in
      try EDFNight(channels: [("EEG", "uV", 2)], seconds: 90).bytes.write("\(stem).edf", in: folder)
      try EDFNight.hypnogram([(30, 30, "Sleep stage N3"), (40, 1, "snore")]).write("a-Hypnogram.edf", in: folder)
      let sources = try reader.discover(in: folder)
      #expect(sources.count == 1)
      #expect(try reader.read(sources[0], sensors: []).hypnogram == Hypnogram(stages: [nil, .n3, nil]))
    }
  }

  @Test("A file of annotations alone under any name is a hypnogram")
  func annotationsAlone() throws {
    try withTemporaryFolder { folder in
      try EDFNight.hypnogram([(0, 60, "Sleep stage R")]).write("scores.edf", in: folder)
      let night = try reader.read(#require(try reader.discover(in: folder).first), sensors: [.psg])
      #expect(night.signals.isEmpty && night.hypnogram == Hypnogram(stages: [.rem, .rem]))
    }
  }

  @Test("The conformance files are read", .needsRecordings)
  func conformance() throws {
    let sources = try reader.discover(in: #require(sharedDatasets).appendingPathComponent("edf-conformance"))
    #expect(sources.count == 8)
    for source in sources { _ = try reader.read(source, sensors: [.psg, .ecg, .respiration]) }
  }
}
