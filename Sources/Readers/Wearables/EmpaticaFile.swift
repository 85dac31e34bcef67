import Foundation
import SleepCore

/// One file of an Empatica E4's folder, which its name tells: `ACC.csv`, `BVP.csv`, `EDA.csv`, `TEMP.csv`, `HR.csv` or `IBI.csv`.
///
/// The first line is the start in seconds of Unix time, the second the rate; `IBI.csv` has the start alone, then rows of a beat's time from it
/// and the interval before it. Its clock is UTC: what the clock read where it was worn is nowhere said.
struct EmpaticaFile: SignalFile {
  let url: URL
  let channels: [StoredChannel]
  let start: LocalTime?
  let seconds: Double
  let warnings: [String]
  private let timing: Timing
  /// `[channels][samples]`.
  private let values: [[Float]]

  private struct Kind {
    let labels: [String]
    let unit: String
    var factor = 1.0
    var hasTimes = false
  }

  private static let kinds = [
    "ACC.csv": Kind(labels: ["Accelerometer X", "Accelerometer Y", "Accelerometer Z"], unit: "g", factor: 1.0 / 64),
    "BVP.csv": Kind(labels: ["BVP"], unit: ""), "EDA.csv": Kind(labels: ["EDA"], unit: "uS"),
    "TEMP.csv": Kind(labels: ["Temperature"], unit: "degC"), "HR.csv": Kind(labels: ["Heart Rate"], unit: "bpm"),
    "IBI.csv": Kind(labels: ["IBI"], unit: "s", hasTimes: true),
  ]
  static let names: [String] = kinds.keys.sorted()

  /// Unix time of 1970 to 2100.
  private static let starts = 0.0...4.2e9
  private static let rates = 0.01...10_000.0

  /// - Throws: ``ReadError`` when its name is none of an E4's files, or it is a damaged one.
  init(_ url: URL) throws {
    let name = url.lastPathComponent
    guard let kind = Self.kinds[name] else {
      throw ReadError(
        url, found: "the name '\(printable(name.utf8))'", expected: "one of \(Self.names.joined(separator: ", "))")
    }
    var lines = RawLines(try RawFile(url, expected: "\(name) of an Empatica E4"))
    let width = kind.hasTimes ? 2 : kind.labels.count
    func head(_ what: String, _ range: ClosedRange<Double>, texts: Int) throws(ReadError) -> Double {
      let fields = try lines.next().map { Self.fields($0.bytes) } ?? []
      guard fields.count == texts, let value = DecimalNumber.parse(fields[0]), range.contains(value) else {
        let found = fields.isEmpty ? "nothing" : "'\(printable(fields.joined(separator: ",").utf8))'"
        throw ReadError(url, line: max(1, lines.number), found: found, expected: what)
      }
      return value
    }
    let begin = try head("its start in seconds since 1970, as in an Empatica E4's files", Self.starts, texts: width)
    let rate = kind.hasTimes ? nil : try head("its rate in Hz", Self.rates, texts: width)
    var columns = [[Double]](repeating: [], count: width)
    while let line = try lines.next() {
      let fields = Self.fields(line.bytes)
      if fields == [""] { continue }
      let numbers = fields.compactMap { DecimalNumber.parse($0) }
      guard fields.count == width, numbers.count == width else {
        throw ReadError(
          url, line: lines.number, found: "'\(printable(line.bytes))'",
          expected: width == 1 ? "a number" : "\(width) numbers between commas")
      }
      for (column, number) in numbers.enumerated() { columns[column].append(number) }
    }
    var warnings = ["\(name): its clock is UTC, not the time where it was worn"]
    if let rate {
      timing = .regular(startSeconds: 0, sampleRateHz: rate)
      seconds = Double(columns[0].count) / rate
    } else {
      let order = columns[0].indices.filter { abs(columns[0][$0]) <= RecordingLimits.farthestSeconds }
        .sorted { (columns[0][$0], $0) < (columns[0][$1], $1) }
      var kept: [Int] = []
      for index in order where kept.last.map({ columns[0][$0] < columns[0][index] }) ?? true { kept.append(index) }
      if kept.count < columns[0].count {
        warnings.append("\(name): \(columns[0].count - kept.count) beats of no time of their own; left out")
      }
      columns = columns.map { column in kept.map { column[$0] } }
      timing = .irregular(seconds: columns.removeFirst())
      seconds = timing.seconds(count: 0).last ?? 0
    }
    if columns[0].isEmpty { warnings.append("\(name): holds no sample") }
    (self.url, self.warnings) = (url, warnings)
    values = columns.map { $0.map { Float($0 * kind.factor) } }
    start = LocalTime(day: 0, secondOfDay: begin)
    channels = kind.labels.map {
      StoredChannel(
        label: $0, unit: kind.unit, sampleRateHz: rate, limits: name == "ACC.csv" ? -1.99...1.98 : nil)
    }
  }

  private static func fields(_ line: ArraySlice<UInt8>) -> [Substring] {
    String(decoding: line, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
      .map { Substring($0.trimmingCharacters(in: .whitespaces)) }
  }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    [StoredStretch(timing: timing, samples: factor == 1 ? values[index] : values[index].map { $0 * Float(factor) })]
  }
}
