import Files
public import Foundation
import Streams
import Tensors

/// The file in which the state of one training is kept while it runs, and the one before it.
///
/// A state is whole or not there: it is written under another name, synced and renamed. Where the newest is damaged the one before stands.
public final class Checkpoint {
  private let url: URL
  private let identity: CheckpointFolder.Identity
  /// What a training begins from that has no state of its own yet.
  private let earlier: TrainingState?
  private let interval: Duration
  private let keepsEnd: Bool
  private var saved = ContinuousClock.now
  private var isWritten = false

  /// - Parameters:
  ///   - url: The newest state's file; the one before stands beside it as `<name>-before`.
  ///   - identity: What the training is; a state of another one is refused.
  ///   - earlier: What it begins from where there is no file; anew where `nil`.
  ///   - keepsEnd: Whether the end is kept too of a training that was shorter than the interval.
  ///   - interval: How long a training goes on before its state is kept again.
  public init(
    _ url: URL, of identity: CheckpointFolder.Identity, from earlier: TrainingState? = nil, keepsEnd: Bool = true,
    every interval: Duration = Checkpoint.standardInterval
  ) {
    (self.url, self.identity, self.earlier, self.interval) = (url, identity, earlier, interval)
    self.keepsEnd = keepsEnd
  }

  /// Five minutes, or the seconds that `SSRM_CHECKPOINT_SECONDS` gives.
  public static var standardInterval: Duration {
    let text = ProcessInfo.processInfo.environment["SSRM_CHECKPOINT_SECONDS"]
    return .milliseconds(Int(min(max(text.flatMap(Double.init) ?? 300, 0), 1e9) * 1000))
  }

  /// Whether it is time to keep the state again.
  public var isDue: Bool { ContinuousClock.now - saved >= interval }

  /// The newest state that is whole; the one that it begins from, or `nil`, where there is none.
  ///
  /// - Throws: ``CheckpointError`` for a state of another training, and where neither file can be read.
  public func latest() throws -> TrainingState? {
    var failure: (any Error)?
    for file in [url, before] where FileManager.default.fileExists(atPath: file.path) {
      do {
        let opened = try SafetensorsFile(file)
        try CheckpointFolder.check(opened, identity)
        let state = try TrainingState(opened)
        if let failure {
          StandardError.say(
            "warning: \(failure.localizedDescription); going on from the state before it, \(file.relativePath)")
        }
        return state
      } catch let error as CheckpointError {
        throw error
      } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    return earlier
  }

  /// Keeps the last state of a training, where that is wanted.
  func keepEnd(_ state: () throws -> TrainingState) throws {
    if keepsEnd || isWritten { keep(try state()) }
  }

  /// Keeps a state; where the disk does not take it, that is said, and the state before stands.
  public func keep(_ state: TrainingState) {
    saved = .now
    do {
      try write(state)
      isWritten = true
    } catch {
      StandardError.say(
        "warning: \(error.localizedDescription); the training goes on, and its last state is tried again")
    }
  }

  /// Writes a state.
  ///
  /// - Throws: `DiskError`; what was there stands.
  public func write(_ state: TrainingState) throws {
    _ = try url.deletingLastPathComponent().makeFolder()
    let new = url.deletingPathExtension().appendingPathExtension("new.safetensors")
    try state.write(to: new, metadata: CheckpointFolder.metadata(identity))
    if FileManager.default.fileExists(atPath: url.path), rename(url.path, before.path) != 0 {
      throw DiskError(errno, path: before.path)
    }
    guard rename(new.path, url.path) == 0 else { throw DiskError(errno, path: url.path) }
    url.deletingLastPathComponent().syncFolder()
  }

  private var before: URL { CheckpointFolder.before(url) }
}
