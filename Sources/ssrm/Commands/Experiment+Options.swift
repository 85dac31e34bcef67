import Preparation
import Corpora
import Experiments
import Foundation
import Training

extension Option {
  static let data = Option.list("data", "CORPUS", "Corpora that 'ssrm prepare' wrote.", isRequired: true)
  /// For commands that compare arms.
  static let comparedData = Option.list(
    "data", "CORPUS",
    "Corpora that 'ssrm prepare' wrote; the first is labelled (all with 'comparison.labelled: all'), all are pretrained on.",
    isRequired: true)
  /// For commands that read several corpora as one.
  static let joinedData = Option.list(
    "data", "CORPUS", "The corpus that 'ssrm prepare' wrote; several are joined.", isRequired: true)
  /// For commands that work on one corpus alone.
  static let corpus = Option.list("data", "CORPUS", "The corpus that 'ssrm prepare' wrote.", isRequired: true)
  static let set = Option.repeated("set", "A.B=C", "Puts a value into the recipe, as often as wanted.")
  static let newRun = Option.value("out", "RUN", "The run's folder, new; runs/<recipe>/<time>-<seed> without it.")

  /// - Parameter epochs: The key that says how many epochs there are.
  static func extend(_ epochs: String) -> Option {
    .value("extend", "RUN", "Trains on from the end of this run of the same command, with more \(epochs).")
  }
}

extension Arguments {
  /// The recipe that the first operand names: a file, or one of the folder Recipes.
  func recipe() throws -> Recipe { try recipe(named: operand("recipe")) }

  /// A recipe by its file, or by its name in the folder Recipes.
  func recipe(named name: String) throws -> Recipe {
    try Recipe.load(Self.recipeFile(name), overrides: values("set"))
  }

  /// The corpora of `--data`, in their order.
  func corpora() throws -> [Corpus] { try values("data").map(Self.corpus) }

  /// Opens a corpus that is trained on or measured with: every file holds what was prepared.
  ///
  /// - Throws: `CorpusError`.
  static func corpus(_ path: String) throws -> Corpus {
    let corpus = try Corpus(URL(fileURLWithPath: path))
    try corpus.checkContent()
    return corpus
  }

  /// The one corpus of `--data`.
  ///
  /// - Throws: ``UsageError`` for several, of which all but one would be left out.
  func corpus() throws -> Corpus {
    let paths = values("data")
    guard paths.count == 1 else {
      throw UsageError.badValue(
        option: "--data", found: paths.joined(separator: " "), expected: "one corpus, as 'ssrm prepare' wrote it")
    }
    return try Self.corpus(paths[0])
  }

  func url(_ option: String) -> URL? { value(option).map { URL(fileURLWithPath: $0) } }

  private static func recipeFile(_ name: String) throws -> URL {
    let file = URL(fileURLWithPath: name)
    if FileManager.default.fileExists(atPath: file.path) || name.contains("/") { return file }
    let folder = try DataFolder.find("Recipes")
    let known = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    guard known.contains(name) || known.contains(String(name.dropLast(name.hasSuffix(".yaml") ? 5 : 0))) else {
      throw UsageError.unknownName(kind: "recipe", name, known: known)
    }
    return folder.appendingPathComponent(name.hasSuffix(".yaml") ? name : "\(name).yaml")
  }
}
