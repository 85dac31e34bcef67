import Foundation
import NumPy
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Text as it is published")
struct TextReadingTests {
  private func heartRates(_ data: Data) throws -> Recording {
    try withTemporaryFolder { folder in
      try write(data, to: folder.appendingPathComponent("heart_rate/7_heartrate.txt"))
      return try #require(try readAll(SleepAccelReader(), in: folder).first)
    }
  }

  private static let table = "-1.5, 60\r\n\r\n0,61.25\r\n  30 ,\t+7e1"
  private static let utf16 = Array(table.utf16)

  @Test(
    "CRLF, blanks, a missing last line end and marks of UTF-8 and UTF-16 change nothing",
    arguments: [
      Data(table.utf8), Data([0xef, 0xbb, 0xbf] + Array(table.utf8)),
      Data([0xff, 0xfe] + utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
      Data([0xfe, 0xff] + utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }),
    ])
  func encodings(_ data: Data) throws {
    let recording = try heartRates(data)
    #expect(recording.signals.first?.seconds == [-1.5, 0, 30])
    #expect(recording.signals.first?.samples == [[60, 61.25, 70]])
    #expect(recording.hypnogram == nil && recording.warnings.isEmpty)
  }

  @Test("Numbers are rounded as the standard library rounds them")
  func numbers() throws {
    var random = RandomSource(seed: 1)
    var texts = [
      "0", "-0", "1.", ".5", "1e-320", "123456789012345678901234567890", "1.7976931348623157e308",
      "2.2250738585072014E-308",
      "9007199254740993", "0.1e1", "1.255053419000000076e+03", "00012", "4.9406564584124654e-324",
    ]
    for _ in 0..<2000 {
      texts.append("\(Double(bitPattern: random.next() & 0x7fef_ffff_ffff_ffff))")
      texts.append(
        "\(Int.random(in: -100_000...100_000, using: &random)).\(Int.random(in: 0...999_999, using: &random))")
    }
    // The times, whose texts must also increase, are the numbers in order.
    // Larger ones are no times.
    let ordered = texts.filter { abs(Double($0) ?? 0) <= 1e15 }.sorted { (Double($0) ?? 0) < (Double($1) ?? 0) }
    let recording = try heartRates(Data(ordered.map { "\($0),1\n" }.joined().utf8))
    var expected = ordered.compactMap(Double.init)
    expected = expected.enumerated().filter { $0 == 0 || expected[$0 - 1] < $1 }.map(\.element)
    #expect(recording.signals.first?.seconds == expected)
  }

  @Test("Time that goes back is sorted, and of two samples at one time the first is kept, with a warning each")
  func timeGoingBack() throws {
    let recording = try heartRates(Data("0,60\n10,61\n5,62\n10,63\n20,64\n".utf8))
    #expect(recording.signals.first?.seconds == [0, 5, 10, 20])
    #expect(recording.signals.first?.samples == [[60, 62, 61, 64]])
    #expect(
      recording.warnings == [
        "7_heartrate.txt: time steps back once; sorted", "7_heartrate.txt: 1 sample repeats a time; left out",
      ])
  }

  @Test("Signals are read whole, whatever was scored, and absent files are absent sensors")
  func whole() throws {
    try withTemporaryFolder { folder in
      try write(
        [
          "labels/7_labeled_sleep.txt": "0 -1\n30 0\n60 4\n120 5\n",
          "heart_rate/7_heartrate.txt": "-90000,1\n-600,2\n60,3\n90000,4\n",
          "motion/7_acceleration.txt": "-0.5 0.25 -1 0.125 \n0.02 1 2 3\n",
          "steps/8_steps.txt": "0,1\n",
        ], to: folder)
      let recordings = try readAll(SleepAccelReader(), in: folder)
      #expect(recordings.map(\.id) == ["7"])
      let recording = try #require(recordings.first)
      #expect(recording.hypnogram == Hypnogram(stages: [nil, .wake, .n3, nil, .rem]))
      #expect(recording.signals.map(\.sensor) == [.accelerometer, .heartRate])
      #expect(recording.signals[0].samples == [[0.25, 1], [-1, 2], [0.125, 3]])
      #expect(recording.signals[0].channels.map(\.unit) == ["g", "g", "g"])
      #expect(recording.signals[1].seconds == [-90_000, -600, 60, 90_000])
      #expect(recording.warnings == [])
      let source = try #require(try SleepAccelReader().discover(in: folder).first)
      #expect(try SleepAccelReader().read(source, sensors: [.activity]).signals.isEmpty)
    }
  }

  @Test("A watch whose samples miss the night is told")
  func watchOff() throws {
    try withTemporaryFolder { folder in
      try write(
        [
          "labels/7_labeled_sleep.txt": "0 -1\n30 0\n60 4\n", "heart_rate/7_heartrate.txt": "-7200,60\n-3600.4,61\n",
          "motion/7_acceleration.txt": "-1 0 0 1\n200 0 0 1\n", "activity_counts/7_activity_counts.csv": "45,3\n",
          "heart_rate/8_heartrate.txt": "-7200,60\n-1,61\n",
        ], to: folder)
      let recordings = try readAll(SleepAccelReader(), in: folder)
      #expect(
        recordings.map(\.warnings) == [
          [
            "7_acceleration.txt: none of its 2 samples lie in the scored night (0 to 90 s); they run from -1 to 200 s: is its clock off?",
            "7_heartrate.txt: none of its 2 samples lie in the scored night (0 to 90 s); they run from -7200 to -3600 s: is its clock off?",
          ],
          [
            "8_heartrate.txt: none of its 2 samples lie past 0 s, where the night begins; they run from -7200 to -1 s: is its clock off?"
          ],
        ])
      #expect(recordings.map { $0.signals.count } == [3, 1])
    }
  }

  @Test("Labels off the grid are moved onto it, and a window labelled again keeps the first, with a warning each")
  func labelsOffTheGrid() throws {
    try withTemporaryFolder { folder in
      try write(["labels/7_labeled_sleep.txt": "5 0\n38 1\n35.5 2\n"], to: folder)
      let recording = try #require(try readAll(SleepAccelReader(), in: folder).first)
      #expect(recording.hypnogram == Hypnogram(startSeconds: 5, stages: [.wake, .n1]))
      #expect(
        recording.warnings == [
          "7_labeled_sleep.txt: time steps back once; sorted",
          "7_labeled_sleep.txt: 1 label more than 1 s off the grid of 30 s; moved onto it",
          "7_labeled_sleep.txt: 1 window labelled again; the first label kept",
        ])
    }
  }

  @Test("The first two frames of a posture file are dropped, and missing files are named")
  func unsettledFrames() throws {
    try withTemporaryFolder { folder in
      let frames = (1...4).map { String(repeating: "\($0)\t", count: 2048) }.joined(separator: "\r\n")
      try write(["experiment-i/S10/13.txt": frames, "experiment-i/S2/2.txt": frames + "\r\n"], to: folder)
      let recordings = try readAll(PMDReader(), in: folder)
      #expect(recordings.map(\.id) == ["i-S2", "i-S10"])
      #expect(recordings[1].frames?.postures == [.rightFetal, .rightFetal])
      #expect(recordings[1].frames?.values == Array(repeating: 3, count: 2048) + Array(repeating: 4, count: 2048))
      #expect(
        recordings[0].warnings == [
          "i-S2: no maps of posture 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17"
        ])
    }
  }

  @Test("RR intervals add up over rows, start anew after a gap, and leave out what no heart makes")
  func beats() throws {
    try withTemporaryFolder { folder in
      let rows = "epoch_start_s,stage,rr_s\n0,W,0.5 1 1\n30,1,0.004 2\n90,R,1.5\n"
      try write(["slp02b.csv": rows], to: folder)
      let recording = try #require(try readAll(SlpdbRRReader(), in: folder).first)
      #expect(recording.subject.id == "slp02")
      #expect(recording.hypnogram?.stages == [.wake, .n1, nil, .rem])
      #expect(recording.signals.first?.seconds == [1.5, 2.5, 2.504 + 2, 91.5])
      #expect(recording.signals.first?.samples == [[60, 60, 30, 40]])
      #expect(recording.warnings == ["slp02b.csv: 1 RR interval outside 0.3 to 2.5 s; left out"])
    }
  }
}
