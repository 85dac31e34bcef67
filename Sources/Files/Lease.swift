public import Foundation
import Synchronization

/// A piece of work that one of any number of processes has taken up, on one machine or on several that share a folder.
///
/// A file says so, with its owner's name; it is touched every few seconds as long as the owner lives. One that was not touched for two minutes, or
/// whose process is gone from this machine, is stale, and the next one takes it. Nothing is asked of the file system but that a new file is made
/// by one alone, which NFS can do too. Work that is done twice, where an owner was held up for minutes, must come to the same.
public final class Lease: Sendable {
  let url: URL
  private let own: Data
  private let isHeld = Atomic<Bool>(true)

  private init(_ url: URL, _ own: Data) {
    (self.url, self.own) = (url, own)
    Heartbeat.shared.add(self)
  }

  deinit { release() }

  /// What stands in the file.
  private struct Note: Codable {
    let holder: FolderLock.Holder
    /// Tells one lease from another of the same owner.
    let id: UUID
  }

  /// Takes up a piece of work; `nil` where someone else has it.
  ///
  /// - Throws: ``DiskError``.
  public static func take(_ url: URL) throws -> Lease? {
    let own = try JSONEncoder().encode(Note(holder: .own, id: UUID()))
    for _ in 0..<2 {
      // Who waits for what another has looks again and again, and makes no file for it.
      if !FileManager.default.fileExists(atPath: url.path), try make(url, own) { return Lease(url, own) }
      guard try isStale(url), try takeAway(url) else { return nil }
    }
    return nil
  }

  /// Makes the file, with all that it says at once.
  ///
  /// - Returns: Whether it was not there.
  private static func make(_ url: URL, _ own: Data) throws -> Bool {
    let whole = url.deletingLastPathComponent().appendingPathComponent(OwnName.unfinished())
    try write(own, to: whole, for: url)
    defer { unlink(whole.path) }
    if link(whole.path, url.path) == 0 { return true }
    if errno == EEXIST { return false }
    // A file system without links: who is killed in between leaves a file that says nothing, and is stale by its time.
    do { try write(own, to: url, for: url) } catch  where FileManager.default.fileExists(atPath: url.path) {
      return false
    }
    return true
  }

  /// Writes a new file.
  ///
  /// - Parameter told: What an error is about.
  private static func write(_ data: Data, to url: URL, for told: URL) throws {
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DiskError(errno, path: told.path) }
    let code = data.withUnsafeBytes { writeAll($0, to: descriptor) }
    close(descriptor)
    guard code == 0 else {
      unlink(url.path)
      throw DiskError(code, path: told.path)
    }
  }

  /// Who has a piece of work; `nil` where nobody has, or has said so.
  public static func holder(of url: URL) -> FolderLock.Holder? {
    FileManager.default.contents(atPath: url.path).flatMap { try? JSONDecoder().decode(Note.self, from: $0).holder }
  }

  /// Whether someone has a piece of work and lives.
  ///
  /// - Throws: ``DiskError``.
  public static func isHeld(_ url: URL) throws -> Bool {
    try FileManager.default.fileExists(atPath: url.path) && !isStale(url)
  }

  /// Whether it is still its owner's, who may have been held up for minutes: then another has taken the work up.
  public var isOurs: Bool { FileManager.default.contents(atPath: url.path) == own }

  /// Gives it back, done or not.
  public func release() {
    guard isHeld.exchange(false, ordering: .sequentiallyConsistent) else { return }
    Heartbeat.shared.remove(self)
    // Who was held up for minutes may have lost it to another.
    if isOurs { unlink(url.path) }
  }

  /// Says that its owner lives.
  fileprivate func touch() {
    if isOurs { utimensat(AT_FDCWD, url.path, nil, 0) }
  }

  /// Whether its owner is gone, by this machine's processes or by the clock of the file system.
  private static func isStale(_ url: URL) throws -> Bool {
    if let holder = holder(of: url), holder.isGone { return true }
    guard let touched = time(of: url) else { return false }
    let probe = url.deletingLastPathComponent().appendingPathComponent(OwnName.unfinished())
    let descriptor = open(probe.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DiskError(errno, path: probe.path) }
    close(descriptor)
    defer { unlink(probe.path) }
    return time(of: probe).map { $0 - touched > longestSilence } ?? false
  }

  /// Takes a stale file away; false where another was quicker.
  private static func takeAway(_ url: URL) throws -> Bool {
    let before = FileManager.default.contents(atPath: url.path)
    let aside = url.deletingLastPathComponent().appendingPathComponent(OwnName.unfinished())
    guard rename(url.path, aside.path) == 0 else { return false }
    defer { unlink(aside.path) }
    guard FileManager.default.contents(atPath: aside.path) == before else {
      // Someone took it between our look and our hand: it is theirs.
      link(aside.path, url.path)
      return false
    }
    return true
  }

  /// Seconds since 1970 by the file system's clock.
  private static func time(of url: URL) -> Double? {
    var facts = stat()
    guard stat(url.path, &facts) == 0 else { return nil }
    return Double(facts.st_mtim.tv_sec) + Double(facts.st_mtim.tv_nsec) * 1e-9
  }

  /// Seconds.
  private static let longestSilence = 120.0

  /// Touches all leases of this process.
  private final class Heartbeat: Sendable {
    static let shared = Heartbeat()
    private struct Weak {
      weak var lease: Lease?
    }
    private let leases = Mutex<(held: [ObjectIdentifier: Weak], isBeating: Bool)>(([:], false))

    func add(_ lease: Lease) {
      let begins = leases.withLock { state in
        state.held[ObjectIdentifier(lease)] = Weak(lease: lease)
        defer { state.isBeating = true }
        return !state.isBeating
      }
      guard begins else { return }
      Thread.detachNewThread { [self] in
        while true {
          sleep(15)
          let held = leases.withLock { state in state.held.values.compactMap(\.lease) }
          for lease in held { lease.touch() }
        }
      }
    }

    func remove(_ lease: Lease) { leases.withLock { $0.held[ObjectIdentifier(lease)] = nil } }
  }
}
