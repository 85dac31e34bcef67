public import Foundation

/// An EDF, EDF+, BDF or BDF+ file, of which only what is asked for is read. Several threads may read it at once.
///
/// Follows Kemp et al., ["A simple format for exchange of digitized polygraphic
/// recordings"](https://www.edfplus.info/specs/edf.html) (1992) and
/// ["European data format 'plus'"](https://www.edfplus.info/specs/edfplus.html) (2003). Samples and annotations are those
/// that MNE reads; slips of a header whose meaning is plain are mended and told in ``warnings``.
public final class EDFFile: Sendable {
  public let url: URL
  public let header: EDFHeader
  /// When each record starts, in seconds from the first, in EDF+D files whose records say so; else `nil`.
  public let recordOnsets: [Double]?
  /// What was odd in the header and how it was read, a sentence each with the file's name.
  public let warnings: [String]
  private let records: EDFRecords

  /// - Throws: ``ReadError`` when the file is no EDF or BDF file, or a damaged one.
  public init(_ url: URL) throws {
    let file = try RawFile(url, expected: EDFHeader.expectation)
    self.url = url
    header = try EDFHeader(file)
    records = EDFRecords(file: file, header: header)
    guard header.continuity == .discontinuous else {
      recordOnsets = nil
      warnings = header.warnings
      return
    }
    let onsets = try EDFAnnotations(records).recordOnsets
    (recordOnsets, warnings) = Self.checked(onsets, header: header, name: url.lastPathComponent)
  }

  /// The ordinary signals, in the order of the file.
  public var channels: [EDFChannel] { header.channels }

  /// Samples that the file holds of one channel.
  public func sampleCount(ofChannel index: Int) -> Int {
    channels[index].samplesPerRecord * header.recordCount
  }

  /// Length of the stored records together, gaps not counted.
  public var storedSeconds: Double { Double(header.recordCount) * header.recordSeconds }

  /// Length of the recording on the clock, gaps counted.
  var clockSeconds: Double { (recordOnsets?.last).map { $0 + header.recordSeconds } ?? storedSeconds }

  /// The annotations of an EDF+ or BDF+ file.
  ///
  /// - Throws: ``ReadError`` where the file has become shorter.
  public func annotations() throws -> EDFAnnotations { try EDFAnnotations(records) }

  /// Stored samples of one channel, in its physical unit; gaps of EDF+D files are closed.
  ///
  /// - Parameter range: Which samples; all without it.
  /// - Precondition: The channel exists and the range lies within its samples.
  /// - Throws: ``ReadError`` where the file has become shorter.
  public func samples(ofChannel index: Int, _ range: Range<Int>? = nil) throws -> [Float] {
    let range = range ?? 0..<sampleCount(ofChannel: index)
    return try converted(index, range, scale: channels[index].scale, offset: channels[index].offset)
  }

  /// The stored integers of one channel, for status and trigger channels.
  ///
  /// - Precondition: The channel exists and the range lies within its samples.
  /// - Throws: ``ReadError`` where the file has become shorter.
  public func digitalSamples(ofChannel index: Int, _ range: Range<Int>? = nil) throws -> [Int32] {
    // A float holds 24-bit integers exactly.
    let range = range ?? 0..<sampleCount(ofChannel: index)
    return try converted(index, range, scale: 1, offset: 0).map { Int32($0) }
  }

  /// Samples of some records, each record at its own time.
  func placed(
    ofChannel index: Int, records: Range<Int>, startSeconds: Double, times factor: Double
  ) throws -> [Float] {
    let channel = channels[index]
    let perRecord = channel.samplesPerRecord
    let (scale, offset) = (channel.scale * factor, channel.offset * factor)
    guard let recordOnsets else {
      let range = records.lowerBound * perRecord..<records.upperBound * perRecord
      return try converted(index, range, scale: scale, offset: offset)
    }
    var starts: [Int] = []
    var end = 0
    for onset in recordOnsets[records] {
      let start = Int(((onset - startSeconds) * channel.sampleRateHz).rounded())
      // A rounding of one sample is no gap.
      starts.append(start - end > 1 ? start : end)
      end = starts[starts.count - 1] + perRecord
    }
    try RawFile.expectRoom(for: end, url)
    var filled = [Float](repeating: .nan, count: end)
    try filled.withUnsafeMutableBufferPointer { buffer in
      try self.records.forEach(in: records, part: channel.bytes(size: header.bytesPerSample)) { record, bytes in
        let start = starts[record - records.lowerBound]
        convert(
          bytes, into: UnsafeMutableBufferPointer(rebasing: buffer[start..<start + perRecord]), scale: scale,
          offset: offset)
      }
    }
    return filled
  }

  private func converted(_ index: Int, _ range: Range<Int>, scale: Double, offset: Double) throws -> [Float] {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= sampleCount(ofChannel: index),
      "samples \(range) of \(sampleCount(ofChannel: index))")
    guard !range.isEmpty else { return [] }
    try RawFile.expectRoom(for: range.count, url)
    let perRecord = channels[index].samplesPerRecord
    let size = header.bytesPerSample
    return try [Float](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      let wanted = range.lowerBound / perRecord..<(range.upperBound - 1) / perRecord + 1
      try records.forEach(in: wanted, part: channels[index].bytes(size: size)) { record, bytes in
        let inside = range.clamped(to: record * perRecord..<(record + 1) * perRecord)
        let first = (inside.lowerBound - record * perRecord) * size
        let target = buffer[inside.lowerBound - range.lowerBound..<inside.upperBound - range.lowerBound]
        convert(
          UnsafeRawBufferPointer(rebasing: bytes[first..<first + inside.count * size]),
          into: UnsafeMutableBufferPointer(rebasing: target), scale: scale, offset: offset)
      }
      initialized = range.count
    }
  }

  private func convert(
    _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>, scale: Double, offset: Double
  ) {
    guard let source = bytes.baseAddress, let first = target.baseAddress else { return }
    if header.bytesPerSample == 2 {
      convert16(source, target.count, first, scale, offset)
    } else {
      convert24(source, target.count, first, scale, offset)
    }
  }

  private static func checked(
    _ onsets: [Double?], header: EDFHeader, name: String
  ) -> ([Double]?, [String]) {
    let known = onsets.compactMap { $0 }
    guard !onsets.isEmpty, known.count == onsets.count, zip(known, known.dropFirst()).allSatisfy({ $0 < $1 }) else {
      return (
        nil,
        header.warnings + [
          "\(name): the records of an EDF+D file do not say in order when they start: read as continuous"
        ]
      )
    }
    let gaps = zip(known, known.dropFirst()).map { $1 - $0 - header.recordSeconds }
    func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
    var warnings = header.warnings
    let long = gaps.filter { $0 > 0.001 }
    if !long.isEmpty {
      warnings.append("\(name): \(long.count) gaps between the records, \(rounded(long.reduce(0, +))) s together")
    }
    let overlaps = gaps.filter { $0 < -0.001 }
    if let largest = overlaps.min() {
      warnings.append(
        "\(name): \(overlaps.count) \(overlaps.count == 1 ? "record begins" : "records begin") before the one before has ended, "
          + "by up to \(rounded(-largest)) s")
    }
    return (known, warnings)
  }
}

/// Scales little-endian 16-bit integers. In double precision, so that a float is the nearest to the physical value.
private func convert16(
  _ source: UnsafeRawPointer, _ count: Int, _ target: UnsafeMutablePointer<Float>, _ scale: Double, _ offset: Double
) {
  for i in 0..<count {
    let digital = Int16(littleEndian: source.loadUnaligned(fromByteOffset: 2 * i, as: Int16.self))
    target[i] = Float(Double(digital) * scale + offset)
  }
}

/// Scales little-endian 24-bit integers.
private func convert24(
  _ source: UnsafeRawPointer, _ count: Int, _ target: UnsafeMutablePointer<Float>, _ scale: Double, _ offset: Double
) {
  for i in 0..<count {
    let low = UInt16(littleEndian: source.loadUnaligned(fromByteOffset: 3 * i, as: UInt16.self))
    let high = source.load(fromByteOffset: 3 * i + 2, as: Int8.self)
    target[i] = Float(Double(Int32(high) << 16 | Int32(low)) * scale + offset)
  }
}
