public import Foundation

/// One entry of a WFDB annotation file.
public struct WFDBAnnotation: Hashable, Sendable {
  /// In samples of the record, or of the file's own clock where it has one.
  public let sample: Int
  /// The annotation code, 1...49: 1 is a normal beat, 22 a comment.
  public let code: Int
  public let subtype: Int
  public let channel: Int
  public let number: Int
  /// The text, without NULs at its end.
  public let text: String
}

/// A WFDB annotation file in MIT format: `.atr`, `.st`, ….
///
/// Follows Moody, ["WFDB Applications Guide", annot(5)](https://physionet.org/physiotools/wag/annot-5.htm).
public struct WFDBAnnotations: Sendable {
  public let entries: [WFDBAnnotation]
  /// Ticks a second of the samples, where the file says so; else they are the record's.
  public let ticksPerSecond: Double?

  /// - Throws: ``ReadError`` when the file is missing, empty or ends within an entry.
  public init(_ url: URL) throws {
    let bytes = try RawFile(url, expected: "WFDB annotations").bytes(atMost: RawFile.mostBytesBesideSignals)
    func damaged(_ found: String, at offset: Int) -> ReadError {
      ReadError(url, found: "\(found) at byte \(offset)", expected: "WFDB annotations in MIT format")
    }
    var entries: [WFDBAnnotation] = []
    var pending: (sample: Int, code: Int, subtype: Int, text: String)?
    var (sample, channel, number) = (0, 0, 0)
    func flush() {
      guard let entry = pending else { return }
      entries.append(
        WFDBAnnotation(
          sample: entry.sample, code: entry.code, subtype: entry.subtype, channel: channel, number: number,
          text: entry.text))
      pending = nil
    }
    var at = 0
    var isEnded = false
    while at + 1 < bytes.count {
      let low = Int(bytes[at])
      let code = Int(bytes[at + 1]) >> 2
      let interval = low | (Int(bytes[at + 1]) & 3) << 8
      let start = at
      at += 2
      if code == 0, interval == 0 {
        isEnded = true
        break
      }
      switch code {
      case 59:
        flush()
        guard at + 4 <= bytes.count else { throw damaged("a skip that is cut short", at: start) }
        // The high word comes first.
        let high = Int(bytes[at]) | Int(bytes[at + 1]) << 8
        let skip = Int32(truncatingIfNeeded: high << 16 | Int(bytes[at + 2]) | Int(bytes[at + 3]) << 8)
        sample += Int(skip)
        at += 4
      case 60: number = Int(Int8(truncatingIfNeeded: low))
      case 61: pending?.subtype = Int(Int8(truncatingIfNeeded: low))
      case 62: channel = low
      case 63:
        guard at + low <= bytes.count else { throw damaged("a text that is cut short", at: start) }
        pending?.text = decodedText(bytes[at..<at + low].prefix { $0 != 0 })
        at += low + (low & 1)
      case 50...58: throw damaged("the code \(code)", at: start)
      case 0:
        // No annotation: it only moves the clock, after a time resolution back to 0.
        flush()
        sample += interval
      default:
        flush()
        sample += interval
        pending = (sample, code, 0, "")
      }
    }
    flush()
    guard isEnded || at == bytes.count, isEnded || !entries.isEmpty else {
      throw damaged("an odd last byte", at: bytes.count - 1)
    }
    // Comments at the start that begin with ## speak of the file; so do those within a list of definitions.
    var isDefining = false
    let head = entries.prefix { entry in
      guard entry.sample == 0, entry.code == 22, isDefining || entry.text.hasPrefix("## ") else { return false }
      if entry.text == "## annotation type definitions" { isDefining = true }
      if entry.text == "## end of definitions" { isDefining = false }
      return true
    }
    ticksPerSecond = head.compactMap { entry in
      entry.text.hasPrefix("## time resolution: ") ? Double(entry.text.dropFirst(20)) : nil
    }.first { $0 > 0 && $0 <= RecordingLimits.fastestHz }
    self.entries = Array(entries.dropFirst(head.count))
  }
}
