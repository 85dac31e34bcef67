import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// What MNE reads.
private struct ExpectedRecording: Decodable {
  struct Channel: Decodable {
    let name: String
    let unit: String
    let values: [Float]
  }
  struct Marker: Decodable {
    let onset: Double
    let duration: Double
    let text: String
  }
  let rate: Double
  let start: String?
  let channels: [Channel]
  let markers: [Marker]
}

private let files = Fixture("brainvision", testFile: URL(fileURLWithPath: #filePath).deletingLastPathComponent().path)
  .folder.appendingPathComponent("files")

@Suite("BrainVision against MNE")
struct BrainVisionTests {
  @Test(
    "Every form gives MNE's samples, start and markers",
    arguments: ["pybv_int16", "pybv_float32", "vectorized", "pause", "text"])
  func reference(name: String) throws {
    let all = try JSONDecoder().decode(
      [String: ExpectedRecording].self, from: Data(contentsOf: files.appendingPathComponent("expected.json")))
    let expected = try #require(all[name])
    let file = try BrainVisionFile(files.appendingPathComponent(name + ".vhdr"))
    #expect(file.header.sampleRateHz == expected.rate)
    #expect(file.start == expected.start.flatMap { LocalTime($0) })
    #expect(file.header.channels.map(\.name) == expected.channels.map(\.name))
    #expect(file.header.channels.map(\.unit) == expected.channels.map(\.unit))
    for (index, channel) in expected.channels.enumerated() {
      expectClose(try file.samples(ofChannel: index), channel.values, relative: 1e-6)
    }
    let markers = file.markers.dropFirst()
    #expect(markers.map { "\($0.type)/\($0.text)" } == expected.markers.map(\.text))
    expectClose(markers.map { Double($0.sample) / expected.rate }, expected.markers.map(\.onset))
    expectClose(markers.map { Double($0.length) / expected.rate }, expected.markers.map(\.duration))
  }

  private func night(_ folder: URL) throws -> Recording {
    let source = try #require(try FolderReader.any.discover(in: folder).first)
    return try FolderReader.any.read(
      source, ReadingRequest(sensors: [.psg, .respiration], labels: LabelRules(windowSeconds: 2)))
  }

  @Test("A pause between segments is a gap, and stages are read from the comments at their own times")
  func pause() throws {
    try withTemporaryFolder { folder in
      for ending in ["vhdr", "vmrk", "dat"] {
        try FileManager.default.copyItem(
          at: files.appendingPathComponent("pause.\(ending)"), to: folder.appendingPathComponent("pause.\(ending)"))
      }
      let read = try night(folder)
      #expect(read.start == LocalTime("2024-01-01 22:00:00"))
      #expect(read.signals.map(\.sensor) == [.psg, .psg, .respiration, .respiration])
      #expect(
        read.signals.map(\.timing) == [
          .regular(startSeconds: 0, sampleRateHz: 10), .regular(startSeconds: 3600, sampleRateHz: 10),
          .regular(startSeconds: 0, sampleRateHz: 10), .regular(startSeconds: 3600, sampleRateHz: 10),
        ])
      let stored = try BrainVisionFile(folder.appendingPathComponent("pause.vhdr")).samples(ofChannel: 2)
      let (before, after) = (read.signals[2].samples[0], read.signals[3].samples[0])
      try #require(before.count == 150)
      #expect(before[100..<130].allSatisfy { $0.isNaN })
      #expect(Array(before[..<100]) + before[130...] + after == stored)
      let stages = try #require(read.hypnogram)
      // At 5 and 3603 s, and not the triggers.
      #expect(stages.startSeconds == 1)
      #expect(stages.stages.indices.filter { stages.stages[$0] == .n2 } == [2])
      #expect(stages.stages.indices.filter { stages.stages[$0] == .rem } == [1801])
      #expect(read.warnings.contains("pause.vmrk: 2 gaps between its segments, 3588 s together"))
      let source = try #require(try FolderReader.any.discover(in: folder).first)
      #expect(try source.filesRead.keys.sorted().suffix(2) == ["psg pause.dat", "psg pause.vmrk"])
    }
  }

  /// Two channels of four samples.
  private func small(_ common: String, _ rest: String) -> String {
    """
    BrainVision Core Data Exchange Header File, Version 1.0
    [Common Infos]
    NumberOfChannels=2
    SamplingInterval=1000000
    \(common)
    \(rest)
    [Channel Infos]
    Ch2=Resp,,2,V
    Ch1=Müde,,,µV

    """
  }

  private func samples(
    _ header: String, _ data: Data, named name: String = "a.dat", markers: String? = nil
  ) throws -> (samples: [[Float]], file: BrainVisionFile) {
    try withTemporaryFolder { folder in
      try Data(header.utf8).write("a.vhdr", in: folder)
      try data.write(name, in: folder)
      if let markers { try Data(markers.unicodeScalars.map { UInt8($0.value) }).write("a.vmrk", in: folder) }
      let file = try BrainVisionFile(folder.appendingPathComponent("a.vhdr"))
      return (try (0..<2).map { try file.samples(ofChannel: $0) }, file)
    }
  }

  @Test("Bytes in the other order, unsigned numbers, text by rows, and a header's own name are read")
  func forms() throws {
    let binary = "[Binary Infos]\nBinaryFormat="
    #expect(
      try samples(
        small("DataFile=$b.dat", binary + "INT_16\nUseBigEndianOrder=YES"), Data([0, 1, 0, 2, 255, 255, 1, 0])
      ).samples == [[1, -1], [4, 512]])
    #expect(
      try samples(
        small("DataFile=a.dat\nDataOrientation=VECTORIZED", binary + "UINT_16"), Data([1, 0, 255, 255, 2, 0, 3, 0])
      ).samples == [[1, 65_535], [4, 6]])
    let text = "[ASCII Infos]\nSkipColumns=1"
    #expect(
      try samples(
        small("DataFile=a.dat\nDataFormat=ASCII\nDataOrientation=VECTORIZED", text),
        Data("Fp1 1.5;2,-3e1\nO2\t4 5 NaN".utf8)
      ).samples.map { $0.map { $0.isNaN ? -9 : $0 } } == [[1.5, 2, -30], [8, 10, -9]])
  }

  @Test("A set that was renamed is found by its header's name; times that go back, or are missing, are told")
  func renamed() throws {
    let renamed = try samples(
      small("DataFile=old.eeg\nMarkerFile=old.vmrk", "[Binary Infos]\nBinaryFormat=INT_16"), Data(count: 41),
      named: "a.eeg",
      markers: """
        Brain Vision Data Exchange Marker File, Version 1.0
        [Marker Infos]
        Mk1=New Segment,,1,1,0,20200101220000000000
        Mk2=Comment,müde\\1 sehr,2,0,0
        Mk3=New Segment,,3,1,0,20200101215000000000
        Mk4=New Segment,,5,1,0,00000000000000000000
        Mk5=Comment,a comma, not written as it should,5,0,0
        Mk6=New Segment,,9,1,0,20200101220010000000

        """)
    let file = renamed.file
    #expect(file.sampleCount == 10 && file.markers[1].text == "müde, sehr")
    #expect(
      file.warnings == [
        "a.vhdr: it names 'old.eeg', which is not there: a.eeg is read",
        "a.eeg: the 1 bytes behind the last whole sample are left out",
        "a.vhdr: it names 'old.vmrk', which is not there: a.vmrk is read",
        "a.vmrk: 1 malformed markers are left out",
        "a.vmrk: 1 gap between its segments, 2 s together",
        "a.vmrk: 1 segment says no time: taken to follow at once",
        "a.vmrk: 1 segment begins before the one before has ended, by up to 602 s: taken to follow at once",
      ])
  }
}
