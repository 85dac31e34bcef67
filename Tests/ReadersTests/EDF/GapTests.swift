import Foundation
import Readers
import SleepCore
import Synthesis
import TestSupport
import Testing

@Suite("Gaps of EDF+D")
struct GapTests {
  private let writer = EDFWriter(
    format: .edfPlusDiscontinuous,
    channels: [
      .init(label: "ECG", unit: "mV", samplesPerRecord: 2, physicalRange: -10...10, digitalRange: -10...10),
      .init(label: "Thor", unit: "", samplesPerRecord: 1, physicalRange: -10...10, digitalRange: -10...10),
    ], recordSeconds: 1)

  private func read(_ onsets: [Double]) throws -> Recording {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.edf")
      let count = onsets.count
      try writer.write(
        [(0..<2 * count).map { Float($0 % 9) }, (0..<count).map { Float($0) }], recordOnsets: onsets, to: url)
      let source = RecordingSource(id: "a", subject: Subject("a"), files: ["psg": url])
      return try FolderReader.edf.read(source, sensors: [.ecg, .respiration])
    }
  }

  private func starts(_ recording: Recording, _ sensor: Sensor) -> [Double] {
    recording.signals.filter { $0.sensor == sensor }.map { signal in
      if case .regular(let start, _) = signal.timing { start } else { .nan }
    }
  }

  @Test("Two records a day apart are a signal each, and the gap costs nothing")
  func dayApart() throws {
    let night = try read([0, 86_400])
    #expect(starts(night, .ecg) == [0, 86_400] && starts(night, .respiration) == [0, 86_400])
    #expect(night.signals.map(\.samples) == [[[0, 1]], [[2, 3]], [[0]], [[1]]])
    #expect(night.warnings.first == "a.edf: 1 gaps between the records, 86399.0 s together")
  }

  @Test("Gaps longer than anybody records are read as well")
  func vast() throws {
    let night = try read([0, 1, 1e12, 2e12])
    #expect(starts(night, .ecg) == [0, 1e12, 2e12])
    #expect(night.signals.filter { $0.sensor == .ecg }.map(\.count) == [4, 2, 2])
  }

  @Test("A gap no longer than what stands before it is NaN in one signal")
  func short() throws {
    let night = try read([0, 1, 2, 4.5, 5.5])
    #expect(night.signals.count == 2)
    let ecg = night.signals[0].samples[0].map { $0.isNaN ? -9 : $0 }
    #expect(ecg == [0, 1, 2, 3, 4, 5, -9, -9, -9, 6, 7, 8, 0])
  }

  @Test("A minute or more begins a new signal, however much stands before it")
  func minute() throws {
    let onsets = (0..<200).map(Double.init)
    #expect(try starts(read(onsets + [259]), .ecg) == [0])
    #expect(try starts(read(onsets + [261]), .ecg) == [0, 261])
  }

  @Test("Records that overlap are told; one that begins much too early stands at its own time")
  func overlap() throws {
    var night = try read([0, 0.75, 1.75])
    #expect(starts(night, .ecg) == [0] && night.signals[0].count == 6)
    #expect(
      night.warnings.first == "a.edf: 1 record begins before the one before has ended, by up to 0.25 s")
    night = try read([0, 0.25, 1.25])
    #expect(starts(night, .ecg) == [0, 0.25])
    #expect(night.signals.filter { $0.sensor == .ecg }.map(\.count) == [2, 4])
    night = try read([0, 0.75, 1.5, 2.25, 3])
    #expect(starts(night, .ecg) == [0, 2.25])
    #expect(
      night.warnings.first == "a.edf: 4 records begin before the one before has ended, by up to 0.25 s")
  }
}
