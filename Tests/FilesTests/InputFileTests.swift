import Files
import Foundation
import TestSupport
import Testing

@Suite("Files that are read")
struct InputFileTests {
  @Test("All of a file, a part of it and its text are read")
  func read() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a")
      try Data("wake, N1".utf8).write(to: url)
      let file = try InputFile(url)
      #expect(file.size == 8)
      #expect(try file.bytes() == Array("wake, N1".utf8))
      #expect(try file.bytes(6..<8) == Array("N1".utf8))
      #expect(try file.bytes(8..<8).isEmpty)
      #expect(try file.text() == "wake, N1")
    }
  }

  @Test("What is no file is refused in words, a pipe and a device without waiting", arguments: 0..<4)
  func noFile(_ index: Int) throws {
    try withTemporaryFolder { folder in
      let pipe = folder.appendingPathComponent("pipe")
      #expect(mkfifo(pipe.path, 0o600) == 0)
      let (url, found) = [
        (folder.appendingPathComponent("absent"), "no such file"), (folder, "a folder"), (pipe, "a pipe or device"),
        (URL(fileURLWithPath: "/dev/zero"), "a pipe or device"),
      ][index]
      let error = try #require(throws: InputError.self) { try InputFile(url) }
      #expect(
        words(of: error)
          == "\(url.path): found \(found), expected a file that can be read: see whether it is there, whole, and may be read"
      )
    }
  }

  @Test("A file that someone cuts while it is read is an error, and no end of the program")
  func cut() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a")
      try Data(count: 100_000).write(to: url)
      let file = try InputFile(url)
      #expect(truncate(url.path, 10) == 0)
      #expect(try file.bytes(0..<10).count == 10)
      let error = try #require(throws: InputError.self) { try file.bytes(5..<100_000) }
      #expect(error.problem == .cut && error.found == "a file that became shorter while it was read")
    }
  }

  @Test("A file that is larger than such a file may be, and bytes that are no text, are refused")
  func limits() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a")
      try Data([0x57, 0xff, 0x0a]).write(to: url)
      let file = try InputFile(url)
      #expect(try file.bytes(atMost: 3).count == 3)
      let large = try #require(throws: InputError.self) { try file.bytes(atMost: 2) }
      #expect(large.found == "3 bytes, and no such file has more than 2")
      let text = try #require(throws: InputError.self) { try file.text() }
      #expect(text.found == "bytes that are no UTF-8")
    }
  }
}
