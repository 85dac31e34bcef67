import Files
import Foundation
import Streams
import TestSupport
import Testing

@Suite("Standard output and error", .serialized)
struct StandardOutputTests {
  /// What `body` writes to one of the standard streams, which is a file meanwhile.
  private func written(_ descriptor: Int32, to path: String, _ body: () throws -> Void) throws {
    let kept = dup(descriptor)
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(kept >= 0 && file >= 0)
    fflush(nil)
    dup2(file, descriptor)
    defer {
      dup2(kept, descriptor)
      close(kept)
      close(file)
    }
    try body()
  }

  @Test("Lines go out whole and steer nothing; what is said is one line, whatever is in it")
  func lines() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("out")
      try written(STDOUT_FILENO, to: url.path) {
        try StandardOutput.write("a\tb\n")
        try StandardOutput.print("\u{1b}[2Jc")
      }
      #expect(try String(contentsOf: url, encoding: .utf8) == "a\tb\n\\u001b[2Jc\n")
      try written(STDERR_FILENO, to: url.path) {
        StandardError.show("night 1/2")
        StandardError.show("night 2/2\u{9b}K")
        StandardError.say("a\nb: \u{7}c")
        StandardError.endLine()
        StandardError.show("night 3/3")
        StandardError.endLine()
      }
      #expect(
        try String(contentsOf: url, encoding: .utf8)
          == "\r\u{1b}[Knight 1/2\r\u{1b}[Knight 2/2\\u009bK\na; b: \\u0007c\n\r\u{1b}[Knight 3/3\n")
    }
  }

  @Test("Output that does not fit is an error; what is said to nobody is none")
  func full() throws {
    try written(STDOUT_FILENO, to: "/dev/full") {
      let error = #expect(throws: DiskError.self) { try StandardOutput.print("a") }
      #expect(error == DiskError(ENOSPC, path: "standard output"))
    }
    try written(STDERR_FILENO, to: "/dev/full") { StandardError.say("a") }
  }
}
