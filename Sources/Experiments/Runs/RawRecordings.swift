import Corpora
import Foundation
import Preparation
import Readers

/// Finds the recordings that a user names by files or folders, as their publisher ships them.
enum RawRecordings {
  /// A data set's files lie at most so far below its root.
  private static let deepest = 3

  /// - Parameters:
  ///   - rules: What a card says of where files lie.
  ///   - note: Is told of recordings and files that are passed over, a sentence each.
  /// - Returns: Each recording once, in the order in which they were named.
  /// - Throws: ``Readers/ReadError`` naming the first path that is none.
  static func find(
    _ urls: [URL], with reader: any DatasetReader, _ rules: ReadingRules = ReadingRules(),
    note: (String) -> Void = { _ in }
  ) throws -> [RecordingSource] {
    var found: [RecordingSource] = []
    for source in try urls.flatMap({ try sources(at: $0, reader, rules, note) }) where !found.contains(source) {
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
    at url: URL, _ reader: any DatasetReader, _ rules: ReadingRules, _ note: (String) -> Void
  ) throws -> [RecordingSource] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw ReadError(url, found: "nothing", expected: "a raw recording of '\(reader.name)', or a folder of them")
    }
    guard !isFolder.boolValue else {
      let discovery = try discover(in: url, reader, rules)
      discovery.passedOver.forEach(note)
      if rules.files == nil, let folders = reader as? FolderReader {
        try folders.passedOver(in: url, besides: discovery).map(note)
      }
      return discovery.all
    }
    // Readers know folders: the nearest one above the file that holds a recording with it.
    let wanted = resolved(url)
    var folder = url.absoluteURL.deletingLastPathComponent()
    for _ in 0..<deepest where folder.path != "/" {
      let sources = (try? discover(in: folder, reader, rules).all) ?? []
      let own = sources.filter { $0.files.values.contains { resolved($0) == wanted } }
      if !own.isEmpty { return own }
      folder.deleteLastPathComponent()
    }
    throw ReadError(
      url, found: "a file that is no part of a recording of '\(reader.name)'",
      expected: "one that is named as its publisher does, or another reader with --dataset or --card")
  }

  private static func discover(
    in folder: URL, _ reader: any DatasetReader, _ rules: ReadingRules
  ) throws -> Discovery {
    // A night that nobody scored is what a prediction is for.
    var rules = rules
    rules.files?["labels"]?.required = nil
    return try reader.discover(in: folder, rules: rules)
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

extension Discovery {
  /// Also those of whom nobody could tell whose they are or how they were scored: a prediction asks for neither.
  fileprivate var all: [RecordingSource] { sources + drafts.compactMap(\.ofNobody) }
}
