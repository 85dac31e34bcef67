import Foundation
import Streams

/// What `--json` prints: indented, keys in order, paths as they are.
enum JSONOutput {
  static func print(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try StandardOutput.print(String(decoding: encoder.encode(value), as: UTF8.self))
  }
}
