import Foundation
public import SleepCore

/// One entry of a BrainVision marker file.
public struct BrainVisionMarker: Hashable, Sendable {
  /// `New Segment`, `Comment`, `Stimulus`, ….
  public let type: String
  public let text: String
  /// Counted from 0.
  public let sample: Int
  /// In samples; 0 where the file gives none.
  public let length: Int
  /// What the clock said, of a new segment.
  public let time: LocalTime?
}

/// A BrainVision marker file, `.vmrk`.
struct BrainVisionMarkers {
  /// In the order of the file.
  let markers: [BrainVisionMarker]
  /// Lines that were no markers.
  let malformed: Int

  /// Beyond any sample.
  private static let farthestSample = 1 << 50

  /// - Throws: ``ReadError`` when the file is missing or does not begin as such a file does.
  init(_ url: URL) throws {
    let entries = try BrainVisionSettings(url, kind: "Marker").entries("Marker Infos")
      .filter { $0.key.lowercased().hasPrefix("mk") && Int($0.key.dropFirst(2)) != nil }
    guard entries.count <= RecordingLimits.mostLabels else {
      throw ReadError(
        url, found: "\(entries.count) markers", expected: "at most \(RecordingLimits.mostLabels), as in one recording")
    }
    markers = entries.compactMap { entry in
      // `type,text,position,size,channel,date`, positions from 1; a comma of a text is `\1`.
      let fields = entry.value.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.replacingOccurrences(of: "\\1", with: ",").trimmingCharacters(in: .whitespaces)
      }
      guard fields.count >= 3, let position = Int(fields[2]), abs(position) <= Self.farthestSample else { return nil }
      let length = fields.count > 3 ? Int(fields[3]) ?? 0 : 0
      return BrainVisionMarker(
        type: fields[0], text: fields[1], sample: position - 1,
        length: (0...Self.farthestSample).contains(length) ? length : 0,
        time: fields.count > 5 ? Self.time(fields[5]) : nil)
    }
    malformed = entries.count - markers.count
  }

  /// `yyyymmddhhmmss` and six digits of a second's parts; zeros where the recorder did not know.
  private static func time(_ text: String) -> LocalTime? {
    let digits = text.utf8.map { Int($0) - 48 }
    guard digits.count == 20, digits.allSatisfy((0...9).contains) else { return nil }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
    return LocalTime(
      year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: number(8..<10), minute: number(10..<12),
      second: Double(number(12..<14)) + Double(number(14..<20)) / 1e6)
  }
}
