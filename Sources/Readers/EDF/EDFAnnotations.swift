import Foundation

/// One entry of an EDF+ annotation channel.
public struct EDFAnnotation: Hashable, Sendable {
  /// In seconds from the start of the first record.
  public let onsetSeconds: Double
  /// `nil` where the file gives none.
  public let durationSeconds: Double?
  public let text: String
  /// The channel that it is about, from the form `text@@channel`; `nil` is all of them.
  public let channel: String?
}

/// The annotations of an EDF+ or BDF+ file, in order of their onsets.
public struct EDFAnnotations: Sendable {
  public let entries: [EDFAnnotation]
  /// Seconds from the start time of the header to the first record, less than one in files by the rules.
  public let startOffsetSeconds: Double
  /// Start of each record in seconds from the first; `nil` where the record does not say.
  public let recordOnsets: [Double?]
  /// What was odd in the lists, a sentence each with the file's name.
  public let warnings: [String]

  /// - Throws: ``ReadError`` where the file has become shorter.
  init(_ records: EDFRecords) throws {
    let ranges = records.header.annotationRanges
    var found: [EDFAnnotation] = []
    var onsets: [Double?] = []
    var malformed = 0
    var latin = 0
    let part = (ranges.first?.lowerBound ?? 0)..<(ranges.last?.upperBound ?? 0)
    try records.forEach(in: 0..<records.header.recordCount, part: part) { record, bytes in
      onsets.append(nil)
      for (list, range) in ranges.enumerated() {
        let block = UnsafeRawBufferPointer(
          rebasing: bytes[range.lowerBound - part.lowerBound..<range.upperBound - part.lowerBound])
        var isFirst = list == 0
        for entry in block.split(separator: 0) {
          guard let timed = TimedList(entry) else {
            malformed += 1
            continue
          }
          if isFirst, timed.texts.first?.isEmpty == true { onsets[record] = timed.onset }
          isFirst = false
          for bytes in timed.texts where !bytes.isEmpty {
            let text: String
            if let unicode = String(validating: bytes, as: UTF8.self) {
              text = unicode
            } else {
              text = decodedText(bytes)
              latin += 1
            }
            let parts = text.components(separatedBy: "@@")
            // Scoring files speak of channels that only the signal's file holds.
            let isAboutChannel = parts.count == 2
            found.append(
              EDFAnnotation(
                onsetSeconds: timed.onset, durationSeconds: timed.duration,
                text: isAboutChannel ? parts[0] : text, channel: isAboutChannel ? parts[1] : nil))
          }
        }
      }
    }
    let offset = onsets.first.flatMap { $0 } ?? 0
    var warnings: [String] = []
    let name = records.file.url.lastPathComponent
    if malformed > 0 { warnings.append("\(name): \(malformed) malformed annotations are left out") }
    if latin > 0 { warnings.append("\(name): \(latin) annotations are not UTF-8: read as Latin-1") }
    // A stable sort: entries of one onset keep the order of the file.
    entries = found.enumerated().map { index, entry in
      (
        index,
        EDFAnnotation(
          onsetSeconds: entry.onsetSeconds - offset, durationSeconds: entry.durationSeconds, text: entry.text,
          channel: entry.channel)
      )
    }.sorted { ($0.1.onsetSeconds, $0.0) < ($1.1.onsetSeconds, $1.0) }.map(\.1)
    startOffsetSeconds = offset
    recordOnsets = onsets.map { $0.map { $0 - offset } }
    self.warnings = warnings
  }
}

/// A time-stamped annotation list: `+onset [0x15 duration] 0x14 text 0x14 text … 0x14`.
private struct TimedList {
  let onset: Double
  let duration: Double?
  let texts: [Slice<UnsafeRawBufferPointer>]

  init?(_ bytes: Slice<UnsafeRawBufferPointer>) {
    guard bytes.last == 0x14 else { return nil }
    let parts = bytes.dropLast().split(separator: 0x14, omittingEmptySubsequences: false)
    guard let times = parts.first, let sign = times.first, sign == 0x2b || sign == 0x2d else { return nil }
    let numbers = times.split(separator: 0x15, omittingEmptySubsequences: false)
    guard numbers.count <= 2, let onset = Self.seconds(numbers[0]) else { return nil }
    self.onset = onset
    if numbers.count == 2, !numbers[1].isEmpty {
      guard let duration = Self.seconds(numbers[1]) else { return nil }
      self.duration = duration
    } else {
      duration = nil
    }
    texts = parts.count > 1 ? Array(parts.dropFirst()) : []
  }

  /// Digits with a point; no exponents, infinities or the like.
  private static func seconds(_ bytes: Slice<UnsafeRawBufferPointer>) -> Double? {
    guard bytes.count < 32,
      bytes.allSatisfy({ (0x30...0x39).contains($0) || [0x2b, 0x2d, 0x2e].contains($0) })
    else { return nil }
    return Double(String(decoding: bytes, as: UTF8.self)).flatMap {
      abs($0) <= RecordingLimits.farthestTimeSeconds ? $0 : nil
    }
  }
}
