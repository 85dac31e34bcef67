import Foundation
import Metrics
import TestSupport
import Testing

@Suite("Scores agree with scikit-learn")
struct ScoreTests {
  private let fixture = Fixture("scores")

  private func labels(_ name: String) throws -> [Int8] { try fixture.integers(name).map { Int8($0) } }

  @Test("Scores of a matrix", arguments: ["ordinary", "rare", "absent", "constant", "single", "wrong"])
  func scores(kind: String) throws {
    let matrix = try ConfusionMatrix(
      classCount: 5, truth: labels("\(kind)_truth"), predicted: labels("\(kind)_predicted"))
    #expect(try matrix.rows.flatMap { $0 } == fixture.integers("\(kind)_matrix"))
    expectClose(Score.allCases.map { $0(matrix) ?? -9 }, try fixture.doubles("\(kind)_scores"))
    expectClose(
      matrix.precision + matrix.recall + matrix.f1 + matrix.support.map(Double.init),
      try fixture.doubles("\(kind)_classes"))
  }

  @Test("Curves and their areas", arguments: ["smooth", "tied", "one_level"])
  func curves(name: String) throws {
    let truth = try fixture.integers("curve_\(name)_truth").map { $0 == 1 }
    let scores = try fixture.doubles("curve_\(name)_scores")
    let roc = try #require(ROCCurve(scores: scores, truth: truth))
    #expect(roc.thresholds.first == .some(nil))
    expectClose(
      roc.falsePositiveRate + roc.truePositiveRate + roc.thresholds.compactMap { $0 },
      try fixture.doubles("curve_\(name)_roc"))
    let curve = try #require(PrecisionRecallCurve(scores: scores, truth: truth))
    expectClose(curve.precision + curve.recall + curve.thresholds, try fixture.doubles("curve_\(name)_pr"))
    expectClose([roc.area, curve.averagePrecision], try fixture.doubles("curve_\(name)_areas"))
  }

  @Test("Curves without both classes, with NaN or of unequal lengths are not defined")
  func noCurves() {
    #expect(ROCCurve(scores: [], truth: []) == nil)
    #expect(ROCCurve(scores: [1, 2], truth: [true, true]) == nil)
    #expect(ROCCurve(scores: [1, 2], truth: [false, false]) == nil)
    #expect(ROCCurve(scores: [1, .nan], truth: [true, false]) == nil)
    #expect(ROCCurve(scores: [1], truth: [true, false]) == nil)
    #expect(PrecisionRecallCurve(scores: [1], truth: [false]) == nil)
    #expect(PrecisionRecallCurve(scores: [1, 2], truth: [true, true])?.averagePrecision == 1)
  }

  @Test("Unscored windows are left out, and matrices add up")
  func unscored() throws {
    let one = try ConfusionMatrix(classCount: 2, truth: [0, 1, -1, 1], predicted: [0, 0, 1, -1])
    #expect(one.rows == [[1, 0], [1, 0]])
    #expect((one + one).rows == [[2, 0], [2, 0]])
    #expect(one[1, 0] == 1)
    #expect(one.rowPercent == [[100, 0], [100, 0]])
  }

  @Test("Without windows no score is defined")
  func empty() {
    let matrix = ConfusionMatrix(classCount: 3)
    for score in Score.allCases { #expect(score(matrix) == nil, "\(score)") }
    #expect(matrix.rowPercent == [nil, nil, nil])
    #expect(matrix.precision == [0, 0, 0])
  }

  @Test("Labels that do not fit are refused")
  func refused() {
    func refusal(_ truth: [Int8], _ predicted: [Int8]) -> String {
      do { return "\(try ConfusionMatrix(classCount: 3, truth: truth, predicted: predicted))" } catch {
        return words(of: error)
      }
    }
    #expect(refusal([0, 1], [0]) == "found 1 predictions for 2 labels, expected one a label")
    #expect(refusal([0, 3], [0, 1]) == "found label 3 at window 1, expected -1 (unscored) or 0 to 2")
    #expect(refusal([0], [-2]) == "found label -2 at window 0, expected -1 (unscored) or 0 to 2")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ConfusionMatrix.self, from: Data("[[1, 2]]".utf8))
    }
  }
}
