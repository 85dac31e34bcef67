import Files
public import Foundation

/// Writes EDF, EDF+, BDF and BDF+ files.
///
/// Follows Kemp et al., ["A simple format for exchange of digitized polygraphic
/// recordings"](https://www.edfplus.info/specs/edf.html) (1992) and
/// ["European data format 'plus'"](https://www.edfplus.info/specs/edfplus.html) (2003).
public struct EDFWriter: Sendable {
  public enum Format: Sendable {
    case edf, edfPlus, edfPlusDiscontinuous, bdf, bdfPlus

    var bytesPerSample: Int { self == .bdf || self == .bdfPlus ? 3 : 2 }
    var isPlus: Bool { self != .edf && self != .bdf }
    var reserved: String {
      switch self {
      case .edf: ""
      case .edfPlus: "EDF+C"
      case .edfPlusDiscontinuous: "EDF+D"
      case .bdf: "24BIT"
      case .bdfPlus: "BDF+C"
      }
    }
  }

  /// One signal of the file.
  public struct Channel: Hashable, Sendable {
    public var label: String
    public var unit: String
    public var samplesPerRecord: Int
    public var physicalRange: ClosedRange<Double>
    /// `nil` is the whole range of the format.
    public var digitalRange: ClosedRange<Int>?
    public var transducer: String
    public var prefilter: String

    public init(
      label: String, unit: String, samplesPerRecord: Int, physicalRange: ClosedRange<Double>,
      digitalRange: ClosedRange<Int>? = nil, transducer: String = "", prefilter: String = ""
    ) {
      self.label = label
      self.unit = unit
      self.samplesPerRecord = samplesPerRecord
      self.physicalRange = physicalRange
      self.digitalRange = digitalRange
      self.transducer = transducer
      self.prefilter = prefilter
    }
  }

  /// An entry of the annotation channel; seconds from the start of the recording.
  public struct Annotation: Hashable, Sendable {
    public var onsetSeconds: Double
    public var durationSeconds: Double?
    public var text: String

    public init(onsetSeconds: Double, durationSeconds: Double? = nil, text: String) {
      self.onsetSeconds = onsetSeconds
      self.durationSeconds = durationSeconds
      self.text = text
    }
  }

  public var format: Format
  public var channels: [Channel]
  public var recordSeconds: Double
  public var patient = "X X X X"
  /// The recording field; `nil` is the one that EDF+ asks for.
  public var recording: String?
  /// Local time of the first record, with day, month, year, hour, minute and second.
  public var start = DateComponents(year: 2000, month: 1, day: 1, hour: 22, minute: 0, second: 0)

  /// - Parameter recordSeconds: Length of a record; 0 in a file of annotations alone.
  public init(format: Format, channels: [Channel], recordSeconds: Double) {
    self.format = format
    self.channels = channels
    self.recordSeconds = recordSeconds
  }

  /// Writes a file.
  ///
  /// - Parameters:
  ///   - samples: `[channels][samples]` in physical units, clipped to the channel's range; NaN becomes its lower end. The last
  ///     record is filled up with each channel's last sample.
  ///   - annotations: Only in EDF+ and BDF+.
  ///   - recordOnsets: Start of each record in seconds; needed in EDF+D only.
  /// - Precondition: A row of samples a channel, all of one number of records.
  public func write(
    _ samples: [[Float]], annotations: [Annotation] = [], recordOnsets: [Double]? = nil, to url: URL
  ) throws {
    try encode(samples, annotations: annotations, recordOnsets: recordOnsets).writeWhole(to: url)
  }

  /// The bytes of the file. See ``write(_:annotations:recordOnsets:to:)``.
  public func encode(
    _ samples: [[Float]], annotations: [Annotation] = [], recordOnsets: [Double]? = nil
  ) -> Data {
    precondition(samples.count == channels.count, "a row of samples a channel")
    precondition(annotations.isEmpty || format.isPlus, "annotations need EDF+ or BDF+")
    let counts = zip(samples, channels).map { ($0.count + $1.samplesPerRecord - 1) / $1.samplesPerRecord }
    precondition(Set(counts).count <= 1, "all channels hold one number of records")
    let records = counts.first ?? 1
    precondition(recordOnsets.map { $0.count == records } ?? true, "an onset a record")
    let onsets = recordOnsets ?? (0..<records).map { Double($0) * recordSeconds }

    let size = format.bytesPerSample
    let lists = format.isPlus ? annotationLists(annotations, onsets: onsets) : []
    // In whole samples, and at least one NUL at the end.
    let listSamples = ((lists.map(\.count).max() ?? 0) + size) / size
    let recordBytes = (channels.map(\.samplesPerRecord).reduce(0, +) + (lists.isEmpty ? 0 : listSamples)) * size

    // Not `Data`, whose `append` is ten times as slow.
    var bytes = Array(header(records: records, listSamples: lists.isEmpty ? nil : listSamples).utf8)
    if size == 3 { bytes[0] = 0xff }
    bytes.reserveCapacity(bytes.count + records * recordBytes)
    for record in 0..<records {
      for (channel, row) in zip(channels, samples) {
        append(row, of: channel, record: record, to: &bytes)
      }
      if !lists.isEmpty {
        bytes.append(contentsOf: lists[record])
        bytes.append(contentsOf: repeatElement(0, count: listSamples * size - lists[record].count))
      }
    }
    return Data(bytes)
  }

  private func digitalRange(_ channel: Channel) -> ClosedRange<Int> {
    channel.digitalRange ?? (format.bytesPerSample == 3 ? -8_388_608...8_388_607 : -32_768...32_767)
  }

  private func append(_ row: [Float], of channel: Channel, record: Int, to bytes: inout [UInt8]) {
    let digital = digitalRange(channel)
    let lower = channel.physicalRange.lowerBound
    let steps =
      Double(digital.upperBound - digital.lowerBound) / (channel.physicalRange.upperBound - lower)
    for index in record * channel.samplesPerRecord..<(record + 1) * channel.samplesPerRecord {
      let value = Double(row[min(index, row.count - 1)])
      let step = ((value - lower) * steps).rounded()
      let clipped = step.isNaN ? 0 : min(max(step, 0), Double(digital.upperBound - digital.lowerBound))
      let number = Int(clipped) + digital.lowerBound
      bytes.append(UInt8(truncatingIfNeeded: number))
      bytes.append(UInt8(truncatingIfNeeded: number >> 8))
      if format.bytesPerSample == 3 { bytes.append(UInt8(truncatingIfNeeded: number >> 16)) }
    }
  }

  /// Each record's time-stamped lists: its own start, then the annotations that begin in it.
  private func annotationLists(_ annotations: [Annotation], onsets: [Double]) -> [[UInt8]] {
    var lists = onsets.map { onset in Array("+\(number(onset))".utf8) + [0x14, 0x14, 0] }
    for entry in annotations {
      let record = onsets.lastIndex { $0 <= entry.onsetSeconds } ?? 0
      let sign = entry.onsetSeconds < 0 ? "" : "+"
      lists[record] += Array("\(sign)\(number(entry.onsetSeconds))".utf8)
      if let duration = entry.durationSeconds { lists[record] += [0x15] + Array(number(duration).utf8) }
      lists[record] += [0x14] + Array(entry.text.utf8) + [0x14, 0]
    }
    return lists
  }

  private func header(records: Int, listSamples: Int?) -> String {
    let count = channels.count + (listSamples == nil ? 0 : 1)
    let isBDF = format.bytesPerSample == 3
    let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    let (day, month, year) = (start.day ?? 1, start.month ?? 1, start.year ?? 2000)
    let recording =
      recording ?? (format.isPlus ? "Startdate \(twoDigits(day))-\(months[month - 1])-\(year) X X X" : "")
    func field(_ text: String, _ width: Int) -> String {
      let ascii = String(text.unicodeScalars.map { $0.isASCII ? Character($0) : "?" }.prefix(width))
      return ascii + String(repeating: " ", count: width - ascii.count)
    }
    func column(_ width: Int, _ value: (Channel) -> String, _ annotation: String) -> String {
      channels.map { field(value($0), width) }.joined() + (listSamples == nil ? "" : field(annotation, width))
    }
    let clock = [start.hour ?? 0, start.minute ?? 0, start.second ?? 0].map(twoDigits).joined(separator: ".")
    let whole = isBDF ? (-8_388_608, 8_388_607) : (-32_768, 32_767)
    return [
      // The first byte of BDF, 255, is no text: it is put in afterwards.
      field(isBDF ? "xBIOSEMI" : "0", 8), field(patient, 80), field(recording, 80),
      field([day, month, year % 100].map(twoDigits).joined(separator: "."), 8), field(clock, 8),
      field("\(256 * (count + 1))", 8), field(format.reserved, 44), field("\(records)", 8),
      field(number(recordSeconds), 8), field("\(count)", 4),
      column(16, \.label, isBDF ? "BDF Annotations" : "EDF Annotations"),
      column(80, \.transducer, ""), column(8, \.unit, ""),
      column(8, { number($0.physicalRange.lowerBound) }, "-1"), column(8, { number($0.physicalRange.upperBound) }, "1"),
      column(8, { "\(digitalRange($0).lowerBound)" }, "\(whole.0)"),
      column(8, { "\(digitalRange($0).upperBound)" }, "\(whole.1)"),
      column(80, \.prefilter, ""), column(8, { "\($0.samplesPerRecord)" }, "\(listSamples ?? 0)"),
      column(32, { _ in "" }, ""),
    ].joined()
  }

  private func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// Without a point where it is whole, and never with an exponent.
  private func number(_ value: Double) -> String {
    guard value != value.rounded() || abs(value) > 1e15 else { return "\(Int(value))" }
    let text = "\(value)"
    return text.contains("e") ? "\((value * 1e6).rounded() / 1e6)" : text
  }
}
