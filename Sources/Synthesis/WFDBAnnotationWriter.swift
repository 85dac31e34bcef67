import Files
public import Foundation

/// Writes WFDB annotation files in MIT format, a text an entry.
///
/// Follows Moody, ["WFDB Applications Guide", annot(5)](https://physionet.org/physiotools/wag/annot-5.htm).
public struct WFDBAnnotationWriter: Sendable {
  /// The annotation code of every entry: 1 is a normal beat, 22 a comment.
  public var code: Int

  /// - Precondition: `code` is in 1...49.
  public init(code: Int = 22) {
    precondition((1...49).contains(code), "an annotation code")
    self.code = code
  }

  /// - Parameter entries: Samples in increasing order, with texts of at most 255 bytes.
  public func encode(_ entries: [(sample: Int, text: String)]) -> Data {
    var bytes = Data()
    func word(_ code: Int, _ value: Int) {
      bytes.append(UInt8(value & 0xff))
      bytes.append(UInt8(code << 2 | value >> 8))
    }
    var last = 0
    for (sample, text) in entries {
      var interval = sample - last
      last = sample
      if !(0...1023).contains(interval) {
        word(59, 0)
        let skip = UInt32(bitPattern: Int32(interval))
        for shift in [16, 24, 0, 8] { bytes.append(UInt8(truncatingIfNeeded: skip >> shift)) }
        interval = 0
      }
      word(code, interval)
      let utf8 = Array(text.utf8.prefix(255))
      guard !utf8.isEmpty else { continue }
      word(63, utf8.count)
      bytes.append(contentsOf: utf8)
      if utf8.count % 2 == 1 { bytes.append(0) }
    }
    return bytes + [0, 0]
  }

  /// Writes a file. See ``encode(_:)``.
  public func write(_ entries: [(sample: Int, text: String)], to url: URL) throws {
    try encode(entries).writeWhole(to: url)
  }
}
