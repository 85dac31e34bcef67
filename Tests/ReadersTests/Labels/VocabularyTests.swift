import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Words of scorers and their programs")
struct VocabularyTests {
  private func stages(_ words: [String], _ rules: LabelRules = LabelRules()) throws -> (
    stages: [Stage?], told: [String]
  ) {
    try withTemporaryFolder { folder in
      var night = LabelNight("a.txt", words.joined(separator: "\n"))
      night.psg.seconds = 30 * words.count
      var rules = rules
      rules.format = .lines
      let read = try night.read(in: folder, rules)
      return (try #require(read.hypnogram).stages, read.warnings)
    }
  }

  private static let night: [Stage?] = [.wake, .n1, .n2, .n3, .n3, .rem, nil, nil]

  @Test(
    "Known words mean what their programs mean, in any case, spacing and punctuation",
    arguments: [
      ["W", "N1", "N2", "N3", "N4", "R", "?", "M"],
      [
        "Sleep stage W", "Sleep stage 1", "Sleep stage 2", "Sleep stage 3", "Sleep stage 4", "Sleep stage R",
        "Sleep stage ?", "Movement time",
      ],
      [
        "Sleep stage W", "Sleep stage N1", "Sleep stage N2", "Sleep stage N3", "Sleep stage N3", "Sleep stage R",
        "Sleep stage ?", "Artifact",
      ],
      [
        "Stage - W", "Stage - N1", "Stage - N2", "Stage - N3", "Stage - N3", "Stage - R", "Stage - No Stage",
        "Stage - Unscored",
      ],
      ["SLEEP-S0", "SLEEP-S1", "SLEEP-S2", "SLEEP-S3", "SLEEP-S4", "SLEEP-REM", "SLEEP-MT", "SLEEP-UNSCORED"],
      [
        "Wake|0", "Stage 1 sleep|1", "Stage 2 sleep|2", "Stage 3 sleep|3", "Stage 4 sleep|4", "REM sleep|5",
        "Movement|6", "Unscored|9",
      ],
      ["wake", "nrem1", "NREM-2", "NREM 3", "nrem4", " rem ", "unscorable", "n/a"],
      ["sleep_stage_w", "sleep_stage_n1", "stage_n2", "sleep-stage-n3", "STAGE 4", "sleep_stage_r", "unknown", "nan"],
      ["WK", "Stage1", "Stage2", "Stage3", "Stadium 4", "REM-Schlaf", "uns", "ART"],
      ["Éveil", "stade 1", "stade 2", "stade 3", "stade 4", "sommeil paradoxal", "-2", "Sleep stage ?"],
      ["Awake", "S1", "s2", "S3", "S4", "REM", "MT", "artefact"],
    ])
  func known(words: [String]) throws {
    let read = try stages(words)
    #expect(read.stages == Self.night && read.told == [])
  }

  @Test("NREM of no depth is a stage of its own")
  func nrem() throws {
    #expect(try stages(["Sleep stage N", "NREM", "non-REM sleep", "N"]).stages == [.nrem, .nrem, .nrem, .nrem])
  }

  @Test("Numbers are those of Rechtschaffen and Kales where 5 occurs, and told")
  func numbers() throws {
    let read = try stages(["0", "1", "2.0", "3", "4", "5", "6", "-1"])
    #expect(read.stages == Self.night)
    #expect(
      read.told == [
        "a.txt: its stages are numbers: -1 as unscored, 0 as W, 1 as N1, 2 as N2, 3 as N3, 4 as N3, 5 as REM, 6 as unscored"
      ])
    #expect(try stages(["0", "1", "3"]).told == ["a.txt: its stages are numbers: 0 as W, 1 as N1, 3 as N3"])
    #expect(try stages(["W", "2", "4", "R"]).stages == [.wake, .n2, .n3, .rem])
  }

  @Test("A 4 without a 5 has two meanings: the card says which")
  func ambiguous() throws {
    let error = try #require(throws: ReadError.self) { try stages(["0", "1", "2", "3", "4"]) }
    #expect(
      error.found == "the stage 4 and no 5"
        && error.expected
          == "what 4 is, as the card says it: 'labels: {vocabulary: {4: REM}}' or 'labels: {vocabulary: {4: N3}}'"
    )
    let read = try stages(["0", "1", "4"], LabelRules(vocabulary: ["4": .rem]))
    #expect(read.stages == [.wake, .n1, .rem])
    #expect(read.told == ["a.txt: its stages are numbers: 0 as W, 1 as N1"])
  }

  @Test(
    "Wake is known in other languages",
    arguments: [
      "Wach", "Éveil", "VEILLE", "Vigilia", "veglia", "Vaken", "våken", "vågen", "wakker", "Despierto", "e\u{301}veil",
    ])
  func languages(word: String) throws {
    let read = try stages([word, "N2"])
    #expect(read.stages == [.wake, .n2] && read.told == [])
  }

  @Test("A card's words win over the known ones")
  func own() throws {
    let rules = LabelRules(vocabulary: ["Wach": .wake, "Leicht": .n2, "r": .unscored, "Tief-Schlaf": .n3])
    let read = try stages(["wach", "LEICHT", "R", "tief schlaf", "N1"], rules)
    #expect(read.stages == [.wake, .n2, nil, .n3, .n1] && read.told == [])
  }

  @Test("Unknown words are unscored and told with their counts")
  func unknown() throws {
    let read = try stages(["W", "N9", "X", "N9", "R"])
    #expect(read.stages == [.wake, nil, nil, nil, .rem])
    #expect(read.told == ["a.txt: 3 windows are unscored, their words not known: 'N9' (2), 'X' (1)"])
    let many = try stages(["W"] + (1...9).map { "x\($0)" })
    #expect(
      many.told == [
        "a.txt: 9 windows are unscored, their words not known: 'x1' (1), 'x2' (1), 'x3' (1), 'x4' (1), 'x5' (1), 'x6' (1) and 3 more"
      ])
  }

  @Test("A file of which no word is known stops the reading")
  func nothing() throws {
    let error = try #require(throws: ReadError.self) { try stages(["Dösen", "Dösen", "Leicht"]) }
    #expect(
      error.found == "no stage among 'Dösen' (2), 'Leicht' (1)"
        && error.expected
          == "words such as 'W', 'N1', 'N2', 'N3' and 'REM'; labels.vocabulary in the card says what others mean"
    )
  }

  @Test("Rules are written and read as they are")
  func codable() throws {
    let rules = LabelRules(
      files: "{name}.csv", format: .csv, onset: "t", duration: "3", stage: "s", windowSeconds: 20, start: .clock,
      vocabulary: ["Wach": .wake, "x": .unscored])
    #expect(try JSONDecoder().decode(LabelRules.self, from: JSONEncoder().encode(rules)) == rules)
    let text = #"{"windowSeconds": 20, "format": "profusion", "vocabulary": {"a": "NREM"}}"#
    #expect(
      try JSONDecoder().decode(LabelRules.self, from: Data(text.utf8))
        == LabelRules(format: .profusion, windowSeconds: 20, vocabulary: ["a": .nrem]))
  }
}
