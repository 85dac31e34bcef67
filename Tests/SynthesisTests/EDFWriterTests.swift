import Foundation
import Readers
import Synthesis
import TestSupport
import Testing

@Suite("EDF writer")
struct EDFWriterTests {
  @Test(
    "What is written is read back",
    arguments: [
      (EDFWriter.Format.edf, Float(0.02)), (.edfPlus, 0.02), (.bdf, 0.0001), (.bdfPlus, 0.0001),
    ])
  func roundTrip(format: EDFWriter.Format, tolerance: Float) throws {
    let writer = EDFWriter(
      format: format,
      channels: [
        .init(label: "EEG Fpz-Cz", unit: "uV", samplesPerRecord: 50, physicalRange: -500...500, prefilter: "HP:0.5Hz"),
        .init(label: "Resp", unit: "", samplesPerRecord: 5, physicalRange: -3.5...12, transducer: "belt"),
      ], recordSeconds: 0.5)
    let samples = [(0..<200).map { 400 * sin(Float($0) / 9) }, (0..<20).map { Float($0) / 2 }]
    let notes: [EDFWriter.Annotation] = [
      .init(onsetSeconds: 0.25, durationSeconds: 30, text: "Sleep stage W"), .init(onsetSeconds: 1.5, text: "é"),
    ]
    try withTemporaryFolder { folder in
      let isBDF = format == .bdf || format == .bdfPlus
      let isPlus = format == .edfPlus || format == .bdfPlus
      let url = folder.appendingPathComponent(isBDF ? "a.bdf" : "a.edf")
      try writer.write(samples, annotations: isPlus ? notes : [], to: url)
      let file = try EDFFile(url)
      #expect(file.warnings == [])
      #expect(file.channels.map(\.sampleRateHz) == [100, 10])
      #expect(file.channels.map(\.name) == ["EEG Fpz-Cz", "Resp"])
      #expect(file.channels[0].prefilter == "HP:0.5Hz" && file.channels[1].transducer == "belt")
      for (index, row) in samples.enumerated() {
        let read = try file.samples(ofChannel: index)
        #expect(read.count == row.count)
        #expect(zip(read, row).allSatisfy { abs($0 - $1) < tolerance })
      }
      let found = try file.annotations()
      #expect(found.warnings == [])
      #expect(found.entries.map(\.text) == (isPlus ? ["Sleep stage W", "é"] : []))
      #expect(found.entries.map(\.onsetSeconds) == (isPlus ? [0.25, 1.5] : []))
      #expect(found.entries.map(\.durationSeconds) == (isPlus ? [30, nil] : []))
    }
  }

  @Test("Gaps of EDF+D are NaN on the clock and told")
  func gaps() throws {
    let writer = EDFWriter(
      format: .edfPlusDiscontinuous,
      channels: [.init(label: "ECG", unit: "mV", samplesPerRecord: 2, physicalRange: -10...10, digitalRange: -10...10)],
      recordSeconds: 1)
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.edf")
      try writer.write([[1, 2, 3, 4, 5, 6]], recordOnsets: [0.5, 1.5, 4], to: url)
      let file = try EDFFile(url)
      #expect(file.recordOnsets == [0, 1, 3.5])
      #expect(try file.samples(ofChannel: 0) == [1, 2, 3, 4, 5, 6])
      let filled = try file.samples(ofChannel: 0, in: file.segments[0])
      #expect(filled.map { $0.isNaN ? -9 : $0 } == [1, 2, 3, 4, -9, -9, -9, 5, 6])
      #expect(file.warnings == ["a.edf: 1 gaps between the records, 1.5 s together"])

      try writer.write([[1, 2, 3, 4, 5, 6]], recordOnsets: [0, 1e12, 2e12], to: url)
      let vast = try EDFFile(url)
      #expect(vast.segments.map(\.startSeconds) == [0, 1e12, 2e12])
      #expect(try vast.segments.map { try vast.samples(ofChannel: 0, in: $0) } == [[1, 2], [3, 4], [5, 6]])

      try writer.write([[1, 2, 3, 4, 5, 6]], recordOnsets: [0, 3, 2], to: url)
      let mixed = try EDFFile(url)
      #expect(
        mixed.warnings == [
          "a.edf: the records of an EDF+D file do not say in order when they start: read as continuous"
        ])
      #expect(try mixed.segments.map { try mixed.samples(ofChannel: 0, in: $0) } == [[1, 2, 3, 4, 5, 6]])
    }
  }

  @Test("A file of annotations alone has no channels and one record")
  func hypnogram() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.edf")
      try EDFWriter(format: .edfPlus, channels: [], recordSeconds: 0).write(
        [], annotations: [.init(onsetSeconds: 30, durationSeconds: 60, text: "Sleep stage R")], to: url)
      let file = try EDFFile(url)
      #expect(file.channels.isEmpty && file.header.recordCount == 1 && file.warnings == [])
      #expect(try file.annotations().entries.map(\.onsetSeconds) == [30])
    }
  }

  @Test("NaN and values out of range are clipped to the channel's range")
  func clipped() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.edf")
      try EDFWriter(
        format: .edf,
        channels: [.init(label: "a", unit: "", samplesPerRecord: 4, physicalRange: 0...10, digitalRange: 0...10)],
        recordSeconds: 1
      ).write([[.nan, -5, 50, .infinity]], to: url)
      #expect(try EDFFile(url).samples(ofChannel: 0) == [0, 0, 10, 10])
    }
  }
}
