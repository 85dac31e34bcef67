import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Damaged tables")
struct TableDamageTests {
  @Test("A damaged table is read or refused with its own name, and ends nothing", arguments: TableCase.all)
  func damaged(_ reference: TableCase) throws {
    var random = SeededNumbers(seed: 5)
    let whole = try [UInt8](Data(contentsOf: TableCase.fixture.url(reference.file)))
    let texts = [
      "", "\"", "\n", ",", "9999999999999999999", "1e308", "-", "2020-01-01", ":", "\u{0}", ";", "99/99/99", "\r", "#",
    ]
    try withTemporaryFolder { folder throws -> Void in
      let url = folder.appendingPathComponent(reference.file)
      for _ in 0..<40 {
        var bytes = whole
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0..<4, using: &random) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
          case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
          case 2: bytes.insert(contentsOf: Array(texts.randomElement(using: &random)?.utf8 ?? "".utf8), at: place)
          default: bytes.removeSubrange(place...)
          }
          if bytes.isEmpty { bytes = [0x2c] }
        }
        try Data(bytes).write(to: url)
        do {
          let file = try TableFile(url, rules: reference.rules)
          for index in file.channels.indices {
            let (seconds, samples) = file.series(index)
            #expect(seconds.count == samples.count)
          }
        } catch let error as ReadError {
          #expect(error.path == url.path)
        }
      }
    }
  }
}
