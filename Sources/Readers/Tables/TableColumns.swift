import Foundation
import SleepCore

/// What each column of a table is: its name and unit, and whether it holds samples, times or words.
struct TableColumns {
  enum Kind: Equatable {
    /// Samples; words stand here only for missing ones.
    case number
    /// Nothing but missing samples so far: the first word makes it one of words.
    case undecided
    /// Times, or times of day.
    case time
    case date
    /// The stage of each row.
    case stage
    /// Words, or a column that nobody wants.
    case skipped
  }

  private(set) var names: [ColumnName]
  private(set) var kinds: [Kind]
  /// Columns that hold words, by their names.
  private(set) var words: [String] = []
  private(set) var warnings: [String] = []
  /// The column of times, where there is one.
  private(set) var time: Int?
  private(set) var date: Int?

  private static let usualTimes = [
    "time", "timestamp", "datetime", "dateandtime", "dateandtimes", "times", "timestamps", "timems", "timestampms",
    "timeseconds", "seconds",
  ]

  /// - Throws: ``ReadError`` where names and columns are not as many, a column that the card names is not there, or nobody knows when the
  ///   samples were taken.
  init(_ sample: TableSample, rules: TableRules, stage: String?) throws {
    let url = sample.url
    let width = sample.rows.map(\.fields.count).max() ?? 0
    guard width <= RecordingLimits.mostChannels else {
      throw ReadError(
        url, line: sample.rows[0].line, found: "\(width) columns", expected: "at most \(RecordingLimits.mostChannels)")
    }
    (names, warnings) = try Self.names(sample, rules: rules, width: width)
    kinds = [Kind](repeating: .number, count: width)
    for (name, unit) in (rules.units ?? [:]).sorted(by: { $0.key < $1.key }) {
      let column = try column(name, "units", sample)
      names[column] = ColumnName(name: names[column].name, unit: unit)
    }
    let kept = try rules.keep.map { try Set($0.map { try column($0, "keep", sample) }) }
    for column in kinds.indices {
      let fields = sample.rows.compactMap { $0.fields.at(column) }.filter { !sample.values.isMissing($0) }
      if fields.isEmpty {
        kinds[column] = .undecided
      } else if !fields.contains(where: { sample.values.number($0) != nil }) {
        kinds[column] = .skipped
        words.append(names[column].name)
      }
      if let kept, !kept.contains(column) { kinds[column] = .skipped }
    }
    if let stage = rules.stage {
      kinds[try column(stage, "stage", sample)] = .stage
    } else if let stage, let column = names.firstIndex(where: { $0.name.lettersAndDigits == stage.lettersAndDigits }) {
      kinds[column] = .stage
    }
    if let date = rules.date { self.date = try column(date, "date", sample) }
    if let time = rules.time {
      self.time = try column(time, "time", sample)
    } else if rules.sampleRateHz == nil {
      time = try usualTime(sample)
    }
    if let date { kinds[date] = .date }
    if let time { kinds[time] = .time }
    let special = Set(kinds.indices.filter { [.stage, .time, .date].contains(kinds[$0]) }.map { names[$0].name })
    words.removeAll { special.contains($0) || kept != nil }
    guard kinds.contains(where: { $0 == .number || $0 == .undecided }) else {
      throw ReadError(
        url, found: "no column of numbers beside the times", expected: "one a channel; \(Self.listed(names, width))")
    }
  }

  /// The column of a usual name, where the card gives neither times nor a rate.
  private mutating func usualTime(_ sample: TableSample) throws -> Int {
    let plain = names.map(\.name.lettersAndDigits)
    guard let column = Self.usualTimes.lazy.compactMap({ plain.firstIndex(of: $0) }).first else {
      throw ReadError(
        sample.url, found: "no times and no rate: \(Self.listed(names, names.count))",
        expected:
          "'table: {time: …}' in the card, the name or number of the column of times, or 'table: {sample_rate_hz: …}'")
    }
    warnings.append(
      "\(sample.url.lastPathComponent): its times are taken from the column \(quotedName(names[column].name))")
    return column
  }

  /// The column that a card means by a name or a number.
  private func column(_ wanted: String, _ key: String, _ sample: TableSample) throws -> Int {
    if let exact = names.firstIndex(where: { $0.name == wanted }) { return exact }
    let plain = wanted.lettersAndDigits
    if !plain.isEmpty, let index = names.firstIndex(where: { $0.name.lettersAndDigits == plain }) { return index }
    // The name with its unit, as the file has it.
    if let index = names.firstIndex(where: { !$0.unit.isEmpty && ($0.name + $0.unit).lettersAndDigits == plain }) {
      return index
    }
    if let number = Int(wanted), names.indices.contains(number &- 1) { return number - 1 }
    let near = nearest(wanted, among: names.map(\.name))
    throw ReadError(
      sample.url, line: sample.header.first?.line, found: Self.listed(names, names.count),
      expected: "a column \(quotedName(wanted)), as table.\(key) in the card says"
        + (near.map { "; the nearest is \(quotedName($0))" } ?? ""))
  }

  private static func listed(_ names: [ColumnName], _ width: Int) -> String {
    let shown = names.prefix(12).map { quotedName($0.name) }.joined(separator: ", ")
    return "\(width == 1 ? "the column" : "the columns") \(shown)" + (width > 12 ? " and \(width - 12) more" : "")
  }

  private static func names(
    _ sample: TableSample, rules: TableRules, width: Int
  ) throws -> (names: [ColumnName], warnings: [String]) {
    let name = sample.url.lastPathComponent
    if let columns = rules.columns {
      guard columns.count == width else {
        throw ReadError(
          sample.url, line: sample.rows[0].line, found: width == 1 ? "1 column" : "\(width) columns",
          expected: "\(columns.count), as table.columns in the card names them")
      }
      return (columns.map { ColumnName(name: $0.name, unit: $0.unit ?? "") }, [])
    }
    guard let heading = sample.header.first else {
      if let comment = sample.comment {
        // `# time, x, y`
        let text = Array(String(comment.drop { $0 == "#" || $0 == "%" || $0 == " " }).utf8)
        let fields = text.withUnsafeBufferPointer { TableFields(sample.separator)($0) } ?? []
        if fields.count == width, width > 1,
          fields.allSatisfy({ !sample.values.isMissing($0) && sample.values.number($0) == nil })
        {
          return (
            unique(fields.map { TableText.text($0) }),
            ["\(name): its columns are named by the comment \(quotedName(comment))"]
          )
        }
      }
      return ((1...width).map { ColumnName(name: "\($0)", unit: "") }, [])
    }
    var fields = heading.fields
    if fields.count == width + 1, fields.last?.isEmpty == true { fields.removeLast() }
    // A separator at the end of each line of samples.
    if fields.count == width - 1, sample.rows.allSatisfy({ $0.fields.count < width || $0.fields.last?.isEmpty == true })
    {
      fields.append([])
    }
    guard fields.count == width else {
      throw ReadError(
        sample.url, line: sample.rows.first { $0.fields.count == width }?.line,
        found: width == 1 ? "1 column" : "\(width) columns",
        expected: "\(fields.count) separated by \(sample.separator.plural), as the header names them")
    }
    let texts = fields.map { TableText.text($0) }
    var names = unique(texts)
    if sample.header.count > 1 {
      for column in names.indices {
        guard let field = sample.header[1].fields.at(column) else { continue }
        let unit = ColumnName.unit(TableText.text(field)) ?? TableText.text(field)
        if !unit.isEmpty { names[column] = ColumnName(name: names[column].name, unit: unit) }
      }
    }
    let isLatin = sample.header.contains { $0.fields.contains { TableText.isLatin($0) } }
    return (names, isLatin ? ["\(name): its header is no UTF-8: it is read as Latin-1"] : [])
  }

  /// Names without their units, unless two would then be one; a column without a name goes by its number.
  private static func unique(_ texts: [String]) -> [ColumnName] {
    var names = texts.map { ColumnName($0) }
    let counts = Dictionary(names.map { ($0.name, 1) }, uniquingKeysWith: +)
    for index in names.indices {
      let text = String(texts[index].trimmingBlanks)
      if text.isEmpty { names[index] = ColumnName(name: "\(index + 1)", unit: "") }
      if counts[names[index].name, default: 0] > 1 { names[index] = ColumnName(name: text, unit: "") }
    }
    return names
  }

  /// Takes note that a column holds numbers.
  mutating func makeNumbers(_ column: Int) { kinds[column] = .number }

  /// Takes note that a column without a number so far holds words.
  mutating func makeWords(_ column: Int) {
    kinds[column] = .skipped
    words.append(names[column].name)
  }
}
