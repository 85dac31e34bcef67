import Foundation

/// The row of an export that names its columns, and what they hold.
///
/// Above it stand lines about the patient and the recording, as many as the program likes. Names are those of RemLogic, Somnologica,
/// Noxturnal, Alice and Polysmith in several languages, or a card's.
struct ExportHeading {
  let line: Int
  let separator: Character
  let names: [String]
  let time: Int
  let end: Int?
  let duration: Int?
  /// The column of events, among which stages are, or of stages.
  let word: Int
  let holdsEvents: Bool

  /// Names that only such programs give to the time of an event.
  private static let programs = [
    "timehhmmss", "heurehhmmss", "zeithhmmss", "horahhmmss", "orahhmmss", "starttime", "heurededebut", "heuredebut",
    "heurededbut", "startzeit", "horadeinicio", "oradiinizio", "starttid", "starttijd", "begintijd",
  ]
  /// Names that a table of any kind may have.
  private static let times = ["time", "start", "clocktime", "zeit", "uhrzeit", "heure", "hora", "ora", "tid", "tijd"]
  private static let ends = [
    "endtime", "stoptime", "end", "stop", "heuredefin", "fin", "endzeit", "ende", "horadefin", "oradifine", "sluttid",
    "eindtijd",
  ]
  private static let durations = [
    "duration", "durations", "durationseconds", "durationsec", "duree", "durees", "dure", "dures", "dauer", "dauers",
    "duracion", "duracions", "durata", "duratas", "duur", "varaktighet",
  ]
  private static let events = [
    "event", "eventtype", "evenement", "vnement", "ereignis", "evento", "handelse", "hendelse", "gebeurtenis",
    "description",
  ]
  private static let stages = [
    "sleepstage", "stage", "sleepstages", "schlafstadium", "stadedesommeil", "stade", "fasedesueno", "fasedelsueno",
    "somnstadium", "slaapstadium",
  ]
  /// More lines than any program puts above a heading.
  private static let mostLines = 200

  /// - Parameter isLabels: Whether it is known that the file is an export: then a heading of common names counts in the first line too.
  /// - Returns: `nil` where no row names a column of times and one of events or stages.
  init?(_ file: TextFile, rules: LabelRules, isLabels: Bool) {
    for (index, line) in TextLines(file).prefix(Self.mostLines).enumerated() {
      let found = ["\t", ";", ","].lazy.compactMap {
        ExportHeading(line, separator: $0, rules: rules, mayBeCommon: isLabels || index > 0)
      }.first
      if let found {
        self = found
        return
      }
    }
    return nil
  }

  private init?(_ line: TextLine, separator: Character, rules: LabelRules, mayBeCommon: Bool) {
    guard let byte = separator.asciiValue, line.bytes.contains(byte) else { return nil }
    let fields = DelimitedRows.fields(decodedText(line.bytes), separator)
    let plain = fields.map { $0.folding(options: .diacriticInsensitive, locale: nil).lettersAndDigits }
    func column(_ rule: String?, _ known: [String]) -> Int? {
      guard let rule else { return known.lazy.compactMap { plain.firstIndex(of: $0) }.first }
      let name = rule.folding(options: .diacriticInsensitive, locale: nil).lettersAndDigits
      if let index = plain.firstIndex(of: name) { return index }
      return Int(rule).flatMap { plain.indices.contains($0 &- 1) ? $0 - 1 : nil }
    }
    guard let time = column(rules.onset, Self.programs + (mayBeCommon ? Self.times : [])),
      let word = column(rules.stage, Self.events + Self.stages), word != time
    else { return nil }
    self.line = line.number
    self.separator = separator
    names = fields
    self.time = time
    self.word = word
    holdsEvents = !Self.stages.contains(plain[word])
    duration = column(rules.duration, Self.durations)
    end = duration == nil ? column(nil, Self.ends) : nil
  }
}
