import Foundation
import Fuzzing
import TestSupport
import Testing

@Suite("Damaged files of every format")
struct FuzzTests {
  private static let checkout = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test("Whole files are read, damaged ones are read or refused in words, and none takes long")
  func damaged() throws {
    let formats = try FuzzedFormat.all(checkout: Self.checkout)
    try withTemporaryFolder { folder in
      var fuzzer = Fuzzer(in: folder.appendingPathComponent("case"))
      for format in formats { #expect(throws: Never.self, "\(format.name)") { try fuzzer.runWhole(format) } }
      // Few of those that write too: each waits for the disk after every file, and those of models train.
      let slow: Set = ["corpus-resumed", "comparison", "encoder", "model", "encoder-parts", "model-parts"]
      let quick = formats.filter { !slow.contains($0.name) }
      for seed in 0..<800 { try fuzzer.run(FuzzCase(seed: UInt64(seed), of: quick)) }
      for format in formats where slow.contains(format.name) {
        for seed in 0..<1 { try fuzzer.run(FuzzCase(seed: UInt64(seed), of: [format])) }
      }
      #expect(fuzzer.failures == [])
      // Damage that no reader notices, or that all refuse, would try nothing.
      let (read, refused) = fuzzer.counts.values.reduce((0, 0)) { ($0.0 + $1.read, $0.1 + $1.refused) }
      #expect(read > 300 && refused > 300)
      #expect(fuzzer.counts.count == formats.count)
    }
  }

  @Test("Odd inputs that led to new places of the readers are still read, or refused in words")
  func replayed() throws {
    let formats = try FuzzedFormat.all(checkout: Self.checkout)
    let folder = Self.checkout.appendingPathComponent("Tests/FuzzingTests/Fixtures/odd")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names.count > 20)
    try withTemporaryFolder { place in
      var fuzzer = Fuzzer(in: place.appendingPathComponent("case"))
      for name in names {
        let format = try #require(formats.first { $0.name == name }, "\(name)")
        let inputs = folder.appendingPathComponent(name)
        for input in try FileManager.default.contentsOfDirectory(atPath: inputs.path).sorted() {
          let path = input.drop { $0 != "-" }.dropFirst().replacing("+", with: "/")
          let bytes = Array(try Data(contentsOf: inputs.appendingPathComponent(input)))
          try fuzzer.run(FuzzCase(bytes, at: String(path), of: format))
        }
      }
      #expect(fuzzer.failures == [])
      let (read, refused) = fuzzer.counts.values.reduce((0, 0)) { ($0.0 + $1.read, $0.1 + $1.refused) }
      #expect(read > 20 && refused > 20)
    }
  }

  @Test("A seed always damages the same bytes in the same way")
  func repeatable() throws {
    let formats = try FuzzedFormat.all(checkout: Self.checkout)
    try withTemporaryFolder { folder in
      for seed in [3, 44] as [UInt64] {
        let places = ["a", "b"].map { folder.appendingPathComponent("\(seed)\($0)") }
        let cases = places.map { _ in FuzzCase(seed: seed, of: formats) }
        #expect(cases[0].damage == cases[1].damage)
        for (one, place) in zip(cases, places) { try one.write(to: place) }
        let names = try places.map { try FileManager.default.subpathsOfDirectory(atPath: $0.path).sorted() }
        #expect(names[0] == names[1] && !names[0].isEmpty)
        for name in names[0] {
          let contents = places.map { FileManager.default.contents(atPath: $0.appendingPathComponent(name).path) }
          #expect(contents[0] == contents[1], "\(name)")
        }
      }
    }
  }
}
