import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("What a card says of texts, of how long they last, and of several kinds of label files")
struct LabelRuleTests {
  /// A night of five windows of 30 s from 22:00 on.
  private func read(_ text: String, as name: String, _ rules: LabelRules) throws -> Recording {
    try withTemporaryFolder { folder in try LabelNight(name, text).read(in: folder, rules) }
  }

  private static let twin = LabelRules(
    format: .tsv, onset: "1", stage: "2", start: .clock,
    vocabulary: ["STAGE - MVT": .unscored, "*LIGHTS ON*": .unscored],
    only: "STAGE - *", untilNext: true)

  @Test("A stage holds until the next, the last for a window, and other texts are passed over")
  func untilNext() throws {
    let text =
      "21:59:30.00\tSTART RECORDING\n22:00:00.00\tSTAGE - NO STAGE\n22:00:10.50\tLIGHTS OUT\n22:00:30.00\tSTAGE - W\n"
      + "22:00:41.00\tDUR: 12.5 SEC. - HYPOPNEA\n\tNOTE WITHOUT A TIME\n22:01:30.00\tSTAGE - N2\n"
    let night = try read(text, as: "a.txt", Self.twin)
    #expect(night.hypnogram == Hypnogram(stages: [nil, .wake, .wake, .n2, nil]))
    #expect(night.lightsOffSeconds == 10.5)
    #expect(night.warnings == [])
  }

  @Test("A text that the vocabulary calls unscored ends a stage, and without the key a stage lasts a window")
  func ends() throws {
    let text =
      "22:00:00.00\tSTAGE - R\n22:01:00.00\tSTAGE - MVT\n22:01:30.00\tSTAGE - N1\n22:02:20.00\tLIGHTS ON AGAIN\n"
    let night = try read(text, as: "a.txt", Self.twin)
    #expect(night.hypnogram == Hypnogram(stages: [.rem, .rem, nil, .n1, .n1]))
    var rules = Self.twin
    rules.untilNext = nil
    let short = try read(text, as: "a.txt", rules)
    #expect(short.hypnogram == Hypnogram(stages: [.rem, nil, nil, .n1, nil]))
    #expect(
      short.warnings == [
        "a.txt: 2 stages say no length before a gap: each lasts one window of 30 s"
      ])
  }

  @Test("Of two stages at one time the later line holds, and times go past midnight")
  func together() throws {
    let text = "22:00:00\tSTAGE - W\n22:00:30\tSTAGE - N1\n22:00:30\tSTAGE - N2\n22:02:00\tSTAGE - N4\n"
    #expect(
      try read(text, as: "a.txt", Self.twin).hypnogram == Hypnogram(stages: [.wake, .n2, .n2, .n2, .n3]))
    try withTemporaryFolder { folder in
      var night = LabelNight("a.txt", "23:59:00\tSTAGE - W\n00:00:00\tSTAGE - N2\n00:01:00\tSTAGE - R\n")
      night.start.1 = "23.59.00"
      let stages = try night.read(in: folder, Self.twin).hypnogram
      #expect(stages == Hypnogram(stages: [.wake, .wake, .n2, .n2, .rem]))
    }
  }

  @Test("Rows whose text is no label by the card are not told; those that are one and not known are")
  func only() throws {
    let text =
      "onset\tduration\tdescription\n0\t30\tSleep stage W\n3\t1\tOxygen Desaturation\n30\t30\tSleep stage N2\n31\t0\tMovement\n"
      + "60\t30\tSleep  Stage X\n90\t60\tsleep stage: ?\n"
    let rules = LabelRules(format: .bids, stage: "description", only: "Sleep stage *")
    let night = try read(text, as: "a.tsv", rules)
    #expect(night.hypnogram == Hypnogram(stages: [.wake, .n2, nil, nil, nil]))
    #expect(night.warnings == ["a.tsv: 1 text names no known stage and is passed over: 'Sleep  Stage X' (1)"])
    let error = try #require(throws: ReadError.self) {
      try read(text, as: "a.tsv", LabelRules(format: .bids, stage: "description", only: "Stadium"))
    }
    #expect(
      error.found
        == "no text as 'Stadium' among 'Movement' (1), 'Oxygen Desaturation' (1), 'Sleep  Stage X' (1), 'Sleep stage N2' (1), "
        + "'Sleep stage W' (1), 'sleep stage: ?' (1)"
        && error.expected == "some of such labels, as labels.only in the card says")
  }

  @Test(
    "Words with stars: a whole word wins, then the pattern with the most letters, and '*' is what nobody knows otherwise"
  )
  func stars() throws {
    let rules = LabelRules(
      format: .lines,
      vocabulary: [
        "*": .wake, "*sleeping*": .nrem, "*deeply sleeping*": .n3, "7030 sleeping": .rem, "home*;*sitting": .n1,
      ])
    let texts = [
      "7030 sleeping;MET 0.95", "deeply; sleeping", "7030 Sleeping", "home activity;sitting", "home activity;sitting 2",
      "stage",
      "", "n/a", "N2", "7",
    ]
    try withTemporaryFolder { folder in
      var night = LabelNight("a.txt", (texts + ["sleeping"]).joined(separator: "\n"))
      night.psg.seconds = 30 * (texts.count + 1)
      let read = try night.read(in: folder, rules)
      #expect(
        read.hypnogram?.stages == [.nrem, .n3, .rem, .n1, .wake, .wake, nil, nil, .n2, .wake, .nrem])
    }
    // A heading is no stage, whatever all others are.
    let night = try read("stage\nW\nx\nR\nx\nx\n", as: "a.txt", LabelRules(format: .lines, vocabulary: ["*": .n1]))
    #expect(night.hypnogram?.stages == [.wake, .n1, .rem, .n1, .n1])
  }

  @Test("Label files of several kinds read by the longest ending of their names")
  func endings() throws {
    let rules = LabelRules(
      format: .nsrr,
      endings: [
        ".txt": LabelRules(format: .lines, vocabulary: ["a": .n3]), ".all.TXT": Self.twin,
        ".csv": LabelRules(stage: "score"),
      ])
    #expect(try read("W\na\nR\nR\nR\n", as: "n1.stg.txt", rules).hypnogram?.stages == [.wake, .n3, .rem, .rem, .rem])
    #expect(
      try read("22:00:00\tSTAGE - W\n22:02:00\tSTAGE - R\n", as: "n1.ALL.txt", rules).hypnogram?.stages
        == [.wake, .wake, .wake, .wake, .rem])
    #expect(try read("score,stage\nR,1\nW,1\nW,1\nW,1\nW,1\n", as: "n1.csv", rules).hypnogram?.stages.first == .rem)
    let error = try #require(throws: ReadError.self) { try read("W\n", as: "n1.other", rules) }
    #expect(error.expected.hasPrefix("NSRR XML"))
  }

  @Test("Rules of endings are written and read as they are")
  func codable() throws {
    let rules = LabelRules(endings: [".a.txt": Self.twin])
    #expect(try JSONDecoder().decode(LabelRules.self, from: JSONEncoder().encode(rules)) == rules)
  }
}
