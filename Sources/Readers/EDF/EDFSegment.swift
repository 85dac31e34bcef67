/// Records of an EDF+D file that follow each other without a long gap; in other files, all of them.
public struct EDFSegment: Hashable, Sendable {
  public let records: Range<Int>
  /// When the first of them starts, in seconds from the file's first record.
  public let startSeconds: Double

  /// Longer gaps begin a new segment.
  private static let longestGap = 60.0
  /// A record that begins earlier than that before the one before it ends is put at its own time, in a new segment.
  private static let longestOverlap = 0.5

  /// Cuts records into segments, so that what is missing within one takes no more room than what is there.
  ///
  /// - Parameter onsets: When each record starts, in increasing order.
  static func cut(onsets: [Double], recordSeconds: Double) -> [EDFSegment] {
    var segments: [EDFSegment] = []
    var first = 0
    // Seconds that are there and that are missing, since the segment began, and its end.
    var (stored, missing, end) = (0.0, 0.0, 0.0)
    for (record, onset) in onsets.enumerated() {
      let gap = onset - end
      if record > 0, gap > longestGap || missing + gap > stored || gap < -longestOverlap {
        segments.append(EDFSegment(records: first..<record, startSeconds: onsets[first]))
        first = record
        (stored, missing, end) = (0, 0, onset)
      }
      missing += max(0, onset - end)
      stored += recordSeconds
      end = max(end, onset) + recordSeconds
    }
    return segments + [EDFSegment(records: first..<onsets.count, startSeconds: onsets.isEmpty ? 0 : onsets[first])]
  }
}

extension EDFFile {
  /// The stretches of records without a long gap between them, in order of time; mostly one.
  public var segments: [EDFSegment] {
    guard let recordOnsets else { return [EDFSegment(records: 0..<header.recordCount, startSeconds: 0)] }
    return EDFSegment.cut(onsets: recordOnsets, recordSeconds: header.recordSeconds)
  }

  /// The samples of one channel in a segment, on one clock: short gaps between its records are NaN.
  ///
  /// - Parameter factor: Multiplies every sample, to change the unit.
  /// - Precondition: The channel exists, and the segment is one of the file's.
  /// - Throws: ``ReadError`` where the file has become shorter.
  public func samples(ofChannel index: Int, in segment: EDFSegment, times factor: Double = 1) throws -> [Float] {
    try placed(ofChannel: index, records: segment.records, startSeconds: segment.startSeconds, times: factor)
  }
}
