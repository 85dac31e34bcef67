import Files
import Foundation

/// What became of one recording, in a file that all processes that prepare a corpus read.
struct PreparationOutcome: Codable, Sendable {
  /// Why it could not be prepared; `nil` where it is whole.
  var failure: String?
  /// Whether it was whole and is left out, since it differs from the others.
  var isLeftOut = false

  static func file(of id: String, in place: URL) -> URL { place.appendingPathComponent("\(id).json") }

  /// `nil` where nothing became of it yet.
  static func read(_ file: URL) throws -> PreparationOutcome? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    return try JSONFile(file).read(PreparationOutcome.self, expected: "what 'ssrm prepare' says of a recording")
  }

  func write(_ file: URL) throws { try JSONEncoder().encode(self).writeWhole(to: file, sync: .none) }
}
