import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

private let records = Fixture("wfdb", testFile: URL(fileURLWithPath: #filePath).deletingLastPathComponent().path)
  .folder.appendingPathComponent("records")

@Suite("WFDB files made to do harm")
struct WFDBHostileTests {
  private static let one = "a 1 10 3\na.dat 80 1/mV 8 0 0 0 0 ECG\n"

  /// The headers of a record `n`, and what reading it ends with.
  private static let refusals: [(files: [String: String], message: String)] = [
    (
      ["n.hea": "n/1 1 10 3\n../a 3\n"],
      "n.hea:2: found the segment '../a', expected the name of a record beside the header, or ~"
    ),
    (["n.hea": "n/1 1 10 3\na\n"], "n.hea:2: found 'a', expected a segment's name and its number of samples a signal"),
    (
      ["n.hea": "n/1 1 10 3\na -3\n"],
      "n.hea:2: found 'a -3', expected a segment's name and its number of samples a signal"
    ),
    (["n.hea": "n/0 1 10 3\n"], "n.hea:1: found 0 segments, expected at least one"),
    (
      ["n.hea": "n/99999999999999999999 1 10 3\n"],
      "n.hea:1: found 99999999999999999999 segments, expected at least one"
    ),
    (["n.hea": "n/2 1 10 6\na 3\na 3\n"], "n.hea:3: found the segment 'a' a second time, expected each segment once"),
    (["n.hea": "n/1 1 10 3\nn 3\n"], "n.hea: found a record of several segments, expected one segment of 'n.hea'"),
    (
      ["n.hea": "n/2 1 10 3\n~ 9223372036854775807\na 3\n"],
      "n.hea: found the segment '~' of 9223372036854775807 samples a signal, expected at most 30 years together"
    ),
    (["n.hea": "n/1 1 10 3\nb 3\n"], "b.hea: found no such file, expected a WFDB header"),
    (["n.hea": "n/1 1 20 3\na 3\n"], "a.hea: found 10 samples a second, expected 20 by 'n.hea'"),
    (["n.hea": "n/1 1 10 4\na 4\n"], "a.hea: found 3 samples a signal, expected 4 by 'n.hea'"),
    (["n.hea": "n/1 2 10 3\na 3\n"], "n.hea: found 2 signals, expected 1, as in its segments"),
    (
      ["n.hea": "n/2 1 10 6\na 3\nb 3\n", "b.hea": "b 1 10 3\na.dat 80 1/mV 8 0 0 0 0 EEG\n"],
      "b.hea: found the signals 'EEG', expected 'ECG', as in the first segment of 'n.hea'"
    ),
    (
      ["n.hea": "n/2 1 10 6\na 3\nb 3\n", "b.hea": "b 1 10 3\na.dat 80 1/uV 8 0 0 0 0 ECG\n"],
      "b.hea: found the unit 'uV' of 'ECG', expected 'mV', as in 'a.hea'"
    ),
    (
      ["n.hea": "n/2 1 10 4\na 3\nb 1\n", "b.hea": "b 1 10 1\na.dat 80x3 1/mV 8 0 0 0 0 ECG\n"],
      "b.hea: found 3 samples a frame of 'ECG', expected 1, as in the first segment of 'n.hea'"
    ),
    (["n.hea": "n 1 10 3\na.dat 516 1/mV\n"], "a.dat: found 3 bytes, expected the signals of 'n.hea', in FLAC"),
  ]

  @Test("What does not fit is said with the file and what was wanted", arguments: refusals.indices)
  func refused(index: Int) throws {
    let (files, message) = Self.refusals[index]
    try withTemporaryFolder { folder in
      try write(["a.hea": Self.one, "a.dat": "abc"].merging(files) { $1 }, to: folder)
      let error = try #require(throws: ReadError.self) { try WFDBRecord(folder.appendingPathComponent("n.hea")) }
      #expect(words(of: error).replacingOccurrences(of: folder.path + "/", with: "") == message)
    }
  }

  /// Reads a record of FLAC whose bytes are changed.
  private func flac(_ change: (inout Data) -> Void, _ header: String? = nil) throws -> String {
    try withTemporaryFolder { folder in
      var data = try Data(contentsOf: records.appendingPathComponent("c516.dat"))
      change(&data)
      try data.write(to: folder.appendingPathComponent("c516.dat"))
      let url = folder.appendingPathComponent("c516.hea")
      try Data((header ?? "c516 2 100 300\nc516.dat 516 1/mV\nc516.dat 516 1/mV\n").utf8).write(to: url)
      let start = ContinuousClock.now
      do {
        let count = try WFDBRecord(url).samples(ofSignal: 1).count
        return "\(count) samples"
      } catch let error as ReadError {
        #expect(ContinuousClock.now - start < .seconds(5))
        return words(of: error).replacingOccurrences(of: folder.path + "/", with: "")
      }
    }
  }

  @Test("FLAC that is damaged, cut short, of other channels or made to expand is refused")
  func flac() throws {
    #expect(try flac { _ in } == "300 samples")
    #expect(try flac { $0[0] = 0 } == "c516.dat: found no FLAC, expected the signals of 'c516.hea', in FLAC")
    #expect(
      try flac { $0.removeLast(200) }
        == "c516.dat: found damaged FLAC after 0 samples, expected the signals of 'c516.hea'")
    #expect(
      try flac { $0[600] ^= 0x40 }
        == "c516.dat: found damaged FLAC after 0 samples, expected the signals of 'c516.hea'")
    #expect(
      try flac({ _ in }, "c516 1 100 300\nc516.dat 516 1/mV\n")
        == "c516.dat: found FLAC of 2 channels of 16 bits, expected 1 of at most 16, with one number of samples a frame, by 'c516.hea'"
    )
    #expect(
      try flac({ _ in }, "c516 2 100 300\nc516.dat 508 1/mV\nc516.dat 508 1/mV\n")
        == "c516.dat: found FLAC of 2 channels of 16 bits, expected 2 of at most 8, with one number of samples a frame, by 'c516.hea'"
    )
    #expect(
      try flac({ _ in }, "c516 2 100 301\nc516.dat 516 1/mV\nc516.dat 516 1/mV\n")
        == "c516.dat: found 300 samples a signal: the file was cut short, expected 301 by 'c516.hea'")
    let great = "c516 2 100000\nc516.dat 516:400000000 1/mV\nc516.dat 516 1/mV\n"
    #expect(
      try flac({ $0.replaceSubrange(22...25, with: [0xff, 0xff, 0xff, 0xff]) }, great).hasPrefix(
        "c516.dat: found 4294967295 samples in each of 2 channels, in "))
    // Nobody says how many there are.
    let unsaid = "c516 2 100\nc516.dat 516 1/mV\nc516.dat 516 1/mV\n"
    let zero = { (data: inout Data) in data.replaceSubrange(22...25, with: [0, 0, 0, 0]) }
    #expect(
      try flac(zero, unsaid)
        == "c516.dat: found FLAC that does not say how many samples it has, expected their number in 'c516.hea'")
    #expect(try flac(zero) == "300 samples")
    #expect(
      try flac(zero, "c516 2 100 301\nc516.dat 516 1/mV\nc516.dat 516 1/mV\n")
        == "c516.dat: found 300 samples: the file was cut short, expected 301 or more")
  }

  @Test("Two hundred damaged copies of FLAC and of segments are read or refused, never more")
  func fuzz() throws {
    var random = RandomSource(seed: 8)
    var outcomes: [Bool: Int] = [:]
    for round in 0..<200 {
      let (name, files) =
        round.isMultiple(of: 2)
        ? ("c524", ["c524.hea", "c524.dat"]) : ("fixed", ["fixed.hea", "fixed2.hea", "fixed1.hea", "fixed3.hea"])
      try withTemporaryFolder { folder in
        for file in try FileManager.default.contentsOfDirectory(atPath: records.path) where file != "expected.json" {
          var data = try Data(contentsOf: records.appendingPathComponent(file))
          if files.contains(file) {
            for _ in 0..<Int.random(in: 0...1, using: &random) {
              data[Int.random(in: 0..<data.count, using: &random)] =
                file.hasSuffix("hea")
                ? UInt8.random(in: 32...126, using: &random) : UInt8.random(in: 0...255, using: &random)
            }
          }
          if file.hasPrefix(name) { data.writeUnflushed(to: folder.appendingPathComponent(file)) }
        }
        do {
          let record = try WFDBRecord(folder.appendingPathComponent(name + ".hea"))
          for index in record.signals.indices { _ = try record.samples(ofSignal: index) }
          outcomes[true, default: 0] += 1
        } catch is ReadError { outcomes[false, default: 0] += 1 }
      }
    }
    #expect(outcomes[true, default: 0] > 30 && outcomes[false, default: 0] > 30)
  }

  @Test("A record of nothing but a great length asks for no memory")
  func length() throws {
    try withTemporaryFolder { folder in
      try write(
        [
          "n.hea": "n 1 100 90000000000\n~ 0 1/mV 0 0 0 0 0 ECG\n",
          "m.hea": "m/3 1 10 9000000006\na 3\n~ 9000000000\nb 3\n", "a.hea": Self.one, "a.dat": "abc",
          "b.hea": "b 1 10 3\na.dat 80 1/mV 8 0 0 0 0 ECG\n",
        ], to: folder)
      let url = folder.appendingPathComponent("n.hea")
      #expect(
        throws: ReadError(
          url, found: "90000000000 missing samples beside 0 of 'ECG'", expected: "a signal most of which is there")
      ) { try WFDBRecord(url).samples(ofSignal: 0) }
      let source = RecordingSource(
        id: "m", subject: Subject("m"), files: ["psg": folder.appendingPathComponent("m.hea")])
      let night = try SlpdbReader().read(source, sensors: [.ecg])
      #expect(night.signals.map(\.count) == [3, 3])
    }
  }
}
