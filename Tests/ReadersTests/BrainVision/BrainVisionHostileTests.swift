import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("BrainVision files that are damaged or made to do harm")
struct BrainVisionHostileTests {
  private static let lines = [
    "Brain Vision Data Exchange Header File Version 1.0", "[Common Infos]", "DataFile=a.eeg", "MarkerFile=a.vmrk",
    "DataFormat=BINARY", "DataOrientation=MULTIPLEXED", "NumberOfChannels=2", "SamplingInterval=5000",
    "[Binary Infos]", "BinaryFormat=INT_16", "[Channel Infos]", "Ch1=C3,,0.1,µV", "Ch2=C4,,0.1,µV",
  ]
  private static let markers =
    "Brain Vision Data Exchange Marker File, Version 1.0\n[Marker Infos]\nMk1=New Segment,,1,1,0\n"

  /// A line of the header that is changed, and what reading ends with.
  private static let refusals: [(line: Int, text: String, message: String)] = [
    (
      1, "[Header]",
      "a.vhdr:1: found '[Header]', expected 'Brain Vision Data Exchange Header File Version 1.0', or 2.0"
    ),
    (
      1, "Brain Vision Data Exchange Header File Version 3.0",
      "a.vhdr:1: found 'Brain Vision Data Exchan…', expected 'Brain Vision Data Exchange Header File Version 1.0', or 2.0"
    ),
    (3, "", "a.vhdr: found no DataFile in [Common Infos], expected the name of the data file beside the header"),
    (3, "DataFile=../b.eeg", "a.vhdr:3: found DataFile '../b.eeg', expected the name of a file beside the header"),
    (3, "DataFile=b.dat", "b.dat: found no such file, expected the data of a BrainVision header"),
    (
      4, "MarkerFile=/etc/passwd",
      "a.vhdr:4: found MarkerFile '/etc/passwd', expected the name of a file beside the header"
    ),
    (
      4, "MarkerFile=a.eeg",
      "a.eeg:1: found '\(String(repeating: "\u{fffd}", count: 24))…', expected 'Brain Vision Data Exchange Marker File Version 1.0', or 2.0"
    ),
    (5, "DataFormat=FLAC", "a.vhdr:5: found DataFormat 'FLAC', expected one of BINARY, ASCII"),
    (
      6, "DataOrientation=DIAGONAL",
      "a.vhdr:6: found DataOrientation 'DIAGONAL', expected one of MULTIPLEXED, VECTORIZED"
    ),
    (7, "NumberOfChannels=0", "a.vhdr:7: found NumberOfChannels '0', expected a whole number from 1 to 4096"),
    (
      7, "NumberOfChannels=99999999999999999999",
      "a.vhdr:7: found NumberOfChannels '99999999999999999999', expected a whole number from 1 to 4096"
    ),
    (7, "NumberOfChannels=3", "a.vhdr: found 2 channels in [Channel Infos], expected 3 by NumberOfChannels"),
    (
      8, "SamplingInterval=0",
      "a.vhdr:8: found SamplingInterval '0', expected microseconds from one sample to the next, 1 or more"
    ),
    (
      8, "SamplingInterval=nan",
      "a.vhdr:8: found SamplingInterval 'nan', expected microseconds from one sample to the next, 1 or more"
    ),
    (8, "DataType=FREQUENCYDOMAIN", "a.vhdr:8: found DataType 'FREQUENCYDOMAIN', expected one of TIMEDOMAIN"),
    (8, "", "a.vhdr: found no SamplingInterval in [Common Infos], expected microseconds from one sample to the next"),
    (8, "SamplingInterval=1e15", "a.eeg: found 10 samples at 1e-09 a second, expected at most 30 years"),
    (10, "", "a.vhdr: found no BinaryFormat in [Binary Infos], expected one of INT_16, UINT_16, INT_32, IEEE_FLOAT_32"),
    (
      13, "Ch1=C4,,1,V",
      "a.vhdr:13: found 'Ch1=C4,,1,V', expected each of Ch1 to Ch2 once, with a name, a reference, a resolution and a unit"
    ),
    (
      13, "Ch2=C4,,1e300,V",
      "a.vhdr:13: found 'Ch2=C4,,1e300,V', expected each of Ch1 to Ch2 once, with a name, a reference, a resolution and a unit"
    ),
    (
      6, "DataOrientation=VECTORIZED\nDataPoints=11",
      "a.eeg: found 10 samples a channel: the file was cut short, expected 11 by the header"
    ),
    (5, "DataFormat=ASCII", "a.eeg: found 40 bytes, expected at least one sample of each channel"),
  ]

  private func refusal(_ header: String, _ data: Data, in folder: URL) throws -> String {
    try Data(header.utf8).write("a.vhdr", in: folder)
    try data.write("a.eeg", in: folder)
    try Data(Self.markers.utf8).write("a.vmrk", in: folder)
    let start = ContinuousClock.now
    defer { #expect(ContinuousClock.now - start < .seconds(5)) }
    do {
      let file = try BrainVisionFile(folder.appendingPathComponent("a.vhdr"))
      return "\(try file.header.channels.indices.map { try file.samples(ofChannel: $0).count })"
    } catch let error as ReadError {
      return words(of: error).replacingOccurrences(of: folder.path + "/", with: "")
    }
  }

  @Test("What is wrong is said with its file and line", arguments: refusals.indices)
  func refused(index: Int) throws {
    let (line, text, message) = Self.refusals[index]
    var lines = Self.lines
    lines[line - 1] = text
    let header = lines.joined(separator: "\r\n")
    try withTemporaryFolder { (folder) throws -> Void in
      #expect(try refusal(header, Data(count: 40), in: folder) == message)
    }
  }

  @Test("Text that is no table of numbers is refused with its line")
  func text() throws {
    var lines = Self.lines
    lines[4] = "DataFormat=ASCII"
    let header = lines.joined(separator: "\n")
    for (text, message) in [
      ("1 2\n3 4\n", "[2, 2]"), ("1 2\n3\n", "a.eeg:2: found 1 values, expected 2, as in the first row"),
      ("1 2\nx 4\n", "a.eeg:2: found 'x', expected a number"),
      ("1 2 3\n", "a.eeg: found 3 channels, expected 2 by the header"),
      ("\n\n", "a.eeg: found 2 bytes, expected at least one sample of each channel"),
      (String(repeating: "7", count: 3 << 20), "a.eeg:1: found a value of 1048576 bytes, expected a number"),
    ] {
      try withTemporaryFolder { (folder) throws -> Void in
        #expect(try refusal(header, Data(text.utf8), in: folder) == message)
      }
    }
  }

  @Test("Three hundred damaged copies are read or refused, never more")
  func fuzz() throws {
    var random = RandomSource(seed: 21)
    var outcomes: [Bool: Int] = [:]
    for round in 0..<300 {
      func damaged(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 0...2, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 32...126, using: &random)
        }
        return String(decoding: bytes, as: UTF8.self)
      }
      var lines = Self.lines
      if round % 3 == 0 { lines[4] = "DataFormat=ASCII" }
      if round % 2 == 0 { lines[5] = "DataOrientation=VECTORIZED" }
      try withTemporaryFolder { folder in
        let words = try refusal(
          damaged(lines.joined(separator: "\n")), Data(damaged("1 2\n3 4\n").utf8), in: folder)
        outcomes[words.hasPrefix("["), default: 0] += 1
      }
    }
    #expect(outcomes[true, default: 0] > 30 && outcomes[false, default: 0] > 30)
  }
}
