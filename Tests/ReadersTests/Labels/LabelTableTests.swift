import Foundation
import SleepCore
import TestSupport
import Testing

import Readers

@Suite("Tables of stages that may be read in two ways")
struct LabelTableTests {
  /// A night of five windows of 30 s.
  private func read(_ text: String, as name: String = "a.csv", _ rules: LabelRules? = nil) throws -> Recording {
    try withTemporaryFolder { folder in try LabelNight(name, text).read(in: folder, rules) }
  }

  private func refusal(_ text: String, _ rules: LabelRules? = nil) throws -> (
    line: Int?, found: String, expected: String
  ) {
    let error = try #require(throws: ReadError.self) { try read(text, rules) }
    return (error.line, error.found, error.expected)
  }

  private let five = Hypnogram(stages: [.wake, .n1, nil, .n2, .rem])

  @Test("An empty line of a table with a row a window is an unscored window")
  func emptyLine() throws {
    let night = try read("stage\nW\nN1\n\nN2\nR\n")
    #expect(night.hypnogram == five)
    #expect(night.warnings == ["a.csv: 1 empty line is an unscored window"])
  }

  @Test("A heading of a file of one stage a line is no window")
  func heading() throws {
    let night = try read("Stage\nW\nN1\n\nN2\nR\n", as: "a.txt")
    #expect(night.hypnogram == five)
    #expect(
      night.warnings == ["a.txt: its first line, 'Stage', is a heading", "a.txt: 1 empty line is an unscored window"])
    let numbered = try read("a,b,stg\n1,x,W\n2,x,N1\n3,x,?\n4,x,N2\n5,x,R\n", LabelRules(stage: "3"))
    #expect(numbered.hypnogram == five)
  }

  @Test("Ends are read as lengths, by name and, where there is none, by what fits")
  func ends() throws {
    for text in [
      "start,end,stage\n0,30,W\n30,60,N1\n90,120,N2\n120,150,R\n",
      "from,to,stage\n0,30,W\n30,60,N1\n90,120,N2\n120,150,R\n",
      "0,30,W\n30,60,N1\n90,120,N2\n120,150,R\n", "onset,duration,stage\n0,30,W\n30,30,N1\n90,30,N2\n120,30,R\n",
      "0,30,W\n30,30,N1\n90,30,N2\n120,30,R\n",
    ] {
      #expect(try read(text).hypnogram == five, "\(text)")
    }
    #expect(
      try read("0,30,W\n30,60,N1\n90,120,N2\n120,150,R\n").warnings
        == ["a.csv: its columns have no names: they are read as onset, end and stage"])
    let back = try refusal("start,end,stage\n0,30,W\n30,20,N1\n")
    #expect(back == (3, "the end '20' before the onset", "one after it"))
  }

  @Test("A column that says when, under a name that nobody knows, is not passed over")
  func unknownTimes() throws {
    let jump = try refusal("epoch,stage\n1,W\n2,N1\n4,N2\n5,R\n")
    #expect(
      jump
        == (
          4, "4 after 2 in column 'epoch', and no column of onsets",
          "a row for every window, or, where it is seconds, 'labels: {onset: epoch}' in the card"
        ))
    let clock = try refusal("Zeit,stage\n22:00:00,W\n22:00:30,N1\n22:01:30,N2\n")
    #expect(
      clock
        == (
          2, "times of day in column 'Zeit', and no column of onsets",
          "'labels: {onset: Zeit, start: clock}' in the card"
        ))
    #expect(
      try read(
        "Zeit,stage\n22:00:00,W\n22:00:30,N1\n22:01:30,N2\n22:02:00,R\n", LabelRules(onset: "Zeit", start: .clock)
      ).hypnogram
        == five)
    #expect(try read("epoch,stage\n1,W\n2,N1\n3,?\n4,N2\n5,R\n").hypnogram == five)
  }

  @Test("A first column without a name that counts, or goes back, is no onset")
  func counting() throws {
    let fix = "a first line that names the columns, such as 'onset,stage' in seconds or 'epoch,stage'"
    #expect(
      try refusal("1,W\n2,N1\n3,N2\n4,R\n") == (1, "a first column without a name that counts 1, 2, 3", fix))
    #expect(
      try refusal("0,0\n1,30\n2,60\n0,90\n") == (
        4, "0 after 2 in a column without a name", "onsets in order, or \(fix)"
      ))
  }

  @Test("Two columns of stages, and two stages at one time, are refused")
  func contradictions() throws {
    #expect(
      try refusal("sleep_stage,stage\nW,N1\nW,N2\n")
        == (1, "2 columns of stages, 'sleep_stage' and 'stage'", "the one to read, as labels.stage in the card"))
    #expect(
      try refusal("onset,duration,stage\n0,60,W\n0,60,N2\n60,30,W\n60,30,N2\n")
        == (nil, "two stages at 0 s, W and N2, and 90 s of such in all", "one stage at a time, of one scorer"))
    let artefact = try read("onset,duration,stage\n0,60,W\n30,60,Artifact\n60,60,N2\n")
    #expect(artefact.hypnogram == Hypnogram(stages: [.wake, nil, nil, .n2, nil]))
  }

  @Test("Labels that are longer or shorter than the signal are told")
  func extent() throws {
    #expect(
      try read(String(repeating: "W\n", count: 9), as: "a.txt").warnings
        == ["a.txt: 4 of 9 scored windows of 30 s lie outside n1.edf and are left out"])
    #expect(try read("W\nW\n", as: "a.txt").warnings == ["a.txt: its windows of 30 s end 90 s before n1.edf does"])
    #expect(
      try read("onset,duration,stage\n0,60000,W\n60000,60000,N2\n").warnings
        == ["a.csv: 3995 of 4000 scored windows of 30 s lie outside n1.edf and are left out"])
  }

  @Test("A stray onset does not shrink the windows of a night")
  func stray() throws {
    let rows = (0..<12).map { "\($0 * 30),N2" } + ["365,N2"]
    #expect(try read("onset,stage\n" + rows.joined(separator: "\n")).hypnogram?.windowSeconds == 30)
  }

  @Test("A word that a vocabulary gives twice is refused")
  func vocabulary() {
    let rules = LabelRules(vocabulary: ["Stage N1": .rem, "stage-n1": .wake])
    #expect(
      rules.conflict?.description
        == "'vocabulary' is given 'Stage N1' and 'stage-n1', which are one word, expected each word once; case, spaces and punctuation do not count"
    )
  }
}
