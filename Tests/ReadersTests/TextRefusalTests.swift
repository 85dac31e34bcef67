import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// A folder with one thing wrong, and the words that it is refused with.
struct Refusal: Sendable, CustomTestStringConvertible {
  let reader: any DatasetReader
  let files: [String: String]
  let words: String
  var testDescription: String { words }

  init(_ reader: some DatasetReader, _ files: [String: String], _ words: String) {
    self.reader = reader
    self.files = files
    self.words = words
  }

  private static let labels = "labels/7_labeled_sleep.txt"
  private static let heart = "heart_rate/7_heartrate.txt"
  private static let map = "experiment-i/S1/1.txt"
  private static let matrix = "experiment-ii/S1/Air_Mat/Matrix_Air_B1.txt"
  private static let slp = "slp01a.csv"
  private static let slpHeader = "epoch_start_s,stage,rr_s\n"
  private static let santaFe = "SFI-heartRate_breathVol_bloodOx.txt"

  private static func frame(_ value: String = "0", columns: Int = 2048) -> String {
    String(repeating: "0\t", count: columns - 1) + value + "\t\n"
  }

  static let sleepAccel = [
    Refusal(SleepAccelReader(), [labels: ""], "\(labels): found an empty file, expected a text file"),
    Refusal(SleepAccelReader(), [labels: "\r\n \n"], "\(labels): found no rows, expected rows of seconds, stage"),
    Refusal(
      SleepAccelReader(), [labels: "0 0\n30 7\n"],
      "\(labels):2: found the stage 7, expected -1 (unscored), 0 (W), 1 to 4 (N1 to N4) or 5 (REM)"),
    Refusal(
      SleepAccelReader(), [labels: "0 0\n30 2.5\n"],
      "\(labels):2: found the stage 2.5, expected -1 (unscored), 0 (W), 1 to 4 (N1 to N4) or 5 (REM)"),
    Refusal(
      SleepAccelReader(), [labels: "0 0\n30 N2\n"],
      "\(labels):2: found 'N2' in column 2, expected a number (seconds, stage)"),
    Refusal(
      SleepAccelReader(), [labels: "0 0\n\n30\n"],
      "\(labels):3: found 1 column, expected 2 separated by blanks (seconds, stage)"),
    Refusal(
      SleepAccelReader(), [labels: "0 0\n9e8 0\n"],
      "\(labels):2: found a label 900000000 s after the first, expected all labels within a week"),
    Refusal(
      SleepAccelReader(), [heart: "1,60\n2,NaN\n"],
      "\(heart):2: found 'NaN' in column 2, expected a number (seconds, beats a minute)"),
    Refusal(
      SleepAccelReader(), [heart: "1,60\n2,inf\n"],
      "\(heart):2: found 'inf' in column 2, expected a number (seconds, beats a minute)"),
    Refusal(
      SleepAccelReader(), [heart: "1,60\n2,1e999\n"],
      "\(heart):2: found '1e999' in column 2, expected a number (seconds, beats a minute)"),
    Refusal(
      SleepAccelReader(), [heart: "1,60\n2,\n"],
      "\(heart):2: found nothing in column 2, expected a number (seconds, beats a minute)"),
    Refusal(
      SleepAccelReader(), [heart: "1,60\n2,61x\n"],
      "\(heart):2: found '61x' in column 2, expected a number (seconds, beats a minute)"),
    Refusal(
      SleepAccelReader(), [heart: "1,60\n2,61,3\n"],
      "\(heart):2: found 3 columns, expected 2 separated by commas (seconds, beats a minute)"),
    Refusal(
      SleepAccelReader(), [heart: "1,60\n2"],
      "\(heart):2: found 1 column, expected 2 separated by commas (seconds, beats a minute)"),
    Refusal(
      SleepAccelReader(), ["motion/7_acceleration.txt": "1 0.1 0.2 0.3\n2 0.1 0.2\n"],
      "motion/7_acceleration.txt:2: found 3 columns, expected 4 separated by blanks (seconds, x, y, z in g)"),
    Refusal(
      SleepAccelReader(), [labels: "0 0\n", "steps/7_steps.txt": "0,a long text \u{7} that is no number\n"],
      "steps/7_steps.txt:1: found 'a long text \u{fffd} that is no…' in column 2, expected a number (seconds, steps)"),
    Refusal(
      SleepAccelReader(), ["\(labels)/x": ""], "\(labels): found a folder, expected a text file"),
    Refusal(
      SleepAccelReader(), ["notes.txt": "x"],
      "ROOT: found no recordings of sleep-accel, expected a folder with labels, heart_rate, motion or activity_counts"),
  ]

  static let pmd = [
    Refusal(
      PMDReader(), [map: frame() + frame() + frame(columns: 2000)],
      "\(map):3: found 2000 columns, expected 2048 separated by blanks (a map of 64 x 32)"),
    Refusal(
      PMDReader(), [map: frame() + frame() + frame(columns: 2050)],
      "\(map):3: found 2050 columns, expected 2048 separated by blanks (a map of 64 x 32)"),
    Refusal(
      PMDReader(), [map: frame() + frame() + frame("4096")], "\(map):3: found the value 4096, expected 0 to 4095"),
    Refusal(
      PMDReader(), [map: frame() + frame() + frame("-1")], "\(map):3: found the value -1, expected 0 to 4095"),
    Refusal(
      PMDReader(), [map: frame() + frame("nan")],
      "\(map):2: found 'nan' in column 2048, expected a number (a map of 64 x 32)"),
    Refusal(
      PMDReader(), [map: frame() + frame()],
      "\(map): found 2 frames, expected more than the first 2, which are unsettled"),
    Refusal(
      PMDReader(), [matrix: String(repeating: String(repeating: "44 ", count: 27) + "\r\n", count: 63)],
      "\(matrix): found 63 rows, expected 64, head to foot"),
    Refusal(
      PMDReader(), [matrix: "44 x"], "\(matrix):1: found 'x' in column 2, expected a number (a row of a map of 64 x 27)"
    ),
    Refusal(
      PMDReader(), ["experiment-iii/S1/1.txt": ""],
      "ROOT: found no recordings of pmd, expected a folder with experiment-i or experiment-ii"),
  ]

  static let others = [
    Refusal(
      SlpdbRRReader(), [slp: "0,W,0.8\n"], "\(slp):1: found '0,W,0.8', expected the header 'epoch_start_s,stage,rr_s'"),
    Refusal(SlpdbRRReader(), [slp: slpHeader], "\(slp): found no rows, expected rows of epoch_start_s,stage,rr_s"),
    Refusal(
      SlpdbRRReader(), [slp: slpHeader + "0,5,0.8\n"],
      "\(slp):2: found the stage '5', expected W, 1, 2, 3, 4, R, MT (movement) or ? (unscored)"),
    Refusal(
      SlpdbRRReader(), [slp: slpHeader + "0,W\n"],
      "\(slp):2: found 2 columns, expected 3 separated by commas (epoch_start_s,stage,rr_s)"),
    Refusal(
      SlpdbRRReader(), [slp: slpHeader + "0,W,0.8 nan\n"],
      "\(slp):2: found 'nan' in column 3, expected a number (epoch_start_s,stage,rr_s)"),
    Refusal(
      SlpdbRRReader(), [slp: slpHeader + "0,W,0.8 -0.8\n"],
      "\(slp):2: found RR intervals of 0 s, expected positive intervals that begin within the 30 s from 0 s on"),
    Refusal(
      SlpdbRRReader(), ["x.csv": ""],
      "ROOT: found no recordings of slpdb-rr, expected a folder with slp01a.csv and the like"),
    Refusal(
      SantaFeReader(), [santaFe: "% x\n76.53 8320\n"],
      "\(santaFe):2: found 2 columns, expected 3 separated by blanks (heart rate, chest volume, blood oxygen)"),
    Refusal(
      SantaFeReader(), [santaFe: "1 2 3\n", "slp60_stages.csv": "epoch_start_s,row_start,stage\n30,61,W\n"],
      "slp60_stages.csv:2: found row 61 at 30 s, expected row 60 at 2 Hz"),
    Refusal(
      SantaFeReader(), [santaFe: "1 2 3\n", "slp60_stages.csv": "epoch_start_s,row_start,stage\n30,60,REM\n"],
      "slp60_stages.csv:2: found the stage 'REM', expected W, 1, 2, 3, 4, R, MT (movement) or ? (unscored)"),
  ]
}

@Suite("Refused text files")
struct TextRefusalTests {
  @Test(
    "What is wrong is said with the file and the line", arguments: Refusal.sleepAccel + Refusal.pmd + Refusal.others)
  func refused(_ refused: Refusal) throws {
    try withTemporaryFolder { folder in
      try write(refused.files, to: folder)
      #expect(refusal(refused.reader, in: folder) == refused.words)
    }
  }

  @Test("A missing folder, and a file where a folder belongs, are refused by every reader")
  func noFolder() throws {
    try withTemporaryFolder { folder in
      try write(["file": "x"], to: folder)
      for reader in DatasetReaders.all {
        #expect(refusal(reader, in: folder.appendingPathComponent("none")).contains("found no such folder, expected "))
        #expect(refusal(reader, in: folder.appendingPathComponent("file")).contains("found a file, expected "))
      }
    }
  }

  @Test("A file that went away after it was found is refused")
  func missingFile() throws {
    let url = URL(fileURLWithPath: "/nowhere/7_heartrate.txt")
    let source = RecordingSource(id: "7", subject: Subject("7"), files: ["heart-rate": url])
    let error = #expect(throws: ReadError.self) { try SleepAccelReader().read(source, sensors: [.heartRate]) }
    #expect(error.map(words(of:)) == "/nowhere/7_heartrate.txt: found no such file, expected a text file")
  }
}
