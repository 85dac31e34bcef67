import Foundation

/// The files of a published data set by night and by what they are for, each there once.
struct NightFiles {
  private(set) var files: [String: [String: URL]] = [:]

  /// - Throws: ``ReadError`` for a second file of that kind of one night: which of them is meant, nobody says.
  mutating func add(_ url: URL, as kind: String, of night: String) throws {
    if let other = files[night]?[kind] {
      throw ReadError(
        url, found: "a second file of the kind '\(kind)' of \(night)",
        expected: "\(other.relativePath) alone, or this one: move the other away")
    }
    files[night, default: [:]][kind] = url
  }
}
