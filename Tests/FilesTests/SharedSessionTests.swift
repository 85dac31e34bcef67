import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Work that is shared by a folder")
struct SharedSessionTests {
  private struct Refusal: Error {}

  private func join(_ folder: URL, _ plan: String, _ identity: [String: String] = ["colour": "red"]) throws -> (
    session: SharedSession, plan: String
  ) {
    try SharedSession.join(folder, as: identity, check: { throw Refusal() }, plan: { plan })
  }

  @Test(
    "The first one's plan holds for all, and the last one takes everything away, with the folder where that is empty and new"
  )
  func plan() throws {
    try withTemporaryFolder { (parent) throws -> Void in
      for isNew in [true, false] {
        let folder = parent.appendingPathComponent("new \(isNew)")
        if !isNew { _ = try folder.makeFolder() }
        let first = try join(folder, "one")
        let second = try join(folder, "other")
        #expect((first.plan, second.plan) == ("one", "one"))
        #expect(first.session.others().count == 1)
        #expect(SharedSession.isMarked(folder))
        first.session.leave()
        #expect(second.session.others().isEmpty)
        try second.session.check()
        #expect(throws: SharedSession.Lost.self) { try first.session.check() }
        second.session.leave()
        #expect(FileManager.default.fileExists(atPath: folder.path) == !isNew)
        #expect(try join(folder, "three").plan == "three")
      }
    }
  }

  @Test("Another command is kept out as long as someone is here, and keeps others out")
  func alone() throws {
    try withTemporaryFolder { (folder) throws -> Void in
      let session = try join(folder, "one").session
      #expect(throws: Busy.self) { try FolderLock(folder) }
      session.leave()
      let lock = try FolderLock(folder)
      #expect(throws: Busy.self) { try join(folder, "two") }
      lock.release()
      #expect(try join(folder, "two").plan == "two")
    }
  }

  @Test("Who was told otherwise is refused, each difference with both sides")
  func differences() throws {
    try withTemporaryFolder { (folder) throws -> Void in
      let session = try join(folder, "one", ["a": "1", "b": "2"]).session
      let busy = #expect(throws: Busy.self) { try join(folder, "two", ["a": "3", "c": "4"]) }
      #expect(busy?.differences == ["a: 1, now 3", "b: 2, now nothing", "c: nothing, now 4"])
      #expect(busy?.holder?.process == getpid())
      session.leave()
    }
  }

  @Test("A plan that fails leaves nothing, and the next one begins")
  func failedPlan() throws {
    try withTemporaryFolder { (parent) throws -> Void in
      let folder = parent.appendingPathComponent("new")
      #expect(throws: Refusal.self) {
        try SharedSession.join(folder, as: [:], check: {}, plan: { () throws -> String in throw Refusal() })
      }
      #expect(!FileManager.default.fileExists(atPath: folder.path))
      #expect(try join(folder, "one").plan == "one")
    }
  }

  @Test("Pieces are each done once by whoever has time, and what failed stops who met it alone")
  func pieces() throws {
    try withTemporaryFolder { (folder) throws -> Void in
      let done = Mutex<[Int]>([])
      @Sendable func work(failing: Int?) -> SharedWork {
        let pieces = (0..<50).map { number in
          let file = folder.appendingPathComponent("\(number)")
          return SharedPiece(file: file, name: "\(number)") { lease in
            #expect(lease.isOurs)
            if number == failing { throw Refusal() }
            usleep(1000)
            done.withLock { $0.append(number) }
            try Data().writeWhole(to: file)
          }
        }
        return SharedWork(pieces, check: {})
      }
      let failed = Mutex<[Bool]>([])
      let started = Mutex(0)
      runConcurrently(3) {
        let number = started.withLock { number in
          number += 1
          return number
        }
        let result = Result { try work(failing: number == 1 ? 0 : nil).run(jobs: 2) }
        failed.withLock { $0.append((try? result.get()) == nil) }
      }
      #expect(done.withLock { $0.sorted() } == Array(0..<50))
      #expect(failed.withLock { $0.count { $0 } } <= 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 50)
    }
  }
}
