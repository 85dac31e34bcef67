import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("sleepbrl")
struct SleepBRLTests {
  private let reader = SleepBRLReader()
  private let channels = (1...16).map { (label: "S\($0)", unit: "", rate: 50) }

  /// An annotation a window of 1500 samples.
  private func annotations(_ stages: [String]) -> Data {
    var bytes: [UInt8] = []
    for (index, stage) in stages.enumerated() {
      // 1500 ticks go past an annotation's ten bits: a skip before each but the first.
      bytes += index == 0 ? [] : [0, 59 << 2, 0, 0, 0xdc, 0x05]
      bytes += [0, 1 << 2, 1, 63 << 2, Array(stage.utf8)[0], 0]
    }
    return Data(bytes + [0, 0])
  }

  @Test("A night has eight I/Q pairs and a stage a window")
  func night() throws {
    try withTemporaryFolder { folder in
      try EDFNight(channels: channels, seconds: 150).bytes.write("data/sbj02.edf", in: folder)
      try annotations(["W", "1", "2", "3", "R", "R", "W"]).write("data/sbj02.edf.atr", in: folder)
      try Data("x".utf8).write("subjects.xlsx", in: folder)
      let sources = try reader.discover(in: folder)
      #expect(sources.map(\.id) == ["sbj02"])
      let night = try reader.read(sources[0], sensors: [.radar])
      #expect(night.hypnogram == Hypnogram(stages: [.wake, .n1, .n2, .n3, .rem]))
      #expect(night.signals.count == 1 && night.signals[0].channels.map(\.name) == (1...16).map { "S\($0)" })
      #expect(night.signals[0].timing == .regular(startSeconds: 0, sampleRateHz: 50))
      #expect(night.signals[0].samples[3][5] == Float((5 * 37 + 33) % 199 - 99))
      #expect(night.warnings == [])
    }
  }

  @Test("An unknown stage, a missing channel and stages without a radar file are refused")
  func refused() throws {
    try withTemporaryFolder { folder in
      try EDFNight(channels: Array(channels.dropLast()), seconds: 60).bytes.write("sbj01.edf", in: folder)
      try annotations(["W", "4"]).write("sbj01.edf.atr", in: folder)
      try annotations(["W"]).write("sbj09.edf.atr", in: folder)
      let sources = try reader.discover(in: folder)
      let edf = folder.appendingPathComponent("sbj01.edf")
      let missing = try #require(throws: ReadError.self) { try reader.read(sources[0], sensors: [.radar]) }
      #expect(missing.path == edf.path && missing.expected == "a channel 'S16'; the nearest is 'S1'")
      let labels = folder.appendingPathComponent("sbj01.edf.atr")
      #expect(
        throws: ReadError(labels, found: "the stage '4' at sample 1500", expected: "W, 1, 2, 3 or R")
      ) { try reader.read(sources[0], sensors: []) }
      #expect(
        throws: ReadError(
          folder.appendingPathComponent("sbj09.edf.atr"), found: "stages without their radar file",
          expected: "'sbj09.edf' beside them")
      ) { try reader.read(sources[1], sensors: []) }
    }
  }
}
