import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Damaged EDF files")
struct EDFDamageTests {
  private func refusal(_ sample: EDFSample) throws -> String {
    try refusal(of: sample.bytes)
  }

  private func refusal(of bytes: Data, name: String = "a.edf") throws -> String {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent(name)
      try bytes.write(to: url)
      let error = try #require(throws: ReadError.self) { try EDFFile(url) }
      #expect(words(of: error).hasPrefix(url.path + ": found "))
      return "found \(error.found), expected \(error.expected)"
    }
  }

  @Test("Something that is no file is refused")
  func notAFile() throws {
    try withTemporaryFolder { folder in
      let absent = folder.appendingPathComponent("b.edf")
      #expect(throws: ReadError(absent, found: "no such file", expected: "an EDF or BDF file")) {
        try EDFFile(absent)
      }
      #expect(throws: ReadError(folder, found: "a folder", expected: "an EDF or BDF file")) {
        try EDFFile(folder)
      }
    }
  }

  @Test("An empty file, text and short headers are refused")
  func notEDF() throws {
    #expect(try refusal(of: Data()) == "found an empty file, expected an EDF or BDF file")
    #expect(
      try refusal(of: Data("t,bpm\n1,60\n".utf8))
        == "found a file that begins with 't,bpm.1,', expected an EDF or BDF file")
    #expect(
      try refusal(of: Data(String(repeating: "hello world ", count: 100).utf8))
        == "found a file that begins with 'hello wo', expected an EDF or BDF file")
    #expect(
      try refusal(of: EDFSample().bytes.prefix(100))
        == "found 100 bytes: the header was cut short, expected at least 256")
    #expect(
      try refusal(of: EDFSample().bytes.prefix(700))
        == "found 700 bytes: the header was cut short, expected 768 for a header of 2 channels")
    #expect(
      try refusal(of: EDFSample().bytes.prefix(770))
        == "found 2 bytes after the header, expected at least one record of 12 bytes")
  }

  @Test("Fields without a plain meaning are refused")
  func fields() throws {
    var sample = EDFSample()
    sample.channelCount = "two"
    #expect(try refusal(sample) == "found 'two' as the number of channels, expected a whole number of 1 or more")
    sample.channelCount = "0"
    #expect(try refusal(sample) == "found '0' as the number of channels, expected a whole number of 1 or more")
    sample.channelCount = "9e18"
    #expect(try refusal(sample) == "found '9e18' as the number of channels, expected a whole number from 1 to 9999")
    sample = EDFSample()
    sample.recordSeconds = "-1"
    #expect(try refusal(sample) == "found '-1' as the duration of a record, expected a number of seconds from 0 to 1e7")
    sample = EDFSample()
    sample.samplesPerRecord[1] = "-2"
    #expect(
      try refusal(sample) == "found '-2' samples a record in channel 'ECG', expected a whole number of 0 or more")
    sample.samplesPerRecord = ["0", "0"]
    #expect(try refusal(sample) == "found records of 0 samples, expected at least one sample in one of the 2 channels")
    sample = EDFSample()
    sample.physicalMinimum[0] = "low"
    #expect(try refusal(sample) == "found 'low' as the physical minimum of channel 'EEG', expected a number")
    sample = EDFSample()
    sample.digitalMaximum[1] = "inf"
    #expect(try refusal(sample) == "found 'inf' as the digital maximum of channel 'ECG', expected a number")
  }

  @Test("A header that lies about its length is refused unless the file's size shows what is meant")
  func headerLength() throws {
    var sample = EDFSample()
    sample.headerLength = "1024"
    sample.data.removeLast(3)
    #expect(try refusal(sample) == "found a header length of '1024', expected 768 for 2 channels")
    try withTemporaryFolder { folder in
      var sample = EDFSample()
      sample.headerLength = "1024"
      let file = try sample.open(in: folder)
      #expect(file.warnings == ["a.edf: the header length is '1024': read as 768, which fits the file's size"])
      #expect(try file.samples(ofChannel: 0) == [1, 2, 3, 4, 5, 6, 7, 8])
    }
  }

  @Test("Two thousand damaged copies are read or refused, never more")
  func fuzz() throws {
    var random = RandomSource(seed: 7)
    var sample = EDFSample()
    sample.labels = ["EEG", "EDF Annotations"]
    sample.reserved = "EDF+D"
    sample.samplesPerRecord = ["4", "12"]
    let list = { (onset: String) in EDFSample.field("\(onset)\u{14}\u{14}\0+1\u{15}2\u{14}x\u{14}\0", 24) }
    sample.data =
      EDFSample.integers([1, 2, 3, 4]) + list("+0") + EDFSample.integers([5, 6, 7, 8]) + list("+9")
    let whole = sample.bytes
    var read = 0
    try withTemporaryFolder { folder in
      for round in 0..<2000 {
        var bytes = whole
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          // Half of the flips hit the fixed header's numbers and the channels' fields, where they hurt most.
          let at =
            Bool.random(using: &random)
            ? Int.random(in: 168..<min(768, bytes.count), using: &random)
            : Int.random(in: 0..<bytes.count, using: &random)
          bytes[at] =
            Bool.random(using: &random)
            ? UInt8.random(in: 0...255, using: &random) : UInt8.random(in: 0x2b...0x39, using: &random)
        }
        if round % 4 == 0 { bytes = bytes.prefix(Int.random(in: 0...bytes.count, using: &random)) }
        let url = folder.appendingPathComponent("\(round)" + (round % 3 == 0 ? ".bdf" : ".edf"))
        bytes.writeUnflushed(to: url)
        do {
          let file = try EDFFile(url)
          _ = try file.annotations()
          for index in file.channels.indices {
            _ = try file.samples(ofChannel: index)
            for segment in file.segments { _ = try file.samples(ofChannel: index, in: segment) }
          }
          read += 1
        } catch is ReadError {}
      }
    }
    #expect((200..<1800).contains(read))
  }
}
