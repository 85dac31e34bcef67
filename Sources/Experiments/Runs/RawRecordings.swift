import Corpora
import Foundation
import Preparation
import Readers

/// Finds the recordings that a user names by files or folders, as their publisher ships them.
enum RawRecordings {
  /// A data set's files lie at most so far below its root.
  private static let deepest = 3

  /// - Parameter rules: What a card says of where files lie.
  /// - Returns: Each recording once, in the order in which they were named.
  /// - Throws: ``Readers/ReadError`` naming the first path that is none.
  static func find(
    _ urls: [URL], with reader: any DatasetReader, _ rules: ReadingRules = ReadingRules()
  ) throws -> [RecordingSource] {
    var found: [RecordingSource] = []
    for source in try urls.flatMap({ try sources(at: $0, reader, rules) }) where !found.contains(source) {
      if found.contains(where: { $0.id == source.id }) { throw CorpusError.repeatedRecording(source.id) }
      found.append(source)
    }
    return found
  }

  /// Those of a table.
  ///
  /// - Throws: ``RecipeError`` for more than one folder, ``Readers/ReadError`` where the table and the files disagree.
  static func find(in folders: [URL], by table: URL, with reader: any DatasetReader) throws -> [RecordingSource] {
    guard folders.count == 1 else {
      throw RecipeError(
        path: table.path, problem: "a table for \(folders.count) paths",
        wanted: "one folder, from which its paths start")
    }
    return try RecordingTable(contentsOf: table).sources(root: folders[0], reader: reader)
  }

  private static func sources(
    at url: URL, _ reader: any DatasetReader, _ rules: ReadingRules
  ) throws -> [RecordingSource] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw ReadError(url, found: "nothing", expected: "a raw recording of '\(reader.name)', or a folder of them")
    }
    guard !isFolder.boolValue else { return try all(in: url, reader, rules) }
    // Readers know folders: the nearest one above the file that holds a recording with it.
    let wanted = resolved(url)
    var folder = url.absoluteURL.deletingLastPathComponent()
    for _ in 0..<deepest where folder.path != "/" {
      let sources = (try? all(in: folder, reader, rules)) ?? []
      let own = sources.filter { $0.files.values.contains { resolved($0) == wanted } }
      if !own.isEmpty { return own }
      folder.deleteLastPathComponent()
    }
    throw ReadError(
      url, found: "a file that is no part of a recording of '\(reader.name)'",
      expected: "one that is named as its publisher does, or another reader with --dataset or --card")
  }

  /// Also those of whom nobody could tell whose they are or how they were scored: a prediction asks for neither.
  private static func all(
    in folder: URL, _ reader: any DatasetReader, _ rules: ReadingRules
  ) throws -> [RecordingSource] {
    let discovery = try reader.discover(in: folder, rules: rules)
    return discovery.sources + discovery.drafts.compactMap(\.ofNobody)
  }

  private static func resolved(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path }

  /// The reader of a data set: its own, or the one that its card names.
  ///
  /// - Throws: ``PreparationError/noReader(dataset:known:)``.
  static func reader(of dataset: String) throws -> any DatasetReader {
    if let reader = DatasetReaders.named(dataset) { return reader }
    if let card = try? Card(named: dataset), let reader = DatasetReaders.named(card.reader) { return reader }
    throw PreparationError.noReader(dataset: dataset, known: DatasetReaders.all.map(\.name))
  }
}
