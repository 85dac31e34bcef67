import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Times of tables")
struct TableTimeTests {
  private func rows(_ seconds: [Double], digits: Int) -> String {
    "t,x\n"
      + seconds.enumerated().map { "\(String(format: "%.\(digits)f", $1)),\($0)" }.joined(separator: "\n")
  }

  static let rates: [(rate: Double, digits: Int)] = [
    (64, 3), (31.25, 3), (100.0 / 3, 3), (102.4, 4), (256, 3), (1.0 / 30, 0), (0.2, 1), (50, 6), (128, 15), (25.6, 2),
  ]

  @Test("Times that are rounded are at the rate that they were rounded from", arguments: rates)
  func rounded(rate: Double, digits: Int) throws {
    let file = try table(
      rows((0..<4000).map { Double($0) / rate }, digits: digits), TableRules(time: "t", timeUnit: .s))
    let found = try #require(file.sampleRateHz)
    #expect(abs(found - rate) < 1e-12 * rate)
    #expect(file.stretches(ofChannel: 0).count == 1)
    #expect(file.warnings.contains { $0.contains("regular to within") })
  }

  @Test(
    "A zone behind a time is passed over where all rows have it", arguments: ["Z", " UTC", "+00:00", " +0100", "-05"])
  func zone(_ zone: String) throws {
    let file = try table(
      "t,x\n" + (10..<15).map { "2020-01-31 22:30:\($0)\(zone),\($0)\n" }.joined(), TableRules(time: "t"))
    #expect(file.start?.text == "2020-01-31 22:30:10")
    #expect(file.sampleRateHz == 1)
    #expect(throws: ReadError.self) { try table("t,x\n2020-01-31 22:30:10 UT,1\n1,2\n", TableRules(time: "t")) }
  }

  @Test("A clock that is off by a part in ten thousand is measured, and not rounded")
  func slow() throws {
    let file = try table(
      rows((0..<20_000).map { Double($0) / 63.9936 }, digits: 4), TableRules(time: "t", timeUnit: .s))
    #expect(abs((file.sampleRateHz ?? 0) - 63.9936) < 1e-4)
  }

  @Test("Times that shake by more than they are rounded by stay as they are")
  func irregular() throws {
    var random = SeededNumbers(seed: 3)
    let seconds = (0..<1000).map { Double($0) * 0.02 + Double.random(in: 0...0.006, using: &random) }
    let file = try table(rows(seconds, digits: 5), TableRules(time: "t", timeUnit: .s))
    #expect(file.sampleRateHz == nil)
    let (times, samples) = file.series(0)
    expectClose(times, seconds, absolute: 1e-5)
    #expect(samples == (0..<1000).map(Float.init))
    #expect(
      file.warnings == ["t.csv: its times are at no one rate: each sample keeps its own"])
  }

  @Test("A short gap is missing samples, a long one begins a stretch")
  func gaps() throws {
    var seconds = (0..<200).map { Double($0) / 10 }
    seconds += (210..<400).map { Double($0) / 10 }
    seconds += (0..<100).map { 500.04 + Double($0) / 10 }
    let file = try table(rows(seconds, digits: 2), TableRules(time: "t", timeUnit: .s))
    let parts = file.stretches(ofChannel: 0)
    #expect(
      parts.map(\.timing) == [
        .regular(startSeconds: 0, sampleRateHz: 10), .regular(startSeconds: 500.04, sampleRateHz: 10),
      ])
    #expect(parts[0].samples.count == 400)
    #expect(parts[0].samples.indices.filter { parts[0].samples[$0].isNaN } == Array(200..<210))
    #expect(parts[0].samples[210] == 200)
    #expect(parts[1].samples == (390..<490).map(Float.init))
    #expect(abs(file.seconds - 510.04) < 1e-9)
  }

  @Test("Rows that share a rounded time are spread at the rate that the card says")
  func shared() throws {
    let clock = (0..<320).map { "22:30:\(String(format: "%02d", $0 / 32)),\($0)" }.joined(separator: "\n")
    let file = try table("clock,x\n" + clock, TableRules(time: "clock", sampleRateHz: 32))
    #expect(file.stretches(ofChannel: 0).map(\.timing) == [.regular(startSeconds: 0, sampleRateHz: 32)])
    #expect(file.start == LocalTime("22:30:00"))
    #expect(throws: ReadError.self) { try table("clock,x\n" + clock, TableRules(time: "clock")) }
  }

  @Test("Numbers keep the zero that they are counted from, clocks begin at the first row")
  func zero() throws {
    let relative = try table("t,x\n-2,1\n-1,2\n0,3\n1,4\n", TableRules(time: "t", timeUnit: .s))
    #expect(relative.series(0).seconds == [-2, -1, 0, 1])
    #expect(relative.start == nil)
    let epoch = try table(
      "t,x\n1580511599000,1\n1580511600000,2\n1580511601000,3\n", TableRules(time: "t", utcOffsetHours: 1))
    #expect(epoch.start == LocalTime("2020-01-31 23:59:59"))
    #expect(epoch.warnings.first == "t.csv: its times are read as milliseconds since 1970")
  }

  @Test("A count since 1970 is read on the clock of a zone, in summer time or not")
  func zoned() throws {
    for (first, zone, start) in [
      (1_636_165_800, "America/New_York", "2021-11-05 22:30:00"),
      (1_636_255_800, "America/New_York", "2021-11-06 23:30:00"),
      (1_636_342_200, "America/New_York", "2021-11-07 22:30:00"),
      (1_636_342_200, "Asia/Kolkata", "2021-11-08 09:00:00"),
    ] {
      let rows = (0..<4).map { "\(first + $0),\($0)\n" }.joined()
      let file = try table("t,x\n" + rows, TableRules(time: "t", timeUnit: .s, zone: zone))
      #expect(file.start == LocalTime(start))
      #expect(file.series(0).seconds == [0, 1, 2, 3])
      #expect(file.warnings == ["t.csv: its times are regular to within 1000 ms: 1 Hz"])
    }
  }

  @Test("A zone that changes in the night moves no sample")
  func zones() throws {
    let file = try table(
      "time,x\n2020-10-25T02:59:58+02:00,1\n2020-10-25T02:59:59+02:00,2\n2020-10-25T02:00:00+01:00,3\n2020-10-25T02:00:01+01:00,4\n",
      TableRules(time: "time"))
    #expect(file.series(0).seconds == [0, 1, 2, 3])
    #expect(file.start == LocalTime("2020-10-25 02:59:58"))
  }

  @Test("What is guessed is told")
  func told() throws {
    let guessed = try table("time;x;note\n0;1,5;a\n0,5;-;b\n1;2,5;c\n1,5;3,5;d\n")
    #expect(
      guessed.warnings == [
        "t.csv: its numbers have decimal commas: '1,5'", "t.csv: its times are taken from the column 'time'",
        "t.csv: its times are taken for seconds; where they are not, 'table: {time_unit: …}' in the card says so",
        "t.csv: the column 'note' holds words and is no channel", "t.csv: its times are regular to within 100 ms: 2 Hz",
      ])
    let back = try table("t,x\n0,1\n2,3\n1,2\n1,9\n3,4\n,5\n", TableRules(time: "t", timeUnit: .s))
    #expect(back.series(0).samples == [1, 2, 3, 4])
    #expect(
      back.warnings == [
        "t.csv: 1 row has no time; left out", "t.csv: time steps back once; sorted",
        "t.csv: 1 sample repeats a time; left out", "t.csv: its times are regular to within 1000 ms: 1 Hz",
      ])
    let cut = try table("x,y\n1,2\n\n3,inf\n5", TableRules(sampleRateHz: 4))
    #expect(cut.channels.map(\.name) == ["x", "y"])
    #expect(cut.series(0).samples == [1, 3])
    #expect(
      cut.warnings == [
        "t.csv: its last line is cut and left out", "t.csv: 1 blank line is passed over",
        "t.csv: 1 infinite samples are read as missing",
      ])
  }
}

/// Numbers that are the same each time (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
