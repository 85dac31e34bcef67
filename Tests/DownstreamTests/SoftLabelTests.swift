import Downstream
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Labels that are spread over angles")
struct SoftLabelTests {
  @Test("A class's share falls by e for each spread of 30 degrees, and classes that no angle orders get none")
  func shares() throws {
    let labels = try #require(SoftLabels(.postures17, spread: 0.5))
    let scheme = LabelScheme.postures17
    func share(_ own: Posture, _ other: Posture) -> Double {
      labels.shares[Int(scheme.classIndex(ofStored: own.rawValue))][Int(scheme.classIndex(ofStored: other.rawValue))]
    }
    for row in labels.shares { expectClose([row.reduce(0, +)], [1], relative: 1e-12) }
    // Beds at 30, 45 and 60 degrees, and supine at 0: by hand.
    let sum = 1 + exp(-1.0) + exp(-2.0) + exp(-4.0)
    expectClose(
      [.supineBed60, .supineBed45, .supineBed30, .supine].map { share(.supineBed60, $0) },
      [1, exp(-1), exp(-2), exp(-4)].map { $0 / sum }, relative: 1e-12)
    #expect(share(.supineBed60, .right60) == 0 && share(.right, .rightFetal) == 0)
    #expect(share(.rightFetal, .rightFetal) == 1 && share(.supine11, .supine11) == 1)
    expectClose([share(.left, .left60) / share(.left, .left)], [exp(-2)], relative: 1e-12)
    expectClose([share(.left30, .right30) / share(.left30, .left30)], [exp(-4)], relative: 1e-12)
    #expect(SoftLabels(.fiveStages, spread: 0.5) == nil && SoftLabels(.postures3, spread: 0.5) == nil)
  }

  /// A model that gives the same scores whatever it sees.
  private struct Fixed: RecognitionModel {
    let inputs: [WindowContract] = []
    let classes = 17
    let values: Tensor
    func scores(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor { values }
  }

  @Test(
    "The loss is the mean cross-entropy with the spread labels, by class weights where there are any",
    arguments: [false, true])
  func loss(weighted: Bool) throws {
    let soft = try #require(SoftLabels(.postures17, spread: 0.7))
    let scores = try Tensor.normal([4, 1, 17], generator: Generator(seed: 2))
    let labels: [Int8] = [16, -1, 3, 7]
    let weights = (0..<17).map { Float($0 + 1) }
    let batch = DeviceBatch(inputs: [:], labels: labels, length: 1)
    let found = try Fixed(values: scores).loss(
      of: scores, batch, classWeights: weighted ? Tensor(weights) : nil, labelSmoothing: 0, softLabels: soft
    ).item()
    let values = try scores.values(Float.self).map(Double.init)
    var (sum, count) = (0.0, 0.0)
    for (window, label) in labels.enumerated() where label >= 0 {
      let own = Array(values[(window * 17)..<(window * 17 + 17)])
      let total = log(own.map { exp($0) }.reduce(0, +))
      let weight = weighted ? Double(weights[Int(label)]) : 1
      sum += weight * zip(soft.shares[Int(label)], own).reduce(0) { $0 - $1.0 * ($1.1 - total) }
      count += weight
    }
    expectClose([found], [sum / count], relative: 1e-5)
  }

  @Test("Nearly no spread is the plain cross-entropy")
  func limit() throws {
    let soft = try #require(SoftLabels(.postures17, spread: 0.001))
    let scores = try Tensor.normal([3, 1, 17], generator: Generator(seed: 2))
    let batch = DeviceBatch(inputs: [:], labels: [16, -1, 3], length: 1)
    let model = Fixed(values: scores)
    expectClose(
      [try model.loss(of: scores, batch, classWeights: nil, labelSmoothing: 0, softLabels: soft).item()],
      [try model.loss(of: scores, batch, classWeights: nil, labelSmoothing: 0).item()], relative: 1e-5)
  }

  @Test("Smoothing and spreading a label are refused together")
  func refusal() {
    var recipe = FineTuningRecipe()
    (recipe.ordinal, recipe.labelSmoothing) = (0.5, 0.1)
    #expect(
      recipe.misfit?.description
        == "'ordinal' is 0.5 with 'label_smoothing' of 0.1, expected one of both: each spreads the label")
  }
}
