import Corpora
import Downstream
import Preparation
import SleepCore
import Weights

/// Which windows weights of others are used on, and how raw files become them: those of a corpus, or those of the card of the system's data set.
struct ImportedWindows {
  /// In the order of the recipe's sensors.
  let contracts: [WindowContract]
  let sources: [RawSource]
  /// In words, for the report.
  let words: String

  /// - Parameter recipe: Of an encoder, or of a published system.
  /// - Throws: ``Corpora/CorpusError`` where the corpus lacks a sensor.
  init(_ recipe: Recipe, of corpus: Corpus) throws {
    contracts = try corpus.contracts(of: recipe.pretrainingSensors)
    sources = corpus.index.sources
    words = "as in a corpus of '\(corpus.dataset)'"
  }

  /// - Throws: ``RecipeError`` where the card does not prepare a sensor that the recipe names.
  init(_ recipe: Recipe, of system: KnownSystem, _ published: PublishedModel) throws {
    let card = try Card(named: system.dataset)
    contracts = try recipe.sensors.map { sensor in
      guard let usual = published.inputs.first(where: { $0.sensor == sensor }),
        let contract = try card.contract(of: sensor, usual: usual)
      else {
        throw RecipeError(
          path: recipe.name, problem: "'sensors' with \(sensor.rawValue), which '\(system.name)' is not published with",
          wanted: "--data with a corpus that has it")
      }
      return contract
    }
    sources = [
      RawSource(
        dataset: card.dataset, population: card.population, reader: card.reader, preprocessing: card.preprocessing)
    ]
    words = "as the card of '\(card.name)' prepares them"
  }
}
