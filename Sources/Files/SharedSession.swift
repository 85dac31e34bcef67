public import Foundation
import Synchronization

/// What any number of processes do together in one folder by the same command: from the first that comes to the last that leaves.
///
/// The first plans the work, and what it planned holds for all. Who is here has a ``Lease`` in a folder of the program's own inside the folder,
/// ``place``, where work that is not whole has its room too; the last one takes it away with what killed ones left there. A folder in
/// which nobody is any more begins anew.
public final class SharedSession: Sendable {
  /// The folder that is filled.
  public let folder: URL
  /// Kept for what is not whole, and for what the processes tell one another.
  public let place: URL
  private let lock: FolderLock
  private let member: Lease
  private let isHere = Atomic<Bool>(true)

  private init(_ folder: URL, _ lock: FolderLock, _ member: Lease) {
    (self.folder, self.lock, self.member) = (folder, lock, member)
    place = Self.place(in: folder)
  }

  deinit { leave() }

  /// What stands in the file that all of a session go by.
  private struct Agreement<Plan: Codable>: Codable {
    /// What the command was told, a few words by key.
    let identity: [String: String]
    let plan: Plan
  }

  /// The part of it that any work has.
  private struct Identity: Codable { let identity: [String: String] }

  /// Joins those that are at the same work, or begins it, in a folder that is made where it is not there.
  ///
  /// - Parameters:
  ///   - identity: What the command was told, a few words by key: all must have been told the same.
  ///   - check: Asked while others are waited for; what it throws ends the wait.
  ///   - plan: Looks at the folder and decides what there is to do, with nobody else at it.
  /// - Returns: The session, and what the first one planned.
  /// - Throws: ``Busy`` where someone else writes here, or does the same work in another way; ``DiskError``; and what `check` or `plan` threw.
  public static func join<Plan: Codable & Sendable>(
    _ folder: URL, as identity: [String: String], check: () throws -> Void, plan: () throws -> Plan
  ) throws -> (session: SharedSession, plan: Plan) {
    var isNew = false
    while true {
      isNew = try folder.makeFolder() || isNew
      var gate: Lease?
      do {
        let lock = try FolderLock(sharing: folder)
        gate = try Self.gate(of: folder, check)
        let joined = try join(folder, as: identity, lock, plan)
        if isNew { _ = FileManager.default.createFile(atPath: mark(in: folder).path, contents: nil) }
        gate?.release()
        return joined
      } catch {
        gate?.release()
        if isNew { rmdir(folder.path) }
        // Who was here last may have just taken it away.
        guard error is DiskError, !isNew, !FileManager.default.fileExists(atPath: folder.path) else { throw error }
      }
    }
  }

  private static func join<Plan: Codable & Sendable>(
    _ folder: URL, as identity: [String: String], _ lock: FolderLock, _ makePlan: () throws -> Plan
  ) throws -> (session: SharedSession, plan: Plan) {
    let place = place(in: folder)
    let (file, members) = (place.appendingPathComponent(".agreement.json"), members(in: folder))
    let plan: Plan
    let others = try holders(in: folder)
    if others.isEmpty {
      try clean(folder)
      _ = try members.makeFolder()
      do {
        plan = try makePlan()
        try JSONEncoder().encode(Agreement(identity: identity, plan: plan)).writeWhole(to: file, sync: .none)
      } catch {
        try? FileManager.default.removeItem(at: place)
        throw error
      }
    } else {
      let expected = "what the processes here agreed on"
      let agreed = try JSONFile(file).read(Identity.self, expected: expected).identity
      let differing = Set(identity.keys).union(agreed.keys).filter { identity[$0] != agreed[$0] }
      guard differing.isEmpty else {
        throw Busy(
          path: folder.path, holder: others[0],
          differences: differing.sorted().map {
            "\($0): \(agreed[$0] ?? "nothing"), now \(identity[$0] ?? "nothing")"
          })
      }
      plan = try JSONFile(file).read(Agreement<Plan>.self, expected: expected).plan
    }
    guard let member = try Lease.take(members.appendingPathComponent("\(UUID().uuidString).lease")) else {
      throw DiskError(EEXIST, path: members.path)
    }
    try lock.sayWho()
    return (SharedSession(folder, lock, member), plan)
  }

  /// Who else is here.
  public func others() -> [FolderLock.Holder] { (try? Self.holders(in: folder, but: member)) ?? [] }

  /// - Throws: ``Lost`` where this process was silent so long that the others took it for gone.
  public func check() throws { guard member.isOurs else { throw Lost(path: folder.path) } }

  /// Whether processes share a folder, or did when they were killed.
  public static func isMarked(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: place(in: folder).path)
  }

  /// Ends what this process does here. Who leaves last takes away what was kept for the work, and the folder too where the work made it and
  /// nothing is in it.
  public func leave() {
    guard isHere.exchange(false, ordering: .sequentiallyConsistent) else { return }
    // Who cannot be the last in time leaves the cleaning to whoever comes next.
    var attempts = 0
    let gate = try? Self.gate(of: folder) {
      attempts += 1
      if attempts > 50 { throw Lost(path: folder.path) }
    }
    let isMember = member.isOurs
    member.release()
    let isLast = gate != nil && isMember && (try? Self.holders(in: folder))?.isEmpty == true
    let isNew = FileManager.default.fileExists(atPath: Self.mark(in: folder).path)
    if isLast { try? Self.clean(folder) }
    lock.release()
    gate?.release()
    // The system removes an empty folder, and no other.
    if isLast, isNew { rmdir(folder.path) }
  }

  /// Takes away what killed processes left in a folder where nobody is.
  private static func clean(_ folder: URL) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where OwnName.isOwn(name) && name != gateName {
      let url = folder.appendingPathComponent(name)
      // Who waits at the gate makes files of a moment.
      do { try FileManager.default.removeItem(at: url) } catch  where !FileManager.default.fileExists(atPath: url.path)
      {}
    }
  }

  /// Keeps everyone else from coming and going.
  private static func gate(of folder: URL, _ check: () throws -> Void) throws -> Lease {
    let url = folder.appendingPathComponent(gateName)
    while true {
      if let gate = try Lease.take(url) { return gate }
      try check()
      usleep(100_000)
    }
  }

  /// Who is here and lives.
  private static func holders(in folder: URL, but own: Lease? = nil) throws -> [FolderLock.Holder] {
    let members = members(in: folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: members.path)) ?? []
    return try names.sorted().map(members.appendingPathComponent).filter {
      try $0.pathExtension == "lease" && $0 != own?.url && Lease.isHeld($0)
    }.compactMap(Lease.holder)
  }

  private static let gateName = "\(OwnName.prefix)gate"

  /// Where a session's ``place`` is.
  public static func place(in folder: URL) -> URL { folder.appendingPathComponent("\(OwnName.prefix)session") }
  private static func members(in folder: URL) -> URL { place(in: folder).appendingPathComponent(".members") }
  /// Says that the work made the folder.
  private static func mark(in folder: URL) -> URL { place(in: folder).appendingPathComponent(".new") }

  /// A process that was held up for minutes, so that others took it for gone.
  public struct Lost: Error, Equatable, LocalizedError {
    public let path: String

    public var errorDescription: String? {
      "\(path): found that this process was taken for gone, expected no silence of minutes: run the same command again to go on"
    }
  }
}
