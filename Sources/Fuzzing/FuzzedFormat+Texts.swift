import Foundation
import Readers
import SleepCore
import Synthesis

extension FuzzedFormat {
  /// Label files of every format beside a night of EDF.
  static func labels() throws -> [FuzzedFormat] {
    let words = [
      "W", "N1", "REM", "4", "Sleep stage 3", "MT", "stage", "onset", "duration", "2000-01-01 22:00:00", "23:59:59",
      "nan", ";", "\t", "\"",
      "Stages|Stages", "<SleepStage>", "</SleepStages>", "&amp;", "<![CDATA[", "<!DOCTYPE a [<!ENTITY b \"c\">]>",
      "&b;", "\u{feff}", "e:5:30:15", "+1e300", "...", "10:00:00 PM", "31/12/9999 23:59:59", "[", "{\"a\":", "null",
      "EPOCH=1",
    ]
    let rows = (0..<8).map { (onset: $0 * 30, stage: ["W", "N1", "N2", "REM"][$0 / 2]) }
    let nsrr = """
      <?xml version="1.0" encoding="UTF-8"?>
      <PSGAnnotation><EpochLength>30</EpochLength><ScoredEvents>
      <ScoredEvent><EventConcept>Recording Start Time</EventConcept><ClockTime>00.00.00 22.00.00</ClockTime></ScoredEvent>
      \(rows.map { "<ScoredEvent a=\"b\"><EventType>Stages|Stages</EventType><EventConcept>\($0.stage)|1</EventConcept><Start>\($0.onset)</Start><Duration>30.0</Duration></ScoredEvent>" }.joined(separator: "\n"))
      </ScoredEvents></PSGAnnotation>
      """
    let profusion =
      "<CMPStudyConfig><EpochLength>30</EpochLength><SleepStages>"
      + "01223355".map { "<SleepStage>\($0)</SleepStage>" }.joined() + "</SleepStages></CMPStudyConfig>"
    let texts: [(file: String, text: String, rules: LabelRules)] = [
      ("n1.csv", "onset,duration,stage\n" + rows.map { "\($0.onset),30,\($0.stage)\n" }.joined(), LabelRules()),
      ("n1.tsv", rows.map { "\($0.onset)\t30\t\($0.stage)\n" }.joined(), LabelRules()),
      (
        "n1_events.tsv", "onset\tduration\ttrial_type\n" + rows.map { "\($0.onset)\t30\t\($0.stage)\n" }.joined(),
        LabelRules()
      ),
      (
        "n1_stages.csv",
        "time;stage\n" + rows.map { "22:0\($0.onset / 60):\($0.onset % 60 == 0 ? "00" : "30");\($0.stage)\n" }.joined(),
        LabelRules(files: "{name}_stages.csv", start: .clock)
      ),
      ("n1.txt", "stage\n" + rows.map { "\($0.stage)\n" }.joined(), LabelRules()),
      (
        "n1_staging.txt",
        "RemLogic Event Export\n\nSleep Stage\tTime [hh:mm:ss]\tEvent\tDuration[s]\n"
          + rows.map { "W\t22:0\($0.onset / 60):\($0.onset % 60 == 0 ? "00" : "30")\tSLEEP-\($0.stage)\t30\n" }.joined(),
        LabelRules(files: "{name}_staging.txt")
      ),
      (
        "n1.all.txt",
        "21:59:58.00\tSTART RECORDING\n"
          + rows.map { "22:0\($0.onset / 60):\($0.onset % 60 == 0 ? "00" : "30").00\tSTAGE - \($0.stage)\n" }.joined()
          + "22:04:00.00\tDUR: 12 SEC. - SNORE\n22:05:00.00\tLIGHTS ON\n",
        LabelRules(
          files: "{name}.all.txt",
          endings: [
            ".all.txt": LabelRules(
              format: .tsv, onset: "1", stage: "2", start: .clock, vocabulary: ["*LIGHTS*": .unscored, "*": .wake],
              only: "STAGE - *", untilNext: true)
          ])
      ),
      (
        "n1_profile.txt",
        "Signal ID: SchlafProfil\nRate: 30 s\n\n"
          + rows.map { "22:0\($0.onset / 60):\($0.onset % 60 == 0 ? "00" : "30"),000; \($0.stage)\n" }.joined(),
        LabelRules(files: "{name}_profile.txt")
      ),
      (
        "n1.annot",
        "# N1\nclass\tinstance\tchannel\tstart\tstop\tmeta\n"
          + rows.map { "\($0.stage)\t.\t.\t0+00:0\($0.onset / 60):\($0.onset % 60)\t...\t.\n" }.joined(),
        LabelRules()
      ),
      (
        "n1_stages.json",
        "["
          + rows.map { "{\"onset\": \($0.onset), \"duration\": 30, \"stage\": \"\($0.stage)\"}" }.joined(
            separator: ", ")
          + "]", LabelRules()
      ),
      ("n1_nsrr.xml", nsrr, LabelRules()),
      ("n1_profusion.xml", profusion, LabelRules()),
    ]
    let night = Array(night(.edf).encode(samples(8)))
    return texts.map { file, text, rules in
      FuzzedFormat("labels-\(file)", ["n1.edf": night, file: Array(text.utf8)], damaged: [file], words: words) {
        try readAll(FolderReader.edf, in: $0, labels: rules)
      }
    }
  }

  /// The text files of published data sets.
  static func texts() throws -> [FuzzedFormat] {
    let times = (0..<40).map { "\($0 * 5),\(60 + $0 % 7).\($0)\r\n" }.joined()
    let motion = (0..<40).map { "\(Double($0) / 50) 0.\($0) -0.1 1e-1\n" }.joined()
    let stages = (0..<8).map { "\($0 * 30) \($0 % 7 - 1)\n" }.joined()
    let words = ["\r", ",,", "\u{feff}", "epoch_start_s,stage,rr_s", "W", "?", "nan", "%", "\t", "1e300", "-1e300"]
    return [
      FuzzedFormat(
        "sleep-accel",
        [
          "labels/7_labeled_sleep.txt": Array(stages.utf8), "heart_rate/7_heartrate.txt": Array(times.utf8),
          "motion/7_acceleration.txt": Array(motion.utf8), "steps/7_steps.txt": Array(times.utf8),
          "activity_counts/7_activity_counts.csv": [0xff, 0xfe]
            + times.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
        ], words: words
      ) { try readAll(SleepAccelReader(), in: $0) },
      FuzzedFormat(
        "slpdb-rr", ["slp01a.csv": Array("epoch_start_s,stage,rr_s\n0,W,0.8 0.9 1\n30,2,1 1\n60,R,1.1\n".utf8)],
        words: words
      ) { try readAll(SlpdbRRReader(), in: $0) },
      FuzzedFormat(
        "santafe-b",
        [
          "SFI-heartRate_breathVol_bloodOx.txt": Array(
            ("% a comment\n" + (0..<300).map { "\(60 + $0 % 9) \($0 * 7) 90\n" }.joined()).utf8),
          "slp60_stages.csv": Array("epoch_start_s,row_start,stage\n0,0,W\n30,60,2\n60,120,R\n".utf8),
        ], words: words
      ) { try readAll(SantaFeReader(), in: $0) },
      FuzzedFormat(
        "pmd",
        [
          "experiment-i/S1/1.txt": Array(
            (0..<4).map { _ in String(repeating: "44 ", count: 2048) + "\n" }.joined().utf8),
          "experiment-ii/S1/Air_Mat/Matrix_Air_B1.txt": Array(
            String(repeating: String(repeating: "44 ", count: 27) + "\r\n", count: 64).utf8),
        ], words: words
      ) { try readAll(PMDReader(), in: $0) },
    ]
  }
}
