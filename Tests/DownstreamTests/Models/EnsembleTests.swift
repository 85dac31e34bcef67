import Downstream
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Ensembles")
struct EnsembleTests {
  private func batch() throws -> DeviceBatch {
    let input = try Formula.uniform("ensemble", [2, 5, 1, 16])
    return try Reference.batch(
      [.heartRate: input], labels: "labels", classes: 3, shape: [2, 5],
      valid: [true, true, true, true, true, true, true, true, false, false])
  }

  @Test("The softmax of an ensemble's scores is the mean of its members' probabilities")
  func mean() throws {
    let members = try (0..<3).map { seed in
      try ToyNights.recogniser(ParameterStore(seed: UInt64(seed)), head: ToyNights.head("bigru"))
    }
    let batch = try batch()
    let parts = try members.map { try $0.scores(batch, .inference).softmax(2).values(Float.self) }
    let expected = parts[0].indices.map { index in parts.reduce(0) { $0 + $1[index] } / 3 }
    let ensemble = Ensemble(members)
    expectClose(try ensemble.scores(batch, .inference).softmax(2).values(Float.self), expected, absolute: 1e-6)
    #expect(ensemble.inputs == members[0].inputs && ensemble.classes == 3 && ensemble.chain == nil)
  }

  @Test("A member with a chain gives its marginals")
  func chains() throws {
    let member = try ToyNights.recogniser(ParameterStore(seed: 3), head: ToyNights.head("linear", crf: true))
    let batch = try batch()
    let chain = try #require(member.chain)
    let marginals = try chain.marginals(member.scores(batch, .inference), lengths: [5, 3])
    let probabilities = try Ensemble([member]).scores(batch, .inference).softmax(2).values(Float.self)
    // Two padded windows at the end have none.
    expectClose(Array(probabilities.prefix(24)), marginals.prefix(24).map { Float($0) }, absolute: 1e-5)
  }
}
