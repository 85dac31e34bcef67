import Files
public import Foundation

/// One channel of a BrainVision file, as its header describes it.
public struct BrainVisionChannel: Hashable, Sendable {
  public let label: String
  /// The label, made unique in the file as in EDF: duplicates end in `-0`, `-1`, ….
  public let name: String
  /// The unit as the file names it; `µV` where it names none.
  public let unit: String
  /// What a stored value is multiplied by.
  public let resolution: Double
}

/// The header of a BrainVision file, `.vhdr`.
///
/// Follows Brain Products, ["BrainVision Core Data
/// Format 1.0"](https://www.brainproducts.com/support-resources/brainvision-core-data-format-1-0/), and the files of version 2.0.
public struct BrainVisionHeader: Hashable, Sendable {
  public let channels: [BrainVisionChannel]
  public let sampleRateHz: Double
  /// The data file's name, beside the header.
  public let dataFile: String
  /// The marker file's name, beside the header; `nil` where there are no markers.
  public let markerFile: String?
  let storage: BrainVisionStorage
  /// Whether a channel's samples follow each other.
  let isVectorized: Bool
  /// Samples of each channel; `nil` where the header does not say.
  let sampleCount: Int?

  private enum Orientation: String, CaseIterable { case multiplexed = "MULTIPLEXED", vectorized = "VECTORIZED" }
  private enum Format: String, CaseIterable { case binary = "BINARY", text = "ASCII" }
  private enum Domain: String, CaseIterable { case time = "TIMEDOMAIN" }
  private enum Answer: String, CaseIterable { case yes = "YES", no = "NO" }

  /// - Throws: ``ReadError`` with the line that is wrong or what is missing.
  public init(_ url: URL) throws {
    let common = "Common Infos"
    let settings = try BrainVisionSettings(url, kind: "Header")
    let _: Domain = try settings.word(common, "DataType", absent: .time)
    guard let data = try Self.file("DataFile", settings) else {
      throw settings.missing(common, "DataFile", "the name of the data file beside the header")
    }
    dataFile = data
    markerFile = try Self.file("MarkerFile", settings)
    guard let interval = settings.entry(common, "SamplingInterval") else {
      throw settings.missing(common, "SamplingInterval", "microseconds from one sample to the next")
    }
    // A million a second at most, and one in 30 years at least.
    guard let microseconds = interval.value.headerNumber, (1...1e15).contains(microseconds) else {
      throw ReadError(
        url, line: interval.line, found: "SamplingInterval '\(printable(interval.value.utf8))'",
        expected: "microseconds from one sample to the next, 1 or more")
    }
    sampleRateHz = 1e6 / microseconds
    guard let count = try settings.integer(common, "NumberOfChannels", in: 1...RecordingLimits.mostChannels) else {
      throw settings.missing(common, "NumberOfChannels", "1 to \(RecordingLimits.mostChannels)")
    }
    let orientation: Orientation = try settings.word(common, "DataOrientation", absent: .multiplexed)
    isVectorized = orientation == .vectorized
    sampleCount = try settings.integer(common, "DataPoints", in: 0...1 << 48).flatMap { $0 > 0 ? $0 : nil }
    let format: Format = try settings.word(common, "DataFormat", absent: .binary)
    switch format {
    case .binary:
      let order: Answer = try settings.word("Binary Infos", "UseBigEndianOrder", absent: .no)
      storage = .binary(
        try settings.word("Binary Infos", "BinaryFormat", absent: nil), isBigEndian: order == .yes)
    case .text:
      let symbol = settings.entry("ASCII Infos", "DecimalSymbol")
      guard [nil, ".", ","].contains(symbol?.value) else {
        throw ReadError(
          url, line: symbol?.line, found: "DecimalSymbol '\(printable((symbol?.value ?? "").utf8))'",
          expected: "a point or a comma")
      }
      storage = .text(
        hasComma: symbol?.value == ",",
        skippedLines: try settings.integer("ASCII Infos", "SkipLines", in: 0...1000) ?? 0,
        skippedColumns: try settings.integer("ASCII Infos", "SkipColumns", in: 0...1000) ?? 0)
    }
    channels = try Self.channels(count, settings)
  }

  /// A name beside the header; `$b` in it stands for the header's own.
  private static func file(_ key: String, _ settings: BrainVisionSettings) throws -> String? {
    guard let entry = settings.entry("Common Infos", key) else { return nil }
    let name = entry.value.replacingOccurrences(
      of: "$b", with: settings.url.deletingPathExtension().lastPathComponent)
    guard SafeName.isSafe(name) else {
      throw ReadError(
        settings.url, line: entry.line, found: "\(key) '\(printable(entry.value.utf8))'",
        expected: "the name of a file beside the header")
    }
    return name
  }

  /// `Ch1=label,reference,resolution,unit`
  private static func channels(_ count: Int, _ settings: BrainVisionSettings) throws -> [BrainVisionChannel] {
    var found: [(label: String, unit: String, resolution: Double)?] = Array(repeating: nil, count: count)
    for entry in settings.entries("Channel Infos") {
      guard entry.key.lowercased().hasPrefix("ch"), let number = Int(entry.key.dropFirst(2)) else { continue }
      let fields = entry.value.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.replacingOccurrences(of: "\\1", with: ",").trimmingCharacters(in: .whitespaces)
      }
      let resolution = fields.count > 2 && !fields[2].isEmpty ? Double(fields[2]) : 1
      guard (1...count).contains(number), found[number - 1] == nil, let resolution, resolution.isFinite,
        (1e-15...1e15).contains(abs(resolution))
      else {
        throw ReadError(
          settings.url, line: entry.line,
          found: "'\(printable(entry.key.utf8))=\(printable(entry.value.utf8))'",
          expected: "each of Ch1 to Ch\(count) once, with a name, a reference, a resolution and a unit")
      }
      let unit = fields.count > 3 && !fields[3].isEmpty ? fields[3] : "µV"
      // UTF-8 that was taken for Latin-1 once.
      found[number - 1] = (fields[0], unit.replacingOccurrences(of: "Â", with: ""), resolution)
    }
    let complete = found.compactMap(\.self)
    guard complete.count == count else {
      throw ReadError(
        settings.url, found: "\(complete.count) channels in [Channel Infos]", expected: "\(count) by NumberOfChannels")
    }
    return zip(complete, EDFHeader.unique(complete.map(\.label))).map { channel, name in
      BrainVisionChannel(label: channel.label, name: name, unit: channel.unit, resolution: channel.resolution)
    }
  }
}
