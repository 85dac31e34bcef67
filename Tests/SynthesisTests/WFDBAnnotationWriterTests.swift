import Foundation
import Readers
import Synthesis
import TestSupport
import Testing

@Suite("WFDB annotation writer")
struct WFDBAnnotationWriterTests {
  @Test("What is written is read back, also long and backward steps")
  func roundTrip() throws {
    let entries = [(0, "W"), (1500, "1"), (1501, ""), (700_000, "odd"), (699_000, "é"), (1 << 30, "R")]
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.atr")
      try WFDBAnnotationWriter(code: 1).write(entries.map { (sample: $0.0, text: $0.1) }, to: url)
      let read = try WFDBAnnotations(url).entries
      #expect(read.map(\.sample) == entries.map(\.0))
      #expect(read.map(\.text) == entries.map(\.1))
      #expect(read.allSatisfy { $0.code == 1 })
    }
  }

  @Test("One wake window is the published example, byte by byte")
  func minimal() {
    #expect(
      WFDBAnnotationWriter(code: 1).encode([(0, "W")]) == Data([0x00, 0x04, 0x01, 0xfc, 0x57, 0x00, 0x00, 0x00]))
  }
}
