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
    try Recipe.parse(Self.head + "comparison:\n  arms:\n" + arms + more, path: "r.yaml")
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

  private static let keys =
    "model, model_options, sensors, missing, trained_on, encoder, context, pretraining, head, finetuning, "
    + "transductive, shortcuts"

  /// What stands below `arms`, from the sixth line, what stands behind it, and what is said of it.
  private static let wrong: [(arms: String, more: String, words: String)] = [
    (
      "- scratch\n- {name: a/b, protocol: scratch}", "",
      "7:12: arm 2 ('a/b'): 'name' is 'a/b', expected letters, digits, spaces and . , + = ( ) -: it names files"
    ),
    (
      "- {name: a, protocol: frozen, weights: none}", "",
      "6:42: arm 1 ('a'): 'weights' is none, expected pretrained, {run: RUN} or {file: FILE}"
    ),
    ("- {name: a}\n- {name: a}", "", "7:5: arm 2 ('a') is named 'a' as arm 1 is, expected a name for each arm"),
    ("- scratch\n- scratch", "", "7:5: arm 2 is named 'scratch' as arm 1 is, expected a name for each arm"),
    ("- {protocol: frozen}", "", "6:5: arm 1: missing key 'name'"),
    ("- scratch\n- [scratch]", "", "7:5: arm 2 is a list, expected a mapping"),
    (
      "- {name: a, protocl: frozen}", "",
      "6:15: arm 1 ('a'): unknown key 'protocl'. Did you mean 'protocol'? Known keys here: name, \(keys), weights, protocol, search"
    ),
    (
      "- scratch\n- {name: a, protocol: frosen}", "",
      "7:25: arm 2 ('a'): 'protocol' is 'frosen', not one of: scratch, frozen, fine-tuned, random-frozen. "
        + "Did you mean 'frozen'?"
    ),
    (
      "- {name: a, weights: imagenet}", "",
      "6:24: arm 1 ('a'): 'weights' is 'imagenet', expected none, pretrained, {run: RUN} or {file: FILE}"
    ),
    (
      "- scratch\n- {name: a, head: {kind: bigru, hiden: 8}}", "",
      "7:35: arm 2 ('a'): unknown key 'hiden'. Did you mean 'hidden'? Known keys here: kind, hidden, layers, dropout, crf, clock, profile, "
        + "encoder_layers"
    ),
    (
      "- scratch\n- {name: a, head: {kind: bigru, hidden: 0}}", "",
      "7:43: arm 2 ('a'): 'hidden' is 0, expected a whole number from 1 to 65536"
    ),
    // What the arm does not go together with is the recipe's own.
    (
      "- scratch\n- {name: a, head: {crf: true}}", "finetuning: {sequence: 4, class_weights: balanced}\n",
      "7:27: arm 2 ('a'): 'finetuning.class_weights' is balanced with 'head.crf', expected none: the chain's "
        + "likelihood has no class weights"
    ),
    (
      "- scratch\n- {name: a, finetuning: {sequence: 4}}", "finetuning: {sequence: 8, stride: 6}\n",
      "7:38: arm 2 ('a'): 'stride' is 6, expected at most the sequence, 4"
    ),
  ]

  @Test("What is no arm is refused in words that say which arm, at its place", arguments: wrong.indices)
  func refused(index: Int) throws {
    let (arms, more, expected) = Self.wrong[index]
    let lines = arms.split(separator: "\n").map { "  \($0)\n" }.joined()
    let error = try #require(throws: YAMLError.self) { _ = try parse(lines, more) }
    #expect(TestSupport.words(of: error) == "r.yaml:" + expected)
  }

  @Test("A published system that does not go with the recipe is refused where it is named")
  func unfit() throws {
    let text = """
      sensors: [heart-rate]
      pretraining: {sensors: [heart-rate]}
      comparison:
        arms:
          - scratch
          - sleepvst
      """
    let error = try #require(throws: YAMLError.self) { _ = try Recipe.parse(text, path: "r.yaml") }
    #expect(
      TestSupport.words(of: error)
        == "r.yaml:6:7: arm 2 ('sleepvst'): 'pretraining.sensors' is [heart-rate], expected ecg, respiration among "
        + "them: the recipe's own sensors, and any others")
  }

  @Test("An arm that an option makes wrong is told by the option")
  func overridden() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("r.yaml")
      try Data((Self.head + "comparison:\n  arms: [scratch, {name: a, head: {kind: bigru}}]\n").utf8).write(to: url)
      let option = "comparison.arms.1.head.hidden=0"
      let error = try #require(throws: YAMLError.self) { _ = try Recipe.load(url, overrides: [option]) }
      #expect(
        TestSupport.words(of: error)
          == "--set \(option): arm 2 ('a'): 'hidden' is 0, expected a whole number from 1 to 65536")
    }
  }

  @Test("A published system brings its sensors and training, but for what the recipe says itself")
  func published() throws {
    let recipe = try Recipe.parse("labels: w-light-deep-rem\nmodel: sleepvst\nfinetuning: {batch: 8}\n", path: "r.yaml")
    #expect(recipe.sensors == [.ecg, .respiration])
    #expect(recipe.finetuning.batch == 8 && recipe.finetuning.sequence == 240 && recipe.finetuning.patience == 3)
  }
}
