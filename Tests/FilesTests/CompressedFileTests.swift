import Files
import Foundation
import TestSupport
import Testing

@Suite("Compressed files")
struct CompressedFileTests {
  private let fixture = Fixture("compressed")
  /// The text that the fixtures hold.
  private let text = Array((0..<8000).map { "\($0),\($0 * $0)\n" }.joined().utf8)

  private func unpacked(_ url: URL, atMost limit: Int = InputFile.mostExpanded) throws -> [UInt8] {
    try InputFile(url).gunzipped(atMost: limit)
  }

  @Test("A gzip file gives what was put into it, also of several members on a tape")
  func gzip() throws {
    #expect(try unpacked(fixture.url("text.csv.gz")) == text)
    #expect(try unpacked(fixture.url("members.gz")) == Array("one\ntwo\n".utf8))
    #expect(try InputFile(fixture.url("make_compressed.py")).isGzip() == false)
  }

  @Test("What expands beyond a limit is refused, and nothing beyond it is held")
  func bomb() throws {
    #expect(try unpacked(fixture.url("zeros.gz")).count == 10_000_000)
    #expect(try unpacked(fixture.url("zeros.gz"), atMost: 10_000_000).count == 10_000_000)
    let error = try #require(throws: InputError.self) { try unpacked(fixture.url("zeros.gz"), atMost: 9_999_999) }
    #expect(error.found == "compressed data that expand to more than 9999999 bytes")
  }

  @Test("Damaged gzip files are told in words")
  func damagedGzip() throws {
    let whole = [UInt8](try Data(contentsOf: fixture.url("text.csv.gz")))
    var flipped = whole
    flipped[whole.count - 6] ^= 1
    let cases: [([UInt8], String)] = [
      (Array(whole.dropLast(9)), "compressed data that end too early: the file was cut short"),
      (Array(whole.prefix(2)), "compressed data that end too early: the file was cut short"),
      (flipped, "compressed data that are damaged"),
      ([UInt8](try Data(contentsOf: fixture.url("trailing.gz"))), "bytes after the end of its compressed data"),
      (Array("plain".utf8), "no gzip file"), ([], "no gzip file"),
    ]
    try withTemporaryFolder { folder throws -> Void in
      for (index, (bytes, found)) in cases.enumerated() {
        let url = folder.appendingPathComponent("\(index).gz")
        try Data(bytes).write(to: url)
        let error = try #require(throws: InputError.self) { try unpacked(url) }
        #expect(error.found == found)
      }
    }
  }

  @Test("A zip file's members are read by name, stored and deflated, also with sizes of 64 bits")
  func zip() throws {
    let archive = try ZipArchive(fixture.url("members.zip"))
    #expect(archive.members.map(\.name) == ["stored.txt", "folder/deflated.csv", "empty", "squeezed.txt"])
    #expect(archive.members.map(\.size) == [7, text.count, 0, 81])
    #expect(try archive.bytes(of: archive.members[0]) == Array("stored\n".utf8))
    #expect(try archive.bytes(of: archive.members[1]) == text)
    #expect(try archive.bytes(of: archive.members[2]).isEmpty)
    #expect(try archive.beginning(of: archive.members[1], 5000) == Array(text[..<5000]))
    #expect(try archive.beginning(of: archive.members[1], 1 << 20) == text)
    #expect(try archive.beginning(of: archive.members[0], 3) == Array("sto".utf8))
    let wide = try ZipArchive(fixture.url("wide.zip"))
    #expect(
      try wide.members.map { String(decoding: try wide.bytes(of: $0), as: UTF8.self) } == [
        String(repeating: "the first of two\n", count: 3), String(repeating: "the second\n", count: 3),
      ])
  }

  @Test("Damaged zip files and members that are not read are told in words")
  func damagedZip() throws {
    let whole = [UInt8](try Data(contentsOf: fixture.url("members.zip")))
    func place(_ signature: [UInt8], _ number: Int) -> Int {
      (0..<whole.count - 4).filter { Array(whole[$0..<$0 + 4]) == signature }[number]
    }
    let (entry, second) = (place([80, 75, 1, 2], 0), place([80, 75, 1, 2], 1))
    func changed(_ at: Int, _ bytes: [UInt8]) -> [UInt8] {
      Array(whole[..<at]) + bytes + Array(whole[(at + bytes.count)...])
    }
    let end = place([80, 75, 5, 6], 0)
    let cases: [([UInt8], String)] = [
      (Array(whole.dropLast(40)), "no zip file, or one that was cut short"),
      (Array("plain".utf8), "no zip file, or one that was cut short"), ([], "no zip file, or one that was cut short"),
      (changed(entry, [0]), "a zip file whose directory is damaged"),
      (changed(end + 12, [255, 255, 255]), "a zip file whose directory is damaged"),
      (changed(end + 10, [255, 254]), "a zip file whose directory is damaged"),
      (changed(entry + 8, [1]), "a member 'stored.txt' that is encrypted"),
      (changed(0, [0]), "a member 'stored.txt' whose own header is damaged"),
      (changed(entry + 42, [0, 0, 0, 127]), "a member 'stored.txt' beyond the file's end"),
      (changed(entry + 24, [8]), "a member 'stored.txt' of two sizes"),
      (changed(entry + 16, [8]), "a member 'stored.txt' whose sum is not that of the directory"),
      (changed(second + 24, [0, 0, 0, 127]), "compressed data that expand to more than 1000000 bytes"),
      (changed(second + 20, [1, 0, 0, 0]), "a member 'folder/deflated.csv' of \(text.count) bytes made of 1"),
      (changed(second + 24, [9, 0, 0, 0]), "compressed data that expand to more than 9 bytes"),
      (whole, "a member 'squeezed.txt' compressed by method 12, where stored and deflated ones are read"),
    ]
    try withTemporaryFolder { folder throws -> Void in
      for (index, (bytes, found)) in cases.enumerated() {
        let url = folder.appendingPathComponent("\(index).zip")
        try Data(bytes).write(to: url)
        let error = try #require(throws: InputError.self) {
          let archive = try ZipArchive(url)
          for member in archive.members { _ = try archive.bytes(of: member, atMost: 1_000_000) }
        }
        #expect(error.found == found, "case \(index)")
      }
    }
  }

  @Test("Damage of any byte of a zip file is refused or harmless, and cuts are refused")
  func anyDamage() throws {
    let whole = [UInt8](try Data(contentsOf: fixture.url("wide.zip")))
    try withTemporaryFolder { folder throws -> Void in
      let url = folder.appendingPathComponent("a.zip")
      func read(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: url)
        let archive = try ZipArchive(url)
        for member in archive.members { _ = try archive.bytes(of: member) }
      }
      for at in whole.indices {
        var bytes = whole
        bytes[at] = at % 2 == 0 ? 255 : whole[at] ^ 1
        do { try read(bytes) } catch is InputError {}
        guard at % 8 == 0 else { continue }
        #expect(throws: InputError.self) { try read(Array(whole[..<at])) }
      }
    }
  }
}
