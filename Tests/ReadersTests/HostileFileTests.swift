import Foundation
import NumPy
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Files made to do harm")
struct HostileFileTests {
  private func expect(
    _ message: String, in folder: URL, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) throws {
    let found = try found(in: folder, body)
    #expect(found == message, sourceLocation: sourceLocation)
  }

  /// What reading ends with, without the folder's path.
  private func found(in folder: URL, _ body: () throws -> Void) throws -> String {
    let start = ContinuousClock.now
    let error = try #require(throws: ReadError.self, performing: body)
    #expect(ContinuousClock.now - start < .seconds(5))
    return words(of: error).replacingOccurrences(of: folder.path + "/", with: "")
  }

  @Test(
    "A record's header names no file outside its folder",
    arguments: ["/etc/passwd", "../b.dat", "sub/b.dat", "..", ".b.dat"])
  func header(name: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.hea")
      try write(
        ["b.dat": "secret", "in/a.hea": "a 1 250\n\(name) 80\n", "in/sub/b.dat": "secret", "a.hea": ""], to: folder)
      let hea = url.deletingLastPathComponent().appendingPathComponent("in/a.hea")
      try expect("in/a.hea: found the signal file '\(name)', expected the name of a file beside the header", in: folder)
      { _ = try WFDBRecord(hea) }
    }
  }

  @Test("Signal files that are links are read, wherever they lead")
  func links() throws {
    try withTemporaryFolder { folder in
      try write(["store/1": String(repeating: "a", count: 40), "in/a.hea": "a 1 250\na.dat 80\n"], to: folder)
      try FileManager.default.createSymbolicLink(
        atPath: folder.appendingPathComponent("in/a.dat").path, withDestinationPath: "../store/1")
      #expect(try WFDBRecord(folder.appendingPathComponent("in/a.hea")).frameCount == 40)
    }
  }

  @Test("A table names no file outside its folder", arguments: ["/etc/passwd", "a/../../x.edf", "..", "."])
  func table(path: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("t.csv")
      try write(["t.csv": "recording,subject,signals,labels\nn1,S1,\(path),\n"], to: folder)
      try expect("t.csv:2: found the path '\(path)', expected one below the folder of the raw files", in: folder) {
        _ = try RecordingTable(contentsOf: url)
      }
    }
  }

  @Test("Rates and lengths that no recorder has are refused")
  func numbers() throws {
    try withTemporaryFolder { folder in
      var sample = EDFSample()
      sample.recordSeconds = "1e-300"
      try expect(
        "a.edf: found 4 samples in records of 1e-300 s in channel 'EEG', expected at most 1000000 a second", in: folder
      ) { _ = try sample.open(in: folder) }
      sample.recordSeconds = "1e7"
      sample.recordCount = "200"
      sample.data = Data(count: 200 * 12)
      try expect("a.edf: found 200 records of 1e7 s, expected at most 30 years", in: folder) {
        _ = try sample.open(in: folder)
      }
      try write(["a.hea": "a 1 1e-9\na.dat 80\n", "a.dat": "12345"], to: folder)
      try expect("a.hea: found 5 samples a signal at 1e-09 a second, expected at most 30 years", in: folder) {
        _ = try WFDBRecord(folder.appendingPathComponent("a.hea"))
      }
      try write(["a.hea": "a 1 1e6\na.dat 80x2\n"], to: folder)
      try expect(
        "a.hea:2: found 2 samples a frame at 1000000 frames a second, expected at most 1000000 samples a second",
        in: folder
      ) { _ = try WFDBRecord(folder.appendingPathComponent("a.hea")) }
      try write(["heart_rate/7_heartrate.txt": "1,60\n1e300,61\n"], to: folder)
      #expect(
        refusal(SleepAccelReader(), in: folder)
          == "heart_rate/7_heartrate.txt:2: found the time 1e+300 s, expected seconds of a night, or of a clock")
    }
  }

  @Test("Gaps between records take no more room than the records, however many there are")
  func gaps() throws {
    try withTemporaryFolder { folder in
      // Each record after the first begins as late as all before it last together.
      let count = 400
      let list = { (onset: Int) in Data("+\(onset)\u{14}\u{14}".utf8) + Data(count: 24) }
      var sample = EDFSample()
      sample.labels[1] = "EDF Annotations"
      sample.samplesPerRecord = ["100", "12"]
      sample.reserved = "EDF+D"
      sample.recordCount = "\(count)"
      var onset = 0
      sample.data = (0..<count).reduce(into: Data()) { data, record in
        data += Data(count: 200) + list(onset).prefix(24)
        onset += 1 + min(record + 1, 60)
      }
      let file = try sample.open(in: folder)
      #expect(file.recordOnsets?.count == count)
      let samples = try file.segments.map { try file.samples(ofChannel: 0, in: $0).count }.reduce(0, +)
      #expect(samples <= 2 * 100 * count)
    }
  }

  @Test("A file of nothing but a great length is refused, and asks for no memory")
  func length() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.edf")
      var sample = EDFSample()
      sample.recordSeconds = "0.001"
      try sample.bytes.write(to: url)
      #expect(truncate(url.path, 1 << 39) == 0)
      let file = try EDFFile(url)
      let words = try found(in: folder) { _ = try file.samples(ofChannel: 0) }
      #expect(
        words.hasSuffix(
          " samples in a channel, which the memory of this machine does not hold, expected a recording of some nights at most: cut it"
        ))
    }
  }

  @Test("A recording that is cut while it is open is an error")
  func cut() throws {
    try withTemporaryFolder { folder in
      var sample = EDFSample()
      sample.recordCount = "10000"
      sample.data = Data(count: 120_000)
      let file = try sample.open(in: folder)
      #expect(truncate(file.url.path, 5000) == 0)
      try expect("a.edf: found a file that became shorter while it was read, expected an EDF or BDF file", in: folder) {
        _ = try file.samples(ofChannel: 0)
      }
    }
  }

  @Test("A text without ends of lines is refused before all of it is read; label files have a size")
  func text() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("heart_rate/7_heartrate.txt")
      try write(["heart_rate/7_heartrate.txt": "1,60\n"], to: folder)
      #expect(truncate(url.path, 1 << 36) == 0)
      #expect(
        refusal(SleepAccelReader(), in: folder)
          == "heart_rate/7_heartrate.txt:2: found a line of 1048576 bytes or more, expected a text file, whose lines end"
      )
      try write(["t.csv": "recording"], to: folder)
      let table = folder.appendingPathComponent("t.csv")
      #expect(truncate(table.path, 1 << 30) == 0)
      try expect(
        "t.csv: found 1073741824 bytes, expected at most 16777216 in a text file that holds no signals", in: folder
      ) { _ = try RecordingTable(contentsOf: table) }
    }
  }

  @Test("XML that keeps a parser busy is refused")
  func xml() throws {
    try withTemporaryFolder { folder in
      let tag = "<a " + (0..<20_000).map { "b\($0)=\"1\"" }.joined(separator: " ") + "/>"
      var night = LabelNight("n1.xml", "<PSGAnnotation>\n\(tag)</PSGAnnotation>")
      try expect(
        "n1.xml:2: found a tag of more than 256 attributes, expected NSRR XML with events of type 'Stages|Stages', or Profusion XML with a list of SleepStages",
        in: folder
      ) { _ = try night.read(in: folder) }
      night = LabelNight("n1.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><PSGAnnotation>&b;</PSGAnnotation>")
      try expect(
        "n1.xml: found entities of the file's own (<!ENTITY), expected NSRR XML with events of type 'Stages|Stages', or Profusion XML with a list of SleepStages, without them",
        in: folder
      ) { _ = try night.read(in: folder) }
    }
  }

  @Test("Times of day that step back in every row are read at once")
  func clock() throws {
    try withTemporaryFolder { folder in
      let rows = (0..<40_000).map { "\($0.isMultiple(of: 2) ? "23:00:00" : "01:00:00"),W\n" }.joined()
      let night = LabelNight("n1.csv", "onset,stage\n" + rows)
      let start = ContinuousClock.now
      _ = try? night.read(in: folder, LabelRules(start: .clock))
      #expect(ContinuousClock.now - start < .seconds(5))
    }
  }

  @Test("An array of a million channels is refused")
  func channels() throws {
    try withTemporaryFolder { folder in
      try write(
        NpyHeader(descriptor: "|u1", shape: [1, 1_000_000, 1]).encoded() + Data(count: 1_000_000),
        to: folder.appendingPathComponent("S1/ecg.npy"))
      #expect(
        refusal(NpyReader.stages, in: folder)
          == "S1/ecg.npy: found 1000000 channels, by the shape [1, 1000000, 1], expected [windows, channels, samples] of at most 4096 channels"
      )
    }
  }

  @Test(
    "A pipe among the files is refused without waiting", arguments: ["a.edf", "a.hea", "heart_rate/7_heartrate.txt"])
  func pipe(path: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      #expect(mkfifo(url.path, 0o600) == 0)
      let words = try found(in: folder) {
        switch url.pathExtension {
        case "edf": _ = try EDFFile(url)
        case "hea": _ = try WFDBHeader(url)
        default: _ = try readAll(SleepAccelReader(), in: folder)
        }
      }
      #expect(words.hasPrefix("\(path): found a pipe or device, expected "))
    }
  }

  @Test("A subject pattern of nothing but brackets is refused")
  func pattern() throws {
    try withTemporaryFolder { folder in
      try EDFSample().bytes.write("n1.edf", in: folder)
      let rules = ReadingRules(subject: NamePattern(String(repeating: "(", count: 100_000)))
      let words = try found(in: folder) { _ = try FolderReader.edf.discover(in: folder, rules: rules) }
      #expect(words.hasSuffix(": found a subject pattern of 100000 bytes in the card, expected at most 1000"))
    }
  }

  @Test("A subject pattern that would try every way to cut a name is given up, and told")
  func endlessPattern() throws {
    try withTemporaryFolder { folder in
      try EDFSample().bytes.write(String(repeating: "a", count: 60) + "!.edf", in: folder)
      let rules = ReadingRules(subject: NamePattern("^((a+)+)+$"))
      let words = try found(in: folder) { _ = try FolderReader.edf.discover(in: folder, rules: rules) }
      #expect(
        words.hasSuffix(
          ": found the card's subject pattern '^((a+)+)+$', which takes more than 1000000 steps for one name, "
            + "'\(String(repeating: "a", count: 60))!.edf', expected one without repetitions within repetitions, such as "
            + "'^(S[0-9]+)_'"), "\(words)")
    }
  }

  @Test("A name that is no UTF-8 is told, not taken for absent")
  func name() throws {
    try withTemporaryFolder { folder in
      try EDFSample().bytes.write("n1.edf", in: folder)
      let name = Array(folder.path.utf8) + Array("/n".utf8) + [0xff, 0x32] + Array(".edf".utf8) + [0]
      let descriptor = name.withUnsafeBufferPointer { bytes in
        bytes.withMemoryRebound(to: CChar.self) { open($0.baseAddress!, O_CREAT | O_WRONLY, 0o600) }
      }
      #expect(descriptor >= 0)
      close(descriptor)
      #expect(
        refusal(FolderReader.edf, in: folder)
          == "ROOT: found a file with the name 'n\\xff2.edf', which is no UTF-8, expected another name: rename it")
      #expect(throws: ReadError.self) { try DatasetReaders.expectReadable(folder) }
    }
  }
}
