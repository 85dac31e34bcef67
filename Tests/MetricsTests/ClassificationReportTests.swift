import Foundation
import Metrics
import SleepCore
import TestSupport
import Testing

@Suite("The report of an evaluation")
struct ClassificationReportTests {
  private func night(_ id: String, _ truth: [Int8], _ predicted: [Int8]) -> ScoredRecording {
    ScoredRecording(recording: "\(id)-1", subject: Subject(id), truth: truth, predicted: predicted)
  }

  private func report(_ recordings: [ScoredRecording], scheme: LabelScheme = .wakeNREMREM) throws
    -> ClassificationReport
  {
    try ClassificationReport(scheme: scheme, windowSeconds: 60, recordings: recordings, draws: 200, seed: 1)
  }

  private var two: [ScoredRecording] {
    [
      night("b", [0, 1, 1, 2, -1, 0], [0, 1, 1, 1, 1, 0]),
      night("a", [0, 1, 1, 1], [0, 1, 1, 1]),
    ]
  }

  @Test("Pooled and by subject")
  func values() throws {
    let report = try report(two)
    #expect(report.confusion.rows == [[3, 0, 0], [0, 5, 0], [0, 1, 0]])
    #expect(report.subjects.map(\.subject.id) == ["a", "b"])
    #expect(report.subjects[0].scores[.accuracy] == 1)
    expectClose([report.pooled[.accuracy]?.value ?? 0], [8.0 / 9])
    expectClose([report.subjectMeans[.accuracy]?.value ?? 0], [0.9])
    #expect(report.subjectMeans[.accuracy]?.interval == Interval(lower: 0.8, upper: 1))
    #expect(report.pooled[.accuracy]?.interval == Interval(lower: 0.8, upper: 1))
    #expect(report.nights.map(\.recording) == ["b-1", "a-1"])
    #expect(report.nights.map(\.accuracy) == [0.8, 1])
    expectClose(report.nights.map { $0.kappa ?? 0 }, [2.0 / 3, 1])
    #expect(report.nightScores[.accuracy]?.nights == 2 && report.nightScores.count == 2)
    // Two nights: the deviation is the difference over the root of 2.
    expectClose([report.nightScores[.accuracy]?.mean ?? 0], [0.9])
    expectClose([report.nightScores[.accuracy]?.deviation ?? 0], [0.2 / 2.0.squareRoot()])
    expectClose([report.nightScores[.kappa]?.deviation ?? 0], [1.0 / 3 / 2.0.squareRoot()])
    #expect(report.sleepErrors[.remLatency]?.nights == 0)
    #expect(report.sleepErrors[.totalSleep]?.bias.value == 0)
  }

  @Test("The tables of two subjects")
  func tables() throws {
    #expect(
      try report(two).text == """
        w-nrem-rem: 9 scored windows of 2 subjects

        score              pooled   95 % interval  mean of subjects   95 % interval
        accuracy            0.889  0.800 to 1.000             0.900  0.800 to 1.000
        balanced accuracy   0.667  0.667 to 1.000             0.833  0.667 to 1.000
        macro-F1            0.636  0.600 to 1.000             0.800  0.600 to 1.000
        micro-F1            0.889  0.800 to 1.000             0.900  0.800 to 1.000
        weighted F1         0.838  0.720 to 1.000             0.860  0.720 to 1.000
        kappa               0.786  0.667 to 1.000             0.833  0.667 to 1.000
        MCC                 0.811  0.722 to 1.000             0.861  0.722 to 1.000
        micro-F1 is the accuracy: each window has one label and one prediction

        class  windows  precision  recall     F1
        W            3      1.000   1.000  1.000
        NREM         5      0.833   1.000  0.909
        REM          1      0.000   0.000  0.000

        confusion, rows true, columns predicted, windows
              W  NREM  REM
        W     3     0    0
        NREM  0     5    0
        REM   0     1    0

        confusion, per cent of each true class
                  W   NREM  REM
        W     100.0    0.0  0.0
        NREM    0.0  100.0  0.0
        REM     0.0  100.0  0.0

        subject  windows  accuracy  balanced accuracy  macro-F1  kappa    MCC
        a              4     1.000              1.000     1.000  1.000  1.000
        b              5     0.800              0.667     0.600  0.667  0.722

        score     pooled  nights  mean of nights  deviation
        accuracy   0.889       2           0.900      0.141
        kappa      0.786       2           0.833      0.236

        predicted less true        nights   mean   95 % interval  mean size
        total sleep (min)               2    0.0      0.0 to 0.0        0.0
        sleep efficiency                2  0.000  0.000 to 0.000      0.000
        sleep onset latency (min)       2    0.0      0.0 to 0.0        0.0
        wake after onset (min)          2    0.0      0.0 to 0.0        0.0
        REM latency (min)               0      -               -          -

        """)
  }

  @Test(
    "Each measure of the night draws from a source of its own, so that a new one does not move the others' intervals")
  func ownSources() throws {
    let report = try report(
      (0..<6).map { person in
        night("\(person)", [0, 1, 1, 1, 1, 1, 1, 0], (0..<8).map { $0 > 0 && $0 <= person ? 1 : 0 })
      })
    let shares = (0..<6).map { (Double($0) - 6) / 8 }
    var random = RandomSource(seed: 1, for: "bootstrap sleep_efficiency")
    let expected = Interval.bootstrap(count: 6, draws: 200, using: &random) { [mean($0.map { shares[$0] })] }[0]
    #expect(expected != nil && report.sleepErrors[.sleepEfficiency]?.bias.interval == expected)
  }

  @Test("JSON is in snake case and reads back equal")
  func json() throws {
    let report = try report(two)
    let data = try report.json()
    let text = String(decoding: data, as: UTF8.self)
    for key in [
      "\"night_scores\"", "\"deviation\"", "\"macro_f1\"", "\"subject_means\"", "\"sleep_efficiency\"",
      "\"mean_absolute_error\"", "\"f1\"",
    ] {
      #expect(text.contains(key), "\(key)")
    }
    #expect(try ClassificationReport(json: data) == report)
    #expect(throws: DecodingError.self) { try ClassificationReport(json: Data("{}".utf8)) }
  }

  @Test("No subject, one subject, one class, nothing scored: no interval, and never NaN")
  func degenerate() throws {
    let cases: [[ScoredRecording]] = [
      [], [night("a", [], [])], [night("a", [-1, -1], [0, 1])], [night("a", [1, 1], [1, 1])],
      [night("a", [1, 1], [1, 1]), night("b", [1], [1]), night("c", [], [])], [night("a", [0, 0], [0, 0])],
    ]
    for scheme in [LabelScheme.wakeNREMREM, .postures3] {
      for recordings in cases {
        let report = try report(recordings, scheme: scheme)
        #expect(!report.text.lowercased().contains("nan"))
        #expect(!report.text.contains("inf"))
        #expect(try ClassificationReport(json: report.json()) == report)
        if recordings.count < 2 { #expect(report.pooled[.accuracy]?.interval == nil) }
      }
    }
    let constant = try report([night("a", [1, 1], [1, 1])])
    #expect(constant.pooled[.kappa]?.value == nil)
    #expect(constant.text.contains("kappa                   -"))
    #expect(constant.text.contains("REM          0          -       -      -"))
    #expect(constant.text.contains("REM     -      -    -"))
    #expect(try report([], scheme: .postures17).sleepErrors.isEmpty)
    // A night of one stage has no kappa, and one night no deviation.
    #expect(constant.nightScores[.kappa]?.nights == 0 && constant.nightScores[.kappa]?.mean == nil)
    #expect(constant.nightScores[.accuracy]?.mean == 1 && constant.nightScores[.accuracy]?.deviation == nil)
    #expect(try report(two, scheme: .postures3).nightScores.isEmpty)
  }

  @Test("Labels that do not fit are refused")
  func refused() {
    #expect(throws: MetricsError.labelOutOfRange(label: 3, index: 0, classes: 3)) { try report([night("a", [3], [0])]) }
    #expect(throws: MetricsError.unequalLengths(truth: 1, predicted: 0)) { try report([night("a", [0], [])]) }
  }

  @Test("A subject's recordings are drawn together: nights that make up for each other leave no doubt")
  func severalNights() throws {
    let truth: [Int8] = [1, 1, 0, 0]
    func night(_ id: String, of subject: String, _ predicted: [Int8]) -> ScoredRecording {
      ScoredRecording(recording: id, subject: Subject(subject), truth: truth, predicted: predicted)
    }
    // Three windows right and one, with a minute of sleep too many and one too few; the other subject has two right.
    let report = try report([
      night("a-1", of: "a", [1, 1, 1, 0]), night("a-2", of: "a", [0, 0, 0, 1]), night("b-1", of: "b", [1, 0, 1, 0]),
    ])
    #expect(report.pooled[.accuracy] == Estimate(value: 0.5, interval: Interval(lower: 0.5, upper: 0.5)))
    #expect(report.sleepErrors[.totalSleep]?.bias == Estimate(value: 0, interval: Interval(lower: 0, upper: 0)))
  }
}
