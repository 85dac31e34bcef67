public import Foundation
public import SleepCore

/// What the header of an EDF, EDF+, BDF or BDF+ file says, its slips mended.
public struct EDFHeader: Sendable {
  /// Whether the records follow each other without gaps.
  public enum Continuity: Sendable {
    /// Plain EDF or BDF: records follow each other without a gap.
    case plain
    /// EDF+C or BDF+C.
    case continuous
    /// EDF+D or BDF+D: each record says when it starts.
    case discontinuous
  }

  public let continuity: Continuity
  /// 2 in EDF, 3 in BDF.
  public let bytesPerSample: Int
  public let patient: String
  public let recording: String
  /// Local time; `nil` where the header's date is malformed.
  public let start: DateComponents?
  /// What the clock said at the start; `nil` where the header holds a placeholder or is malformed.
  public let clock: LocalTime?
  /// Whole records that the file holds, whatever its header says.
  public let recordCount: Int
  /// 0 in files of annotations alone.
  public let recordSeconds: Double
  /// The ordinary signals, annotation channels left out.
  public let channels: [EDFChannel]
  /// What was odd and how it was read.
  public let warnings: [String]

  package let headerBytes: Int
  package let recordBytes: Int
  /// Where in a record each annotation channel lies.
  package let annotationRanges: [Range<Int>]

  static let expectation = "an EDF or BDF file"

  /// Whether the file holds annotations and no signal: a scoring file, whatever its name.
  public var holdsAnnotationsAlone: Bool { channels.isEmpty && !annotationRanges.isEmpty }

  /// Reads the header of a file and none of its records.
  ///
  /// - Throws: ``ReadError`` when the file is no EDF or BDF file, or its header is damaged.
  public init(contentsOf url: URL) throws {
    try self.init(RawFile(url, expected: Self.expectation))
  }

  init(_ file: RawFile) throws {
    let url = file.url
    let bytes = try file.bytes(0..<min(file.size, 256))
    func refuse(_ found: String, _ expected: String) -> ReadError {
      ReadError(url, found: found, expected: expected)
    }
    var warnings: [String] = []
    func warn(_ text: String) { warnings.append("\(url.lastPathComponent): \(text)") }

    let versionBytes = bytes.prefix(8)
    let isBioSemi = versionBytes.first == 0xff
    let isPlainVersion = decodedText(versionBytes).trimmingCharacters(in: .whitespaces) == "0"
    guard bytes.count >= 256 else {
      throw isBioSemi || isPlainVersion
        ? refuse("\(bytes.count) bytes: the header was cut short", "at least 256")
        : refuse("a file that begins with \(Self.quoted(bytes))", Self.expectation)
    }

    var fields = EDFHeaderFields(bytes, at: 8)
    patient = fields.text(80)
    recording = fields.text(80)
    let date = fields.text(8)
    let time = fields.text(8)
    let lengthText = fields.text(8)
    let reserved = fields.text(44)
    let recordCountText = fields.text(8)
    let recordSecondsText = fields.text(8)
    let channelCountText = fields.text(4)
    guard let channelCount = channelCountText.headerInteger, channelCount > 0 else {
      throw isBioSemi || isPlainVersion
        ? refuse("'\(channelCountText)' as the number of channels", "a whole number of 1 or more")
        : refuse("a file that begins with \(Self.quoted(bytes))", Self.expectation)
    }
    if !isBioSemi && !isPlainVersion {
      warn("the version field holds \(Self.quoted(bytes)): read as EDF or BDF by its size")
    }
    guard channelCount <= 9999 else {
      throw refuse("'\(channelCountText)' as the number of channels", "a whole number from 1 to 9999")
    }
    let headerBytes = 256 * (channelCount + 1)
    guard file.size >= headerBytes else {
      throw refuse(
        "\(file.size) bytes: the header was cut short", "\(headerBytes) for a header of \(channelCount) channels")
    }
    guard let seconds = recordSecondsText.headerNumber, (0...1e7).contains(seconds) else {
      throw refuse("'\(recordSecondsText)' as the duration of a record", "a number of seconds from 0 to 1e7")
    }

    fields = EDFHeaderFields(try file.bytes(256..<headerBytes))
    let labels = fields.texts(16, count: channelCount)
    let transducers = fields.texts(80, count: channelCount)
    let units = fields.texts(8, count: channelCount)
    let ranges = (0..<4).map { _ in fields.texts(8, count: channelCount) }
    let prefilters = fields.texts(80, count: channelCount)
    let sampleCounts = try fields.texts(8, count: channelCount).enumerated().map { index, text in
      guard let count = text.headerInteger, (0...100_000_000).contains(count) else {
        throw refuse(
          "'\(text)' samples a record in channel '\(labels[index])'", "a whole number of 0 or more")
      }
      return count
    }
    let samplesPerRecord = sampleCounts.reduce(0, +)
    guard samplesPerRecord > 0 else {
      throw refuse("records of 0 samples", "at least one sample in one of the \(channelCount) channels")
    }

    if seconds > 0, let most = sampleCounts.indices.max(by: { sampleCounts[$0] < sampleCounts[$1] }) {
      guard Double(sampleCounts[most]) / seconds <= RecordingLimits.fastestHz else {
        throw refuse(
          "\(sampleCounts[most]) samples in records of \(recordSecondsText) s in channel '\(labels[most])'",
          "at most 1000000 a second")
      }
    }

    // Whether samples have 2 or 3 bytes: by the file's size where that is plain, else as MNE by its extension.
    let dataBytes = file.size - headerBytes
    let claimed = recordCountText.headerInteger
    func fits(_ size: Int) -> Bool {
      claimed.map { $0 > 0 && dataBytes == $0.multipliedSaturating(samplesPerRecord * size) } ?? false
    }
    let byExtension = ["bdf": 3, "edf": 2, "rec": 2][url.pathExtension.lowercased()] ?? (isBioSemi ? 3 : 2)
    let other = 5 - byExtension
    let size = fits(other) && !fits(byExtension) ? other : byExtension
    if size != (isBioSemi ? 3 : 2) {
      warn(
        "the version field says \(isBioSemi ? "BDF" : "EDF"), its \(fits(size) ? "size" : "name") \(size == 3 ? "BDF" : "EDF"): read as \(8 * size)-bit samples"
      )
    }

    let recordBytes = samplesPerRecord * size
    if lengthText.headerInteger != headerBytes {
      guard fits(size) else {
        throw refuse("a header length of '\(lengthText)'", "\(headerBytes) for \(channelCount) channels")
      }
      warn("the header length is '\(lengthText)': read as \(headerBytes), which fits the file's size")
    }
    let held = dataBytes / recordBytes
    guard held > 0 else {
      throw refuse("\(dataBytes) bytes after the header", "at least one record of \(recordBytes) bytes")
    }
    guard Double(held) * seconds <= RecordingLimits.farthestSeconds else {
      throw refuse("\(held) records of \(recordSecondsText) s", "at most 30 years")
    }
    if claimed != held {
      warn("the header says '\(recordCountText)' records, the file holds \(held): read \(held)")
    } else if dataBytes % recordBytes != 0 {
      warn("\(dataBytes % recordBytes) bytes after the last record are left out")
    }

    let annotationLabels: Set = ["EDF Annotations", "BDF Annotations"]
    let ordinary = labels.indices.filter { !annotationLabels.contains(labels[$0]) }
    if seconds == 0, !ordinary.isEmpty { warn("the duration of a record is 0: the sampling rates are unknown") }
    let names = Dictionary(
      uniqueKeysWithValues: zip(ordinary, Self.unique(ordinary.map { labels[$0] })))
    var position = 0
    var channels: [EDFChannel] = []
    var annotationRanges: [Range<Int>] = []
    for index in labels.indices {
      defer { position += sampleCounts[index] * size }
      guard let name = names[index] else {
        annotationRanges.append(position..<position + sampleCounts[index] * size)
        continue
      }
      let limits = try zip(["physical minimum", "physical maximum", "digital minimum", "digital maximum"], ranges)
        .map { what, texts in
          guard let value = texts[index].headerNumber else {
            throw refuse("'\(texts[index])' as the \(what) of channel '\(name)'", "a number")
          }
          return value
        }
      var physicalRange = limits[1] - limits[0]
      var digitalRange = limits[3] - limits[2]
      if physicalRange == 0 {
        warn("channel '\(name)' has physical minimum and maximum \(limits[0]): read as a range of 1")
        physicalRange = 1
      }
      if digitalRange == 0 {
        warn("channel '\(name)' has digital minimum and maximum \(limits[2]): read as a range of 1")
        digitalRange = 1
      } else if digitalRange < 0 {
        warn("channel '\(name)' has its digital minimum above its maximum: its polarity may be wrong")
      }
      if sampleCounts[index] == 0 { warn("channel '\(name)' has 0 samples a record") }
      let scale = physicalRange / digitalRange
      channels.append(
        EDFChannel(
          label: labels[index], name: name, transducer: transducers[index], prefilter: prefilters[index],
          unit: Self.plainUnit(units[index]), physicalMinimum: limits[0], physicalMaximum: limits[1],
          digitalMinimum: limits[2], digitalMaximum: limits[3], samplesPerRecord: sampleCounts[index],
          sampleRateHz: seconds > 0 ? Double(sampleCounts[index]) / seconds : 0,
          scale: scale, offset: limits[0] - limits[2] * scale, byteOffset: position))
    }

    let (start, oddStart) = Self.start(date: date, time: time, recording: recording)
    oddStart.map(warn)
    continuity =
      switch reserved.prefix(5) {
      case "EDF+D", "BDF+D": .discontinuous
      case "EDF+C", "BDF+C": .continuous
      default: .plain
      }
    self.start = start
    clock = Self.clock(start: start, time: time)
    self.bytesPerSample = size
    self.recordCount = held
    self.recordSeconds = seconds
    self.channels = channels
    self.headerBytes = headerBytes
    self.recordBytes = recordBytes
    self.annotationRanges = annotationRanges
    self.warnings = warnings
  }
}
