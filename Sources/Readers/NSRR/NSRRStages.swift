import Foundation
import FoundationXML
import SleepCore

/// The stages in an annotation file of the National Sleep Research Resource: NSRR's own XML or Profusion's.
///
/// NSRR: `PSGAnnotation` holds `ScoredEvent`s, of which those of type `Stages|Stages` are runs of one stage. Profusion:
/// `CMPStudyConfig` holds one `SleepStage` a window.
struct NSRRStages {
  let runs: [StageRun]

  static let expectation = "NSRR XML with events of type 'Stages|Stages', or Profusion XML with a list of SleepStages"

  /// - Throws: ``ReadError`` with the line when the XML is malformed, and when a stage or time is no number that is known.
  init(_ url: URL) throws {
    let file = try MappedFile(url, expected: Self.expectation)
    let collector = Collector(url)
    let parser = XMLParser(data: Data(file.bytes))
    parser.delegate = collector
    let isWellFormed = parser.parse()
    if let refusal = collector.refusal { throw refusal }
    guard isWellFormed else {
      throw ReadError(
        url, line: max(1, parser.lineNumber), found: "malformed XML", expected: Self.expectation)
    }
    guard !collector.runs.isEmpty else { throw ReadError(url, found: "no stages", expected: Self.expectation) }
    runs = collector.runs
  }

  private final class Collector: NSObject, XMLParserDelegate {
    let url: URL
    var runs: [StageRun] = []
    var refusal: ReadError?
    private var text = ""
    private var event: [String: String] = [:]
    private var windowSeconds = 30.0

    init(_ url: URL) { self.url = url }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      text = ""
      if name == "ScoredEvent" { event = [:] }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
      let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
      text = ""
      switch name {
      case "EventType", "EventConcept", "Start", "Duration": event[name] = value
      case "EpochLength":
        guard let seconds = Double(value), seconds == 30 else {
          refuse(parser, found: "windows of '\(value)' s", expected: "30")
          return
        }
      case "SleepStage":
        guard let stage = stage(value, parser) else { return }
        runs.append(
          StageRun(startSeconds: Double(runs.count) * windowSeconds, durationSeconds: windowSeconds, stage: stage))
      case "ScoredEvent":
        guard event["EventType"] == "Stages|Stages" else { return }
        let concept = event["EventConcept"] ?? ""
        guard let code = concept.split(separator: "|").last.map(String.init), concept.contains("|"),
          let stage = stage(code, parser)
        else {
          refuse(parser, found: "the stage '\(concept)'", expected: "such as 'Stage 2 sleep|2'")
          return
        }
        guard let start = number("Start", parser), let duration = number("Duration", parser) else { return }
        runs.append(StageRun(startSeconds: start, durationSeconds: duration, stage: stage))
      default: break
      }
    }

    private func number(_ key: String, _ parser: XMLParser) -> Double? {
      let text = event[key] ?? ""
      guard let value = Double(text), value.isFinite, value >= 0 else {
        refuse(parser, found: "'\(text)' as the \(key) of a stage", expected: "a number of seconds")
        return nil
      }
      return value
    }

    /// 0 W, 1-4, 5 REM, 6 movement, 9 unscored.
    private func stage(_ code: String, _ parser: XMLParser) -> Stage?? {
      switch code {
      case "0": return .wake
      case "1": return .n1
      case "2": return .n2
      case "3", "4": return .n3
      case "5": return .rem
      case "6", "9": return .some(nil)
      default:
        refuse(parser, found: "the stage '\(code)'", expected: "0 to 6 or 9")
        return .none
      }
    }

    private func refuse(_ parser: XMLParser, found: String, expected: String) {
      guard refusal == nil else { return }
      refusal = ReadError(url, line: max(1, parser.lineNumber), found: found, expected: expected)
      parser.abortParsing()
    }
  }
}
