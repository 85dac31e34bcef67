import Foundation

/// The data file of a BrainVision header, of which only what is asked for is read.
struct BrainVisionData: Sendable {
  let url: URL
  /// Samples of each channel.
  let sampleCount: Int
  let warnings: [String]
  private let header: BrainVisionHeader
  /// Samples from one channel's first to the next one's, where a channel's samples follow each other.
  private let stride: Int

  private static let bytesAtOnce = 1 << 20
  private static let kind = "the data of a BrainVision header"

  /// - Throws: ``ReadError`` when the file is missing, holds nothing, or is no data of such a header.
  init(_ url: URL, _ header: BrainVisionHeader) throws {
    let file = try RawFile(url, expected: Self.kind)
    let name = url.lastPathComponent
    let channels = header.channels.count
    var warnings: [String] = []
    let held: Int
    switch header.storage {
    case .binary(let number, _):
      held = file.size / (number.byteCount * channels)
      let rest = file.size - held * number.byteCount * channels
      if rest > 0 { warnings.append("\(name): the \(rest) bytes behind the last whole sample are left out") }
    case .text:
      let size = try Self.text(file, header).size()
      let (own, other) = header.isVectorized ? (size.rows, size.columns) : (size.columns, size.rows)
      guard own == channels || size.rows == 0 else {
        throw ReadError(url, found: "\(own) channels", expected: "\(channels) by the header")
      }
      held = other
    }
    guard held > 0 else {
      throw ReadError(url, found: "\(file.size) bytes", expected: "at least one sample of each channel")
    }
    let told = header.sampleCount ?? held
    if header.isVectorized {
      guard told <= held else {
        throw ReadError(
          url, found: "\(held) samples a channel: the file was cut short", expected: "\(told) by the header")
      }
      // Where the header counts fewer, each channel is as long as it says.
      sampleCount = told
    } else {
      sampleCount = held
    }
    if told != held {
      warnings.append("\(name): \(held) samples a channel, not \(told) as the header says: \(sampleCount) are read")
    }
    guard Double(sampleCount) / header.sampleRateHz <= RecordingLimits.farthestSeconds else {
      throw ReadError(
        url, found: "\(sampleCount) samples at \(plain(header.sampleRateHz)) a second", expected: "at most 30 years")
    }
    if case .text = header.storage { stride = held } else { stride = sampleCount }
    self.url = url
    self.header = header
    self.warnings = warnings
  }

  private static func text(_ file: RawFile, _ header: BrainVisionHeader) -> BrainVisionText {
    guard case .text(let hasComma, let lines, let columns) = header.storage else {
      return BrainVisionText(file: file, hasComma: false, skippedLines: 0, skippedColumns: 0)
    }
    return BrainVisionText(file: file, hasComma: hasComma, skippedLines: lines, skippedColumns: columns)
  }

  /// Fills a buffer with pieces of one channel in its unit, each at its place; between them it is NaN.
  ///
  /// - Parameter pieces: In order of time, of which the first stands at the buffer's begin, the last at its end.
  /// - Throws: ``ReadError`` where the file is damaged or has become shorter.
  func read(
    _ channel: Int, _ pieces: ArraySlice<BrainVisionClock.Piece>, into buffer: UnsafeMutableBufferPointer<Float>,
    times factor: Double
  ) throws {
    guard let first = pieces.first else { return }
    let scale = header.channels[channel].resolution * factor
    let file = try RawFile(url, expected: Self.kind)
    guard case .binary(let number, let isBigEndian) = header.storage else {
      buffer.initialize(repeating: .nan)
      var rest = pieces
      try Self.text(file, header).forEachNumber(
        row: header.isVectorized ? channel : nil, column: header.isVectorized ? nil : channel
      ) { index, value in
        while let piece = rest.first, piece.samples.upperBound <= index { rest.removeFirst() }
        guard let piece = rest.first, piece.samples.contains(index) else { return }
        buffer[piece.place - first.place + index - piece.samples.lowerBound] = Float(value * scale)
      }
      return
    }
    var filled = 0
    for piece in pieces {
      let start = piece.place - first.place
      buffer[filled..<start].initialize(repeating: .nan)
      filled = start + piece.samples.count
      try read(
        file, number, isBigEndian, channel, piece.samples,
        into: UnsafeMutableBufferPointer(rebasing: buffer[start..<filled]), scale: scale)
    }
  }

  private func read(
    _ file: RawFile, _ number: BrainVisionNumber, _ isBigEndian: Bool, _ channel: Int, _ range: Range<Int>,
    into buffer: UnsafeMutableBufferPointer<Float>, scale: Double
  ) throws {
    let size = number.byteCount
    // Bytes from one sample of the channel to the next, and to its first.
    let (step, start) =
      header.isVectorized ? (size, channel * stride * size) : (size * header.channels.count, channel * size)
    let together = max(1, Self.bytesAtOnce / step)
    for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: together) {
      let count = min(together, range.upperBound - first)
      let offset = start + first * step
      let bytes = try file.bytes(offset..<offset + (count - 1) * step + size)
      bytes.withUnsafeBytes { bytes in
        for at in 0..<count {
          buffer[first - range.lowerBound + at] = Float(
            number.value(bytes, at: at * step, isBigEndian: isBigEndian) * scale)
        }
      }
    }
  }
}
