import Corpora
import Foundation
import Preparation
import Readers
import SleepCore
import Synthesis

extension FuzzedFormat {
  /// What users write: cards, recipes, tables of recordings, splits.
  static func documents(checkout: URL) throws -> [FuzzedFormat] {
    let night = Array(night(.edf).encode(samples(8)))
    let cards = try ["sleep-accel", "shhs", "pmd-nights", "edf", "sleepbrl"].map { name in
      FuzzedFormat(
        "card-\(name)", ["card.yaml": try document("Datasets/\(name)/card.yaml", of: checkout), "raw/S1_1.edf": night],
        damaged: ["card.yaml"], words: yamlWords + cardWords, read: readCard)
    }
    let table = """
      recording,subject,session,signals,labels,start,duration_seconds,decided_by,mine
      S01_1,S01,1,n1.edf,n1.csv,2026-01-31 22:30:00,240,me,"a, b"
      S02_1,S02,,psg=n2.edf,,22:00:00,,,
      """
    let split =
      "scheme: 2-fold\nseed: 7\n" + (0..<2).map { "fold: \($0)\ntrain: S1, S2\nvalidation: S3\ntest: S4\n" }.joined()
    return cards + [
      FuzzedFormat(
        "table",
        ["recordings.csv": Array(table.utf8), "n1.edf": night, "n2.edf": night, "n1.csv": Array("stage\nW\n".utf8)],
        damaged: ["recordings.csv"], words: ["/etc/passwd", "..", ";", "\"\"", "psg=", "labels="]
      ) { folder in
        let table = try RecordingTable(contentsOf: folder.appendingPathComponent("recordings.csv"))
        _ = table.text()
        for source in try table.sources(root: folder, reader: FolderReader.edf) {
          _ = try FolderReader.edf.recording(source, ReadingRequest(sensors: [.psg]))
        }
      },
      FuzzedFormat("split", ["folds.txt": Array(split.utf8)], words: ["fold: 0", "train:", "S1, S1", "#", "seed: -1"]) {
        _ = try Split(contentsOf: $0.appendingPathComponent("folds.txt")).text
      },
    ]
  }

  static let yamlWords = [
    "&a", "*a", "!!str", "---", "{", "[", "null", "~", "- ", "'", "\"", "? ", "%YAML", ".inf", ".nan", "0x", "1e999",
    "true",
    "<<: ",
  ]
  private static let cardWords = [
    "sample_rate_hz: 1e9", "window_seconds: 0", "labels: {kind: stages}", "compose: {}", "subject: {pattern: '(S1)'}",
    "(((((",
    "subject: {pattern: '((a|S|1|_)+)+$'}", "labels: {files: '../../{name}'}", "reader: edf", "context_seconds: 3600",
  ]

  static func document(_ path: String, of checkout: URL) throws -> [UInt8] {
    Array(try Data(contentsOf: checkout.appendingPathComponent(path)))
  }

  /// A card, whose recordings it says some files are, and what it makes of ten minutes.
  private static func readCard(_ folder: URL) throws {
    let card = try Card(contentsOf: folder.appendingPathComponent("card.yaml"))
    _ = try card.datasetReader()
    // The files of a card's own patterns are not there.
    do {
      _ = try FolderReader.any.discover(in: folder.appendingPathComponent("raw"), rules: card.rules)
    } catch is ReadError {}
    let seconds = (0..<2400).map { Double($0) / 4 }
    let signals = card.preprocessing.sources.sorted { $0.rawValue < $1.rawValue }.filter { !$0.isMap }.map { sensor in
      let names = card.preprocessing.sensors[sensor]?.channels?.map { $0.from?.first ?? $0.name } ?? ["x", "y", "z"]
      return Signal(
        sensor: sensor, channels: names.map { Channel(name: $0, unit: "mV") },
        timing: sensor == .heartRate || sensor == .activity
          ? .irregular(seconds: seconds) : .regular(startSeconds: 0, sampleRateHz: 4),
        samples: names.map { _ in seconds.map { Float(sin($0)) } })
    }
    let maps = card.preprocessing.sources.contains(.pressureMap)
    let recording = Recording(
      id: "a", subject: Subject("a"), signals: signals,
      frames: maps
        ? PressureFrames(
          rows: 8, columns: 4, framesPerSecond: 1, values: (0..<40 * 32).map { Float($0 % 50) },
          postures: (0..<40).map { Posture(number: $0 / 20 + 1) }) : nil,
      hypnogram: Hypnogram(stages: Array(repeating: .n2, count: 20)), start: LocalTime("22:00:00"))
    _ = try card.preprocessing.windows(of: recording, path: "a")
  }
}
