import Foundation

/// A JSON list of stages: one a window, or objects with an onset, a length and a stage each. In an object the card says under which key
/// the list stands.
struct JSONLabels: LabelFileReader {
  private static let kind = "a JSON list of stages, or of objects with 'onset', 'duration' and 'stage'"

  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let bytes = try RawFile(url, expected: Self.kind).bytes(atMost: RawFile.mostBytesBesideSignals)
    guard let document = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) else {
      throw ReadError(url, found: "malformed JSON", expected: Self.kind)
    }
    let list = try Self.list(in: document, rules, url)
    guard !list.isEmpty else { throw ReadError(url, found: "an empty list", expected: Self.kind) }
    guard list.count <= RecordingLimits.mostLabels else {
      throw ReadError(
        url, found: "\(list.count) elements", expected: "at most \(RecordingLimits.mostLabels), those of one recording")
    }
    let rows = list[0] is [String: Any] ? try Self.table(list, url) : try Self.column(list, url)
    do {
      return try DelimitedLabels(mayHoldOthers: false).labels(rows, url, rules: rules, signal: signal)
    } catch let error as ReadError {
      guard let line = error.line, line > 1 else {
        throw ReadError(url, found: error.found, expected: error.expected)
      }
      throw ReadError(url, found: "\(error.found) in element \(line - 1) of the list", expected: error.expected)
    }
  }

  private static func list(in document: Any, _ rules: LabelRules, _ url: URL) throws -> [Any] {
    if let list = document as? [Any] { return list }
    guard let object = document as? [String: Any] else {
      throw ReadError(url, found: "JSON that is neither a list nor an object", expected: kind)
    }
    let lists = object.keys.filter { object[$0] is [Any] }.sorted()
    guard let key = rules.dataset else {
      throw ReadError(
        url, found: lists.isEmpty ? "an object without a list" : "an object with \(named(lists))",
        expected: lists.isEmpty
          ? kind
          : "the key of the list of stages as labels.dataset in the card, such as 'labels: {dataset: \(lists[0])}'"
      )
    }
    guard let list = object[key] as? [Any] else {
      throw ReadError(
        url, found: lists.isEmpty ? "an object without a list" : "an object with \(named(lists))",
        expected: "a list under \(quotedName(key)), as labels.dataset in the card says")
    }
    return list
  }

  private static func named(_ keys: [String]) -> String {
    (keys.count == 1 ? "a list under " : "lists under ") + keys.prefix(12).map(quotedName).joined(separator: ", ")
  }

  private static func column(_ list: [Any], _ url: URL) throws -> [DelimitedRows.Row] {
    [DelimitedRows.Row(line: 1, fields: ["stage"])]
      + (try list.enumerated().map { index, value in
        DelimitedRows.Row(line: index + 2, fields: [try text(value, index, url)])
      })
  }

  private static func table(_ list: [Any], _ url: URL) throws -> [DelimitedRows.Row] {
    let objects = try list.enumerated().map { index, value in
      guard let object = value as? [String: Any] else {
        throw ReadError(url, found: "element \(index + 1) that is no object", expected: kind)
      }
      return object
    }
    // What holds more than a word or a number is no column.
    let names = objects[0].keys.filter { !(objects[0][$0] is [Any]) && !(objects[0][$0] is [String: Any]) }.sorted()
    return [DelimitedRows.Row(line: 1, fields: names)]
      + (try objects.enumerated().map { index, object in
        DelimitedRows.Row(line: index + 2, fields: try names.map { try text(object[$0] ?? "", index, url) })
      })
  }

  private static func text(_ value: Any, _ index: Int, _ url: URL) throws -> String {
    switch value {
    case let text as String: return text
    case let number as NSNumber: return number.stringValue
    case is NSNull: return ""
    default:
      throw ReadError(
        url, found: "element \(index + 1) that holds \(value is [Any] ? "a list" : "an object")", expected: kind)
    }
  }
}
