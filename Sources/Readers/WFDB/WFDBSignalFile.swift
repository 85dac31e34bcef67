import Foundation

/// One file of a WFDB record and the signals in it, read some frames at a time.
struct WFDBSignalFile: Sendable {
  let url: URL
  let format: WFDBFormat
  /// Bytes before the first sample; in FLAC, samples of each signal.
  private let offset: Int
  /// Samples of all signals in a frame.
  private let frame: Int
  private let signals: [WFDBHeader.Signal]
  private let kind: String
  /// Whole frames in the file; `nil` where it does not say.
  let frameCount: Int?

  /// About so many bytes are read at once.
  private static let bytesAtOnce = 1 << 20

  /// - Parameters:
  ///   - signals: All that the header puts into the file, in its order.
  ///   - header: Where the header lies; the file lies beside it.
  /// - Throws: ``ReadError`` when the file is missing or holds nothing, or is of a format that is not read.
  init(_ url: URL, _ signals: [WFDBHeader.Signal], format: WFDBFormat, header: URL) throws {
    kind = "the signals of '\(header.lastPathComponent)'"
    self.url = url
    self.format = format
    self.signals = signals
    let offset = signals.first?.byteOffset ?? 0
    self.offset = offset
    frame = signals.map(\.samplesPerFrame).reduce(0, +)
    let held: Int?
    if let bits = format.flacBits {
      let file = try FLACFile(url, expected: kind)
      guard file.channelCount == signals.count, file.bitsPerSample <= bits,
        Set(signals.map(\.samplesPerFrame)).count == 1
      else {
        throw ReadError(
          url, found: "FLAC of \(file.channelCount) channels of \(file.bitsPerSample) bits",
          expected:
            "\(signals.count) of at most \(bits), with one number of samples a frame, by '\(header.lastPathComponent)'")
      }
      held = file.sampleCount.map { max(0, $0 - offset) / signals[0].samplesPerFrame }
    } else {
      let file = try RawFile(url, expected: kind)
      held = format.sampleCount(bytes: file.size - offset) / max(1, frame)
      guard held != 0 else {
        throw ReadError(url, found: "\(file.size) bytes", expected: "at least one sample of each signal")
      }
    }
    frameCount = held
  }

  /// - Throws: ``ReadError`` where so many frames cannot be what a small file of FLAC holds.
  func expectOrdinary(frames: Int) throws {
    guard format.flacBits != nil else { return }
    try FLACFile(url, expected: kind).expectOrdinary(offset + frames * signals[0].samplesPerFrame)
  }

  /// Calls `body` with the index and the digital value of the samples of one signal, in order, from a frame on.
  ///
  /// - Parameter position: Which of the file's signals.
  /// - Throws: ``ReadError`` where the file is damaged or ends before them.
  func read(_ position: Int, frames: Range<Int>, _ body: (Int, Int32) -> Void) throws {
    guard !frames.isEmpty else { return }
    let perFrame = signals[position].samplesPerFrame
    guard format.flacBits == nil else {
      try FLACFile(url, expected: kind).decode(
        channel: position, samples: offset + frames.lowerBound * perFrame..<offset + frames.upperBound * perFrame, body)
      return
    }
    let file = try RawFile(url, expected: kind)
    let before = signals[..<position].map(\.samplesPerFrame).reduce(0, +)
    var previous = Int32(truncatingIfNeeded: signals[position].initialValue ?? 0)
    // A sum of differences begins with the file.
    let begin = format == .differences8 ? 0 : frames.lowerBound
    let group = format.group
    let together = max(1, Self.bytesAtOnce / max(1, format.byteCount(samples: frame)))
    for first in stride(from: begin, to: frames.upperBound, by: together) {
      let end = min(first + together, frames.upperBound)
      let whole = first * frame / group.samples
      let start = whole * group.bytes
      let bytes = try file.bytes(offset + start..<offset + format.byteCount(samples: end * frame))
      bytes.withUnsafeBytes { bytes in
        format.forEachSample(
          bytes, frames: end - first, perFrame: perFrame, stride: frame,
          first: first * frame - whole * group.samples + before, previous: &previous
        ) { at, digital in
          let index = (first - frames.lowerBound) * perFrame + at
          if index >= 0 { body(index, digital) }
        }
      }
    }
  }
}
