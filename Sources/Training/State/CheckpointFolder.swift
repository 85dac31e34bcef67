import Files
public import Foundation
import Tensors

/// Where a run keeps the states of its trainings: one, or one for each member of an ensemble and each round of self-training.
public struct CheckpointFolder: Sendable {
  /// What a run's trainings are, by key: its command, its recipe's values, its data.
  public typealias Identity = [String: String]

  public let url: URL
  private let identity: Identity
  /// A finished run's, from whose states the trainings go on.
  private let extended: URL?
  /// Keys in which that run may differ.
  private let free: Set<String>
  private let keepsEnds: Bool

  /// - Parameters:
  ///   - extended: The same folder of a finished run that is trained on from; `nil` where a training begins anew.
  ///   - free: Keys of the identity in which that run may differ.
  ///   - keepsEnds: Whether the ends of short trainings are kept too.
  public init(
    _ url: URL, of identity: Identity, extending extended: URL? = nil, free: Set<String> = [], keepsEnds: Bool = true
  ) {
    self.keepsEnds = keepsEnds
    (self.url, self.identity, self.extended, self.free) = (url, identity, extended, free)
  }

  /// The states that are there, without those before them.
  private static func files(_ url: URL) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(OwnName.prefix) }.sorted().map(
      url.appendingPathComponent)
  }

  /// Whether a training was begun here.
  public var isBegun: Bool { !Self.files(url).isEmpty }

  /// - Throws: ``CheckpointError`` where what was begun here is another run.
  public func check() throws {
    for file in Self.files(url) {
      // One that is damaged says nothing of whose it is.
      if let opened = try? SafetensorsFile(file) { try Self.check(opened, identity) }
    }
  }

  /// The state of one training.
  ///
  /// - Throws: ``CheckpointError`` where the run that is trained on from differs in more than it may, or lacks this training.
  public func checkpoint(_ name: String) throws -> Checkpoint {
    let earlier = try extended.map { folder -> TrainingState in
      let url = folder.appendingPathComponent(name + Self.suffix)
      guard FileManager.default.fileExists(atPath: url.path) else {
        throw CheckpointError(path: url.path, differences: ["\(name): nothing, now a training of this name"])
      }
      let file = try SafetensorsFile(url)
      try Self.check(file, identity, free: free)
      return try TrainingState(file)
    }
    return Checkpoint(url.appendingPathComponent(name + Self.suffix), of: identity, from: earlier, keepsEnd: keepsEnds)
  }

  /// Takes everything away.
  public func remove() { try? FileManager.default.removeItem(at: url) }

  /// Takes away what only a training that goes on needs: the states before the last.
  public func close() {
    for file in Self.files(url) where file.lastPathComponent.hasSuffix("-before" + Self.suffix) {
      try? FileManager.default.removeItem(at: file)
    }
  }

  private static let suffix = ".safetensors"
  private static let key = "of"

  static func before(_ url: URL) -> URL {
    url.deletingLastPathComponent().appendingPathComponent(
      String(url.lastPathComponent.dropLast(suffix.count)) + "-before" + suffix)
  }

  private static func line(_ text: String) -> String { text.replacing("\n", with: " ") }

  static func metadata(_ identity: Identity) -> [String: String] {
    let lines = identity.sorted { $0.key < $1.key }.map { "\($0.key)\t\(line($0.value))" }
    return [key: lines.joined(separator: "\n")]
  }

  static func check(_ file: SafetensorsFile, _ identity: Identity, free: Set<String> = []) throws {
    let lines = (file.metadata[key] ?? "").split(separator: "\n").map { line in
      line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    }
    let found = Dictionary(lines.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { $1 }
    let wanted = identity.mapValues(line)
    let differing = Set(found.keys).union(wanted.keys).filter { found[$0] != wanted[$0] && !free.contains($0) }
    guard differing.isEmpty else {
      throw CheckpointError(
        path: file.path,
        differences: differing.sorted().map { "\($0): \(found[$0] ?? "nothing"), now \(wanted[$0] ?? "nothing")" })
    }
  }
}

/// A state of another training than the one that is to go on.
public struct CheckpointError: Error, Equatable, LocalizedError {
  public let path: String
  /// A few words a key: what the state was made by, and what the command says now.
  public let differences: [String]

  public init(path: String, differences: [String]) { (self.path, self.differences) = (path, differences) }

  public var errorDescription: String? {
    "\(path): found the state of another training (\(differences.joined(separator: "; "))), expected one of this recipe and these "
      + "data: give the command that was stopped, or name another folder with --out"
  }
}
