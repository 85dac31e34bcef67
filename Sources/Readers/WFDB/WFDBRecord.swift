import Files
public import Foundation

/// A WFDB record: a header and its signal files.
///
/// Follows Moody, ["WFDB Applications Guide", signal(5)](https://physionet.org/physiotools/wag/signal-5.htm): formats 16, 24,
/// 32, 61, 80, 160, 212, 310 and 311.
public final class WFDBRecord: Sendable {
  public let url: URL
  public let header: WFDBHeader
  /// Frames of the record, by its header or, where that gives none, by its files.
  public let frameCount: Int
  /// The bytes of each signal file.
  private let files: [String: [UInt8]]

  /// - Parameter url: The `.hea` file; the signal files lie beside it.
  /// - Throws: ``ReadError`` when a file is missing, too short, or of a format that is not read.
  public init(_ url: URL) throws {
    self.url = url
    let header = try WFDBHeader(url)
    var files: [String: [UInt8]] = [:]
    var available = Int.max
    for (name, signals) in Dictionary(grouping: header.signals, by: \.fileName) {
      guard SafeName.isSafe(name) else {
        throw ReadError(
          url, found: "the signal file '\(printable(name.utf8))'", expected: "the name of a file beside the header")
      }
      let dat = url.deletingLastPathComponent().appendingPathComponent(name)
      guard let first = signals.first, let format = WFDBFormat(rawValue: first.format) else {
        throw ReadError(
          url, found: "the signal format \(signals[0].format)",
          expected: "one of \(WFDBFormat.allCases.map { "\($0.rawValue)" }.joined(separator: ", "))")
      }
      guard signals.allSatisfy({ $0.format == first.format && $0.byteOffset == first.byteOffset }) else {
        throw ReadError(url, found: "several formats in '\(name)'", expected: "one format a file")
      }
      let file = try RawFile(dat, expected: "the signals of '\(url.lastPathComponent)'")
      let frame = signals.map(\.samplesPerFrame).reduce(0, +)
      let held = format.sampleCount(bytes: file.size - first.byteOffset) / frame
      guard held > 0 else {
        throw ReadError(dat, found: "\(file.size) bytes", expected: "at least one sample of each signal")
      }
      if let wanted = header.frameCount, held < wanted {
        throw ReadError(
          dat, found: "\(held) samples a signal: the file was cut short",
          expected: "\(wanted) by '\(url.lastPathComponent)'")
      }
      available = min(available, held)
      files[name] = try file.bytes()
    }
    let frames = header.frameCount ?? (header.signals.isEmpty ? 0 : available)
    guard Double(frames) / header.frameRateHz <= RecordingLimits.farthestSeconds else {
      throw ReadError(
        url, found: "\(frames) samples a signal at \(plain(header.frameRateHz)) a second", expected: "at most 30 years")
    }
    self.header = header
    self.files = files
    frameCount = frames
  }

  /// Samples a second of one signal.
  public func sampleRateHz(ofSignal index: Int) -> Double {
    header.frameRateHz * Double(header.signals[index].samplesPerFrame)
  }

  /// All samples of one signal in its physical unit; missing ones are NaN.
  ///
  /// - Precondition: The signal exists.
  public func samples(ofSignal index: Int) -> [Float] {
    let signal = header.signals[index]
    guard let file = files[signal.fileName], let format = WFDBFormat(rawValue: signal.format) else { return [] }
    let sharing = header.signals.indices.filter { header.signals[$0].fileName == signal.fileName }
    let frame = sharing.map { header.signals[$0].samplesPerFrame }.reduce(0, +)
    let before = sharing.filter { $0 < index }.map { header.signals[$0].samplesPerFrame }.reduce(0, +)
    let scale = 1 / signal.gain
    let baseline = Double(signal.baseline)
    let perFrame = signal.samplesPerFrame
    let count = frameCount * perFrame
    // Where the signal lags, its last samples lie beyond the file.
    let present = max(0, frameCount - signal.skew) * perFrame
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      file.withUnsafeBytes { file in
        format.forEachSample(
          UnsafeRawBufferPointer(rebasing: file[signal.byteOffset...]), frames: present / perFrame, perFrame: perFrame,
          stride: frame, first: signal.skew * frame + before
        ) { at, digital in
          buffer[at] = digital == format.missing ? .nan : Float((Double(digital) - baseline) * scale)
        }
      }
      for at in present..<count { buffer[at] = .nan }
      initialized = count
    }
  }
}
