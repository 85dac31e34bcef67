import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
  static let quarters = (0..<6).map { Double($0) / 4 - 0.5 }

  /// What `generate.py` wrote.
  static let items = [
    item("encoder.blocks.0.weight", .float32, [2, 3], quarters.map(Float.init)),
    item("half", .float16, [2, 3], quarters.map(Float16.init)),
    item("brain", .bfloat16, [2, 3], quarters.map { UInt16(Float($0).bitPattern >> 16) }),
    item("double", .float64, [2, 3], quarters),
    item("long", .int64, [3], [Int64.min, -1, .max]),
    item("int", .int32, [2], [Int32.min, .max]),
    item("signed", .int8, [3], [Int8.min, .max, 0]),
    item("byte", .uint8, [2], [UInt8.min, .max]),
    item("flags", .bool, [3], [true, false, true]),
    item("scalar", .float32, [], [Float(1.5)]),
    item("empty", .float32, [0, 4], [Float]()),
    item("odd \"name\"\\ \n\t\u{1} é 😀", .float32, [1], [Float(7)]),
  ]
  static let metadata = ["recipe": "first: \"line\"\nsecond: ü"]

  @Test("A file that Python wrote is read: names, types, shapes, bytes, metadata")
  func readsPython() throws {
    let file = try SafetensorsFile(Fixture("safetensors").url("all-types.safetensors"))
    #expect(file.metadata == Self.metadata)
    #expect(Set(file.entries.keys) == Set(Self.items.map(\.name)))
    for item in Self.items {
      let entry = try #require(file.entries[item.name])
      #expect(entry.type == item.type && entry.shape == item.shape)
      #expect(try file.bytes(of: item.name) == item.bytes)
      #expect(entry.byteRange.lowerBound % item.type.size == 0)
    }
  }

  @Test("The same content is written as Python writes it, byte for byte, whatever the order")
  func writesAsPython() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("ours.safetensors")
      try SafetensorsWriter.write(Self.items.reversed(), metadata: Self.metadata, to: url)
      let python = try Data(contentsOf: Fixture("safetensors").url("all-types.safetensors"))
      #expect(try Data(contentsOf: url) == python)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ours.safetensors"])
    }
  }

  @Test("What is written is read, without tensors or metadata too, over an older file")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.safetensors")
      try SafetensorsWriter.write([], to: url)
      #expect(try Data(contentsOf: url) == Data([8, 0, 0, 0, 0, 0, 0, 0] + "{}      ".utf8))
      #expect(try SafetensorsFile(url).entries.isEmpty)
      let metadata = ["b": "\u{0}\u{1f}\r\u{c}\u{8}/", "": "", "ü": "\u{10ffff}"]
      try SafetensorsWriter.write(Self.items, metadata: metadata, to: url)
      #expect(try SafetensorsFile(url).metadata == metadata)
    }
  }

  @Test("Escapes, spaces and tensors in any order are read")
  func otherWriters() throws {
    let json =
      " {\n\"b\" : {\"data_offsets\":[4 , 8],\t\"shape\":[1],\"dtype\":\"F32\"}, "
      + "\"a\\u00e9\\ud83d\\ude00\\/\":{\"dtype\":\"U8\",\"shape\":[2,2],\"data_offsets\":[0,4]}} "
    try withFile(json, data: Data(0..<8)) { file in
      let values = try (file.bytes(of: "aé😀/"), file.bytes(of: "b"))
      #expect(values == (Data(0..<4), Data(4..<8)))
    }
  }

  static let oneFloat = "\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]"
  static let refusals: [(json: String, data: Int, words: String)] = [
    ("[]", 0, "found '[' at byte 0 of the header, expected an object"),
    ("", 0, "found the end at byte 0 of the header, expected an object"),
    ("{} x", 0, "found 'x' at byte 3 of the header, expected the end of the header"),
    ("{\"a\"}", 0, "found '}' at byte 4 of the header, expected ':'"),
    ("{\"a\":{\(oneFloat)}", 4, "found the end at byte 53 of the header, expected ',' or '}'"),
    ("{\"a", 0, "found the end at byte 3 of the header, expected a closing quote"),
    ("{\"a\\x", 0, "found an unknown escape at byte 5 of the header, expected one of JSON's"),
    (
      "{\"a\\ud800\":", 0,
      "found half of a surrogate pair at byte 10 of the header, expected a Unicode character"
    ),
    ("{\"a\\u00g0\"", 0, "found an unknown escape at byte 8 of the header, expected four hexadecimal digits"),
    ("{\"a\n\"", 0, "found a control character at byte 3 of the header, expected text"),
    ("{\"__metadata__\":{\"a\":1}}", 0, "found '1' at byte 21 of the header, expected a string"),
    ("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "found 'a' twice, expected a name for each tensor"),
    (
      "{\"__metadata__\":{},\"__metadata__\":{}}", 0,
      "found '__metadata__' twice, expected a name for each tensor"
    ),
    (
      "{\"a\":{\(oneFloat)},\"a\":{\(oneFloat)}}", 4, "found 'a' twice, expected a name for each tensor"
    ),
    (
      "{\"a\":{\(oneFloat),\"dtype\":\"F32\"}}", 4,
      "found 'dtype' at byte 61 of the header, expected dtype, shape and data_offsets, once each"
    ),
    (
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4,
      "found an incomplete entry for 'a' at byte 5 of the header, expected dtype, shape and two data_offsets"
    ),
    (
      "{\"a\":{\"dtype\":\"Q4\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
      "found type 'Q4' for 'a', expected one of I64, F64, F32, I32, BF16, F16, I16, I8, U8, BOOL"
    ),
    (
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4,
      "found '-' at byte 29 of the header, expected an integer of at least 0"
    ),
    (
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4,
      "found '.' at byte 30 of the header, expected ',' or ']'"
    ),
    (
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[9999999999999999999],\"data_offsets\":[0,4]}}", 4,
      "found a number beyond 64 bits at byte 29 of the header, expected a size"
    ),
    (
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}}", 4,
      "found shape [4294967296, 4294967296] for 'a', expected sides of at least 0 and a size that memory can hold"
    ),
    (
      "{\"a\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,4]}}", 4,
      "found 4 bytes for 'a', expected 6 for F16 of shape [3]"
    ),
    (
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4,
      "found an end before the start of 'a', expected data_offsets in order"
    ),
    (
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8,
      "found 'a' at bytes 4 to 8 of the data, expected it to start at 0: tensors must neither overlap nor leave gaps"
    ),
    (
      "{\"a\":{\(oneFloat)},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}", 6,
      "found 'b' at bytes 2 to 6 of the data, expected it to start at 4: tensors must neither overlap nor leave gaps"
    ),
    (
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[9223372036854775805,9223372036854775807]}}", 2,
      "found shape [2] for 'a', expected sides of at least 0 and a size that memory can hold"
    ),
    ("{\"a\":{\(oneFloat)}}", 3, "found 65 bytes, expected 66: the file was cut short"),
    ("{\"a\":{\(oneFloat)}}", 5, "found 1 bytes after the last tensor, expected none"),
  ]

  @Test("A wrong header is refused in words", arguments: refusals)
  func refused(json: String, data: Int, expected: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      try encoded(json, data: Data(count: data)).write(to: url)
      #expect(throwsWords { _ = try SafetensorsFile(url) } == "\(url.path): \(expected)")
    }
  }

  @Test("A pipe is refused without waiting, and a file that is cut while it is open is an error")
  func pipeAndCut() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      #expect(mkfifo(url.path, 0o600) == 0)
      #expect(
        throwsWords { _ = try SafetensorsFile(url) }
          == "\(url.path): found a pipe or device, expected a safetensors file")
      try FileManager.default.removeItem(at: url)
      try SafetensorsWriter.write([item("a", .float32, [4], [Float(1), 2, 3, 4])], to: url)
      let file = try SafetensorsFile(url)
      #expect(truncate(url.path, off_t(file.entries["a"]?.byteRange.lowerBound ?? 0) + 4) == 0)
      #expect(
        throwsWords { _ = try file.tensor("a") }
          == "\(url.path): found a file that became shorter while it was read, expected a safetensors file")
    }
  }

  @Test("What is no safetensors file at all is refused in words")
  func notSafetensors() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      #expect(
        throwsWords { _ = try SafetensorsFile(url) }
          == "\(url.path): found no such file, expected a safetensors file")
      #expect(
        throwsWords { _ = try SafetensorsFile(folder) }
          == "\(folder.path): found a folder, expected a safetensors file")
      try Data(count: 3).write(to: url)
      #expect(
        throwsWords { _ = try SafetensorsFile(url) }
          == "\(url.path): found 3 bytes, expected 8: the file was cut short")
      try Data("PK\u{3}\u{4} a zip archive".utf8).write(to: url)
      #expect(
        throwsWords { _ = try SafetensorsFile(url) }
          == "\(url.path): found a header of 8800140462016121680 bytes, expected at most 100000000: "
          + "not a safetensors file")
      try (Data([100, 0, 0, 0, 0, 0, 0, 0]) + Data("{}".utf8)).write(to: url)
      #expect(
        throwsWords { _ = try SafetensorsFile(url) }
          == "\(url.path): found 10 bytes, expected 108: the file was cut short")
    }
  }

  @Test("Names that are not UTF-8 are refused")
  func notUTF8() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      try Data([5, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0xff, 0x22, 0x3a]).write(to: url)
      #expect(
        throwsWords { _ = try SafetensorsFile(url) }
          == "\(url.path): found text that is not UTF-8 at byte 2 of the header, expected UTF-8")
    }
  }

  @Test("What cannot be written is refused in words, and leaves nothing")
  func unwritable() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      func refusal(_ items: [SafetensorsItem], to target: URL? = nil) -> String? {
        throwsWords { try SafetensorsWriter.write(items, to: target ?? url) }
      }
      let one = item("a", .float32, [1], [Float(1)])
      #expect(refusal([one, one]) == "\(url.path): found 'a' twice, expected a name for each tensor")
      #expect(
        refusal([item("a", .float32, [2], [Float(1)])])
          == "\(url.path): found 4 bytes for 'a', expected 8 for F32 of shape [2]")
      #expect(
        refusal([item("a", .float32, [-1], [Float(1)])])
          == "\(url.path): found shape [-1] for 'a', expected sides of at least 0 and a size that memory can hold")
      #expect(
        refusal([item("__metadata__", .float32, [1], [Float(1)])])
          == "\(url.path): cannot write a tensor named '__metadata__': the format keeps that name for itself")
      let nowhere = folder.appendingPathComponent("no/x.safetensors")
      #expect(
        refusal([one], to: nowhere)
          == "\(nowhere.path): found no way to write (No such file or directory), expected a place that may be written to: choose another, or change its permissions"
      )
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
      #expect(refusal([one])?.hasPrefix("\(url.path): found no way to write (Is a directory), expected") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.safetensors"])
    }
  }

  @Test("A name that is not there is refused in words")
  func missing() throws {
    let file = try SafetensorsFile(Fixture("safetensors").url("all-types.safetensors"))
    #expect(throwsWords { _ = try file.bytes(of: "decoder") } == "\(file.path): no tensor 'decoder'")
  }

  @Test("Random damage is refused or read, never a crash")
  func fuzz() throws {
    let whole = try Data(contentsOf: Fixture("safetensors").url("all-types.safetensors"))
    var state: UInt64 = 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var refused = 0
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      for _ in 0..<400 {
        var damaged = whole
        for _ in 0...random(4) {
          // Mostly in the header, where it hurts.
          damaged[random(random(4) == 0 ? whole.count : 900)] = UInt8(random(256))
        }
        if random(3) == 0 { damaged = damaged.prefix(random(damaged.count)) }
        try damaged.write(to: url)
        do {
          let file = try SafetensorsFile(url)
          for name in file.entries.keys { _ = try file.bytes(of: name) }
        } catch is SafetensorsError {
          refused += 1
        }
      }
    }
    #expect(refused > 300)
  }
}

private func item<Element: BitwiseCopyable>(
  _ name: String, _ type: SafetensorsType, _ shape: [Int], _ values: [Element]
) -> SafetensorsItem {
  SafetensorsItem(
    name: name, type: type, shape: shape, bytes: values.withUnsafeBytes { Data($0) })
}

private func encoded(_ json: String, data: Data) -> Data {
  withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { Data($0) } + Data(json.utf8) + data
}

private func withFile(_ json: String, data: Data, _ body: (SafetensorsFile) throws -> Void) throws {
  try withTemporaryFolder { folder in
    let url = folder.appendingPathComponent("x.safetensors")
    try encoded(json, data: data).write(to: url)
    try body(SafetensorsFile(url))
  }
}

private func throwsWords(_ body: () throws -> Void) -> String? {
  do { try body() } catch { return words(of: error) }
  return nil
}
