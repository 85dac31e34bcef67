import Metrics
import TestSupport
import Testing

@Suite("Mean curves")
struct MeanCurveTests {
  @Test("The vertical average of a perfect ranking and of chance lies half-way, and its area is the mean of theirs")
  func roc() throws {
    let perfect = try #require(ROCCurve(scores: [4, 3, 2, 1], truth: [true, true, false, false]))
    let chance = try #require(ROCCurve(scores: [1, 1, 1, 1], truth: [true, false, true, false]))
    let mean = try #require(MeanCurve([perfect, chance]))
    #expect(mean.area == 0.75)
    #expect(mean.x.count == 201 && mean.x.first == 0 && mean.x.last == 1)
    expectClose(mean.y, mean.x.map { (1 + $0) / 2 }, absolute: 1e-12)
    #expect(MeanCurve([ROCCurve]()) == nil)
  }

  @Test("The mean ROC curve of one is itself, on straight lines")
  func single() throws {
    // From (0, 0) up to (0, 0.5), on to (0.5, 0.5), (0.5, 1), (1, 1).
    let curve = try #require(ROCCurve(scores: [4, 3, 2, 1], truth: [true, false, true, false]))
    let mean = try #require(MeanCurve([curve]))
    #expect(mean.area == 0.75)
    expectClose(mean.y, mean.x.map { $0 < 0.5 ? 0.5 : 1 }, absolute: 1e-12)
  }

  @Test("Precision at a recall is that of the highest threshold that reaches it")
  func precisionRecall() throws {
    // Thresholds from the top: recall 0.5 at precision 1, 0.5 at 1/2, 1 at 2/3.
    let curve = try #require(PrecisionRecallCurve(scores: [4, 3, 2, 1], truth: [true, false, true, false]))
    let mean = try #require(MeanCurve([curve]))
    expectClose([mean.area], [0.5 + 0.5 * 2 / 3], absolute: 1e-12)
    expectClose(mean.y, mean.x.map { $0 <= 0.5 ? 1 : 2.0 / 3 }, absolute: 1e-12)
    // The mean height is the average precision.
    expectClose([mean.y.reduce(0, +) / 201], [mean.area], absolute: 2e-3)
  }
}
