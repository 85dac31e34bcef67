import Foundation
import TestSupport
import Testing
import YAML

@Suite("Documents become nodes")
struct ParseTests {
  @Test("Keys keep their order, and nodes know line and column")
  func positions() throws {
    let node = try YAML.parse("b: 1\na:\n  - x\n  - {c: 'é', d: 2}\n", path: "r.yaml")
    guard case .mapping(let entries) = node.value else {
      Issue.record("no mapping")
      return
    }
    #expect(entries.map(\.key) == ["b", "a"])
    #expect(entries[1].origin == .text(path: "r.yaml", line: 2, column: 1))
    let inner = try #require(node["a"]?[1]?["d"])
    #expect(inner.line == 4)
    #expect(inner.column == 17)
    #expect("\(inner.origin)" == "r.yaml:4:17")
    #expect(node["a"]?[2] == nil)
    #expect(node["z"] == nil)
  }

  @Test("A byte order mark and CRLF do not shift positions")
  func byteOrderMark() throws {
    let node = try YAML.parse("\u{feff}a: 1\r\nb: 2\r\n", path: "r.yaml")
    #expect(node["a"]?.origin == .text(path: "r.yaml", line: 1, column: 4))
    #expect(node["b"]?.origin == .text(path: "r.yaml", line: 2, column: 4))
  }

  @Test(
    "A document outside this part of YAML is refused",
    arguments: [
      ("a: &x 1\n", "r.yaml:1:4: found '&x', but anchors and aliases are not supported: write the value out"),
      ("a: *x\n", "r.yaml:1:4: found '*x', but anchors and aliases are not supported: write the value out"),
      ("a: !!str 1\n", "r.yaml:1:4: found the tag 'tag:yaml.org,2002:str', but tags are not supported: remove it"),
      ("a: 1\n---\nb: 2\n", "r.yaml:2:1: found a second document, expected one a file: remove '---' and what follows"),
      ("? [a]\n: 1\n", "r.yaml:1:3: found a key that is empty, a list or a mapping, expected a name"),
      ("a: 1\nb: 2\na: 3\n", "r.yaml:3:1: key 'a' stands twice, first at r.yaml:1:1: remove one"),
      ("a: [1, 2\nb: 3\n", "r.yaml:2:2: did not find expected ',' or ']' while parsing a flow sequence"),
      ("a:\n\t- 1\n", "r.yaml:2:1: found character that cannot start any token while scanning for the next token"),
      ("é: 1\nb: \u{1}\n", "r.yaml:2:4: control characters are not allowed"),
      (
        String(repeating: "[", count: 70),
        "r.yaml:1:66: nested deeper than 64 levels"
      ),
    ])
  func refused(text: String, words: String) {
    #expect(refusal(text) == words)
  }

  @Test("Deep nesting of any size is refused, never a crash")
  func deep() {
    for opening in ["[", "{a: ", "- ", "? "] {
      #expect(throws: YAMLError.self) { try YAML.parse(String(repeating: opening, count: 200_000)) }
    }
  }

  @Test("A document over the limit is refused")
  func large() {
    let text = String(repeating: "#", count: YAML.maximumBytes + 1)
    #expect(refusal(text) == "r.yaml: found 4194305 bytes, expected at most 4194304")
  }

  @Test("A file that cannot be read is refused")
  func files() throws {
    try withTemporaryFolder { temporary in
      let folder = URL(fileURLWithPath: temporary.path, isDirectory: true)
      func refusal(_ name: String) -> String {
        do { return "\(try YAML.load(contentsOf: URL(fileURLWithPath: name, relativeTo: folder)))" } catch {
          return words(of: error)
        }
      }
      func write(_ name: String, _ data: Data) throws { try data.write(to: folder.appendingPathComponent(name)) }
      #expect(refusal("none.yaml") == "none.yaml: found no such file, expected a YAML file")
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("folder"), withIntermediateDirectories: true)
      #expect(refusal("folder") == "folder: found a folder, expected a YAML file")
      #expect(mkfifo(folder.appendingPathComponent("pipe.yaml").path, 0o600) == 0)
      #expect(refusal("pipe.yaml") == "pipe.yaml: found a pipe or device, expected a YAML file")
      try write("latin.yaml", Data([0x61, 0x3a, 0x20, 0x31, 0x0a, 0xc3, 0xa9, 0xe9, 0x0a]))
      #expect(refusal("latin.yaml") == "latin.yaml:2:2: found bytes that are not UTF-8: save the file as UTF-8")
      try write("utf16.yaml", Data([0xff, 0xfe, 0x61, 0x00]))
      #expect(refusal("utf16.yaml") == "utf16.yaml:1:1: found bytes that are not UTF-8: save the file as UTF-8")
      try write("large.yaml", Data(repeating: 0x23, count: YAML.maximumBytes + 9))
      #expect(refusal("large.yaml") == "large.yaml: found 4194313 bytes, expected at most 4194304")
      try write("empty.yaml", Data())
      #expect(try YAML.load(contentsOf: folder.appendingPathComponent("empty.yaml")).isNull)
    }
  }

  @Test("Any prefix and any changed byte of a document is read or refused, never a crash")
  func damaged() throws {
    let text = "# r\na: [1, {b: \"x\\n\", c: 'y'}]\nd: |\n  e\nf:\n  - g: 1e-3\n  - ~\n"
    let bytes = Array(text.utf8)
    for index in bytes.indices {
      _ = try? YAML.parse(String(decoding: bytes[..<index], as: UTF8.self)).text
      for byte in UInt8(0)...127 {
        var changed = bytes
        changed[index] = byte
        guard let node = try? YAML.parse(String(decoding: changed, as: UTF8.self)) else { continue }
        #expect(try YAML.parse(node.text) == node, "\(String(decoding: changed, as: UTF8.self))")
      }
    }
  }
}
