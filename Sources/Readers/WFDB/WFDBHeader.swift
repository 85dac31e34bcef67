import Files
public import Foundation
public import SleepCore

/// The header of a WFDB record, a `.hea` file.
///
/// Follows Moody, ["WFDB Applications Guide", header(5)](https://physionet.org/physiotools/wag/header-5.htm).
public struct WFDBHeader: Hashable, Sendable {
  /// One signal of the record.
  public struct Signal: Hashable, Sendable {
    public let fileName: String
    /// The storage format: 16, 212, ….
    public let format: Int
    public let samplesPerFrame: Int
    /// Frames by which the signal lags in its file.
    public let skew: Int
    /// Bytes before the first sample.
    public let byteOffset: Int
    /// Digital steps a physical unit; 200 where the header gives none.
    public let gain: Double
    /// The digital value of physical 0.
    public let baseline: Int
    public let unit: String
    public let adcResolution: Int
    public let adcZero: Int
    public let initialValue: Int?
    public let checksum: Int?
    public let name: String
  }

  /// One part of a record that is kept in several.
  public struct Segment: Hashable, Sendable {
    /// The name of a record in the same folder; `~` where nothing was measured.
    public let name: String
    public let frameCount: Int

    /// Whether nothing was measured.
    public var isGap: Bool { name == "~" }
  }

  public let recordName: String
  /// Frames a second.
  public let frameRateHz: Double
  /// `nil` where the header gives none.
  public let frameCount: Int?
  public let baseTime: String?
  public let baseDate: String?
  /// Empty in a record of several segments, whose headers have them.
  public let signals: [Signal]
  /// In order of time; empty in a record of one. Where the first has no frames it holds none: its header says which signals there may be.
  public let segments: [Segment]
  /// By the record line.
  public let signalCount: Int
  /// What the clock said at the first sample; `nil` where the header does not say.
  public var start: LocalTime? {
    guard let time = baseTime.flatMap({ LocalTime(Self.unbracketed($0)) }) else { return nil }
    let date = (baseDate.map(Self.unbracketed) ?? "").split(separator: "/", omittingEmptySubsequences: false).map {
      Int($0)
    }
    guard date.count == 3, let day = date[0], let month = date[1], let year = date[2] else { return time }
    return LocalTime(year: year, month: month, day: day)?.adding(seconds: time.secondOfDay) ?? time
  }

  /// A time and date in brackets are absolute.
  private static func unbracketed(_ text: String) -> String {
    String(text.drop { $0 == "[" }.prefix { $0 != "]" })
  }

  /// The lines that begin with `#`.
  public let comments: [String]

  /// - Throws: ``ReadError`` with the line that is malformed.
  public init(_ url: URL) throws {
    let bytes = try RawFile(url, expected: "a WFDB header").bytes(atMost: RawFile.mostBytesBesideSignals)
    let lines = decodedText(bytes).replacingOccurrences(of: "\r\n", with: "\n").components(separatedBy: "\n")
      .enumerated()
      .map { (number: $0 + 1, text: $1.trimmingCharacters(in: .whitespaces)) }
    comments = lines.filter { $0.text.hasPrefix("#") }.map { $0.text.dropFirst().trimmingCharacters(in: .whitespaces) }
    let content = lines.filter { !$0.text.isEmpty && !$0.text.hasPrefix("#") }
    guard let record = content.first else {
      throw ReadError(url, found: "no record line", expected: "a name, a number of signals and a sampling rate")
    }
    let fields = record.text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard fields.count >= 2, let signalCount = Int(fields[1]), (0...10_000).contains(signalCount) else {
      throw ReadError(
        url, line: record.number, found: "'\(record.text.prefix(60))'",
        expected: "a record's name, its number of signals, its sampling rate and its length")
    }
    let path = fields[0].split(separator: "/", omittingEmptySubsequences: false)
    // `100/3` is a record of three segments, `slpdb/slp01a` a name with its folder.
    var segmentCount: Int?
    if path.count > 1, let last = path.last, !last.isEmpty, last.allSatisfy({ $0.isASCII && $0.isNumber }) {
      guard let count = Int(last), count > 0 else {
        throw ReadError(url, line: record.number, found: "\(last) segments", expected: "at least one")
      }
      segmentCount = count
    }
    recordName = path.dropLast(segmentCount == nil ? 0 : 1).last.map(String.init) ?? fields[0]
    self.signalCount = signalCount
    let rateText = fields.count > 2 ? String(fields[2].prefix { $0 != "/" && $0 != "(" }) : "250"
    guard let rate = Double(rateText), rate > 0, rate <= RecordingLimits.fastestHz else {
      throw ReadError(
        url, line: record.number, found: "'\(printable(rateText.utf8))' as the sampling rate",
        expected: "a number above 0, of at most 1000000")
    }
    frameRateHz = rate
    if fields.count > 3 {
      guard let count = Int(fields[3]), count >= 0 else {
        throw ReadError(
          url, line: record.number, found: "'\(fields[3])' as the number of samples",
          expected: "a whole number of 0 or more")
      }
      frameCount = count == 0 ? nil : count
    } else {
      frameCount = nil
    }
    baseTime = fields.count > 4 ? fields[4] : nil
    baseDate = fields.count > 5 ? fields[5] : nil
    let signalLines = content.dropFirst()
    if let segmentCount {
      signals = []
      segments = try Self.segments(signalLines.prefix(segmentCount), of: segmentCount, url, last: content.last?.number)
      return
    }
    segments = []
    guard signalLines.count >= signalCount else {
      throw ReadError(
        url, line: content.last?.number, found: "\(signalLines.count) signal lines",
        expected: "\(signalCount) by the record line")
    }
    signals = try signalLines.prefix(signalCount).map { line in
      guard let signal = Signal(line.text) else {
        throw ReadError(
          url, line: line.number, found: "'\(line.text.prefix(60))'",
          expected: "a signal's file, format, gain, resolution and zero")
      }
      guard rate * Double(signal.samplesPerFrame) <= RecordingLimits.fastestHz else {
        throw ReadError(
          url, line: line.number, found: "\(signal.samplesPerFrame) samples a frame at \(plain(rate)) frames a second",
          expected: "at most 1000000 samples a second")
      }
      return signal
    }
  }

  /// `name frames`
  private static func segments(
    _ lines: ArraySlice<(number: Int, text: String)>, of count: Int, _ url: URL, last: Int?
  ) throws -> [Segment] {
    guard lines.count == count else {
      throw ReadError(
        url, line: last, found: "\(lines.count) segment lines", expected: "\(count) by the record line")
    }
    var names: Set<String> = []
    return try lines.map { line in
      let fields = line.text.split(whereSeparator: \.isWhitespace).map(String.init)
      guard fields.count >= 2, let frames = Int(fields[1]), frames >= 0 else {
        throw ReadError(
          url, line: line.number, found: "'\(printable(line.text.prefix(60).utf8))'",
          expected: "a segment's name and its number of samples a signal")
      }
      let segment = Segment(name: fields[0], frameCount: frames)
      guard segment.isGap || SafeName.isSafe(segment.name) else {
        throw ReadError(
          url, line: line.number, found: "the segment '\(printable(segment.name.utf8))'",
          expected: "the name of a record beside the header, or ~")
      }
      guard segment.isGap || names.insert(segment.name).inserted else {
        throw ReadError(
          url, line: line.number, found: "the segment '\(segment.name)' a second time", expected: "each segment once")
      }
      return segment
    }
  }
}

extension WFDBHeader {
  /// The names of the files that are read for a record, beside its own header.
  ///
  /// - Throws: ``ReadError`` where a header cannot be read.
  static func namesRead(from url: URL) throws -> Set<String> {
    func signalFiles(_ header: WFDBHeader) -> [String] {
      header.signals.filter { $0.format != WFDBFormat.null.rawValue }.map(\.fileName)
    }
    let header = try WFDBHeader(url)
    return try header.segments.filter { !$0.isGap }.reduce(into: Set(signalFiles(header))) { names, segment in
      let name = segment.name + ".hea"
      names.insert(name)
      names.formUnion(signalFiles(try WFDBHeader(url.deletingLastPathComponent().appendingPathComponent(name))))
    }
  }

  /// The paths of those headers that are segments of others among some files.
  static func segmentFiles(among files: [URL]) -> Set<String> {
    var paths: Set<String> = []
    for url in files where SignalFormat(of: url) == .wfdb {
      // What is wrong with one is told when it is read.
      for segment in (try? WFDBHeader(url))?.segments ?? [] where !segment.isGap {
        paths.insert(url.deletingLastPathComponent().appendingPathComponent(segment.name + ".hea").path)
      }
    }
    return paths
  }
}

extension WFDBHeader.Signal {
  /// Digital steps a physical unit that can be: samples and their squares stay numbers.
  private static let gains = 1e-9...1e15

  /// `file format[xFrames][:skew][+offset] gain[(baseline)][/unit] resolution zero initial checksum block name`
  init?(_ line: String) {
    let fields = line.split(maxSplits: 8, whereSeparator: \.isWhitespace).map(String.init)
    guard fields.count >= 2 else { return nil }
    func integer(_ index: Int, _ absent: Int) -> Int? { fields.count > index ? Int(fields[index]) : absent }

    var scan = Substring(fields[1])
    func number(after mark: Character?) -> Int? {
      if let mark {
        guard scan.first == mark else { return nil }
        scan.removeFirst()
      }
      let digits = scan.prefix { $0.isASCII && ($0.isNumber || $0 == "-") }
      scan = scan.dropFirst(digits.count)
      return Int(digits)
    }
    guard let format = number(after: nil) else { return nil }
    let frames = scan.first == "x" ? number(after: "x") : 1
    let skew = scan.first == ":" ? number(after: ":") : 0
    let offset = scan.first == "+" ? number(after: "+") : 0
    guard scan.isEmpty, let frames, let skew, let offset, (1...10_000).contains(frames),
      (0...1_000_000_000).contains(skew),
      (0...Int(Int32.max)).contains(offset)
    else { return nil }

    guard let resolution = integer(3, 0), let zero = integer(4, 0) else { return nil }
    let calibration = fields.count > 2 ? fields[2] : "200"
    let gainText = calibration.prefix { $0 != "(" && $0 != "/" }
    var rest = calibration.dropFirst(gainText.count)
    var baseline = zero
    if rest.first == "(" {
      guard let end = rest.firstIndex(of: ")"), let value = Int(rest[rest.index(after: rest.startIndex)..<end]) else {
        return nil
      }
      baseline = value
      rest = rest[rest.index(after: end)...]
    }
    guard let gain = Double(gainText), gain == 0 || Self.gains.contains(abs(gain)), rest.isEmpty || rest.first == "/",
      let baseline = Int32(exactly: baseline)
    else { return nil }
    self.fileName = fields[0]
    self.format = format
    self.samplesPerFrame = frames
    self.skew = skew
    self.byteOffset = offset
    self.gain = gain == 0 ? 200 : gain
    self.baseline = Int(baseline)
    self.unit = rest.isEmpty ? "mV" : String(rest.dropFirst())
    self.adcResolution = resolution
    self.adcZero = zero
    self.initialValue = fields.count > 5 ? Int(fields[5]) : nil
    self.checksum = fields.count > 6 ? Int(fields[6]) : nil
    self.name = fields.count > 8 ? fields[8].trimmingCharacters(in: .whitespaces) : ""
  }
}
