import Foundation
import Readers
import TestSupport
import Testing

/// A damaged file of a wearable and the words that it is refused with.
struct WearableRefusal: Sendable, CustomTestStringConvertible {
  let name: String
  let format: SignalFormat
  /// Made of a good file's bytes, or of none.
  let bytes: @Sendable () throws -> Data
  let words: String
  var testDescription: String { words }

  init(_ name: String, _ format: SignalFormat, _ words: String, _ bytes: @escaping @Sendable () throws -> Data) {
    (self.name, self.format, self.words, self.bytes) = (name, format, words, bytes)
  }

  private static func changed(_ name: String, _ old: String, _ new: String) -> @Sendable () throws -> Data {
    {
      let text = try String(contentsOf: WearableExpectation.url(name), encoding: .isoLatin1)
      return Data(text.replacingOccurrences(of: old, with: new).unicodeScalars.map { UInt8($0.value) })
    }
  }

  private static func beginning(_ name: String, _ count: Int) -> @Sendable () throws -> Data {
    { try Data(contentsOf: WearableExpectation.url(name)).prefix(count) }
  }

  static let all = [
    WearableRefusal("a.cwa", .cwa, "found an empty file, expected a file of an Axivity device") { Data() },
    WearableRefusal("a.cwa", .cwa, "found 'PK' at its start, expected 'MD', as in a file of an Axivity device") {
      Data("PK\u{3}\u{4}".utf8)
    },
    WearableRefusal("a.cwa", .cwa, "found a header alone, expected blocks of samples", beginning("ax3.cwa", 1500)),
    WearableRefusal("a.cwa", .cwa, "found 2 blocks, all damaged, expected blocks of samples") {
      try beginning("ax3.cwa", 1024)() + Data(repeating: 1, count: 1024)
    },
    WearableRefusal(
      "a.bin", .geneactiv,
      "found 'GENEA/1.00', a file of the older GENEA, expected a file of a GENEActiv device: convert it to CSV with "
        + "the GENEA's own program"
    ) { Data("GENEA/1.00\r\n".utf8) },
    WearableRefusal(
      "a.bin", .geneactiv, "found 'abc' at its start, expected 'Device Identity', as in a file of a GENEActiv device"
    ) { Data("abc".utf8) },
    WearableRefusal(
      "a.bin", .geneactiv, "found 'y gain:0', expected a number other than 0, of the device's calibration",
      changed("geneactiv.bin", "y gain:25457", "y gain:0")),
    WearableRefusal(
      "a.bin", .geneactiv, "found no 'lux' in its header, expected a number, of the device's calibration",
      changed("geneactiv.bin", "Lux:", "Light:")),
    WearableRefusal(
      "a.bin", .geneactiv, "found 10 pages, all damaged, expected pages of samples",
      changed("geneactiv.bin", "Page Time:2024", "Page Time:x")),
    WearableRefusal(
      "a.bin", .geneactiv,
      "found samples 1262217622.5 s after the first, expected at most 30 years: was the device's clock set while it "
        + "recorded?", changed("geneactiv.bin", "2024-10-06", "2064-10-05")),
  ]
}

@Suite("Files of wearables that are refused")
struct WearableRefusalTests {
  @Test("A damaged file is refused with what came and what was wanted", arguments: WearableRefusal.all)
  func refused(_ refusal: WearableRefusal) throws {
    try withTemporaryFolder { folder throws -> Void in
      let url = folder.appendingPathComponent(refusal.name)
      try refusal.bytes().write(to: url)
      let error = try #require(throws: ReadError.self) { try refusal.format.contents(of: url) }
      #expect(words(of: error) == "\(url.path): \(refusal.words)")
    }
  }
}
