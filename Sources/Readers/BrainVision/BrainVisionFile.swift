public import Foundation
public import SleepCore

/// A BrainVision recording: a header with its data and its markers, of which only what is asked for is read.
///
/// Samples, markers and the start are those that MNE reads; where the markers tell that the recording paused, the pause is a gap.
public struct BrainVisionFile: Sendable {
  public let url: URL
  public let header: BrainVisionHeader
  /// In the order of the file; empty where there are none.
  public let markers: [BrainVisionMarker]
  /// `nil` where there are none.
  let markerURL: URL?
  let data: BrainVisionData
  let clock: BrainVisionClock
  /// What was odd and how it was read, a sentence each with the file's name.
  public let warnings: [String]

  /// - Parameter url: The `.vhdr` file; the others lie beside it.
  /// - Throws: ``ReadError`` when a file is missing, damaged, or not of the header.
  public init(_ url: URL) throws {
    let header = try BrainVisionHeader(url)
    let data = Self.beside(url, header.dataFile)
    self.data = try BrainVisionData(data.url, header)
    var warnings = [data.warning].compactMap(\.self) + self.data.warnings
    if let name = header.markerFile {
      let file = Self.beside(url, name)
      let read = try BrainVisionMarkers(file.url)
      markers = read.markers
      markerURL = file.url
      warnings += [file.warning].compactMap(\.self)
      if read.malformed > 0 {
        warnings.append("\(file.url.lastPathComponent): \(read.malformed) malformed markers are left out")
      }
      clock = BrainVisionClock(
        markers, sampleCount: self.data.sampleCount, sampleRateHz: header.sampleRateHz, name: file.url.lastPathComponent
      )
    } else {
      markers = []
      markerURL = nil
      clock = BrainVisionClock(
        [], sampleCount: self.data.sampleCount, sampleRateHz: header.sampleRateHz, name: url.lastPathComponent)
    }
    self.url = url
    self.header = header
    self.warnings = warnings + clock.warnings
  }

  /// Samples that the file holds of each channel.
  public var sampleCount: Int { data.sampleCount }

  /// What the clock said at the first sample; `nil` where the markers do not say.
  public var start: LocalTime? { clock.start }

  /// Stored samples of one channel in its unit; gaps are closed.
  ///
  /// - Precondition: The channel exists.
  /// - Throws: ``ReadError`` where the file is damaged or has become shorter.
  public func samples(ofChannel index: Int) throws -> [Float] {
    try RawFile.expectRoom(for: sampleCount, data.url)
    return try [Float](unsafeUninitializedCapacity: sampleCount) { buffer, initialized in
      try data.read(
        index, [BrainVisionClock.Piece(samples: 0..<sampleCount, place: 0)],
        into: UnsafeMutableBufferPointer(rebasing: buffer[..<sampleCount]), times: 1)
      initialized = sampleCount
    }
  }

  /// The names of the data and marker files that are read for a header.
  ///
  /// - Throws: ``ReadError`` where it cannot be read.
  static func namesRead(from url: URL) throws -> Set<String> {
    let header = try BrainVisionHeader(url)
    return Set([header.dataFile, header.markerFile].compactMap { $0.map { beside(url, $0).url.lastPathComponent } })
  }

  /// A file that a header names, or the one of the header's own name where the set was renamed since.
  private static func beside(_ url: URL, _ name: String) -> (url: URL, warning: String?) {
    let named = url.deletingLastPathComponent().appendingPathComponent(name)
    let renamed = url.deletingPathExtension().appendingPathExtension(named.pathExtension)
    guard !FileManager.default.fileExists(atPath: named.path), FileManager.default.fileExists(atPath: renamed.path)
    else {
      return (named, nil)
    }
    return (
      renamed,
      "\(url.lastPathComponent): it names '\(printable(name.utf8))', which is not there: "
        + "\(renamed.lastPathComponent) is read"
    )
  }
}
