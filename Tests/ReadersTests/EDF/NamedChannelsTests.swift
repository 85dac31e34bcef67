import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Channels by a card's names and by their own")
struct NamedChannelsTests {
  private func read(_ labels: [String], _ request: ReadingRequest) throws -> Recording {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("n1.edf")
      try EDFNight(channels: labels.map { ($0, "uV", 2) }, seconds: 60).bytes.write(to: url)
      let source = RecordingSource(id: "n1", subject: Subject("n1"), files: ["psg": url])
      return try FolderReader.edf.read(source, request)
    }
  }

  @Test("Leads beside the eyes are a polysomnogram's")
  func eyes() throws {
    let labels = ["C3-M2", "E1-M2", "E2-M2", "LOC-A2", "ROC-A1", "LOC", "e2", "Chin1-Chin2"]
    let night = try read(labels, ReadingRequest(sensors: [.psg]))
    #expect(night.signals.map { $0.channels.map(\.name) } == [labels] && night.warnings == [])
  }

  @Test("What a card names is its sensor's before anything is guessed")
  func named() throws {
    let labels = ["X1", "Chest", "EEG", "ECG", "Nonsense"]
    let night = try read(
      labels,
      ReadingRequest(
        sensors: [.psg, .ecg, .respiration],
        channels: [.ecg: [["chest (ECG)", "CHEST"]], .psg: [["x-1"], ["ECG"]], .radar: [["EEG"]]]))
    #expect(
      night.signals.map { "\($0.sensor.rawValue): \($0.channels.map(\.name).joined(separator: ", "))" }
        == ["psg: X1, ECG", "ecg: Chest"])
    #expect(night.warnings == ["n1.edf: channel 'Nonsense' is of no known sensor and left out"])
  }
}
