import Downstream
import Encoders
import Experiments
import Foundation
import SleepCore
import TestSupport
import Testing
import YAML

@Suite("Arms")
struct ArmTests {
  private static let head = "sensors: [heart-rate]\nlabels: w-nrem-rem\npretraining: {tasks: [{task: views}]}\n"

  private func parse(_ arms: String, _ more: String = "") throws -> Recipe {
    try Recipe.parse(Self.head + more + "comparison:\n  arms:\n" + arms, path: "r.yaml")
  }

  @Test("A block has its own parts over the recipe's, and reads back as it was written")
  func blocks() throws {
    let recipe = try parse(
      """
          - scratch
          - {name: rotation frozen, protocol: frozen, pretraining: {tasks: [{task: rotation}], epochs: 3}}
          - {name: gru, head: {kind: bigru, hidden: 8}}
          - {name: from a run, weights: {run: runs/x}}

      """, "head: {kind: bilstm, hidden: 5}\n")
    let arms = recipe.comparison.arms
    #expect(arms.map(\.name) == ["scratch", "rotation frozen", "gru", "from a run"])
    #expect(arms.map(\.transfer) == [.scratch, .frozen, .scratch, .fineTuned])
    #expect(arms.map(\.weights) == [.none, .pretrained, .none, .run("runs/x")])
    #expect(try Recipe.parse(recipe.text(), path: "again") == recipe)
  }

  @Test(
    "What is no arm is refused in words, at its place",
    arguments: [
      ("    - {name: a/b, protocol: scratch}", "letters, digits, spaces and . , + = ( ) -: it names files"),
      ("    - {name: a, protocol: frozen, weights: none}", "pretrained, {run: RUN} or {file: FILE}"),
      ("    - {name: a}\n    - {name: a}", "a name for each arm"),
      ("    - {name: a, head: {kind: bigru, hiden: 8}}", "unknown key 'hiden'"),
      ("    - {name: a, protocl: frozen}", "unknown key 'protocl'"),
    ])
  func refused(arms: String, words: String) throws {
    let error = try #require(throws: YAMLError.self) { _ = try parse(arms + "\n") }
    let told = TestSupport.words(of: error)
    #expect(told.contains(words) && told.hasPrefix("r.yaml:"), "\(told)")
  }

  @Test("A published system brings its sensors and training, but for what the recipe says itself")
  func published() throws {
    let recipe = try Recipe.parse("labels: w-light-deep-rem\nmodel: sleepvst\nfinetuning: {batch: 8}\n", path: "r.yaml")
    #expect(recipe.sensors == [.ecg, .respiration])
    #expect(recipe.finetuning.batch == 8 && recipe.finetuning.sequence == 240 && recipe.finetuning.patience == 3)
  }
}
