import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Damaged files of arrays")
struct ArrayDamageTests {
  private static let names = [
    "several.npz", "deep.npz", "tiny.npz", "montage.npz", "dreem.h5", "rates.h5", "newest.h5", "odd.h5", "seven.mat",
    "five.mat", "five-plain.mat", "five-big.mat", "labels.mat",
  ]

  /// Reads all of a file.
  private func read(_ url: URL) throws {
    let format = try #require(SignalFormat.named(by: url))
    let rules = SignalRules(sampleRateHz: 100)
    for channel in try format.contents(of: url, rules: rules).channels {
      let samples = channel.stretches.reduce(0) { $0 + $1.samples.count }
      #expect(samples < 100_000_000)
    }
  }

  @Test("Bad files are told in words")
  func refused() throws {
    func fixture(_ name: String) throws -> Data {
      try Data(contentsOf: ArrayFileTests.folder.appendingPathComponent(name))
    }
    let hdf5 = try fixture("dreem.h5")
    let cases: [(String, Data, String)] = [
      (
        "a.h5", hdf5.prefix(20_000),
        "found an HDF5 file that is damaged, cut short or still being written, expected a whole one"
      ),
      (
        "a.h5", hdf5.prefix(9),
        "found an HDF5 file that is damaged, cut short or still being written, expected a whole one"
      ),
      ("a.h5", Data(repeating: 7, count: 5000), "found no HDF5 signature, expected an HDF5 file"),
      ("a.h5", Data(), "found an empty file, expected an HDF5 file"),
      (
        "a.h5", try fixture("five.mat"),
        "found a MATLAB file of the format before 7.3, expected an HDF5 file; 'format: mat' reads it"
      ),
      ("a.mat", Data(), "found an empty file, expected a MATLAB file of version 5 to 7.3"),
      (
        "a.mat", Data(repeating: 7, count: 5000),
        "found no such file, or one of version 4, expected a MATLAB file of version 5 to 7.3"
      ),
      (
        "a.mat", try fixture("five-plain.mat").prefix(9000),
        "found a MATLAB file that was cut short or is damaged, expected a whole one"
      ),
      (
        "a.mat", try fixture("five-plain.mat").prefix(128),
        "found no array of numbers that is a signal, expected signals in arrays of 1 to 3 axes"
      ),
      ("a.mat", try fixture("bomb.mat"), "found a damaged MATLAB file, expected a whole one"),
      (
        "a.mat", try fixture("longer.mat"),
        "found compressed data that expand to more than 6008 bytes, expected a MATLAB file of version 5 to 7.3"
      ),
      (
        "a.mat", try fixture("labels.mat"),
        "found no sampling rate for 'dreem_label', 'expert_label', expected a number beside it named fs or sampling_rate, or 'sample_rate_hz' among the card's files"
      ),
      (
        "a.npz", try fixture("deep.npz").prefix(4000),
        "found no zip file, or one that was cut short, expected a .npz file as numpy.savez writes it"
      ),
      (
        "a.npz", Data(repeating: 7, count: 5000),
        "found no zip file, or one that was cut short, expected a .npz file as numpy.savez writes it"
      ),
      (
        "a.npz", try fixture("silent.npz"),
        "found no sampling rate for 'a', 'b', expected a number beside it named fs or sampling_rate, or 'sample_rate_hz' among the card's files"
      ),
    ]
    for (name, bytes, said) in cases {
      try withTemporaryFolder { folder throws -> Void in
        let url = folder.appendingPathComponent(name)
        try bytes.write(to: url)
        let format = try #require(SignalFormat.named(by: url))
        let error = try #require(throws: ReadError.self) { try format.contents(of: url) }
        #expect(words(of: error) == "\(url.path): \(said)")
      }
    }
    try withTemporaryFolder { folder throws -> Void in
      let pipe = folder.appendingPathComponent("pipe.h5")
      #expect(mkfifo(pipe.path, 0o600) == 0)
      let error = try #require(throws: ReadError.self) { try SignalFormat.hdf5.contents(of: pipe) }
      #expect(error.found == "a pipe or device")
    }
  }

  @Test("An archive that expands a thousand times is read within its own size")
  func zeros() throws {
    let night = try SignalFormat.npz.contents(of: ArrayFileTests.folder.appendingPathComponent("zeros.npz"))
    #expect(night.channels.map(\.stretches[0].samples.count) == [1_000_000])
    let older = try SignalFormat.mat.contents(of: ArrayFileTests.folder.appendingPathComponent("zeros.mat"))
    #expect(older.channels.map(\.stretches[0].samples.count) == [1_000_000])
  }

  @Test("Rates that no signal has are refused", arguments: [0, -1, Double.nan, .infinity, 1e7, 1e-9])
  func rates(_ rate: Double) throws {
    #expect(throws: ReadError.self) {
      try SignalFormat.npz.contents(
        of: ArrayFileTests.folder.appendingPathComponent("silent.npz"), rules: SignalRules(sampleRateHz: rate))
    }
  }

  @Test("Files whose bytes are changed or that are cut are read or refused, and end nothing", arguments: names)
  func changed(_ name: String) throws {
    let whole = [UInt8](try Data(contentsOf: ArrayFileTests.folder.appendingPathComponent(name)))
    var state = UInt64(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) }.magnitude)
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    try withTemporaryFolder { folder throws -> Void in
      let url = folder.appendingPathComponent(name)
      for round in 0..<25 {
        var bytes = whole
        if round % 5 == 0 {
          bytes = Array(bytes[..<random(bytes.count)])
        } else {
          // Most structure lies at the start.
          let reach = round % 2 == 0 ? bytes.count : min(bytes.count, 4096)
          for _ in 0...random(4) {
            let at = random(reach)
            bytes[at] = [0, 255, 1, bytes[at] ^ 1, bytes[at] ^ 128, UInt8(random(256))][random(6)]
          }
        }
        try Data(bytes).write(to: url)
        do { try read(url) } catch is ReadError {}
      }
    }
  }
}
