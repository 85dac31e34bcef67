import Foundation

/// A file of FLAC, the lossless coding of [RFC 9639](https://www.rfc-editor.org/rfc/rfc9639), of which one channel is decoded at a time.
struct FLACFile {
  let url: URL
  /// Channels, 1 to 8.
  let channelCount: Int
  let bitsPerSample: Int
  /// Samples of each channel; `nil` where the file does not say.
  let sampleCount: Int?
  private let kind: String

  /// The bytes of the mark and of the first block, which says what the stream is.
  private static let headerBytes = 42

  /// - Parameter kind: What the file should be, for messages.
  /// - Throws: ``ReadError`` when it is missing or no FLAC file.
  init(_ url: URL, expected kind: String) throws {
    let file = try RawFile(url, expected: kind)
    guard file.size >= Self.headerBytes else {
      throw ReadError(url, found: "\(file.size) bytes", expected: "\(kind), in FLAC")
    }
    let bytes = try file.bytes(0..<Self.headerBytes)
    guard bytes.starts(with: Array("fLaC".utf8)), bytes[4] & 0x7f == 0, bytes[5...7].elementsEqual([0, 0, 34]) else {
      throw ReadError(url, found: "no FLAC", expected: "\(kind), in FLAC")
    }
    // After the least and greatest sizes of blocks and frames: 20 bits of a rate, 3 of channels less one, 5 of bits less one, 36 of samples.
    channelCount = Int(bytes[20] >> 1 & 7) + 1
    bitsPerSample = (Int(bytes[20] & 1) << 4 | Int(bytes[21] >> 4)) + 1
    let total = bytes[22...25].reduce(Int(bytes[21] & 15)) { $0 << 8 | Int($1) }
    sampleCount = total > 0 ? total : nil
    self.url = url
    self.kind = kind
  }

  /// Refuses what is made to expand: a few bytes of FLAC can say that a value stays for a whole block.
  ///
  /// - Parameter samples: Samples of each channel that are to be decoded.
  func expectOrdinary(_ samples: Int) throws {
    let file = try RawFile(url, expected: kind)
    let (all, isOverflow) = samples.multipliedReportingOverflow(by: channelCount)
    guard isOverflow || all > 1 << 28, isOverflow || all / 64 > file.size else { return }
    throw ReadError(
      url, found: "\(samples) samples in each of \(channelCount) channels, in \(file.size) bytes",
      expected: "signals, which FLAC makes smaller by less")
  }

  /// Calls `body` with the index, from 0, and the value of some samples of one channel, in order.
  ///
  /// - Throws: ``ReadError`` where the file is damaged or ends before them.
  func decode(channel: Int, samples: Range<Int>, _ body: (_ index: Int, _ value: Int32) -> Void) throws {
    guard !samples.isEmpty else { return }
    try expectOrdinary(samples.upperBound)
    let file = try RawFile(url, expected: kind)
    try withoutActuallyEscaping(body) { body in
      let decoding = FLACDecoding(
        file: file, channel: channel, channelCount: channelCount, bitsPerSample: bitsPerSample, wanted: samples,
        body: body)
      try decoding.run()
    }
  }
}
