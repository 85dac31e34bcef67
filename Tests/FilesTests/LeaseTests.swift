import Files
import Foundation
import TestSupport
import Testing

@Suite("Leases")
struct LeaseTests {
  /// A lease as another process would have left it.
  private func leave(_ url: URL, process: Int32, host: String) throws {
    let text = """
      {"holder":{"process":\(process),"host":"\(host)","command":"compare","since":"2026-01-31T12:00:00Z"},\
      "id":"3F2504E0-4F89-11D3-9A0C-0305E82C3301"}
      """
    try Data(text.utf8).write(to: url)
  }

  private func isFree(_ url: URL) throws -> Bool { try Lease.take(url) != nil }

  @Test("One at a time has it, and the file says who")
  func one() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cell.lease")
      let first = try #require(try Lease.take(url))
      #expect(try !isFree(url))
      #expect(Lease.holder(of: url)?.process == getpid())
      first.release()
      #expect(Lease.holder(of: url) == nil)
      let second = try #require(try Lease.take(url))
      // Given back already: this takes nobody's.
      first.release()
      #expect(try !isFree(url))
      second.release()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test(
    "What a process left that is gone from this machine is taken at once, what another machine has after two minutes of silence"
  )
  func stale() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cell.lease")
      let gone = Process()
      gone.executableURL = URL(fileURLWithPath: "/bin/true")
      try gone.run()
      gone.waitUntilExit()
      var name = [CChar](repeating: 0, count: 256)
      gethostname(&name, 255)
      let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      try leave(url, process: gone.processIdentifier, host: host)
      #expect(try isFree(url))
      try leave(url, process: gone.processIdentifier, host: "another-machine")
      #expect(try !isFree(url))
      let times = [timespec(tv_sec: time(nil) - 100, tv_nsec: 0), timespec(tv_sec: time(nil) - 100, tv_nsec: 0)]
      utimensat(AT_FDCWD, url.path, times, 0)
      #expect(try !isFree(url))
      let old = [timespec(tv_sec: time(nil) - 130, tv_nsec: 0), timespec(tv_sec: time(nil) - 130, tv_nsec: 0)]
      utimensat(AT_FDCWD, url.path, old, 0)
      #expect(try isFree(url))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test("A folder that is not there is told")
  func noFolder() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("none/cell.lease")
      let error = #expect(throws: DiskError.self) { try Lease.take(url) }
      #expect(error.map(words)?.hasPrefix("\(url.path): ") == true)
    }
  }
}
