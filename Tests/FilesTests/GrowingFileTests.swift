import Files
import Foundation
import TestSupport
import Testing

@Suite("Growing files")
struct GrowingFileTests {
  @Test("Pieces are appended, also to what was there")
  func appends() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("log")
      let file = try GrowingFile(url)
      try file.append(Data("one\n".utf8))
      try file.append(Data("two\n".utf8))
      try GrowingFile(url).append(Data("three\n".utf8))
      #expect(try String(contentsOf: url, encoding: .utf8) == "one\ntwo\nthree\n")
    }
  }

  @Test("A full disk is said with the path")
  func full() throws {
    let file = try GrowingFile(URL(fileURLWithPath: "/dev/full"))
    let error = try #require(throws: DiskError.self) { try file.append(Data("one".utf8)) }
    #expect(error.isFull)
    #expect(
      words(of: error)
        == "/dev/full: found no room to write (No space left on device), expected some: make room and run the same command again; "
        + "what was whole before is kept")
    try withTemporaryFolder { folder in
      let nowhere = folder.appendingPathComponent("absent/log")
      let error = try #require(throws: DiskError.self) { try GrowingFile(nowhere) }
      #expect(error == DiskError(ENOENT, path: nowhere.path))
    }
  }
}
