import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("slpdb as published")
struct SlpdbTests {
  private let header = """
    slp01a 4 250 22500 23:07:00 13/04/1989
    slp01a.dat 212 500 12 0 -68 0 0 ECG
    slp01a.dat 212 1/mmHg 12 0 0 0 0 BP
    slp01a.dat 212 500 12 0 0 0 0 EEG (C4-A1)
    slp01a.dat 212 1500/l 12 0 0 0 0 Resp (sum)

    """

  private func notes(_ entries: [(interval: Int, text: String)]) -> Data {
    var bytes: [UInt8] = []
    for entry in entries {
      bytes += [
        0, 59 << 2, UInt8(entry.interval >> 16), 0, UInt8(entry.interval & 255), UInt8(entry.interval >> 8 & 255),
      ]
      let text = Array(entry.text.utf8)
      bytes += [0, 22 << 2, UInt8(text.count), 63 << 2] + text + (text.count % 2 == 1 ? [0] : [])
    }
    return Data(bytes + [0, 0])
  }

  @Test("Stages begin their texts, events are passed over, two nights are one subject")
  func night() throws {
    try withTemporaryFolder { folder in
      try Data(header.utf8).write("slp01a.hea", in: folder)
      try Data(header.utf8).write("slp01b.hea", in: folder)
      try Data((0..<22_500 * 6).map { UInt8(truncatingIfNeeded: $0 &* 7) }).write("slp01a.dat", in: folder)
      try notes([(1, "W"), (7499, "2 HA"), (3000, "LA"), (4500, "MT"), (7500, "4\0")]).write("slp01a.st", in: folder)
      let sources = try SlpdbReader().discover(in: folder)
      #expect(sources.map(\.id) == ["slp01a", "slp01b"])
      #expect(Set(sources.map(\.subject)) == [Subject("slp01")])
      let night = try SlpdbReader().read(sources[0], sensors: [.ecg, .respiration])
      #expect(night.hypnogram == Hypnogram(stages: [.wake, .n2, nil]))
      #expect(night.signals.map { $0.channels.map(\.name) } == [["ECG"], ["Resp (sum)"]])
      #expect(night.signals.map { $0.channels[0].unit } == ["mV", "l"])
      #expect(night.signals.map(\.count) == [22_500, 22_500])
      #expect(night.start == LocalTime("1989-04-13 23:07:00"))
      try notes([(0, "5")]).write("slp01a.st", in: folder)
      let error = try #require(throws: ReadError.self) { try SlpdbReader().read(sources[0], sensors: []) }
      #expect(
        words(of: error)
          == "\(folder.path)/slp01a.st: found the stage '5' at sample 0, expected W, 1, 2, 3, 4, R or MT")
    }
  }
}
