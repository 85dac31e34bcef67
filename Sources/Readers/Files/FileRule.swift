public import SleepCore

/// Where one kind of a recording's files lies, and how it reads, as a card's `files` say it: a pattern alone, a list of patterns, of which the
/// first that has a file counts, or a mapping with `path` among its keys.
///
/// In a pattern `*` is anything in one name, `**/` any folders or none, and `{subject}`, `{session}` and `{recording}` are what the file is
/// of; `{subject:[0-9]+}` says what one looks like, `{group}` is a family or the like, whose people stand on one side of a split, and `{part}` and `{posture}` tell several files of pressure maps of one recording apart. Files of one recording are those whose names agree.
public struct FileRule: Hashable, Sendable, Ranged, Codable {
  /// Patterns of paths below the raw folder.
  public var path: [String]
  /// Moves the file's times by so many seconds, where its clock is known to be off or in another zone.
  public var shiftSeconds: Double?
  /// Where a table of the data set says how much later than the recording's zero the file begins.
  public var shift: ShiftTable?
  /// Whether a recording without a file of this kind, or whose table of shifts does not name it, is passed over, which is told once for all of
  /// them. Default: false, which keeps it without.
  public var required: Bool?
  /// How it reads.
  public var reading: SignalRules

  public static let ranges = NumberRanges(CodingKeys.self, [.shiftSeconds: .number(-7_776_000...7_776_000)])
  public static let partsBeside = ["reading"]

  public var conflict: Misfit? {
    path.isEmpty || path.contains("") ? Misfit("path", is: "empty", expected: "a pattern, as '**/{subject}.edf'") : nil
  }

  public init(
    _ path: [String], shiftSeconds: Double? = nil, shift: ShiftTable? = nil, required: Bool? = nil,
    reading: SignalRules = SignalRules()
  ) {
    self.required = required
    self.shift = shift
    self.path = path
    self.shiftSeconds = shiftSeconds
    self.reading = reading
  }

  private enum CodingKeys: String, CodingKey { case path, shiftSeconds, shift, required }

  public init(from decoder: any Decoder) throws {
    if let path = try? decoder.singleValueContainer().decode(String.self) {
      self.init([path])
      return
    }
    if let paths = try? decoder.singleValueContainer().decode([String].self) {
      self.init(paths)
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let path: [String]
    if let one = try? container.decode(String.self, forKey: .path) {
      path = [one]
    } else {
      path = try container.decode([String].self, forKey: .path)
    }
    self.init(
      path, shiftSeconds: try container.decodeIfPresent(Double.self, forKey: .shiftSeconds),
      shift: try container.decodeIfPresent(ShiftTable.self, forKey: .shift),
      required: try container.decodeIfPresent(Bool.self, forKey: .required),
      reading: try SignalRules(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    try reading.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try container.encodeIfPresent(shiftSeconds, forKey: .shiftSeconds)
    try container.encodeIfPresent(shift, forKey: .shift)
    try container.encodeIfPresent(required, forKey: .required)
  }
}

extension [String: FileRule] {
  /// The role whose first sample is the recording's zero: `psg`, else `signals`, else `pressure-map`, else the first by its name.
  var main: String? {
    let roles = keys.filter { $0 != FileRoles.labelsRole }
    return ["psg", "signals", FolderReader.mapRole].first(where: roles.contains) ?? roles.min()
  }
}
