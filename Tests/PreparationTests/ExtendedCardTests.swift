import Corpora
import Foundation
import Preparation
import SleepCore
import TestSupport
import Testing
import YAML

@Suite("Cards that extend others")
struct ExtendedCardTests {
  private static let base = """
    name: base
    title: The base
    citation: x
    licence: x
    url: https://x
    splits: [one, two]
    labels: stages
    trim_wake_minutes: 30
    sensors:
      ecg: {sample_rate_hz: 10, normalisation: robust, clip: 20}
      psg: {sample_rate_hz: 100}
    """

  /// - Parameter cards: Texts by the cards' names.
  private func withCards<Result>(_ cards: [String: String], _ body: (URL) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
      for (name, text) in cards {
        let own = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        try text.write(to: own.appendingPathComponent("card.yaml"), atomically: true, encoding: .utf8)
      }
      return try body(folder)
    }
  }

  @Test("What a card leaves out is as the other says; a key without a value takes away, lists are replaced whole")
  func extended() throws {
    let own = """
      name: own
      extends: base
      title: Another
      splits: [three]
      trim_wake_minutes:
      sensors:
        psg:
        ecg: {clip: ~, normalisation: window}
        spo2: {sample_rate_hz: 1}
      """
    try withCards(["base": Self.base, "own": own, "third": "name: third\nextends: own\ntitle: x\n"]) { folder in
      let card = try Card(named: "own", in: folder)
      #expect((card.name, card.title, card.citation) == ("own", "Another", "x"))
      #expect((card.dataset, card.population, card.reader) == ("base", "base", "base"))
      #expect(card.facts.splits == ["three"])
      #expect(
        card.preprocessing
          == Preprocessing(
            windowSeconds: nil,
            sensors: [
              .ecg: SensorPreprocessing(sampleRateHz: 10, normalisation: .window),
              .spo2: SensorPreprocessing(sampleRateHz: 1),
            ]))
      var third = try Card(named: "third", in: folder)
      #expect((third.name, third.title, third.dataset) == ("third", "x", "base"))
      (third.name, third.title) = ("own", "Another")
      #expect(third == card)
    }
  }

  @Test("A name that no card has, a path, and cards that extend each other are refused with their place")
  func refused() throws {
    let cards = [
      "base": Self.base, "a": "name: a\nextends: b\n", "b": "name: b\nextends: a\n",
      "far": "name: far\nextends: ../base\n", "list": "name: list\nextends: [base]\n",
      "near": "name: near\nextends: bse\n", "wrong": "name: wrong\nextends: base\nsensors: {ecg: {clip: -1}}\n",
    ]
    try withCards(cards) { folder in
      func message(_ name: String) throws -> String {
        let error = try #require(throws: YAMLError.self) { try Card(named: name, in: folder) }
        return words(of: error).replacing(folder.path + "/", with: "")
      }
      let (near, far, list) = (try message("near"), try message("far"), try message("list"))
      let known = "not one of: a, b, base, far, list, near, wrong."
      #expect(near == "near/card.yaml:2:10: 'extends' is 'bse', \(known) Did you mean 'base'?")
      #expect(far.hasPrefix("far/card.yaml:2:10: 'extends' is '../base', \(known)"))
      #expect(list.hasPrefix("list/card.yaml:2:10: 'extends' is 'no name', \(known)"))
      let (circle, wrong) = (try message("a"), try message("wrong"))
      #expect(circle == "a/card.yaml:2:10: 'extends' is 'b': cards extend each other in a circle, b, a, b")
      #expect(wrong == "wrong/card.yaml:3:23: 'clip' is -1, expected a number above 0 and at most 1000000000")
    }
  }
}
