import Corpora
import Downstream
import Experiments
import Files
import Foundation
import Layers
import Metrics
import SleepCore
import Tensors
import TestSupport
import Testing
import Training
import Upstream

@Suite("Arms that begin with weights")
struct ArmWeightsTests {
  /// The toy's recipe with arms as a recipe writes them.
  private func recipe(_ arms: String, more: String = "", budgets: String = "all") throws -> Recipe {
    let line = "comparison: {budgets: [1 subject, all], seeds: 2, measure: accuracy}"
    #expect(ToyStudy.text.contains(line))
    let text = ToyStudy.text.replacing(
      line, with: "comparison:\n  budgets: [\(budgets)]\n  seeds: 1\n  measure: accuracy\n\(more)  arms:\n\(arms)")
    return try Recipe.parse(text, path: "toy.yaml")
  }

  private func compare(_ recipe: Recipe, _ corpus: Corpus, _ out: URL) throws -> (
    folder: RunFolder, table: ComparisonTable
  ) {
    var options = Comparison.Options()
    options.silent = true
    return try Comparison(recipe, corpora: [corpus], options: options).run(out: out)
  }

  private struct CellFile: Decodable {
    let subjects: [String: ConfusionMatrix]
  }

  private func subjects(_ folder: URL, _ arm: String) throws -> [[String: ConfusionMatrix]] {
    try (0..<2).map { fold in
      let url = folder.appendingPathComponent("cells/\(arm)-all-fold\(fold)-seed0.json")
      return try JSONDecoder().decode(CellFile.self, from: Data(contentsOf: url)).subjects
    }
  }

  /// The weights of a file without a word about them, as another program writes them.
  ///
  /// - Parameter change: What is written in place of each tensor, under which name; `nil` leaves it out.
  private func bare(
    _ url: URL, to copy: URL, _ change: (_ name: String, _ values: [Float], _ shape: [Int]) -> (String, [Float], [Int])?
  ) throws {
    let file = try SafetensorsFile(url)
    var items: [SafetensorsItem] = []
    for (name, entry) in file.entries.sorted(by: { $0.key < $1.key }) {
      guard entry.type == .float32 else {
        items.append(SafetensorsItem(name: name, type: entry.type, shape: entry.shape, bytes: try file.bytes(of: name)))
        continue
      }
      guard let (name, values, shape) = change(name, try file.tensor(name).values(Float.self), entry.shape) else {
        continue
      }
      let bytes = values.withUnsafeBytes { Data($0) }
      items.append(SafetensorsItem(name: name, type: .float32, shape: shape, bytes: bytes))
    }
    try SafetensorsWriter.write(items, metadata: [:], to: copy)
  }

  private func withRun(_ body: (_ folder: URL, _ corpus: Corpus, _ run: RunFolder) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let other = try ToyStudy.corpus(folder.appendingPathComponent("other"), dataset: "other")
      let run = try PretrainingRun.run(
        ToyStudy.recipe(), corpora: [other], out: folder.appendingPathComponent("run"), silent: true)
      try body(folder, corpus, run)
    }
  }

  @Test(
    "A run and a file of its weights alone give the same cells, and the table says that of the file nobody knows whom it saw"
  )
  func runAndFile() throws {
    try withRun { folder, corpus, run in
      let plain = folder.appendingPathComponent("plain.safetensors")
      let zeros = folder.appendingPathComponent("zeros.safetensors")
      try bare(run.encoder, to: plain) { ($0, $1, $2) }
      try bare(run.encoder, to: zeros) { ($0, $1.map { _ in 0 }, $2) }
      let recipe = try recipe(
        """
            - {name: of run, protocol: frozen, weights: {run: \(run.url.path)}}
            - {name: of file, protocol: frozen, weights: {file: \(plain.path)}}
            - {name: tuned run, weights: {run: \(run.encoder.path)}}
            - {name: tuned file, weights: {file: \(plain.path)}}
            - {name: of nothing, protocol: frozen, weights: {file: \(zeros.path)}}
        """)
      let out = folder.appendingPathComponent("compare")
      let (comparison, table) = try compare(recipe, corpus, out)
      #expect(try subjects(out, "of-run") == subjects(out, "of-file"))
      #expect(try subjects(out, "tuned-run") == subjects(out, "tuned-file"))
      #expect(try subjects(out, "of-run") != subjects(out, "of-nothing"))
      // It began with zeros, to which no window is unlike another.
      for matrix in try subjects(out, "of-nothing").flatMap(\.values) { #expect(matrix.predictedCounts.max() == 24) }
      // Nothing was pretrained for any fold.
      let files = try FileManager.default.contentsOfDirectory(atPath: comparison.file("cells").path)
      #expect(!files.contains { $0.hasPrefix("encoder") })
      #expect(
        Array(table.notes.prefix(6)) == [
          "the epoch was chosen on 1 validation subjects a fold, outside of the budget",
          "of run begins with \(run.url.path)",
          "of file begins with \(plain.path), which does not say whom it has seen",
          "tuned run begins with \(run.encoder.path)",
          "tuned file begins with \(plain.path), which does not say whom it has seen",
          "of nothing begins with \(zeros.path), which does not say whom it has seen",
        ])
      // Without an arm from scratch nothing is asked.
      #expect(table.pairs.allSatisfy { !$0.isAsked } && table.pairs.count == 10)
      // Other weights under the same name are another comparison.
      try FileManager.default.removeItem(at: plain)
      try bare(run.encoder, to: plain) { ($0, $1.map { 2 * $0 }, $2) }
      #expect(throws: Taken(path: out.path)) { _ = try compare(recipe, corpus, out) }
    }
  }

  @Test("Weights that are not the encoder's are refused before anything is trained, naming each")
  func unfit() throws {
    try withRun { folder, corpus, run in
      let names = try SafetensorsFile(run.encoder).entries.filter { $0.value.type == .float32 }
        .sorted { $0.key < $1.key }
      let (lost, renamed, reshaped) = (names[0], names[1], names[2])
      let odd = folder.appendingPathComponent("odd.safetensors")
      try bare(run.encoder, to: odd) { name, values, shape in
        switch name {
        case lost.key: nil
        case renamed.key: ("encoder.other", values, shape)
        case reshaped.key: (name, values + values, [2] + shape)
        default: (name, values, shape)
        }
      }
      let out = folder.appendingPathComponent("compare")
      func refusal(_ arm: String) throws -> String {
        let recipe = try recipe("    - scratch\n    - {name: \(arm)}\n")
        return words(of: try #require(throws: (any Error).self) { _ = try compare(recipe, corpus, out) })
      }
      let told = try refusal("odd, protocol: frozen, weights: {file: \(odd.path)}")
      let parts = told.split(separator: "; ").map(String.init)
      try #require(parts.count == 4)
      #expect(parts[0] == "\(odd.path): the weights are not this model's")
      #expect(
        parts[1] == "missing: \(lost.key), \(renamed.key)" || parts[1] == "missing: \(renamed.key), \(lost.key)")
      #expect(parts[2] == "unexpected: encoder.other")
      let shape = reshaped.value.shape
      #expect(parts[3] == "of another shape: \(reshaped.key) \([2] + shape), expected \(shape)")
      let none = folder.appendingPathComponent("none")
      #expect(try refusal("absent, weights: {run: \(none.path)}") == words(of: RunError.absent(path: none.path)))
      #expect(
        try refusal("wide, weights: {run: \(run.url.path)}, encoder: {width: 16}")
          == "\(run.encoder.path): an encoder of another kind or size than that of 'toy', expected one that a recipe with the "
          + "same 'encoder' pretrained")
      #expect(!FileManager.default.fileExists(atPath: out.path))
    }
  }

  @Test("A run that has seen a fold's test people stops the comparison at that fold")
  func leak() throws {
    try withRun { folder, corpus, _ in
      // Left out are the people whom the recipe tests on in its first fold, and no others.
      let own = try PretrainingRun.run(
        ToyStudy.recipe(), corpora: [corpus], out: folder.appendingPathComponent("own"), silent: true)
      let recipe = try recipe("    - {name: own, protocol: frozen, weights: {run: \(own.url.path)}}\n")
      let out = folder.appendingPathComponent("compare")
      let error = try #require(throws: Leak.self) { _ = try compare(recipe, corpus, out) }
      let told = words(of: error)
      #expect(told.hasPrefix("fold 1: found that \(own.encoder.path) was pretrained on test subjects "), "\(told)")
      func isThere(_ cell: String) -> Bool {
        FileManager.default.fileExists(atPath: out.appendingPathComponent("cells/\(cell).json").path)
      }
      #expect(isThere("own-all-fold0-seed0") && !isThere("own-all-fold1-seed0"))
    }
  }

  @Test("Where weights come from is one thing, or it is refused in words, at its place")
  func places() throws {
    let cases = [
      ("{name: a, weights: {run: x, file: y}}", "32: 'run' is there with 'file', expected one of both"),
      ("{name: a, weights: {}}", "26: 'run' is missing, expected one of both"),
      ("{name: a, weights: some}", "26: 'weights' is 'some', expected none, pretrained, {run: RUN} or {file: FILE}"),
      (
        "{name: a, protocol: scratch, weights: {run: x}}",
        "45: 'weights' is there with 'protocol: scratch', expected none, or 'frozen' or 'fine-tuned'"
      ),
      (
        "{name: a, protocol: fine-tuned, weights: none}",
        "48: 'weights' is none, expected pretrained, {run: RUN} or {file: FILE}"
      ),
    ]
    for (arm, expected) in cases {
      let error = try #require(throws: (any Error).self) { _ = try recipe("    - \(arm)\n") }
      let (column, told) = (expected.prefix(2), expected.dropFirst(4))
      #expect(words(of: error) == "toy.yaml:17:\(column): arm 1 ('a'): \(told)")
    }
  }

  @Test("Another arm moves no other arm's interval, difference or p value, wherever it stands")
  func anotherArm() throws {
    try withTemporaryFolder { folder in
      // Of so many people an interval depends on who is drawn; of five it is from the least to the greatest.
      let corpus = try ToyStudy.corpus(
        folder.appendingPathComponent("corpus"), people: (10..<24).map { "p\($0)" })
      let asked = "  questions: [frozen - scratch]\n"
      let few = try compare(
        recipe("    - scratch\n    - frozen\n    - majority\n    - previous\n", more: asked, budgets: "1 subject, all"),
        corpus, folder.appendingPathComponent("few")
      ).table
      let many = try compare(
        recipe(
          """
              - logistic
              - {name: first, protocol: frozen, pretraining: {tasks: [{task: contrast}]}}
              - scratch
              - random-frozen
              - frozen
              - {name: gru, head: {kind: bigru, hidden: 4}}
              - majority
              - clock
              - previous
          """, more: asked, budgets: "1 subject, all"), corpus, folder.appendingPathComponent("many")
      ).table
      #expect(few.rows.count == 8 && many.rows.count == 18)
      for row in few.rows {
        let same = try #require(many.rows.first { $0.arm == row.arm && $0.budget == row.budget })
        #expect(same.scores == row.scores, "\(row.arm), \(row.budget)")
        #expect(row.scores[.accuracy]?.interval != nil)
      }
      // Of scratch, frozen and majority, with both budgets.
      #expect(few.pairs.count == 6 && few.pairs.count(where: \.isAsked) == 2)
      #expect(few.pairs.contains { $0.difference.bootstrapInterval != nil })
      for pair in few.pairs {
        let same = try #require(
          many.pairs.first { $0.first == pair.first && $0.second == pair.second && $0.budget == pair.budget })
        #expect(same.difference == pair.difference, "\(pair.first) - \(pair.second), \(pair.budget)")
        #expect(same.isAsked == pair.isAsked && same.adjustedPValue == pair.adjustedPValue)
      }
    }
  }

  @Test("An arm whose task of nights has no context is refused before anything is trained; one from scratch needs none")
  func withoutContext() throws {
    try withTemporaryFolder { folder in
      let corpus = try ToyStudy.corpus(folder.appendingPathComponent("corpus"))
      let out = folder.appendingPathComponent("compare")
      let task =
        "pretraining: {tasks: [{task: masked-windows}], nights: {length: 12, stride: 6, batch: 2}, epochs: 1, steps: 2}"
      let told =
        "masked-windows: found no context to read the night around a window, expected 'context.kind' to be one of transformer, "
        + "bilstm, bigru, tcn, and no published 'model'"
      let pretrained = try recipe("    - scratch\n    - {name: masked, protocol: frozen, \(task)}\n")
      let error = try #require(throws: (any Error).self) { _ = try compare(pretrained, corpus, out) }
      #expect(words(of: error) == told)
      let run = try #require(throws: (any Error).self) {
        let recipe = try ToyStudy.recipe { $0.pretraining.tasks = [TaskRecipe(MaskedWindowsTask.self)] }
        _ = try PretrainingRun.run(recipe, corpora: [corpus], out: out, silent: true)
      }
      #expect(words(of: run) == told)
      #expect(!FileManager.default.fileExists(atPath: out.path))
      let table = try compare(
        recipe(
          """
              - {name: alone, protocol: scratch, \(task)}
              - {name: read, protocol: frozen, context: {kind: bilstm, hidden: 4}, \(task)}
          """), corpus, out
      ).table
      #expect(table.rows.map(\.arm) == ["alone", "read"])
    }
  }
}
