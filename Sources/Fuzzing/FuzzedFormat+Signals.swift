import Corpora
import Foundation
import Preparation
import Readers
import SleepCore
import Synthesis

extension FuzzedFormat {
  /// EDF, BDF and WFDB.
  static func signals() throws -> [FuzzedFormat] {
    let words = [
      "EDF+D", "EDF+C", "BDF+C", "24BIT", "EDF Annotations", "BDF Annotations", "Startdate 01-JAN-2000",
      "+0\u{14}\u{14}\0",
      "+1e9\u{15}30\u{14}W\u{14}", "0       ", "99999999", "-1      ", "1e308   ", "0.0000001", "Lights off", "\u{b5}V",
    ]
    return [
      FuzzedFormat("edf", try files { try edf($0) }, words: words) { try readEDF($0) },
      FuzzedFormat("edf-gaps", try files { try gaps($0) }, words: words) { try readEDF($0) },
      FuzzedFormat("bdf", ["a.bdf": Array(night(.bdfPlus).encode(samples(8), annotations: stages))], words: words) {
        try readEDF($0)
      },
      FuzzedFormat("sleepbrl", try files { try radar($0) }, words: words) { try readAll(SleepBRLReader(), in: $0) },
    ] + wfdb()
  }

  private static func wfdb() -> [FuzzedFormat] {
    let values = (0..<240).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    return [(16, 2), (24, 3), (32, 4), (61, 2), (80, 1), (160, 2), (212, 1), (310, 1), (311, 1)].map { format, size in
      let header = """
        slp01a 2 2 \(240 / 2 / max(size, 2)) 22:00:00 01/02/2003
        slp01a.dat \(format) 200(0)/mV 12 0 -12 100 0 ECG
        slp01a.dat \(format) 12.5(-3)/uV 12 0 14 100 0 Resp (sum)
        # a comment
        """
      let notes = WFDBAnnotationWriter().encode([(0, "## time resolution: 2"), (0, "W"), (60, "2 HA"), (120, "R")])
      return FuzzedFormat(
        "wfdb-\(format)",
        ["slp01a.hea": Array(header.utf8), "slp01a.dat": values, "slp01a.st": Array(notes)],
        words: [
          "/etc/passwd", "../", "x2", ":100", "+16", "311", "212", "slp01a/2", "~", "## time resolution: 1e-9", "1e308",
        ]
      ) { try readAll(SlpdbReader(), in: $0) }
    }
  }

  // MARK: Whole files

  private static let stages = [
    EDFWriter.Annotation(onsetSeconds: 0, durationSeconds: 60, text: "Sleep stage W"),
    EDFWriter.Annotation(onsetSeconds: 60, durationSeconds: 120, text: "Sleep stage 2@@EEG Fpz-Cz"),
    EDFWriter.Annotation(onsetSeconds: 180, durationSeconds: 60, text: "Sleep stage R"),
  ]

  static func night(_ format: EDFWriter.Format) -> EDFWriter {
    EDFWriter(
      format: format,
      channels: [
        .init(label: "EEG Fpz-Cz", unit: "uV", samplesPerRecord: 12, physicalRange: -100...100),
        .init(label: "ECG", unit: "mV", samplesPerRecord: 6, physicalRange: -3...3),
        .init(label: "Resp oro-nasal", unit: "", samplesPerRecord: 3, physicalRange: -1...1),
      ], recordSeconds: 30)
  }

  static func samples(_ records: Int) -> [[Float]] {
    [12, 6, 3].map { count in (0..<count * records).map { Float(($0 * 37) % 19) / 10 } }
  }

  private static func edf(_ folder: URL) throws {
    try night(.edf).write(samples(8), to: folder.appendingPathComponent("n1-PSG.edf"))
    let labels = EDFWriter(format: .edfPlus, channels: [], recordSeconds: 0)
    try labels.write([], annotations: stages, to: folder.appendingPathComponent("n1-Hypnogram.edf"))
  }

  private static func gaps(_ folder: URL) throws {
    let onsets = [0, 30, 60, 95, 125, 900, 930, 960.5]
    try night(.edfPlusDiscontinuous).write(
      samples(8), annotations: stages, recordOnsets: onsets, to: folder.appendingPathComponent("a.edf"))
  }

  private static func radar(_ folder: URL) throws {
    let channels = (1...16).map {
      EDFWriter.Channel(label: "S\($0)", unit: "", samplesPerRecord: 2, physicalRange: -1...1)
    }
    try EDFWriter(format: .edf, channels: channels, recordSeconds: 1).write(
      channels.map { _ in (0..<240).map { Float($0 % 7) / 7 } }, to: folder.appendingPathComponent("sbj01.edf"))
    try WFDBAnnotationWriter().write(
      [(0, "W"), (60, "1"), (120, "2"), (180, "R")], to: folder.appendingPathComponent("sbj01.edf.atr"))
  }

  // MARK: Readers

  /// Every recording of a folder, read and cut into windows.
  static func readAll(_ reader: any DatasetReader, in folder: URL, labels: LabelRules? = nil) throws {
    let settings = Preprocessing(
      sensors: Dictionary(
        uniqueKeysWithValues: reader.sensors.map {
          ($0, $0.isMap ? SensorPreprocessing() : SensorPreprocessing(sampleRateHz: 1, maximumMissing: 0.9))
        }))
    let found = try reader.discover(in: folder, rules: ReadingRules(labels: labels))
    for source in found.sources + found.drafts.compactMap(\.ofNobody) {
      let recording = try reader.recording(source, settings.request(labels: labels))
      _ = recording.start?.adding(seconds: 1e6).text
      _ = try StretchChoice.between(.seconds(0), nil).stretches(of: recording, path: source.id)
      _ = try settings.windows(of: recording, path: source.id)
    }
  }

  private static func readEDF(_ folder: URL) throws {
    for url in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
      guard let file = try? EDFFile(url) else { continue }
      _ = try file.annotations()
      for index in file.channels.indices {
        _ = try file.digitalSamples(ofChannel: index, 0..<min(5, file.sampleCount(ofChannel: index)))
        for segment in file.segments { _ = try file.samples(ofChannel: index, in: segment) }
      }
    }
    _ = try Scan(root: folder, reader: FolderReader.edf).table.text()
    try readAll(FolderReader.edf, in: folder)
  }
}
