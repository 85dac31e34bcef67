import Foundation
import SleepCore

/// Luna's `.annot`: a class, an instance, a channel, a start and a stop a line, after lines that begin with `#`.
///
/// Times are seconds from the signal's first sample, `0+00:00:30` as much, epochs counted from 1 (`e:5`, `e:5:20` of 20 s, `e:5:30:15`
/// every 15 s), or times of day; a stop may be a length (`+30`), or `...`: until the next line. Follows Luna's own documentation of its
/// annotation files (zzz.bwh.harvard.edu/luna).
struct LunaLabels: LabelFileReader {
  private struct Columns {
    var word = 0
    var instance: Int?
    var start: Int
    var stop: Int
  }

  private struct Place {
    let seconds: Double
    /// How long an epoch lasts.
    var length: Double?
  }

  /// Classes whose instance is the stage.
  private static let classes: Set = ["stage", "stages", "sleepstage", "sleepstages", "hypnogram", "staging"]

  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let file = try TextFile(url, atMost: RawFile.mostBytesBesideSignals)
    var labels = LabelFile(url: url)
    labels.mayHoldOthers = true
    labels.isEventList = true
    var named: Columns?
    var rows: [(line: Int, word: String, start: Double, length: Double?, isOpen: Bool)] = []
    var clockRules = rules
    clockRules.start = .clock
    let clock = OnsetTimes(url, rules: clockRules, signal: signal)
    for line in TextLines(file, comment: "#") {
      let fields = Self.fields(line)
      if rows.isEmpty, named == nil, fields[0].lowercased() == "class" {
        named = try Self.named(fields, line.number, url)
        continue
      }
      let columns = try named ?? Self.counted(fields.count, line.number, url)
      guard let from = fields.at(columns.start), let to = fields.at(columns.stop) else {
        throw ReadError(
          url, line: line.number, found: fields.count == 1 ? "1 column" : "\(fields.count) columns",
          expected: "as many as the line of names has")
      }
      let word = fields[columns.word]
      let instance = columns.instance.flatMap { fields.at($0) } ?? "."
      let isStage = instance != "." && Self.classes.contains(word.lettersAndDigits)
      let start = try Self.place(from, clock, line.number)
      var length: Double?
      if to.hasPrefix("+") {
        guard let seconds = StageVocabulary.number(String(to.dropFirst())), seconds >= 0 else {
          throw Self.refusal(url, line.number, to)
        }
        length = seconds
      } else if to == "." {
        length = start.length
      } else if to != "..." {
        let stop = try Self.place(to, clock, line.number)
        length = stop.seconds + (stop.length ?? 0) - start.seconds
        guard length ?? 0 >= 0 else {
          throw ReadError(
            url, line: line.number, found: "the stop '\(printable(to.utf8))' before the start", expected: "one after it"
          )
        }
      }
      rows.append((line.number, isStage ? instance : word, start.seconds, length, to == "..."))
    }
    for (index, row) in rows.enumerated() {
      var length = row.length
      if row.isOpen {
        length = (rows.at(index + 1)?.start ?? signal?.seconds).map { $0 - row.start }
        guard length ?? 0 >= 0 || index + 1 == rows.count else {
          throw ReadError(
            url, line: row.line, found: "the stop '...' before a line that begins earlier",
            expected: "lines in order of time, or a stop")
        }
      }
      labels.entries.append(LabelFile.Entry(onsetSeconds: row.start, durationSeconds: length, word: row.word))
    }
    return labels
  }

  private static func fields(_ line: TextLine) -> [String] {
    let text = decodedText(line.bytes)
    guard !text.contains("\t") else { return DelimitedRows.fields(text, "\t") }
    return text.split(separator: " ").map(String.init)
  }

  private static func named(_ names: [String], _ line: Int, _ url: URL) throws -> Columns {
    let names = names.map { $0.lowercased() }
    guard let start = names.firstIndex(of: "start"), let stop = names.firstIndex(of: "stop") else {
      throw ReadError(
        url, line: line, found: "the columns \(names.prefix(12).map(quotedName).joined(separator: ", "))",
        expected: "'class', 'instance', 'channel', 'start' and 'stop'")
    }
    return Columns(instance: names.firstIndex(of: "instance"), start: start, stop: stop)
  }

  /// The columns of a file without names, by how many there are.
  private static func counted(_ count: Int, _ line: Int, _ url: URL) throws -> Columns {
    switch count {
    case 3: return Columns(start: 1, stop: 2)
    case 4: return Columns(instance: 1, start: 2, stop: 3)
    case 6...: return Columns(instance: 1, start: 3, stop: 4)
    default:
      throw ReadError(
        url, line: line, found: count == 1 ? "1 column" : "\(count) columns",
        expected:
          "class, start and stop; class, instance, start and stop; or class, instance, channel, start, stop and more"
      )
    }
  }

  private static func place(_ text: String, _ clock: OnsetTimes, _ line: Int) throws -> Place {
    let place = try anyPlace(text, clock, line)
    guard max(abs(place.seconds), place.length ?? 0) <= RecordingLimits.farthestSeconds else {
      throw refusal(clock.url, line, text)
    }
    return place
  }

  private static func anyPlace(_ text: String, _ clock: OnsetTimes, _ line: Int) throws -> Place {
    if let seconds = StageVocabulary.number(text), !text.hasPrefix("+") { return Place(seconds: seconds) }
    if text.hasPrefix("0+"), let elapsed = ClockReading(String(text.dropFirst(2))), elapsed.day == .none {
      return Place(seconds: elapsed.secondOfDay)
    }
    if text.hasPrefix("e:") {
      let numbers = text.dropFirst(2).split(separator: ":", omittingEmptySubsequences: false)
        .map { StageVocabulary.number(String($0)) ?? -1 }
      let length = numbers.at(1) ?? 30
      let step = numbers.at(2) ?? length
      guard (1...3).contains(numbers.count), numbers[0] >= 1, length > 0, step > 0 else {
        throw refusal(clock.url, line, text)
      }
      return Place(seconds: (numbers[0] - 1) * step, length: length)
    }
    guard let reading = ClockReading(text), reading.day == .none else { throw refusal(clock.url, line, text) }
    // Lines stand in any order: each time is on its own.
    var once = clock
    return Place(
      seconds: try once.seconds(LocalTime(day: nil, secondOfDay: reading.secondOfDay).text, line: line))
  }

  private static func refusal(_ url: URL, _ line: Int, _ text: String) -> ReadError {
    ReadError(
      url, line: line, found: "the time '\(printable(text.utf8))'",
      expected: "seconds, '0+00:00:30', a time of day, an epoch 'e:5', or for a stop '+30' or '...'")
  }
}
