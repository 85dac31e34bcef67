import Experiments
import Foundation
import SleepCore
import TestSupport
import Testing
import YAML

@Suite("Questions of a comparison")
struct QuestionTests {
  private func parse(_ comparison: String) throws -> Recipe {
    try Recipe.parse(
      "sensors: [heart-rate]\nlabels: w-nrem-rem\npretraining: {tasks: [{task: views}]}\ncomparison:\n\(comparison)\n",
      path: "r.yaml")
  }

  private func questions(_ comparison: String) throws -> [String] { try parse(comparison).questions().map(\.text) }

  @Test("A question is two of the arms, whose names may have dashes and spaces, in the order asked")
  func parsed() throws {
    let recipe = try parse(
      """
        arms: [scratch, fine-tuned, {name: a, protocol: frozen}, {name: a - b, protocol: frozen}, majority]
        questions: [fine-tuned - scratch, a - b - fine-tuned, scratch - a - b, a - majority]
      """)
    let questions = try recipe.questions()
    #expect(
      questions.map { [$0.first.name, $0.second.name] } == [
        ["fine-tuned", "scratch"], ["a - b", "fine-tuned"], ["scratch", "a - b"], ["a", "majority"],
      ])
    #expect(questions.map(\.text) == recipe.comparison.questions)
    #expect(try Recipe.parse(recipe.text(), path: "again").questions() == questions)
  }

  @Test("Without questions each pretrained arm is asked about against the one from scratch whose network it has")
  func unsaid() throws {
    #expect(
      try questions("  arms: [scratch, frozen, fine-tuned, random-frozen, majority]")
        == ["frozen - scratch", "fine-tuned - scratch"])
    // Where none has its network, the first from scratch stands for it.
    #expect(
      try questions(
        """
          arms:
            - scratch
            - {name: gru, head: {kind: bigru, hidden: 8}}
            - {name: gru frozen, protocol: frozen, head: {kind: bigru, hidden: 8}}
            - {name: gru longer, protocol: frozen, head: {kind: bigru, hidden: 8}, finetuning: {epochs: 3}}
            - {name: lstm frozen, protocol: frozen, head: {kind: bilstm, hidden: 8}}
            - {name: from a run, weights: {run: runs/x}}
        """) == ["gru frozen - gru", "gru longer - gru", "lstm frozen - scratch", "from a run - scratch"])
    #expect(
      try questions("  arms: [{name: other, context: {kind: tcn}}, scratch, frozen]") == ["frozen - scratch"])
    #expect(try questions("  arms: [frozen, majority]") == [])
    #expect(try questions("  arms: [scratch, majority, logistic]") == [])
  }

  private static let refused: [(questions: String, words: String)] = [
    ("[frozen - scratch, frozen]", "'questions.1' is 'frozen'"),
    ("[frozen-scratch]", "'questions.0' is 'frozen-scratch'"),
    ("[frozen - frozen]", "'questions.0' is 'frozen - frozen'"),
    ("[frozen - majority]", "'questions.0' is 'frozen - majority'"),
    ("[Frozen - scratch]", "'questions.0' is 'Frozen - scratch'"),
    ("[frozen - scratch - scratch]", "'questions.0' is 'frozen - scratch - scratch'"),
    ("['']", "'questions.0' is ''"),
  ]

  @Test("What is no two of the arms is refused in words, at its place", arguments: refused.indices)
  func refusals(index: Int) throws {
    let (text, told) = Self.refused[index]
    let error = try #require(throws: YAMLError.self) {
      _ = try parse("  arms: [scratch, frozen]\n  questions: \(text)")
    }
    #expect(
      words(of: error)
        == "r.yaml:6:\(index == 0 ? 33 : 15): \(told), expected two of the arms with ' - ' between them: scratch, frozen"
    )
  }

  @Test("A difference that is asked twice would count twice in Holm's correction, and is refused, turned round too")
  func twice() throws {
    for again in ["frozen - scratch", "scratch - frozen"] {
      let error = try #require(throws: YAMLError.self) {
        _ = try parse("  arms: [scratch, frozen]\n  questions: [frozen - scratch, \(again)]")
      }
      #expect(
        words(of: error)
          == "r.yaml:6:33: 'questions.1' is '\(again)', which is asked already, expected each pair of arms once")
    }
  }
}
