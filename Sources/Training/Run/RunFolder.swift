import Files
public import Foundation

/// One execution and everything it wrote: `runs/<recipe>/<time>-<seed>/`.
public struct RunFolder: Sendable {
  public let url: URL
  /// Held by a run as long as it is written.
  private let lock: FolderLock?

  /// Makes a new folder, or empties one that a run left behind which ended before it had a result.
  ///
  /// - Parameters:
  ///   - chosen: The folder that the user named; it must be new, empty, or of such a run.
  ///   - recipe: The recipe's name.
  /// - Throws: ``Files/Taken``, ``Files/Busy`` or ``Files/DiskError``.
  public init(new chosen: URL?, recipe: String, seed: UInt64, runs: URL = URL(fileURLWithPath: "runs")) throws {
    let files = FileManager.default
    if let chosen {
      guard try Self.isFree(chosen) else { throw Taken(path: chosen.path) }
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
    _ = try url.makeFolder()
    // Whoever was killed here has left the file that names it.
    let wasHeld = FolderLock.isMarked(url)
    lock = try FolderLock(url)
    // Nobody else writes here now, so what is there is what was left behind.
    guard try Self.isFree(url, wasHeld: wasHeld) else { throw Taken(path: url.path) }
    for name in try files.contentsOfDirectory(atPath: url.path) where name != FolderLock.name {
      try files.removeItem(at: url.appendingPathComponent(name))
    }
  }

  /// Whether nothing is in a folder but a run's files, and of those only what it writes before it has a result.
  private static func isFree(_ url: URL, wasHeld: Bool? = nil) throws -> Bool {
    let names = try url.strangers()
    let first: Set = ["recipe.yaml", "environment.json"]
    // A recipe alone may be the user's own, where no run was begun.
    guard names.isEmpty || first.isSubset(of: names) || wasHeld ?? FolderLock.isMarked(url) else { return false }
    return names.allSatisfy { name in
      first.contains(name) || ["folds.txt", "metrics.jsonl"].contains(name)
        || name.hasPrefix("events.out.tfevents.") && name.hasSuffix(".ssrm")
    }
  }

  /// Makes a new folder for a training, or opens the one in which the very same training was stopped.
  ///
  /// - Parameters:
  ///   - chosen: The folder that the user named; where `nil`, a stopped run of this recipe that nobody goes on with, or else a new one.
  ///   - identity: What is trained.
  /// - Returns: The folder, and whether a training was stopped in it.
  /// - Throws: ``CheckpointError`` where another training was stopped in the folder, and as ``init(new:recipe:seed:runs:)``.
  public static func training(
    _ chosen: URL?, recipe: String, seed: UInt64, of identity: CheckpointFolder.Identity,
    runs: URL = URL(fileURLWithPath: "runs")
  ) throws -> (run: RunFolder, isStopped: Bool) {
    if let chosen {
      guard isStopped(chosen) else {
        return (try RunFolder(new: chosen, recipe: recipe, seed: seed, runs: runs), false)
      }
      let run = try RunFolder(goingOn: chosen)
      try CheckpointFolder(run.checkpoints, of: identity).check()
      return (run, true)
    }
    let folder = runs.appendingPathComponent(recipe)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for url in names.sorted().reversed().map(folder.appendingPathComponent) where isStopped(url) {
      let states = CheckpointFolder(url.appendingPathComponent(checkpointsName), of: identity)
      guard (try? states.check()) != nil, let run = try? RunFolder(goingOn: url) else { continue }
      return (run, true)
    }
    return (try RunFolder(new: nil, recipe: recipe, seed: seed, runs: runs), false)
  }

  /// Whether a training was begun in a folder and has not ended.
  private static func isStopped(_ url: URL) -> Bool {
    CheckpointFolder(url.appendingPathComponent(checkpointsName), of: [:]).isBegun
      && !FileManager.default.fileExists(atPath: url.appendingPathComponent("report.txt").path)
  }

  /// Takes away the numbers of a training that goes on, which gives them again.
  public func forgetNumbers() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: url.path)
    where name == "metrics.jsonl" || name.hasPrefix("events.out.tfevents.") {
      try FileManager.default.removeItem(at: file(name))
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

  /// Opens a run that is gone on with, and keeps it as long as it is written.
  ///
  /// - Throws: ``RunError/absent(path:)`` when it is no run, ``Files/Busy`` when someone else writes to it.
  public init(goingOn url: URL) throws {
    _ = try RunFolder(existing: url)
    self.url = url
    lock = try FolderLock(url)
  }

  /// Lets others write here; nothing is written any more.
  public func leave() { lock?.release() }

  public func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  public var recipe: URL { file("recipe.yaml") }
  public var folds: URL { file("folds.txt") }
  public var metrics: URL { file("metrics.jsonl") }
  public var encoder: URL { file("encoder.safetensors") }
  /// Of the last epoch, where ``encoder`` is of another one.
  public var lastEncoder: URL { file("encoder-last.safetensors") }
  public var model: URL { file("model.safetensors") }
  public var report: URL { file("report.txt") }
  /// The states of its trainings, while it is trained and afterwards.
  public var checkpoints: URL { file(Self.checkpointsName) }
  private static let checkpointsName = "checkpoints"

  /// Writes text whole or not at all.
  public func write(_ text: String, to name: String) throws {
    try Data(text.utf8).writeWhole(to: file(name))
  }
}

/// A folder that is no run, or one that cannot be used for a new one.
public enum RunError: Error, Equatable, LocalizedError {
  case absent(path: String)
  /// A run that was stopped before it had weights.
  case unfinished(path: String)

  public var errorDescription: String? {
    switch self {
    case .unfinished(let path):
      "\(path): found a run without encoder.safetensors or model.safetensors, expected one that has ended: run its command again"
    case .absent(let path): "\(path): found no recipe.yaml, expected a run's folder, as runs/<recipe>/<time>-<seed>"
    }
  }
}
