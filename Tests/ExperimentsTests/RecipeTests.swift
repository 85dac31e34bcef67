import Downstream
import Experiments
import Foundation
import SleepCore
import TestSupport
import Testing

@Suite("Recipes")
struct RecipeTests {
  private static let head = "sensors: [heart-rate]\n"

  @Test(
    "What cannot be carried out is refused in words",
    arguments: [
      (
        "labels: five-stages",
        "r.yaml: 'sensors' is missing, expected a list of \(Sensor.allCases.map(\.rawValue).joined(separator: ", "))"
      ),
      ("sensors: [psg, psg]", "r.yaml: 'sensors' names one twice, expected each sensor once"),
      (
        head + "labels: w-rem",
        ": 'labels' is 'w-rem', expected one of wake-sleep, w-nrem-rem, w-light-deep-rem, five-stages, postures-17, postures-3"
      ),
      (
        head + "finetuning: {batch: 0}",
        "r.yaml: 'batch' is too small, expected at least 1 in finetuning, 2 in pretraining"
      ),
      (head + "finetuning: {epochs: 0}", "r.yaml: 'finetuning.epochs' is 0, expected at least 1"),
      (
        head + "finetuning: {sequence: 4, stride: 5}",
        "r.yaml: 'finetuning.stride' is 5, expected at most the sequence, 4"
      ),
      (
        head + "head: {crf: true}",
        "r.yaml: 'head.crf' with 'finetuning.sequence' of 1, expected a sequence of at least 2 windows for the chain"
      ),
      (head + "finetuning: {balance_to: -1}", "r.yaml: 'finetuning.balance_to' is -1, expected windows a class, or 0"),
      (
        head + "finetuning: {balance_to: 5, sequence: 3}",
        "r.yaml: 'finetuning.balance_to' with 'finetuning.sequence' of 3, expected single windows, whose class can be drawn; "
          + "'class_weights: balanced' does it for sequences"
      ),
      (
        head + "finetuning: {balance: classes, sequence: 3}",
        "r.yaml: 'finetuning.balance' with 'finetuning.sequence' of 3, expected single windows, whose class can be drawn; "
          + "'class_weights: balanced' does it for sequences"
      ),
      (
        head + "finetuning: {synthetic: smote}",
        "r.yaml: 'finetuning.synthetic' without 'finetuning.balance_to', expected how many windows of each class there shall be"
      ),
      (head + "finetuning: {ensemble: 0}", "r.yaml: 'finetuning.ensemble' is 0, expected at least 1 model"),
      (head + "head: {dropout: 1}", "r.yaml: 'head.dropout' is 1.0, expected a share in 0..<1"),
      (
        head + "split: {kind: listed}", "r.yaml: 'split.file' is missing, expected a text file of the test subjects"
      ),
      (
        head + "pretraining: {optimization: {schedule: plateau}}",
        "r.yaml: 'pretraining.optimization.schedule' is plateau, expected another: pretraining has no validation loss"
      ),
      (
        head + "finetuning: {optimization: {plateau: {factor: 2}}}",
        "r.yaml: 'finetuning.optimization.plateau' has the factor 2.0 and the patience 10, expected a factor in 0..<1 and a patience of at least 0"
      ),
      (
        head + "comparison: {arms: [scratch, sleepvts]}",
        "r.yaml:2:30: 'arms.1' is 'sleepvts', not one of: \(Arm.allCases.map(\.rawValue).joined(separator: ", ")). Did you mean 'sleepvst'?"
      ),
      (
        head + "comparison: {budgets: [half]}",
        "r.yaml: the budget 'half', expected 'all', '4 subjects', '10 % of windows' or '30 min a subject'"
      ),
      (
        head + "comparison: {budgets: [1.5 subjects]}",
        "r.yaml: the budget '1.5 subjects', expected 'all', '4 subjects', '10 % of windows' or '30 min a subject'"
      ),
    ])
  func refusals(text: String, expected: String) throws {
    let error = try #require(throws: (any Error).self) { _ = try Recipe.parse(text, path: "r.yaml") }
    #expect(words(of: error) == expected)
  }

  @Test("An unknown key is named with its place and the nearest one")
  func unknownKeys() throws {
    let first = try #require(throws: (any Error).self) {
      _ = try Recipe.parse(Self.head + "finetuning:\n  epoch: 3\n", path: "r.yaml")
    }
    #expect(words(of: first).hasPrefix("r.yaml:3:3: unknown key 'epoch'. Did you mean 'epochs'? Known keys here: "))
    let second = try #require(throws: (any Error).self) {
      _ = try Recipe.parse(Self.head + "sensor: [psg]\n", path: "r.yaml")
    }
    #expect(
      words(of: second).hasPrefix("r.yaml:2:1: unknown key 'sensor'. Did you mean 'sensors'? Known keys here: name, "))
  }

  @Test("A recipe comes back from its own text, and defaults need not be written")
  func roundTrip() throws {
    let recipe = try ToyStudy.recipe()
    #expect(try Recipe.parse(recipe.text(), path: "again.yaml") == recipe)
    #expect(recipe.finetuning.encoderRate == 0.1 && recipe.comparison.arms == Arm.standard && !recipe.transductive)
  }

  @Test("A value is put in by its path, and the file gives the name")
  func overrides() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("mine.yaml")
      try Data(Self.head.utf8).write(to: url)
      let recipe = try Recipe.load(url, overrides: ["finetuning.epochs=7", "comparison.arms=[scratch, majority]"])
      #expect(
        recipe.name == "mine" && recipe.finetuning.epochs == 7 && recipe.comparison.arms == [.scratch, .majority])
    }
  }
}
