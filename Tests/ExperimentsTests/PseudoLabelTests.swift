import Corpora
import Downstream
import Experiments
import Foundation
import SleepCore
import TestSupport
import Testing
import Training

@Suite("Labels that a recogniser gives")
struct PseudoLabelTests {
  private static let scheme = LabelScheme.wakeNREMREM

  /// Three people; the labels of the first may be seen.
  private func source(_ folder: URL, windows: Int = 4) throws -> WindowSource {
    let corpus = try ToyStudy.corpus(folder, people: ["p1", "p2", "p3"], windows: windows)
    let flags = ["night-p1": [Bool](repeating: true, count: windows)]
    return try WindowSource(
      corpus, sensors: [.heartRate], scheme: Self.scheme,
      labelled: LabelledWindows(flags: flags, subjects: [Subject("p1")]))
  }

  /// The same probabilities for every recording.
  private func predictions(_ source: WindowSource, _ rows: [[Float]]) -> [Prediction] {
    source.recordings.map { recording in
      let facts = source.store.recordings[recording]
      return Prediction(
        recording: facts.id, subject: facts.subject, truth: source.classes(recording: recording),
        classes: rows.map { row in Int8(row.indices.max { row[$0] < row[$1] } ?? 0) },
        probabilities: rows.flatMap(\.self))
    }
  }

  private func recipe(_ align: SelfTrainingRecipe.Alignment, confidence: Double) -> SelfTrainingRecipe {
    var recipe = SelfTrainingRecipe()
    (recipe.rounds, recipe.align, recipe.confidence) = (1, align, confidence)
    return recipe
  }

  @Test("Windows whose class is probable enough get it; those with labels keep theirs, and nobody else's label is read")
  func confidence() throws {
    try withTemporaryFolder { folder in
      let source = try source(folder)
      let rows: [[Float]] = [[0.9, 0.05, 0.05], [0.4, 0.35, 0.25], [0.1, 0.7, 0.2], [0, 0, 1]]
      let labels = try PseudoLabels(predictions(source, rows), source, recipe(.none, confidence: 0.6), classes: 3)
      let given = source.giving(labels.classes)
      // W W W N2 is what the first person's night begins with.
      #expect(
        given.classes(recording: 0) == source.classes(recording: 0) && given.classes(recording: 0) == [0, 0, 0, 1])
      #expect(given.classes(recording: 1) == [0, -1, 1, 2] && given.classes(recording: 2) == [0, -1, 1, 2])
      #expect(source.classes(recording: 1) == [-1, -1, -1, -1])
    }
  }

  @Test(
    "With shares, unlabelled people have the classes as often as the labelled windows: three in four wake, the rest NREM"
  )
  func shares() throws {
    try withTemporaryFolder { folder in
      let source = try source(folder)
      // Everything looks like NREM, the first windows least.
      let rows: [[Float]] = [[0.4, 0.6, 0], [0.3, 0.7, 0], [0.2, 0.8, 0], [0.01, 0.99, 0]]
      for align in [SelfTrainingRecipe.Alignment.people, .person] {
        let labels = try PseudoLabels(predictions(source, rows), source, recipe(align, confidence: 0), classes: 3)
        #expect(labels.classes[1] == [0, 0, 0, 1] && labels.classes[2] == [0, 0, 0, 1])
      }
      let plain = try PseudoLabels(predictions(source, rows), source, recipe(.none, confidence: 0), classes: 3)
      #expect(plain.classes[1] == [1, 1, 1, 1])
    }
  }

  @Test("All maps of a stay get the class that they are likeliest to have together")
  func stays() throws {
    try withTemporaryFolder { folder in
      let contract = WindowContract(sensor: .pressureMap, channels: [], shape: [4, 4], sampleRateHz: nil)
      let writer = try CorpusWriter(folder, dataset: "mat", labels: .postures)
      let (left, right) = ((0..<16).map { Float($0 % 4) }, (0..<16).map { Float($0 / 4) })
      for person in ["a", "b"] {
        try writer.write(
          RecordingWindows(
            id: person, subject: Subject(person), labels: [2, 2, 2, 1, 1],
            sensors: [SensorWindows(contract: contract, values: left + left + left + right + right)]))
      }
      let source = try WindowSource(
        writer.finish(), sensors: [.pressureMap], scheme: .postures3,
        labelled: LabelledWindows(flags: ["a": [Bool](repeating: true, count: 5)], subjects: [Subject("a")]))
      // One map of each stay by itself would be another class.
      let rows: [[Float]] = [[0, 0.9, 0.1], [0, 0.9, 0.1], [0, 0.3, 0.7], [0, 0.45, 0.55], [0, 0.2, 0.8]]
      let together = try PseudoLabels(predictions(source, rows), source, recipe(.none, confidence: 0), classes: 3)
      #expect(together.classes[1] == [1, 1, 1, 2, 2])
      var alone = recipe(.none, confidence: 0)
      alone.correlation = 1
      let each = try PseudoLabels(predictions(source, rows), source, alone, classes: 3)
      #expect(each.classes[1] == [1, 1, 2, 2, 2])
    }
  }

  @Test(
    "Self-training learns from people without labels what one labelled person does not show, and has seen no one else")
  func learns() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let recipe = try ToyStudy.recipe {
        $0.comparison.arms = [.scratch]
        $0.comparison.budgets = ["1 subject"]
        $0.comparison.seeds = 1
        $0.finetuning.selfTraining.rounds = 2
        $0.finetuning.selfTraining.align = .people
      }
      var options = Comparison.Options()
      options.silent = true
      let (run, table) = try Comparison(recipe, corpora: [corpus], options: options)
        .run(out: folder.appendingPathComponent("compare"))
      #expect(
        table.notes.contains(
          "scratch: trained 2 times more on labels that it gave, with the labelled windows' shares of classes over all "
            + "people, to the training people's unlabelled windows"))
      var plain = recipe
      plain.finetuning.selfTraining.rounds = 0
      let (other, without) = try Comparison(plain, corpora: [corpus], options: options)
        .run(out: folder.appendingPathComponent("plain"))
      // The same labels are seen, and other weights come of it.
      #expect(table.rows[0].labelledWindows == without.rows[0].labelledWindows)
      let name = "cells/scratch-1-subject-fold0-seed0.json"
      #expect(
        try Data(contentsOf: run.file(name)) != Data(contentsOf: other.file(name)))
    }
  }
}
