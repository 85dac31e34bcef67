import Foundation
import SleepCore

/// Counts an epoch of an Actiwatch of Cambridge Neurotechnology or Mini Mitter (`.AWD`), with what a second sensor of the model measured.
///
/// Seven lines of text, then one line an epoch: `149`, `71 M` where the wearer pressed the marker, `224 , 0.00` with a second sensor. Its clock
/// is local time.
struct ActiwatchFile: SignalFile {
  let url: URL
  let channels: [StoredChannel]
  let start: LocalTime?
  let seconds: Double
  let warnings: [String]
  /// `[channels][epochs]`.
  private let values: [[Float]]

  private static let kind = "an .AWD file of an Actiwatch"
  /// Epoch lengths by their codes.
  private static let epochs = [
    "1": 15.0, "2": 30, "4": 60, "8": 120, "20": 300, "81": 2, "C1": 5, "C2": 10,
  ]
  /// What the second sensor of a model measures, by the first letter of its serial number.
  private static let sensors: [Character: (label: String, unit: String)] = [
    "D": ("Light", "lux"), "L": ("Light", "lux"), "P": ("Light", "lux"), "I": ("Pressure", ""), "S": ("Sound", ""),
    "T": ("Temperature", "degC"),
  ]

  /// - Throws: ``ReadError`` when it is no such file, or a damaged one.
  init(_ url: URL) throws {
    var lines = RawLines(try RawFile(url, expected: Self.kind))
    var header: [String] = []
    while header.count < 7, let line = try lines.next() {
      header.append(
        String(String.UnicodeScalarView(line.bytes.map { Unicode.Scalar($0) })).trimmingCharacters(in: .whitespaces))
    }
    guard header.count == 7 else {
      throw ReadError(url, found: "\(header.count) lines", expected: "\(Self.kind): seven lines, and one an epoch")
    }
    guard let start = Self.time(header[1], header[2]) else {
      throw ReadError(
        url, line: 2, found: "'\(printable(header[1].utf8))' and '\(printable(header[2].utf8))'",
        expected: "a date and a time, as '23-Jan-2018' and '13:58', in \(Self.kind)")
    }
    guard let epoch = Self.epochs[header[3].uppercased()] else {
      throw ReadError(
        url, line: 4, found: "the epoch code '\(printable(header[3].utf8))'",
        expected:
          "one of \(Self.epochs.sorted { $0.value < $1.value }.map { "\($0.key) (\(plain($0.value)) s)" }.joined(separator: ", "))"
      )
    }
    let table = try Self.table(&lines, url)
    guard !table.counts.isEmpty else { throw ReadError(url, found: "a header alone", expected: "a line an epoch") }
    var channels = [("Activity", "count")]
    var values = [table.counts]
    var warnings: [String] = []
    if let second = table.second {
      let sensor = header[5].first.flatMap { Self.sensors[Character($0.uppercased())] }
      if sensor == nil {
        warnings.append(
          "\(url.lastPathComponent): what its second column holds is not known of the model '\(printable(header[5].utf8))'"
        )
      }
      channels.append(sensor ?? ("Second", ""))
      values.append(second)
    }
    if table.markers.contains(1) {
      channels.append(("Marker", ""))
      values.append(table.markers)
    }
    (self.url, self.start, self.values, self.warnings) = (url, start, values, warnings)
    self.channels = channels.map { StoredChannel(label: $0.0, unit: $0.1, sampleRateHz: 1 / epoch) }
    seconds = Double(table.counts.count) * epoch
  }

  /// The counts, what a second sensor measured, and 1 where the marker was pressed, of each line.
  private static func table(
    _ lines: inout RawLines, _ url: URL
  ) throws(ReadError) -> (counts: [Float], second: [Float]?, markers: [Float]) {
    var (counts, second, markers): ([Float], [Float], [Float]) = ([], [], [])
    var emptyLine: Int?
    while let line = try lines.next() {
      var text = String(decoding: line.bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces)
      if text.isEmpty {
        emptyLine = emptyLine ?? lines.number
        continue
      }
      if let emptyLine {
        throw ReadError(url, line: emptyLine, found: "nothing", expected: "a count, as on each line but the last")
      }
      let isMarked = text.hasSuffix("M")
      if isMarked { text = String(text.dropLast()).trimmingCharacters(in: .whitespaces) }
      // The second number may have a decimal comma of its own.
      let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: ",", with: ".") }
      guard let count = DecimalNumber.parse(Substring(parts[0])),
        parts.count == 1 || DecimalNumber.parse(Substring(parts[1])) != nil
      else {
        throw ReadError(
          url, line: lines.number, found: "'\(printable(line.bytes))'",
          expected: "a count, as '149', '71 M' or '224 , 0.00'")
      }
      counts.append(Float(count))
      if parts.count == 2 {
        while second.count + 1 < counts.count { second.append(.nan) }
        second.append(Float(DecimalNumber.parse(Substring(parts[1])) ?? .nan))
      }
      markers.append(isMarked ? 1 : 0)
    }
    while !second.isEmpty, second.count < counts.count { second.append(.nan) }
    return (counts, second.isEmpty ? nil : second, markers)
  }

  /// Reads `23-Jan-2018` and `13:58`, `18:11:00` or `09:38:00 AM`.
  private static func time(_ date: String, _ clock: String) -> LocalTime? {
    let parts = date.split(whereSeparator: { $0 == "-" || $0 == "/" || $0 == " " || $0 == "." })
    guard parts.count == 3, let day = Int(parts[0]), let month = month(parts[1]), let year = Int(parts[2]) else {
      return nil
    }
    let words = clock.split(separator: " ")
    guard let first = words.first, let time = LocalTime(String(first)), time.day == nil, words.count <= 2 else {
      return nil
    }
    var seconds = time.secondOfDay
    if words.count == 2 {
      guard ["AM", "PM"].contains(words[1].uppercased()), seconds < 13 * 3600 else { return nil }
      if seconds >= 12 * 3600 { seconds -= 12 * 3600 }
      if words[1].uppercased() == "PM" { seconds += 12 * 3600 }
    }
    return LocalTime(year: year, month: month, day: day)?.adding(seconds: seconds)
  }

  /// English, German, French, Dutch, Spanish and Italian short names.
  private static let months = [
    ["jan", "ene", "gen"], ["feb", "fev"], ["mar", "mrt", "maa", "mae"], ["apr", "avr", "abr"],
    ["may", "mai", "mei", "mag"],
    ["jun", "juin", "giu"], ["jul", "juil", "lug"], ["aug", "aou", "ago"], ["sep", "set"], ["oct", "okt", "ott"],
    ["nov"],
    ["dec", "dez", "dic"],
  ]

  private static func month(_ text: Substring) -> Int? {
    if let number = Int(text) { return number }
    let name = text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil).filter(\.isLetter)
    guard let index = months.firstIndex(where: { $0.contains { name.hasPrefix($0) } }) else { return nil }
    return index + 1
  }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    let rate = channels[index].sampleRateHz ?? 1
    return [
      StoredStretch(
        timing: .regular(startSeconds: 0, sampleRateHz: rate), samples: values[index].map { $0 * Float(factor) })
    ]
  }
}
