import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// Label files as scorers' programs write them, made by Fixtures/labels/make_labels.py with YASA, Luna and Wonambi.
@Suite("Label files of scorers' programs")
struct ProgramFileTests {
  struct Case: Decodable, Sendable {
    let file: String
    let rules: LabelRules
    let hasReference: Bool
  }

  private struct Expected: Decodable {
    let stages: [String]
    let files: [Case]
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../Fixtures/labels").standardized

  private static func expected() throws -> Expected {
    try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: folder.appendingPathComponent("expected.json")))
  }

  static func night(_ file: String) throws -> LabelNight {
    var night = LabelNight(file, try Data(contentsOf: folder.appendingPathComponent(file)))
    night.psg.seconds = 720
    night.start = ("01.02.03", "23.55.00")
    return night
  }

  /// What is told of the files of which something is.
  private static let told: [String: [String]] = [
    "remlogic.txt": [
      passed("'MCAP-A1' (8), 'MCAP-A2' (4), 'AROUSAL' (3), 'MCAP-A3' (3), 'LM' (2), 'SLEEP-SPINDLE' (1)")
    ],
    "remlogic_dots.txt": [
      passed("'MCAP-A3' (4), 'MCAP-A1' (3), 'LM' (2), 'MCAP-A2' (2), 'SLEEP-SPINDLE' (2), 'AROUSAL' (1)")
    ],
    "remlogic_shifted.txt": [
      "16 rows have the time in another column than the heading says: their columns are read as moved with it",
      passed("'MCAP-A1' (5), 'AROUSAL' (3), 'LM' (3), 'MCAP-A3' (3), 'SLEEP-SPINDLE' (3), 'MCAP-A2' (1)"),
    ],
    "remlogic_halves.txt": [passed("'MCAP-A1' (1)")],
    "remlogic_fraction.txt": [
      passed("'SLEEP-SPINDLE' (6), 'AROUSAL' (5), 'MCAP-A3' (3), 'MCAP-A1' (2), 'MCAP-A2' (2)")
    ],
    "noxturnal_fr.csv": [passed("'Artefact' (6)")],
    "noxturnal_en.csv": [passed("'Limb Movement' (6)")],
    "noxturnal_de.csv": [passed("'Entsättigung' (6)")],
    "polysmith.csv": [passed("'Oxygen Desaturation' (8)")],
    "nch.tsv": [passed("'Oxygen Desaturation' (24)")],
    "luna.annot": [passed("'arousal' (1)")],
    "isruc_1.txt": ["its stages are numbers: 0 as W, 1 as N1, 2 as N2, 3 as N3, 5 as REM"],
    "profusion.txt": ["its stages are numbers: 0 as W, 1 as N1, 2 as N2, 4 as N3, 5 as REM"],
    "keys.json": [numbers], "numbers.json": [numbers], "yasa_numbers.csv": [numbers],
  ]
  private static let numbers = "its stages are numbers: 0 as W, 1 as N1, 2 as N2, 3 as N3"

  private static func passed(_ words: String) -> String {
    let count = words.split(separator: "(").compactMap { Int($0.prefix(while: \.isNumber)) }.reduce(0, +)
    return count == 1
      ? "1 text names no known stage and is passed over: \(words)"
      : "\(count) texts name no known stage and are passed over: \(words)"
  }

  @Test("Every program's file of one night gives the same stages")
  func all() throws {
    let expected = try Self.expected()
    let stages = try expected.stages.map { name in try #require(Stage.allCases.first { $0.name == name }) }
    #expect(expected.files.count { $0.hasReference } == 10)
    try withTemporaryFolder { folder in
      for one in expected.files {
        let recording = try Self.night(one.file).read(in: folder, one.rules)
        #expect(recording.hypnogram == Hypnogram(stages: stages), "\(one.file)")
        #expect(recording.warnings == (Self.told[one.file] ?? []).map { "\(one.file): \($0)" }, "\(one.file)")
        #expect(recording.lightsOffSeconds == (one.file == "nch.tsv" ? 0 : nil), "\(one.file)")
      }
    }
  }
}
