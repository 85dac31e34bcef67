import Files
import Foundation
import TestSupport
import Testing

@Suite("Facts of files")
struct FileFactsTests {
  @Test("A copy holds the same; a changed byte does not, whatever its time says; nor does another length")
  func facts() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a")
      try Data((0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }).write(to: url)
      let facts = try FileFacts(of: url)
      #expect(facts.size == 100_003)
      #expect(try facts.hold(of: url))
      let copy = folder.appendingPathComponent("b")
      try Data(contentsOf: url).write(to: copy)
      #expect(try facts.hold(of: copy))
      let times = try FileManager.default.attributesOfItem(atPath: url.path)
      let handle = try FileHandle(forUpdating: url)
      try handle.seek(toOffset: 5000)
      try handle.write(contentsOf: Data([7, 7]))
      try handle.close()
      try FileManager.default.setAttributes(
        [.modificationDate: try #require(times[.modificationDate])], ofItemAtPath: url.path)
      #expect(try !facts.hold(of: url))
      try Data("short".utf8).write(to: copy)
      #expect(try !facts.hold(of: copy))
    }
  }

  @Test("What is no file is refused in words, a pipe without waiting")
  func noFile() throws {
    try withTemporaryFolder { (folder) throws -> Void in
      let pipe = folder.appendingPathComponent("pipe")
      #expect(mkfifo(pipe.path, 0o600) == 0)
      for (url, reason) in [
        (pipe, "a pipe or device"), (folder.appendingPathComponent("absent"), "no such file"),
      ] {
        let error = #expect(throws: InputError.self) { try FileFacts(of: url) }
        #expect(
          try words(of: #require(error))
            == "\(url.path): found \(reason), expected a file that can be read: see whether it is there, whole, and may be read"
        )
      }
    }
  }
}

@Suite("Names of files")
struct SafeNameTests {
  @Test(
    "What is no plain name is told why",
    arguments: [
      ("", "no name"), ("a/b", "a slash"), ("../x", "a slash"), ("..", "a dot at the beginning"),
      (".a", "a dot at the beginning"),
      ("a\u{1b}[31m", "a control character"), ("a\0", "a control character"),
      (String(repeating: "é", count: 101), "202 bytes"),
    ])
  func unsafe(_ name: String, _ problem: String) { #expect(SafeName.problem(with: name) == problem) }

  @Test("Other names are as people write them", arguments: ["S1", "night 2", "Müller", "a.b", "--x", "'S2'_1", "患者1"])
  func safe(_ name: String) { #expect(SafeName.isSafe(name)) }
}

@Suite("JSON of the program's own")
struct JSONFileTests {
  struct Report: Codable { let score: Double }

  @Test(
    "Damage is told with path and place",
    arguments: [
      ("", "text that is no JSON"), ("{", "text that is no JSON"), ("{}", "no 'score'"),
      (#"{"score": "x"}"#, "another kind of value at 'score'"),
    ])
  func damage(_ text: String, _ found: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("report.json")
      try Data(text.utf8).write(to: url)
      let error = #expect(throws: JSONFileError.self) {
        try JSONFile(url).read(Report.self, expected: "what 'ssrm compare' writes")
      }
      #expect(try words(of: #require(error)) == "\(url.path): found \(found), expected what 'ssrm compare' writes")
    }
  }
}
