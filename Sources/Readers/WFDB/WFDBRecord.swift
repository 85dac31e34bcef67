public import Foundation

/// A WFDB record: a header and its signal files, or the headers of several segments that follow each other.
///
/// Follows Moody, ["WFDB Applications Guide", signal(5)](https://physionet.org/physiotools/wag/signal-5.htm) and
/// [header(5)](https://physionet.org/physiotools/wag/header-5.htm): every format there, segments of one arrangement and of several.
public final class WFDBRecord: Sendable {
  public let url: URL
  public let header: WFDBHeader
  /// The signals, of all segments together, as the first segment that holds one describes it.
  public let signals: [WFDBHeader.Signal]
  /// Frames of the record, by its header or, where that gives none, by its files; gaps are counted.
  public let frameCount: Int
  let segments: WFDBSegments
  let warnings: [String]

  /// - Parameter url: The `.hea` file; all others lie beside it.
  /// - Throws: ``ReadError`` when a file is missing, too short, or of a format that is not read.
  public init(_ url: URL) throws {
    let header = try WFDBHeader(url)
    segments =
      header.segments.isEmpty
      ? WFDBSegments(try WFDBSegment(url, header)) : try WFDBSegments(of: header, url)
    self.url = url
    self.header = header
    signals = segments.signals
    frameCount = segments.frameCount
    warnings = segments.warnings(url.lastPathComponent, frameRateHz: header.frameRateHz)
  }

  /// Samples a second of one signal.
  public func sampleRateHz(ofSignal index: Int) -> Double {
    header.frameRateHz * Double(signals[index].samplesPerFrame)
  }

  /// All samples of one signal in its physical unit; missing ones, also those of gaps, are NaN.
  ///
  /// - Precondition: The signal exists.
  /// - Throws: ``ReadError`` where a file is damaged, or what is missing would take far more room than what is there.
  public func samples(ofSignal index: Int) throws -> [Float] {
    let perFrame = signals[index].samplesPerFrame
    let runs = segments.runs(of: index, frameRateHz: header.frameRateHz)
    let count = frameCount * perFrame
    let stored = runs.reduce(0) { $0 + $1.frames.count * perFrame }
    guard count <= max(1 << 24, stored * 4) else {
      throw ReadError(
        url, found: "\(count - stored) missing samples beside \(stored) of '\(signals[index].name)'",
        expected: "a signal most of which is there")
    }
    var samples: [Float] = []
    for run in runs {
      samples += [Float](repeating: .nan, count: run.frames.lowerBound * perFrame - samples.count)
      samples += try segments.samples(ofSignal: index, in: run, times: 1)
    }
    return samples + [Float](repeating: .nan, count: count - samples.count)
  }
}
