public import Foundation
import Synchronization

/// Keeps a folder for one owner, in this process or another.
///
/// The kernel ends it with its owner, however that ends, so that a lock is never stale; a file in the folder says who the owner is. Where
/// a file system has no locks, that file is the lock, and it is stale when the process that it names is gone.
public final class FolderLock: Sendable {
  /// `nil` once it is released.
  private let descriptor: Mutex<Int32?>
  private let folder: URL

  /// Who writes to a folder.
  public struct Holder: Codable, Hashable, Sendable {
    public let process: Int32
    public let host: String
    /// The command's name: `prepare`.
    public let command: String
    /// ISO 8601.
    public let since: String

    static var own: Holder {
      Holder(
        process: getpid(), host: ownHost,
        command: CommandLine.arguments.dropFirst().first ?? "ssrm", since: ISO8601DateFormatter().string(from: Date()))
    }

    /// `'ssrm compare' (process 17 on node-3, since 2026-01-31T12:00:00Z)`.
    public var inWords: String { "'ssrm \(command)' (process \(process) on \(host), since \(since))" }

    /// Asked of the system itself, since Foundation may ask the network.
    private static var ownHost: String {
      var name = [CChar](repeating: 0, count: 256)
      guard gethostname(&name, name.count - 1) == 0 else { return "" }
      return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether it is known to have ended.
    var isGone: Bool {
      host == Self.ownHost && kill(process, 0) != 0 && errno == ESRCH
    }
  }

  /// - Throws: ``Busy`` where someone else holds it, ``DiskError`` where the folder cannot be opened.
  public convenience init(_ folder: URL) throws {
    try self.init(folder, LOCK_EX)
    try sayWho()
  }

  /// Shares a folder with others that do the same, and keeps out who wants it alone. Nothing is written that says so until ``sayWho()``.
  ///
  /// Where a file system has no locks, it keeps nobody out.
  ///
  /// - Throws: As ``init(_:)``.
  convenience init(sharing folder: URL) throws { try self.init(folder, LOCK_SH) }

  private init(_ folder: URL, _ kind: Int32) throws {
    self.folder = folder
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DiskError(errno, path: folder.path) }
    var attempts = 0
    while flock(descriptor, kind | LOCK_NB) != 0 {
      let isHeld = errno == EWOULDBLOCK
      let holder = Self.holder(of: folder)
      // Where there are no locks, the file alone says whether someone is here.
      if !isHeld, holder.map({ $0.isGone || kind == LOCK_SH && $0.command == Holder.own.command }) ?? true { break }
      attempts += 1
      // Who has only just come has not said yet who it is, and who has just ended does not say it any more.
      guard holder == nil, attempts < 10 else {
        close(descriptor)
        throw Busy(path: folder.path, holder: holder)
      }
      usleep(20_000)
    }
    self.descriptor = Mutex(descriptor)
  }

  /// Writes the file that names the owner; of several, the last one that came.
  func sayWho() throws { try JSONEncoder().encode(Holder.own).writeWhole(to: Self.file(in: folder)) }

  deinit { release() }

  /// Takes away the file that names the owner; the lock itself stays.
  func withdraw() {
    descriptor.withLock { descriptor in
      guard descriptor != nil, Self.holder(of: folder)?.process == getpid() else { return }
      unlink(Self.file(in: folder).path)
    }
  }

  /// Lets others in, at once rather than when nobody knows the value any more.
  public func release() {
    withdraw()
    descriptor.withLock { descriptor in
      if let open = descriptor { close(open) }
      descriptor = nil
    }
  }

  /// The file that names the owner.
  public static let name = "\(OwnName.prefix)lock"

  /// Whether a folder has an owner, or had one that was killed.
  public static func isMarked(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: file(in: folder).path)
  }

  private static func file(in folder: URL) -> URL { folder.appendingPathComponent(name) }

  private static func holder(of folder: URL) -> Holder? {
    guard let data = FileManager.default.contents(atPath: file(in: folder).path) else { return nil }
    return try? JSONDecoder().decode(Holder.self, from: data)
  }
}

/// A folder that someone else writes to.
public struct Busy: Error, Equatable, LocalizedError {
  public let path: String
  /// `nil` where it has not said so.
  public let holder: FolderLock.Holder?
  /// Where its work could have been shared, what it was told otherwise: `sensors: ecg, now psg`.
  public var differences: [String] = []

  public var errorDescription: String? {
    let who = holder?.inWords ?? "another process"
    guard differences.isEmpty else {
      return
        "\(path): found \(who) writing here with other arguments (\(differences.joined(separator: "; "))), expected the very same to share "
        + "its work: give its command, wait for it, or name another folder with --out"
    }
    return "\(path): found \(who) writing here, expected nobody: wait for it, or name another folder with --out"
  }
}
