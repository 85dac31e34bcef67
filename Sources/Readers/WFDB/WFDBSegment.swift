import Files
import Foundation

/// Signals that begin and end together: a record, or one part of a record that is kept in several.
struct WFDBSegment: Sendable {
  let url: URL
  let header: WFDBHeader
  /// By its header or, where that gives none, by its files.
  let frameCount: Int
  private let files: [String: WFDBSignalFile]

  /// - Parameter url: The `.hea` file; the signal files lie beside it.
  /// - Throws: ``ReadError`` when a file is missing, too short, or of a format that is not read.
  init(_ url: URL, _ header: WFDBHeader) throws {
    var files: [String: WFDBSignalFile] = [:]
    var available: Int?
    let stored = header.signals.filter { $0.format != WFDBFormat.null.rawValue }
    for (name, signals) in Dictionary(grouping: stored, by: \.fileName).sorted(by: { $0.key < $1.key }) {
      guard SafeName.isSafe(name) else {
        throw ReadError(
          url, found: "the signal file '\(printable(name.utf8))'", expected: "the name of a file beside the header")
      }
      guard let format = WFDBFormat(rawValue: signals[0].format) else {
        throw ReadError(
          url, found: "the signal format \(signals[0].format)",
          expected: "one of \(WFDBFormat.allCases.map { "\($0.rawValue)" }.joined(separator: ", "))")
      }
      guard signals.allSatisfy({ $0.format == signals[0].format && $0.byteOffset == signals[0].byteOffset }) else {
        throw ReadError(url, found: "several formats in '\(name)'", expected: "one format a file")
      }
      let dat = url.deletingLastPathComponent().appendingPathComponent(name)
      let file = try WFDBSignalFile(dat, signals, format: format, header: url)
      guard let held = file.frameCount ?? header.frameCount else {
        throw ReadError(
          dat, found: "FLAC that does not say how many samples it has",
          expected: "their number in '\(url.lastPathComponent)'")
      }
      if let wanted = header.frameCount, held < wanted {
        throw ReadError(
          dat, found: "\(held) samples a signal: the file was cut short",
          expected: "\(wanted) by '\(url.lastPathComponent)'")
      }
      available = min(available ?? .max, held)
      files[name] = file
    }
    let frames = header.frameCount ?? available ?? 0
    guard Double(frames) / header.frameRateHz <= RecordingLimits.farthestSeconds else {
      throw ReadError(
        url, found: "\(frames) samples a signal at \(plain(header.frameRateHz)) a second", expected: "at most 30 years")
    }
    for file in files.values { try file.expectOrdinary(frames: frames) }
    self.url = url
    self.header = header
    self.files = files
    frameCount = frames
  }

  /// Whether any sample of a signal is stored.
  func holds(_ signal: Int) -> Bool { files[header.signals[signal].fileName] != nil }

  /// Fills a buffer with all samples of one signal in its physical unit; missing ones are NaN.
  ///
  /// - Parameter factor: Multiplies every sample, to change the unit.
  /// - Throws: ``ReadError`` where a file is damaged or has become shorter.
  func read(_ index: Int, into buffer: UnsafeMutableBufferPointer<Float>, times factor: Double) throws {
    let signal = header.signals[index]
    // Where the signal lags, its last samples lie beyond the file.
    let lag = min(signal.skew, frameCount)
    guard let file = files[signal.fileName] else {
      buffer.initialize(repeating: .nan)
      return
    }
    let position = header.signals[..<index].count { $0.fileName == signal.fileName && $0.format == signal.format }
    let baseline = Double(signal.baseline)
    let scale = factor / signal.gain
    let missing = file.format.missing
    buffer[((frameCount - lag) * signal.samplesPerFrame)...].initialize(repeating: .nan)
    try file.read(position, frames: lag..<frameCount) { at, digital in
      buffer[at] = digital == missing ? .nan : Float((Double(digital) - baseline) * scale)
    }
  }
}
