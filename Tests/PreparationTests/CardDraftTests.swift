import Corpora
import Foundation
import Preparation
import Readers
import SleepCore
import Synthesis
import TestSupport
import Testing

@Suite("Cards that are drafted")
struct CardDraftTests {
  private func night(_ name: String, _ labels: [String], in folder: URL, seed: Int) throws {
    let writer = EDFWriter(
      format: .edf,
      channels: [
        .init(label: "C3-M2", unit: "uV", samplesPerRecord: 30 * 64, physicalRange: -100...100),
        .init(label: "EKG", unit: "mV", samplesPerRecord: 30 * 64, physicalRange: -3...3),
        .init(label: "Pleth", unit: "", samplesPerRecord: 30 * 32, physicalRange: -3...3),
        .init(label: "Gizmo", unit: "", samplesPerRecord: 30, physicalRange: -3...3),
      ], recordSeconds: 30)
    let samples = [64, 64, 32, 1].map { rate in
      (0..<30 * rate * labels.count).map { Float(sin(Double($0 * (seed + 2)) / 7) * 2) }
    }
    try writer.write(samples, to: folder.appendingPathComponent("\(name).edf"))
    try Data((["stage"] + labels).joined(separator: "\n").utf8).write(
      to: folder.appendingPathComponent("\(name)_stages.csv"))
  }

  @Test("A draft names channels, rates and words, asks what it cannot know, and is a card that prepares")
  func draft() throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try FileManager.default.createDirectory(at: raw, withIntermediateDirectories: true)
      try night("P01", ["W", "W", "N2", "Wackelig", "N3", "REM"], in: raw, seed: 0)
      try night("P02", ["W", "N1", "N2", "N2", "N3", "REM"], in: raw, seed: 1)
      let text = CardDraft(try FolderSurvey(root: raw), name: "our nights").text
      for line in [
        "name: 'our nights'", "reader: files  # every file of a known format: 2 of .edf",
        "    Wackelig: unscored  # 1 times", "      - {name: C3-M2, from: [C3-M2]}  # 2 of 2, 64 Hz, uV",
        "      - {name: EKG, from: [EKG]}  # 2 of 2, 64 Hz, mV",
        "      - {name: Pleth, from: [Pleth]}  # 2 of 2, 32 Hz, no unit",
        "# of no known sensor: 'Gizmo' (2 of 2, 1 Hz, no unit)", "    sample_rate_hz: 64  # DECIDE",
      ] {
        #expect(text.contains(line + "\n"), "\(line) in \(text)")
      }
      #expect(!text.contains("low_pass_hz: 35\n") && text.contains("    high_pass_hz: 0.3\n"))
      let url = folder.appendingPathComponent("card.yaml")
      try Data(text.utf8).write(to: url)
      let card = try Card(contentsOf: url)
      #expect(card.citation.isEmpty && card.licence.isEmpty && card.url.isEmpty)
      let corpus = try Preparation(card: card).run(raw: raw, out: folder.appendingPathComponent("corpus"))
      #expect(corpus.recordings.map(\.subject.id) == ["P01", "P02"])
      #expect(corpus.recordings.map(\.scoredWindows) == [5, 6])
      #expect(corpus.recordings[0].sensors == [.psg, .ecg, .ppg])
    }
  }

  @Test("A folder without recordings is refused with what is in it")
  func nothing() throws {
    try withTemporaryFolder { folder in
      try Data("x".utf8).write(to: folder.appendingPathComponent("letter.doc"))
      let error = try #require(throws: ReadError.self) { try FolderSurvey(root: folder) }
      #expect(
        error.localizedDescription.contains(
          ": found 1 files, 'letter.doc', expected recordings in files of a known format: .edf, "))
    }
  }
}
