public import Files
public import Foundation
import Synchronization

/// What a recording of a corpus was made of, so that a preparation that is gone on with knows whether it still is.
public struct RecordingOrigin: Codable, Hashable, Sendable {
  /// Everything but the files: whose it is, when it began, and the rules that it is read by, as text.
  public let rules: String
  /// What each file held, by what it is for.
  public let files: [String: FileFacts]

  public init(rules: String = "", files: [String: FileFacts] = [:]) { (self.rules, self.files) = (rules, files) }

  /// Looks at the files as they are now.
  ///
  /// - Throws: ``Files/InputError``.
  public init(rules: String, reading files: [String: URL], _ known: KnownFiles) throws {
    self.init(rules: rules, files: try files.mapValues(known.facts))
  }

  /// Whether the same rules and files would make the same recording; files are read only where their stamp is another one.
  ///
  /// - Throws: ``Files/InputError`` where one cannot be read.
  public func holds(rules: String, files: [String: URL], _ known: KnownFiles) throws -> Bool {
    guard rules == self.rules, Set(files.keys) == Set(self.files.keys) else { return false }
    return try files.allSatisfy { role, url in
      guard let own = self.files[role] else { return false }
      return try known.hold(own, of: url)
    }
  }
}

/// Files that were looked at once, since many recordings may be made of one.
public final class KnownFiles: Sendable {
  private let known = Mutex<[String: FileFacts]>([:])

  public init() {}

  /// - Throws: ``Files/InputError``.
  public func facts(of url: URL) throws -> FileFacts {
    if let known = known.withLock({ $0[url.path] }) { return known }
    let facts = try FileFacts(of: url)
    known.withLock { $0[url.path] = facts }
    return facts
  }

  /// Whether a file still holds what it did.
  func hold(_ facts: FileFacts, of url: URL) throws -> Bool {
    if let known = known.withLock({ $0[url.path] }) { return known.size == facts.size && known.hash == facts.hash }
    return try facts.hold(of: url)
  }
}
