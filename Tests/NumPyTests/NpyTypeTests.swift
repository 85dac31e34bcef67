import Foundation
import NumPy
import TestSupport
import Testing

@Suite("Element types of arrays")
struct NpyTypeTests {
  /// Reads a file of elements whose bytes are as given.
  private func read<Element: NpyElement>(
    _ descriptor: String, _ shape: [Int], isColumnMajor: Bool = false, _ bytes: [UInt8], as type: Element.Type
  ) throws -> [Element] {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.npy")
      let header = NpyHeader(descriptor: descriptor, shape: shape, isColumnMajor: isColumnMajor)
      try (header.encoded() + Data(bytes)).write(to: url)
      return try NpyArray<Element>(contentsOf: url).values
    }
  }

  private static func bytes(_ value: some FixedWidthInteger, big: Bool) -> [UInt8] {
    withUnsafeBytes(of: big ? value.bigEndian : value.littleEndian) { Array($0) }
  }

  @Test("Integers of every width, sign and byte order are read", arguments: [false, true])
  func integers(big: Bool) throws {
    let order = big ? ">" : "<"
    func check<Stored: FixedWidthInteger>(_ name: String, _ values: [Stored]) throws {
      let bytes = values.flatMap { Self.bytes($0, big: big) }
      #expect(try read(order + name, [values.count], bytes, as: Double.self) == values.map { Double($0) }, "\(name)")
    }
    try check("u1", [0, 3, 255] as [UInt8])
    try check("i1", [-128, -1, 127] as [Int8])
    try check("u2", [1, 65_535] as [UInt16])
    try check("i2", [-32_768, 5] as [Int16])
    try check("u4", [4_294_967_295, 5] as [UInt32])
    try check("i4", [.min, 5] as [Int32])
    try check("u8", [4, 1 << 63] as [UInt64])
    try check("i8", [-4, 1 << 40] as [Int64])
  }

  @Test("Floats of every width and byte order are read", arguments: [false, true])
  func floats(big: Bool) throws {
    let order = big ? ">" : "<"
    // By IEEE 754: 1, -2, 65504, 2^-24, 0.333…, infinity.
    let halves: [UInt16] = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x3555, 0x7c00]
    let values = try read(order + "f2", [6], halves.flatMap { Self.bytes($0, big: big) }, as: Double.self)
    #expect(values == [1, -2, 65_504, 0x1p-24, 0.333251953125, .infinity])
    #expect(try read(order + "f2", [1], Self.bytes(0x7e00 as UInt16, big: big), as: Float.self)[0].isNaN)
    let singles = [1.5, -0.1] as [Float]
    let singleBytes = singles.flatMap { Self.bytes($0.bitPattern, big: big) }
    #expect(try read(order + "f4", [2], singleBytes, as: Float.self) == singles)
    let doubles = [1.5, -0.1, 1e300]
    let doubleBytes = doubles.flatMap { Self.bytes($0.bitPattern, big: big) }
    #expect(try read(order + "f8", [3], doubleBytes, as: Double.self) == doubles)
  }

  @Test("Truth values are 0 and 1")
  func truth() throws {
    #expect(try read("|b1", [2], [1, 0], as: Int64.self) == [1, 0])
  }

  @Test("A number that has no room is the nearest that has")
  func room() throws {
    #expect(try read("<u8", [1], [UInt8](repeating: 255, count: 8), as: Int64.self) == [.max])
    let bytes = [-1e300, .nan].flatMap { Self.bytes($0.bitPattern, big: false) }
    #expect(try read("<f8", [2], bytes, as: Int8.self) == [-128, 0])
  }

  @Test("An array in column-major order comes in row-major order")
  func columns() throws {
    #expect(try read("|u1", [2, 3], isColumnMajor: true, [0, 3, 1, 4, 2, 5], as: Int64.self) == [0, 1, 2, 3, 4, 5])
    let bytes = (0..<24).map { UInt8($0) }
    let values = try read("|u1", [2, 3, 4], isColumnMajor: true, bytes, as: Int64.self)
    // Element [i, j, k] stands at i + 2j + 6k.
    var wanted: [Int64] = []
    for i in 0..<2 { for j in 0..<3 { for k in 0..<4 { wanted.append(Int64(i + 2 * j + 6 * k)) } } }
    #expect(values == wanted)
    #expect(try read("<i2", [3], isColumnMajor: true, [1, 0, 2, 0, 3, 0], as: Int64.self) == [1, 2, 3])
  }

  @Test("Other types are refused in words")
  func refused() throws {
    let zeros = [UInt8](repeating: 0, count: 8)
    let error = try #require(throws: NpyError.self) { try read("<c8", [1], zeros, as: Double.self) }
    #expect(
      words(of: error).hasSuffix("a.npy: found elements of type '<c8', expected integers or floats of 1 to 8 bytes"))
  }

  @Test("A header made to be slow to read is refused at once")
  func slowHeader() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.npy")
      let text = String(repeating: "'descr':" + String(repeating: " ", count: 3000), count: 20)
      let length = UInt16(text.utf8.count)
      let head: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, UInt8(length & 255), UInt8(length >> 8)]
      var file = Data(head)
      file.append(contentsOf: text.utf8)
      try file.write(to: url)
      let start = ContinuousClock.now
      #expect(throws: NpyError.self) { try NpyFile(url) }
      #expect(ContinuousClock.now - start < .seconds(1))
    }
  }
}
