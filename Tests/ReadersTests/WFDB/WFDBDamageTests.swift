import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Damaged WFDB files")
struct WFDBDamageTests {
  @Test(
    "A malformed header names its line",
    arguments: [
      ("# only a remark\n", "found no record line, expected a name, a number of signals and a sampling rate"),
      (
        "100\n",
        ":1: found '100', expected a record's name, its number of signals, its sampling rate and its length"
      ),
      ("\r\n100 1 0 5\r\n", ":2: found '0' as the sampling rate, expected a number above 0, of at most 1000000"),
      ("100 1 250 -5\n", ":1: found '-5' as the number of samples, expected a whole number of 0 or more"),
      ("100/3 1 250 5\n", ":1: found 0 segment lines, expected 3 by the record line"),
      ("100 1 250 5\n../a.dat 16\n", "found the signal file '../a.dat', expected the name of a file beside the header"),
      ("100 2 250 5\na.dat 16\n", ":2: found 1 signal lines, expected 2 by the record line"),
      (
        "100 1 250 5\na.dat 16x 200\n",
        ":2: found 'a.dat 16x 200', expected a signal's file, format, gain, resolution and zero"
      ),
      (
        "100 1 250 5\na.dat 9\n",
        "found the signal format 9, expected one of 0, 8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524"
      ),
      ("100 2 250 5\na.dat 16\na.dat 212\n", "found several formats in 'a.dat', expected one format a file"),
    ])
  func header(text: String, message: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("100.hea")
      try Data(text.utf8).write(to: url)
      let error = try #require(throws: ReadError.self) { try WFDBRecord(url) }
      #expect(words(of: error) == url.path + (message.hasPrefix(":") ? "" : ": ") + message)
    }
  }

  @Test("A record's name with its folder is no record of several segments")
  func nameWithFolder() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("slp01a.hea")
      try Data("slpdb/slp01a 0 250 5 [23:07:00 13/04/1989]\n".utf8).write(to: url)
      let header = try WFDBHeader(url)
      #expect(header.recordName == "slp01a")
      #expect(header.start == LocalTime("1989-04-13 23:07:00"))
      try Data("slp01a 0 250 5 23:07\n".utf8).write(to: url)
      #expect(try WFDBHeader(url).start == LocalTime("23:07:00"))
      try Data("slp01a 0 250 5\n".utf8).write(to: url)
      #expect(try WFDBHeader(url).start == nil)
    }
  }

  @Test("Samples of format 311 are counted by their bits", arguments: zip(1...9, [0, 1, 2, 3, 3, 4, 5, 6, 6]))
  func format311(bytes: Int, samples: Int) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.hea")
      try Data("a 1 250\na.dat 311 1(0)\n".utf8).write(to: url)
      // Samples 1, 2, 3, …, ten bits each from the lowest on, two bits of each word unused.
      var words: [UInt8] = []
      for first in [1, 4, 7] {
        let word = first | (first + 1) << 10 | (first + 2) << 20
        words += (0..<4).map { UInt8(word >> (8 * $0) & 255) }
      }
      try Data(words.prefix(bytes)).write(to: folder.appendingPathComponent("a.dat"))
      guard samples > 0 else {
        #expect(throws: ReadError.self) { try WFDBRecord(url) }
        return
      }
      #expect(try WFDBRecord(url).samples(ofSignal: 0) == (1...samples).map(Float.init))
    }
  }

  @Test("A signal file that is missing, empty or short is refused")
  func signals() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.hea")
      let dat = folder.appendingPathComponent("a.dat")
      try Data("a 1 250 5\na.dat 212 200\n".utf8).write(to: url)
      #expect(throws: ReadError(dat, found: "no such file", expected: "the signals of 'a.hea'")) {
        try WFDBRecord(url)
      }
      try Data([1]).write(to: dat)
      #expect(throws: ReadError(dat, found: "1 bytes", expected: "at least one sample of each signal")) {
        try WFDBRecord(url)
      }
      try Data([1, 0, 2]).write(to: dat)
      #expect(
        throws: ReadError(dat, found: "2 samples a signal: the file was cut short", expected: "5 by 'a.hea'")
      ) { try WFDBRecord(url) }
    }
  }

  @Test("Damaged annotations are refused")
  func annotations() throws {
    try withTemporaryFolder { folder in
      let cases: [([UInt8], String)] = [
        ([0, 4, 200, 252, 87], "a text that is cut short at byte 2"),
        ([0, 236, 1, 0], "a skip that is cut short at byte 0"),
        ([0, 4, 0, 220], "the code 55 at byte 2"),
        ([7], "an odd last byte at byte 0"),
      ]
      for (index, (bytes, found)) in cases.enumerated() {
        let url = folder.appendingPathComponent("\(index).atr")
        try Data(bytes).write(to: url)
        #expect(throws: ReadError(url, found: found, expected: "WFDB annotations in MIT format")) {
          try WFDBAnnotations(url)
        }
      }
    }
  }

  @Test("The smallest published example is one stage")
  func minimal() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.atr")
      try Data([0x00, 0x04, 0x01, 0xfc, 0x57, 0x00, 0x00, 0x00]).write(to: url)
      let entries = try WFDBAnnotations(url).entries
      #expect(entries.map(\.text) == ["W"] && entries.map(\.sample) == [0] && entries.map(\.code) == [1])
    }
  }

  @Test("Three hundred damaged copies are read or refused, never more")
  func fuzz() throws {
    var random = RandomSource(seed: 3)
    let header = Array(
      "a 2 100 8 12:00:00\na.dat 212x2:1 100(5)/mV 12 0 0 0 0 ECG\na.dat 212 10/l 12 0 0 0 0 Resp\n".utf8)
    let notes: [UInt8] = [0, 4, 1, 0xfc, 0x57, 0, 0, 0xec, 1, 0, 5, 0, 3, 0x58, 2, 0xf4, 0, 0]
    try withTemporaryFolder { folder in
      var (read, refused) = (0, 0)
      for round in 0..<300 {
        let place = folder.appendingPathComponent("\(round)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        func damaged(_ bytes: [UInt8]) -> Data {
          var bytes = bytes
          for _ in 0..<Int.random(in: 0...2, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 32...126, using: &random)
          }
          return Data(round % 5 == 0 ? bytes.dropLast(Int.random(in: 0...9, using: &random)) : bytes[...])
        }
        damaged(header).writeUnflushed(to: place.appendingPathComponent("a.hea"))
        damaged([UInt8](repeating: 7, count: 36)).writeUnflushed(to: place.appendingPathComponent("a.dat"))
        damaged(notes).writeUnflushed(to: place.appendingPathComponent("a.atr"))
        do {
          let record = try WFDBRecord(place.appendingPathComponent("a.hea"))
          for index in record.signals.indices { _ = try record.samples(ofSignal: index) }
          _ = try WFDBAnnotations(place.appendingPathComponent("a.atr"))
          read += 1
        } catch is ReadError { refused += 1 }
      }
      #expect(read > 30 && refused > 30)
    }
  }
}
