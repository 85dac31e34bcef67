import Foundation
public import SleepCore

/// How a table of samples reads, CSV or TSV, where it does not say so itself, as a card says it.
public struct TableRules: Codable, Hashable, Sendable, Ranged {
  /// What stands between the fields; told by the first lines where they leave one choice.
  public var separator: TableSeparator?
  /// What stands before the fraction of a number; by the first lines where it is left out, and told.
  public var decimal: DecimalMark?
  /// Lines before the header, or before the samples where there is none. Comments count too.
  public var skipLines: Int?
  /// Lines that name the columns: none, the names, or the names and their units; by the first lines where it is left out.
  public var headerLines: Int?
  /// The columns in order, all of them, of a file that does not name them or names them otherwise.
  public var columns: [TableColumn]?
  /// The units of columns, by their names.
  public var units: [String: String]?
  /// The columns that are read, by name or number; every column of numbers where it is left out.
  public var keep: [String]?
  /// What stands for a missing sample, beside an empty field, `NaN`, `NA`, `N/A`, `null`, `none` and `-`.
  public var missing: [String]?
  /// The column of times: its name, or its number from 1.
  public var time: String?
  /// The column of dates, where it stands apart from one of times of day.
  public var date: String?
  /// What the numbers in the column of times are.
  public var timeUnit: TimeUnit?
  /// The order of day, month and year in dates that leave it open.
  public var dateOrder: DateOrder?
  /// Hours that the recording's clock was ahead of UTC, of times that are counted from 1970. The clock reads UTC where it is left out.
  public var utcOffsetHours: Double?
  /// The time zone of the recording's clock, where times are counted from 1970: `America/New_York`. The clock goes by what holds there at the
  /// first row, summer time or not, to the end.
  public var zone: String?
  /// Samples a second, of a table without times. Beside a column of times it says that several rows may share one.
  public var sampleRateHz: Double?
  /// The column that holds the sleep stage of each row: its name, or its number from 1. It is no channel. Where it is left out, and labels have
  /// no file of their own, that which `labels: {stage: …}` names.
  public var stage: String?

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .skipLines: .whole(0...10_000),
      .headerLines: .whole(0...2),
      .utcOffsetHours: .number(-14...14),
      .sampleRateHz: .number(0.0001...1_000_000),
    ])

  public var conflict: Misfit? {
    if date != nil, time == nil {
      return Misfit("date", with: ["time"], is: "there", expected: "'time' beside it, the column of times of day")
    }
    if let zone {
      if utcOffsetHours != nil {
        return Misfit(
          "zone", with: ["utc_offset_hours"], is: "there", expected: "one of the two, the zone or the hours")
      }
      if TimeZone(identifier: zone) == nil {
        return Misfit("zone", is: "'\(zone)'", expected: "a name as 'America/New_York' or 'Europe/Berlin'")
      }
    }
    if let columns, columns.isEmpty { return Misfit("columns", is: "empty", expected: "a name for each column") }
    if let keep, keep.isEmpty {
      return Misfit("keep", is: "empty", expected: "at least one column, or none of the key")
    }
    return nil
  }

  public init(
    separator: TableSeparator? = nil, decimal: DecimalMark? = nil, skipLines: Int? = nil, headerLines: Int? = nil,
    columns: [TableColumn]? = nil, units: [String: String]? = nil, keep: [String]? = nil, missing: [String]? = nil,
    time: String? = nil, date: String? = nil, timeUnit: TimeUnit? = nil, dateOrder: DateOrder? = nil,
    utcOffsetHours: Double? = nil, zone: String? = nil, sampleRateHz: Double? = nil, stage: String? = nil
  ) {
    self.separator = separator
    self.decimal = decimal
    self.skipLines = skipLines
    self.headerLines = headerLines
    self.columns = columns
    self.units = units
    self.keep = keep
    self.missing = missing
    self.time = time
    self.date = date
    self.timeUnit = timeUnit
    self.dateOrder = dateOrder
    self.utcOffsetHours = utcOffsetHours
    self.zone = zone
    self.sampleRateHz = sampleRateHz
    self.stage = stage
  }
}

extension TableRules {
  /// How far the recording's clock was ahead of UTC; `nil` where nobody says.
  ///
  /// - Parameter time: Seconds since 1970.
  func secondsAheadOfUTC(at time: Double) -> Double? {
    if let zone = zone.flatMap(TimeZone.init(identifier:)) {
      return Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: time)))
    }
    return utcOffsetHours.map { $0 * 3600 }
  }
}

/// One column of a table, as a card names it.
public struct TableColumn: Codable, Hashable, Sendable {
  public var name: String
  /// The physical unit of its numbers.
  public var unit: String?

  public init(_ name: String, unit: String? = nil) {
    self.name = name
    self.unit = unit
  }
}

/// What stands between the fields of a table.
public enum TableSeparator: String, Codable, CaseIterable, Hashable, Sendable {
  case comma, semicolon, tab
  /// Any number of spaces and tabs, also before the first field and after the last.
  case blanks
}

/// What stands before the fraction of a number.
public enum DecimalMark: String, Codable, CaseIterable, Hashable, Sendable {
  case point, comma
}

/// The order of day, month and year in a date.
public enum DateOrder: String, Codable, CaseIterable, Hashable, Sendable {
  case dmy, mdy, ymd
}

/// What the numbers in a column of times are.
public enum TimeUnit: String, Codable, CaseIterable, Hashable, Sendable {
  case s, ms, us, ns, min, hours, days
  /// Days since 1899-12-30, as Excel keeps dates.
  case excel
  /// Days of which 1970-01-01 is the 719,529th, as MATLAB keeps dates.
  case matlab
}
