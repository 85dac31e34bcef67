import Metrics
import SleepCore
import Testing
import TestSupport

@Suite("Measures of a night")
struct SleepMeasuresTests {
  // Windows of one minute: unscored, 2 awake, 3 asleep, awake, unscored, REM, awake.
  private let night: [Stage?] = [nil, .wake, .wake, .n1, .n2, .n3, .wake, nil, .rem, .wake]

  @Test("A night worked by hand")
  func ordinary() {
    let measures = SleepMeasures(stages: night, windowSeconds: 60)
    #expect(measures.scoredMinutes == 8)
    #expect(measures.totalSleepMinutes == 4)
    #expect(measures.sleepEfficiency == 0.5)
    #expect(measures.sleepOnsetLatencyMinutes == 2)
    #expect(measures.wakeAfterSleepOnsetMinutes == 2)
    #expect(measures.remLatencyMinutes == 5)
    #expect(measures.fractions == [0.5, 0.125, 0.125, 0.125, 0.125])
  }

  @Test("Coarser classes of the same night give the same measures", arguments: LabelScheme.all.prefix(4))
  func schemes(scheme: LabelScheme) {
    let labels = night.map { $0.map { scheme.classIndex(ofStored: $0.rawValue) } ?? -1 }
    let measures = SleepMeasures(labels: labels, scheme: scheme, windowSeconds: 60)
    #expect(measures.totalSleepMinutes == 4)
    #expect(measures.wakeAfterSleepOnsetMinutes == 2)
    #expect(measures.sleepOnsetLatencyMinutes == 2)
    #expect(measures.remLatencyMinutes == (scheme == .wakeSleep ? nil : 5))
    #expect(measures.fractions?.count == scheme.classes.count)
    #expect(measures.fractions?.reduce(0, +) == 1)
  }

  @Test("A night without sleep, without REM, without scores")
  func degenerate() {
    let awake = SleepMeasures(stages: [.wake, .wake], windowSeconds: 30)
    #expect(awake.totalSleepMinutes == 0)
    #expect(awake.sleepEfficiency == 0)
    #expect(awake.sleepOnsetLatencyMinutes == nil)
    #expect(awake.wakeAfterSleepOnsetMinutes == nil)
    #expect(awake.remLatencyMinutes == nil)
    let light = SleepMeasures(stages: [.n1, .n2], windowSeconds: 30)
    #expect(light.remLatencyMinutes == nil)
    #expect(light.sleepOnsetLatencyMinutes == 0)
    #expect(light.wakeAfterSleepOnsetMinutes == 0)
    for stages in [[], [nil, nil]] as [[Stage?]] {
      let none = SleepMeasures(stages: stages, windowSeconds: 30)
      #expect(none.scoredMinutes == 0)
      #expect(none.sleepEfficiency == nil)
      #expect(none.fractions == nil)
    }
  }

  @Test("Errors are predicted less true over the windows scored on both sides")
  func errors() throws {
    let truth: [Int8] = [0, 0, 2, 4, -1, 0]
    let guess: [Int8] = [0, 2, 2, 4, 4, 0]
    let errors = try SleepMeasureErrors(truth: truth, predicted: guess, scheme: .fiveStages, windowSeconds: 60)
    #expect(errors.totalSleepMinutes == 1)
    #expect(errors.sleepOnsetLatencyMinutes == -1)
    #expect(errors.wakeAfterSleepOnsetMinutes == 0)
    #expect(errors.remLatencyMinutes == 1)
    expectClose([errors.sleepEfficiency ?? .nan], [0.2])
    expectClose(errors.fractions ?? [], [-0.2, 0, 0.2, 0, 0])
    let noREM = try SleepMeasureErrors(
      truth: truth, predicted: [0, 2, 2, 2, 2, 2], scheme: .fiveStages, windowSeconds: 60)
    #expect(noREM.remLatencyMinutes == nil)
    #expect(throws: MetricsError.unequalLengths(truth: 1, predicted: 0)) {
      try SleepMeasureErrors(truth: [0], predicted: [], scheme: .fiveStages, windowSeconds: 60)
    }
  }
}
