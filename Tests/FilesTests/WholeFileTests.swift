import Files
import Foundation
import TestSupport
import Testing

@Suite("Whole files")
struct WholeFileTests {
  @Test("A file is replaced whole, and one that was not finished leaves the old one and nothing else")
  func replaced() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.txt")
      try Data("old".utf8).writeWhole(to: url)
      do {
        let file = try WholeFile(url)
        try file.append(Data("ne".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
      }
      #expect(try String(contentsOf: url, encoding: .utf8) == "old")
      let file = try WholeFile(url)
      try file.append(Data("xxw".utf8))
      try file.overwriteStart(Data("ne".utf8))
      try file.append(Data("er".utf8))
      try file.finish()
      #expect(try String(contentsOf: url, encoding: .utf8) == "newer")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
    }
  }

  @Test("What cannot be written says where and why, and what to do")
  func words() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("absent/a.txt")
      let error = try #require(throws: DiskError.self) { try Data("x".utf8).writeWhole(to: url) }
      #expect(
        TestSupport.words(of: error)
          == "\(url.path): found no way to write (No such file or directory), expected a place that may be written to: choose another, or change its permissions"
      )
      #expect(error.isFull == false)
      for code in [ENOSPC, EDQUOT, EFBIG] { #expect(DiskError(code, path: "a").isFull) }
      #expect(
        TestSupport.words(of: DiskError(ENOSPC, path: "/d/a.npy"))
          == "/d/a.npy: found no room to write (No space left on device), expected some: make room and run the same command again; what was whole before is kept"
      )
    }
  }
}
