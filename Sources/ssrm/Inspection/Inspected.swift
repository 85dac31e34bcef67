import Corpora
import Figures
import Foundation
import Readers

/// A path, looked at: the facts, and the figure where one is wanted.
struct Inspected {
  let facts: Facts
  /// Draws; only when it is called is what it needs read.
  let figure: () throws -> Figure

  /// - Parameters:
  ///   - recording: Of a data set or a corpus, the one to draw; the first where `nil`.
  ///   - draws: Whether the figure will be asked for.
  init(path: String, recording: String?, draws: Bool) throws {
    let url = URL(fileURLWithPath: path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw ReadError(
        url, found: "no such file or folder", expected: "a recording's file, a data set, a corpus or a run's folder")
    }
    func holds(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: url.appendingPathComponent(name).path)
    }
    guard isFolder.boolValue else {
      self = try .file(url)
      return
    }
    self =
      if holds("corpus.json") {
        try .corpus(url, recording: recording)
      } else if holds("recipe.yaml") {
        try .run(url)
      } else if try CorpusWriter.hasBegun(in: url) {
        // Raw files it is not, whatever its arrays look like.
        throw CorpusError.notACorpus(path: url.path)
      } else {
        try .dataset(url, recording: recording)
      }
  }

  init(_ facts: Facts, figure: @escaping () throws -> Figure) {
    self.facts = facts
    self.figure = figure
  }

  /// The recording with an identifier, or the first.
  static func choose<Element>(
    _ id: String?, among elements: [Element], id idOf: (Element) -> String
  ) throws -> Element? {
    guard let id else { return elements.first }
    guard let found = elements.first(where: { idOf($0) == id }) else {
      throw UsageError.unknownName(kind: "recording", id, known: elements.map(idOf))
    }
    return found
  }
}
