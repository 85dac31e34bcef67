import Foundation
import NumPy
import TestSupport
import Testing

@Suite("Damaged arrays")
struct NpyDamageTests {
  private func refusal(_ bytes: [UInt8]) throws -> String {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.npy")
      try Data(bytes).write(to: url)
      let start = ContinuousClock.now
      let error = try #require(throws: NpyError.self) { try NpyArray<Float>(contentsOf: url) }
      #expect(ContinuousClock.now - start < .seconds(1))
      #expect(words(of: error).hasPrefix(url.path + ": "))
      return String(words(of: error).dropFirst(url.path.count + 2))
    }
  }

  /// A file of version 1 or 2 with a header of its own, and some values.
  private func file(_ header: String, length: Int? = nil, values: Int = 64) -> [UInt8] {
    let length = length ?? header.utf8.count
    let size = length > 65_535 ? 4 : 2
    return [0x93] + Array("NUMPY".utf8) + [size == 4 ? 2 : 1, 0]
      + (0..<size).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      + Array(header.utf8) + [UInt8](repeating: 0, count: values)
  }

  private func header(_ shape: String, type: String = "'<f4'") -> String {
    "{'descr': \(type), 'fortran_order': False, 'shape': (\(shape)), }\n"
  }

  @Test(
    "A shape that has no room in 64 bits is refused, also beside a side of 0",
    arguments: [
      "9223372036854775807, 2", "0, 9000000000000000000, 9000000000000000000", "9000000000000000000, 0",
      "4294967296, 4294967296",
      "-1, 2", "2, x", "99999999999999999999",
    ])
  func shapes(shape: String) throws {
    #expect(
      try refusal(file(header(shape))) == "found the shape (\(shape)), expected a .npy file as numpy.save writes it")
  }

  @Test("More axes than NumPy has are refused")
  func axes() throws {
    let shape = Array(repeating: "1", count: 65).joined(separator: ", ")
    #expect(try refusal(file(header(shape))).hasPrefix("found the shape (1, 1, 1, "))
  }

  @Test("An empty array of few axes is read")
  func empty() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.npy")
      try Data(file(header("0, 3"), values: 0)).write(to: url)
      #expect(try NpyArray<Float>(contentsOf: url).shape == [0, 3])
    }
  }

  @Test("Headers of gigabytes, of nothing but keys and of structures are refused")
  func headers() throws {
    #expect(
      try refusal(file("{", length: 4_000_000_000))
        == "found a header cut short, expected a .npy file as numpy.save writes it")
    let keys = String(repeating: "'descr':", count: 100_000)
    #expect(
      try refusal(file(keys)) == "found a header of 800000 bytes, expected a .npy file as numpy.save writes it")
    #expect(
      try refusal(file(String(repeating: "'descr':", count: 6000))).hasPrefix("found the header ''descr':'descr':"))
    #expect(
      try refusal(file(header("2", type: "[('a', '<f4'), ('b', '<f4')]"))).hasPrefix(
        "found the header '{'descr': [('a',"))
    #expect(
      try refusal(file(header("2", type: "'|O'")))
        == "found elements of type '|O', expected integers or floats of 1 to 8 bytes")
  }

  @Test("An array that is cut while it is open is an error")
  func cut() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.npy")
      try NpyArray<Float>(shape: [30_000], values: Array(repeating: 1, count: 30_000)).write(to: url)
      let file = try NpyFile(url)
      #expect(truncate(url.path, 4096) == 0)
      let first: [Float] = try file.elements(0..<10)
      #expect(first == Array(repeating: 1, count: 10))
      let error = try #require(throws: NpyError.self) {
        let _: [Float] = try file.elements(20_000..<30_000)
      }
      #expect(
        words(of: error) == "\(url.path): found a file that became shorter while it was read, expected a .npy file")
    }
  }

  @Test("A pipe is refused without waiting")
  func pipe() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.npy")
      #expect(mkfifo(url.path, 0o600) == 0)
      let error = try #require(throws: NpyError.self) { try NpyFile(url) }
      #expect(words(of: error) == "\(url.path): found a pipe or device, expected a .npy file")
    }
  }
}
