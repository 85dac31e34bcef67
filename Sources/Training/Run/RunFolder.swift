public import Foundation

/// One execution and everything it wrote: `runs/<recipe>/<time>-<seed>/`.
public struct RunFolder: Sendable {
  public let url: URL
  /// Held by a new run as long as it is written.
  private let lock: FolderLock?

  /// Makes a new folder, or empties one that a run left behind which ended before it had a result.
  ///
  /// - Parameters:
  ///   - chosen: The folder that the user named; it must be new, empty, or of such a run.
  ///   - recipe: The recipe's name.
  /// - Throws: ``RunError/taken(path:)``, ``RunError/busy(path:)``, or Foundation's error where it cannot be written.
  public init(new chosen: URL?, recipe: String, seed: UInt64, runs: URL = URL(fileURLWithPath: "runs")) throws {
    let files = FileManager.default
    if let chosen {
      let present = (try? files.contentsOfDirectory(atPath: chosen.path)) ?? []
      guard present.isEmpty || Self.isUnfinished(present) else { throw RunError.taken(path: chosen.path) }
      url = chosen
    } else {
      let format = DateFormatter()
      format.locale = Locale(identifier: "en_US_POSIX")
      format.dateFormat = "yyyy-MM-dd-HHmmss"
      let base = runs.appendingPathComponent(recipe)
        .appendingPathComponent("\(format.string(from: Date()))-\(seed)")
      var (candidate, number) = (base, 2)
      while files.fileExists(atPath: candidate.path) {
        candidate = URL(fileURLWithPath: "\(base.path)-\(number)")
        number += 1
      }
      url = candidate
    }
    try files.createDirectory(at: url, withIntermediateDirectories: true)
    lock = FolderLock(url)
    guard lock != nil else { throw RunError.busy(path: url.path) }
    // Nobody else writes here now, so what is there is what was left behind.
    let left = try files.contentsOfDirectory(atPath: url.path)
    guard left.isEmpty || Self.isUnfinished(left) else { throw RunError.taken(path: url.path) }
    for name in left { try files.removeItem(at: url.appendingPathComponent(name)) }
  }

  /// Whether these are a run's files, and only those that it writes before it has a result.
  private static func isUnfinished(_ names: [String]) -> Bool {
    let first: Set = ["recipe.yaml", "environment.json"]
    return first.isSubset(of: names)
      && names.allSatisfy { name in
        first.contains(name) || ["folds.txt", "metrics.jsonl"].contains(name)
          || name.hasPrefix("events.out.tfevents.") && name.hasSuffix(".ssrm")
      }
  }

  /// Opens a folder that is there.
  ///
  /// - Throws: ``RunError/absent(path:)`` when it is no run.
  public init(existing url: URL) throws {
    guard FileManager.default.fileExists(atPath: url.appendingPathComponent("recipe.yaml").path) else {
      throw RunError.absent(path: url.path)
    }
    self.url = url
    lock = nil
  }

  public func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  public var recipe: URL { file("recipe.yaml") }
  public var folds: URL { file("folds.txt") }
  public var metrics: URL { file("metrics.jsonl") }
  public var encoder: URL { file("encoder.safetensors") }
  public var model: URL { file("model.safetensors") }
  public var report: URL { file("report.txt") }

  /// Writes text whole or not at all.
  public func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: file(name), options: .atomic)
  }
}

/// A folder that is no run, or one that cannot be used for a new one.
public enum RunError: Error, Equatable, LocalizedError {
  case taken(path: String)
  case busy(path: String)
  case absent(path: String)
  /// A run that was stopped before it had weights.
  case unfinished(path: String)

  public var errorDescription: String? {
    switch self {
    case .taken(let path): "\(path): found a folder that is not empty, expected a new one: name another with --out"
    case .busy(let path): "\(path): found a run that is still going on, expected a new folder: name another with --out"
    case .unfinished(let path):
      "\(path): found a run without encoder.safetensors or model.safetensors, expected one that has ended: run its command again"
    case .absent(let path): "\(path): found no recipe.yaml, expected a run's folder, as runs/<recipe>/<time>-<seed>"
    }
  }
}
