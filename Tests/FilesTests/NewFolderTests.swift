import Files
import Foundation
import TestSupport
import Testing

@Suite("New folders")
struct NewFolderTests {
  private func names(_ url: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }

  @Test("A folder is there when it is whole; without that nothing is left, and one that was there and empty stays")
  func whole() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a/b")
      try url.writingWhole { try Data("x".utf8).writeWhole(to: $0.appendingPathComponent("x.txt")) }
      #expect(try names(url) == ["x.txt"] && names(folder.appendingPathComponent("a")) == ["b"])
      struct Stop: Error {}
      let other = folder.appendingPathComponent("c")
      for isThere in [false, true] {
        if isThere { try FileManager.default.createDirectory(at: other, withIntermediateDirectories: false) }
        #expect(throws: Stop.self) {
          try other.writingWhole {
            try Data("x".utf8).writeWhole(to: $0.appendingPathComponent("x.txt"))
            throw Stop()
          }
        }
        #expect(FileManager.default.fileExists(atPath: other.path) == isThere)
        #expect(try names(folder) == (isThere ? ["a", "c"] : ["a"]))
      }
      #expect(try names(other) == [])
    }
  }

  @Test("What is there is never touched, and what came meanwhile neither: the result stands beside it")
  func others() throws {
    try withTemporaryFolder { (folder) throws -> Void in
      let url = folder.appendingPathComponent("out")
      let mine = url.appendingPathComponent("mine.txt")
      func write(_ folder: URL) throws { try Data("x".utf8).writeWhole(to: folder.appendingPathComponent("x.txt")) }
      let late = #expect(throws: Taken.self) {
        try url.writingWhole {
          try write($0)
          try Data("mine".utf8).write(to: mine)
        }
      }
      #expect(
        try words(of: #require(late))
          == "\(url.path): found files that were put there meanwhile, expected an empty folder: the result is whole, in \(url.path)-2"
      )
      #expect(try names(url) == ["mine.txt"] && names(folder) == ["out", "out-2"])
      #expect(try names(folder.appendingPathComponent("out-2")) == ["x.txt"])
      let early = #expect(throws: Taken.self) { try url.writingWhole(write) }
      #expect(
        try words(of: #require(early))
          == "\(url.path): found a folder that is not empty, expected a new one: name another with --out")
      #expect(try String(contentsOf: mine, encoding: .utf8) == "mine")
      #expect(try names(folder) == ["out", "out-2"])
    }
  }

  @Test("A second one is refused by name, and what a killed one left behind gives way")
  func twoAtOnce() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("out")
      try url.writingWhole { _ in
        let busy = #expect(throws: Busy.self) { try url.writingWhole { _ in } }
        #expect(busy?.path == url.path && busy?.holder?.process == getpid())
      }
      #expect(try names(url) == [])
      try Data("{}".utf8).write(to: url.appendingPathComponent(FolderLock.name))
      let left = folder.appendingPathComponent(".ssrm-unfinished-out")
      try FileManager.default.createDirectory(at: left, withIntermediateDirectories: false)
      try Data().write(to: left.appendingPathComponent("half.csv"))
      try url.writingWhole { try Data("x".utf8).writeWhole(to: $0.appendingPathComponent("x.txt")) }
      #expect(try names(url) == ["x.txt"] && names(folder) == ["out"])
    }
  }

  @Test("What was left half-written by one who was killed while it said who it was gives way")
  func halfSaid() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("out")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
      try Data("{".utf8).write(to: url.appendingPathComponent(".ssrm-unfinished-1"))
      try url.writingWhole { try Data("x".utf8).writeWhole(to: $0.appendingPathComponent("x.txt")) }
      #expect(try names(folder) == ["out"] && names(url) == ["x.txt"])
    }
  }

  @Test("A link to an empty folder is filled where it leads")
  func link() throws {
    try withTemporaryFolder { folder in
      let (real, link) = (folder.appendingPathComponent("real"), folder.appendingPathComponent("link"))
      try FileManager.default.createDirectory(at: real, withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real)
      try link.writingWhole { try Data("x".utf8).writeWhole(to: $0.appendingPathComponent("x.txt")) }
      #expect(try names(real) == ["x.txt"])
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == real.path)
    }
  }
}

@Suite("Locks of folders")
struct FolderLockTests {
  @Test("The second owner is told who the first is; a lock ends with its owner, and its file with it")
  func held() throws {
    try withTemporaryFolder { folder in
      var first: FolderLock? = try FolderLock(folder)
      #expect(FolderLock.isMarked(folder))
      let busy = try #require(#expect(throws: Busy.self) { try FolderLock(folder) })
      let holder = try #require(busy.holder)
      #expect(
        words(of: busy)
          == "\(folder.path): found 'ssrm \(holder.command)' (process \(getpid()) on \(holder.host), since \(holder.since)) writing here, expected nobody: wait for it, or name another folder with --out"
      )
      #expect(first != nil)
      first = nil
      #expect(!FolderLock.isMarked(folder))
      _ = try FolderLock(folder)
    }
  }

  @Test("The file of an owner that was killed stops nobody")
  func stale() throws {
    try withTemporaryFolder { folder in
      for text in ["", #"{"process":1,"host":"elsewhere","command":"prepare","since":"2026-01-01T00:00:00Z"}"#] {
        try Data(text.utf8).write(to: folder.appendingPathComponent(FolderLock.name))
        #expect(FolderLock.isMarked(folder))
        _ = try FolderLock(folder)
      }
    }
  }
}
