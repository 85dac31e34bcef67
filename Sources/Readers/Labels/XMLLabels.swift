import Foundation
import FoundationXML
import SleepCore

/// The stages in an annotation file of the National Sleep Research Resource, NSRR's own XML or Profusion's, or in RemLogic's.
///
/// NSRR: `PSGAnnotation` holds `ScoredEvent`s, of which those of type `Stages|Stages` are runs of one stage, and the `ClockTime` of
/// `Recording Start Time` is when onsets begin. Profusion: `CMPStudyConfig` holds one `SleepStage` a window.
/// RemLogic: `Event`s have a `Type`, a `StartTime` and a `StopTime`, dates and times of a clock.
struct XMLLabels: LabelFileReader {
  static let expectation = "NSRR XML with events of type 'Stages|Stages', or Profusion XML with a list of SleepStages"

  /// - Throws: ``ReadError`` with the line when the XML is malformed or a time is no number, and where there are no stages.
  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let collector = Collector(url)
    let parser = XMLParser(data: try Self.plainText(url))
    parser.delegate = collector
    let isWellFormed = parser.parse()
    if let refusal = collector.refusal { throw refusal }
    guard isWellFormed else {
      throw ReadError(
        url, line: max(1, parser.lineNumber), found: "malformed XML", expected: Self.expectation)
    }
    var labels = LabelFile(url: url)
    labels.numbers = .older
    labels.windowSeconds = collector.windowSeconds
    if let clock = collector.clock { labels.zero = .own(clock) }
    let length = collector.windowSeconds ?? rules.rowSeconds
    labels.entries =
      collector.events
      + collector.windows.enumerated().map { index, word in
        LabelFile.Entry(onsetSeconds: Double(index) * length, durationSeconds: length, word: word)
      }
    if labels.entries.isEmpty, !collector.clocked.isEmpty {
      labels.mayHoldOthers = true
      labels.isEventList = true
      try labels.take(collector.clocked, rules: rules, signal: signal)
    }
    guard !labels.entries.isEmpty else { throw ReadError(url, found: "no stages", expected: Self.expectation) }
    return labels
  }

  /// The document in UTF-8 and without its declaration: Foundation's parser ends the program at names that are not.
  private static func plainText(_ url: URL) throws -> Data {
    let bytes = try RawFile(url, expected: Self.expectation).bytes(atMost: RawFile.mostBytesBesideSignals)
    let text: String
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      text = String(decoding: try TextFile(url).bytes, as: UTF8.self)
    } else {
      text = decodedText(bytes)
    }
    try expectPlain(text, url)
    let document = text.drop { $0 == "\u{feff}" || $0.isWhitespace && !$0.isNewline }
    guard document.hasPrefix("<?xml"), let end = document.range(of: "?>") else { return Data(document.utf8) }
    // Ends of lines stay, so that messages name the right ones.
    let declaration = document[..<end.upperBound].filter(\.isNewline)
    return Data((declaration + document[end.upperBound...]).utf8)
  }

  /// The time that the parser takes grows with the square of a tag's attributes.
  private static let mostAttributes = 256

  /// - Throws: ``ReadError`` for what no scoring program writes, and a parser can be kept busy with: entities of the file's own, which may
  ///   stand for each other, and a tag of very many attributes.
  private static func expectPlain(_ text: String, _ url: URL) throws {
    var (line, start, attributes) = (1, 1, 0)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\n"): line += 1
      case UInt8(ascii: "<"): (start, attributes) = (line, 0)
      case UInt8(ascii: "="): attributes += 1
      default: break
      }
      guard attributes <= mostAttributes else {
        throw ReadError(
          url, line: start, found: "a tag of more than \(mostAttributes) attributes", expected: expectation)
      }
    }
    guard text.contains("<!ENTITY") else { return }
    throw ReadError(url, found: "entities of the file's own (<!ENTITY)", expected: "\(expectation), without them")
  }

  private final class Collector: NSObject, XMLParserDelegate {
    let url: URL
    /// Runs of one stage, as NSRR has them.
    var events: [LabelFile.Entry] = []
    /// One stage a window, as Profusion has them.
    var windows: [String] = []
    /// Events with a clock's time, as RemLogic has them.
    var clocked: [ClockedEvent] = []
    var clock: LocalTime?
    var windowSeconds: Double?
    var refusal: ReadError?
    private var text = ""
    private var event: [String: String] = [:]

    init(_ url: URL) { self.url = url }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      text = ""
      if name == "ScoredEvent" || name == "Event" { event = [:] }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
      let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
      text = ""
      switch name {
      case "EventType", "EventConcept", "Start", "Duration", "ClockTime", "Type", "StartTime", "StopTime":
        event[name] = value
      case "EpochLength":
        guard let seconds = Double(value), LabelRules.windowRange.contains(seconds) else {
          refuse(parser, found: "windows of '\(value)' s", expected: "a length from 0.1 to 3600 s")
          return
        }
        windowSeconds = seconds
      case "SleepStage": windows.append(value)
      case "Event":
        guard let word = event["Type"], let text = event["StartTime"] else { return }
        guard let onset = ClockReading(text) else {
          refuse(parser, found: "the start '\(printable(text.utf8))'", expected: "a date and time")
          return
        }
        clocked.append(
          ClockedEvent(
            onset: onset, text: text, end: event["StopTime"].flatMap(ClockReading.init), seconds: nil, word: word))
      case "ScoredEvent":
        if event["EventConcept"] == "Recording Start Time" { clock = event["ClockTime"].flatMap(Self.clock) ?? clock }
        guard event["EventType"] == "Stages|Stages" else { return }
        guard let start = number("Start", parser), let duration = number("Duration", parser) else { return }
        events.append(
          LabelFile.Entry(onsetSeconds: start, durationSeconds: duration, word: event["EventConcept"] ?? ""))
      default: break
      }
    }

    /// `00.00.00 22.15.30`: a date, mostly a placeholder, and a time.
    private static func clock(_ text: String) -> LocalTime? {
      guard let time = text.split(separator: " ").last else { return nil }
      return EDFHeader.timeOfDay(String(time)).map { LocalTime(day: nil, secondOfDay: $0) }
    }

    private func number(_ key: String, _ parser: XMLParser) -> Double? {
      let text = event[key] ?? ""
      guard let value = Double(text), value.isFinite, value >= 0 else {
        refuse(parser, found: "'\(text)' as the \(key) of a stage", expected: "a number of seconds")
        return nil
      }
      return value
    }

    private func refuse(_ parser: XMLParser, found: String, expected: String) {
      guard refusal == nil else { return }
      refusal = ReadError(url, line: max(1, parser.lineNumber), found: found, expected: expected)
      parser.abortParsing()
    }
  }
}
