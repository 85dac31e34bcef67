import Corpora
import Foundation
import Preparation
import Readers
import SleepCore
import TestSupport
import Testing

/// Tables, by a card, from files to windows.
@Suite("Tables by a card")
struct TableCardTests {
  private static let words = ["W", "N1", "N2", "N3", "R"]
  private static let stages: [Stage] = [.wake, .n1, .n2, .n3, .rem]

  /// Prepares the one recording of a folder.
  private func prepared(_ files: [String: String], card text: String) throws -> RecordingWindows {
    try withTemporaryFolder { folder in
      for (name, text) in files {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      }
      let file = folder.appendingPathComponent("card.yaml")
      try Data("name: mine\n\(text)\n".utf8).write(to: file)
      let card = try Card(contentsOf: file)
      let reader = try #require(try card.datasetReader() as? FolderReader)
      let source = try #require(reader.discover(in: folder, rules: card.rules).sources.first)
      let recording = try reader.read(source, card.request)
      return try card.preprocessing.windows(of: recording, path: source.id)
    }
  }

  /// A wrist for ten minutes at 4 Hz.
  private func wrist(_ more: (String, (Int) -> String)? = nil) -> String {
    "time,x,y,z" + (more.map { "," + $0.0 } ?? "") + "\n"
      + (0..<2400).map { row in
        "\(Double(row) / 4),\(row % 7),\(row % 5),1" + (more.map { "," + $0.1(row) } ?? "")
      }.joined(separator: "\n")
  }

  private func card(_ labels: String, window: Int, patterns: String = "") -> String {
    """
    files: {accelerometer: {path: "{subject}.csv", table: {time: time, time_unit: s, units: {x: g, y: g, z: g}}}\(patterns)}
    labels: \(labels)
    window_seconds: \(window)
    sensors: {accelerometer: {unit: g, sample_rate_hz: 4, allow_flat: true}}
    """
  }

  /// The stage of most of each window, by seconds; of two that are as long, the one at its middle.
  private func expected(_ scored: [Int], seconds: Int, window: Int) -> [Int8] {
    (0..<600 / window).map { index in
      let each = (0..<window).map { scored[(index * window + $0) / seconds] }
      let counts = Dictionary(each.map { ($0, 1) }, uniquingKeysWith: +)
      let most = counts.values.max() ?? 0
      let middle = each[window / 2]
      let winner = counts[middle] == most ? middle : counts.filter { $0.value == most }.keys.min() ?? middle
      return Self.stages[winner].rawValue
    }
  }

  private static func scored(_ seconds: Int) -> [Int] {
    // The same each time, and no stage lasts long.
    (0..<600 / seconds).map { ($0 * $0 + 3 * $0 / 2) % 5 }
  }

  static let lengths = [10, 20, 30].flatMap { label in [10, 20, 30].map { (label, $0) } }

  @Test("Stages of 10, 20 and 30 s, with their times, come to windows of each length by most of it", arguments: lengths)
  func timed(label: Int, window: Int) throws {
    let scored = Self.scored(label)
    let rows = scored.enumerated().map { "\($0 * label),\(Self.words[$1])" }
    let made = try prepared(
      ["S1.csv": wrist(), "S1_stages.txt": "onset,stage\n" + rows.joined(separator: "\n") + "\n"],
      card: card("stages", window: window, patterns: ", labels: {path: \"{subject}_stages.txt\"}"))
    #expect(made.labels == expected(scored, seconds: label, window: window))
  }

  @Test("So do those of one line a window, where the card says how long one is", arguments: lengths)
  func lines(label: Int, window: Int) throws {
    let scored = Self.scored(label)
    let made = try prepared(
      ["S1.csv": wrist(), "S1_stages.txt": scored.map { Self.words[$0] + "\n" }.joined()],
      card: card(
        "{window_seconds: \(label)}", window: window, patterns: ", labels: {path: \"{subject}_stages.txt\"}"))
    #expect(made.labels == expected(scored, seconds: label, window: window))
  }

  @Test("And those that stand beside the samples", arguments: lengths)
  func beside(label: Int, window: Int) throws {
    let scored = Self.scored(label)
    let made = try prepared(
      ["S1.csv": wrist(("Sleep_Stage", { Self.words[scored[$0 / 4 / label]] }))],
      card: card("{stage: Sleep_Stage, window_seconds: \(label)}", window: window))
    #expect(made.labels == expected(scored, seconds: label, window: window))
    #expect(made.sensors[0].contract.channels.map(\.name) == ["x", "y", "z"])
  }

  @Test("Words beside the samples that are no stages are told, and are unscored")
  func unknown() throws {
    let made = try prepared(
      ["S1.csv": wrist(("Sleep_Stage", { $0 < 480 ? "P" : $0 < 1200 ? "N2" : "Missing" }))],
      card: card("{stage: Sleep_Stage}", window: 30))
    let unscored = { [Int8](repeating: -1, count: $0) }
    #expect(made.labels == unscored(4) + [Int8](repeating: 2, count: 6) + unscored(10))
    #expect(
      made.warnings.contains(
        "S1.csv: 2 windows are unscored, their words not known: 'Missing' (1), 'P' (1)"))
  }
}
