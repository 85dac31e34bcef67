package import Foundation
package import SleepCore

/// A table of samples, CSV or TSV, read whole: columns of numbers are channels.
package struct TableFile: Sendable {
  package let url: URL
  /// Names and units of the channels, in the order of the columns.
  package let channels: [Channel]
  /// What the clock said at 0 s; `nil` where times are counted from a zero of their own.
  package let start: LocalTime?
  /// `nil` where each row has its own time.
  package var sampleRateHz: Double? { clock.sampleRateHz }
  /// From 0 s to the end of the last sample.
  package let seconds: Double
  /// What was odd and how it was read, a sentence each with the file's name.
  package let warnings: [String]
  /// Runs of one stage, out of the column that the card names.
  let stages: [TableStages.Run]?

  private let samples: [[Float]]
  private let clock: TableClock
  /// Empty where rows are at one rate.
  private let times: [Double]

  /// - Parameter stage: The name of the column of stages, where there is such a column and `rules` name none.
  /// - Throws: ``ReadError`` where it is no table, a card's column is not there, a number is none, or nobody knows when its rows were taken.
  package init(_ url: URL, rules: TableRules = TableRules(), stage: String? = nil) throws {
    let sample = try TableSample(url, rules: rules)
    let columns = try TableColumns(sample, rules: rules, stage: stage)
    let time = try columns.time.map { column in
      func texts(_ column: Int) -> [(line: Int, text: [UInt8])] {
        sample.rows.compactMap { row in row.fields.at(column).map { (row.line, $0) } }
      }
      return try TimeColumn(
        url, times: texts(column), dates: columns.date.map(texts), unit: columns.names[column].unitOrName, rules: rules,
        values: sample.values)
    }
    let parser = try TableParser(sample, columns, time, rules: rules)
    var warnings = sample.warnings + columns.warnings + (time?.warnings ?? []) + parser.warnings
    let name = url.lastPathComponent
    guard let timing = parser.time else {
      let rate = rules.sampleRateHz ?? 1
      self.init(
        url, parser, TableClock(count: parser.rowCount, sampleRateHz: rate), start: nil,
        seconds: Double(parser.rowCount) / rate, warnings: warnings)
      return
    }
    warnings += try parser.putInOrder(name, told: rules.sampleRateHz)
    guard let first = parser.seconds.first, let last = parser.seconds.last else {
      throw ReadError(url, found: "no row with a time", expected: "one a row")
    }
    var start: LocalTime?
    if case .midnight(let day) = timing.zero {
      start = LocalTime(day: day, secondOfDay: first)
      parser.shift(by: -first)
    } else if abs(first) > max(60, 0.1 * (last - first)) {
      warnings.append("\(name): its times run from \(plain(first)) to \(plain(last)) s, from a zero of their own")
    }
    let clock = TableClock(parser.seconds, resolution: timing.resolution, told: rules.sampleRateHz)
    let within = clock.toleranceSeconds
    let exact = plain(Double(Float(max(timing.resolution, 1e-9))))
    if let rate = clock.sampleRateHz {
      warnings.append(
        "\(name): its times are regular to within \(Self.short(within * 1000)) ms: \(Self.short(rate)) Hz")
      if let told = rules.sampleRateHz, told != rate {
        warnings.append("\(name): the card says \(plain(told)) Hz: the times are believed")
      }
    } else if let told = rules.sampleRateHz {
      throw ReadError(
        url, found: "times that are not those of \(plain(told)) Hz to within \(exact) s",
        expected: "a rate that goes with them, or no 'table: {sample_rate_hz: …}' in the card")
    } else {
      warnings.append("\(name): its times are at no one rate: each sample keeps its own")
    }
    let end = parser.seconds[parser.seconds.count - 1] + (clock.sampleRateHz.map { 1 / $0 } ?? 0)
    self.init(url, parser, clock, start: start, seconds: end, warnings: warnings)
  }

  private init(
    _ url: URL, _ parser: TableParser, _ clock: TableClock, start: LocalTime?, seconds: Double, warnings: [String]
  ) {
    self.url = url
    self.clock = clock
    self.start = start
    self.seconds = seconds
    self.warnings = warnings
    let kept = parser.columns.kinds.indices.filter { [.number, .undecided].contains(parser.columns.kinds[$0]) }
    channels = kept.map { Channel(name: parser.columns.names[$0].name, unit: parser.columns.names[$0].unit) }
    samples = kept.map { parser.samples[$0] }
    times = clock.sampleRateHz == nil ? parser.seconds : []
    stages =
      parser.stages.isEmpty
      ? nil
      : TableStages.runs(
        parser.stages, words: parser.stageWords,
        seconds: clock.sampleRateHz == nil ? parser.seconds : clock.seconds(ofRows: parser.rowCount),
        sampleRateHz: clock.sampleRateHz)
  }

  /// The samples of one channel, in order of time; a gap of a minute begins a new stretch, a missing sample is NaN.
  ///
  /// - Precondition: The channel exists.
  package func stretches(ofChannel index: Int, times factor: Double = 1) -> [(timing: Timing, samples: [Float])] {
    let all = factor == 1 ? samples[index] : samples[index].map { Float(Double($0) * factor) }
    guard let rate = clock.sampleRateHz else { return [(.irregular(seconds: times), all)] }
    return clock.stretches.map { stretch in
      let timing = Timing.regular(startSeconds: stretch.startSeconds, sampleRateHz: rate)
      if clock.stretches.count == 1, stretch.pieces.count == 1 { return (timing, all) }
      var part: [Float] = []
      part.reserveCapacity(stretch.count)
      for (rows, missing) in stretch.pieces {
        part.append(contentsOf: repeatElement(.nan, count: missing))
        part.append(contentsOf: all[rows])
      }
      return (timing, part)
    }
  }

  /// Four digits, or more where they are the number's own.
  private static func short(_ number: Double) -> String {
    let scale = pow(10, 6 - max(1, log10(max(number.magnitude, 1e-9)).rounded(.up)))
    return plain((number * scale).rounded() / scale)
  }
}

extension ColumnName {
  /// What may say a unit of time.
  var unitOrName: String { unit.isEmpty ? (name.contains("_") ? name : "") : unit }
}
