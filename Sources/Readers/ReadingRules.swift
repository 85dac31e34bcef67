public import SleepCore

/// What a card says of whose recordings are and where their labels lie. What it leaves out is decided by exact rules, or not at all.
public struct ReadingRules: Codable, Hashable, Sendable {
  /// Whose recording it is, from the path of its signal file below the root.
  public var subject: NamePattern?
  public var labels: LabelRules?
  /// Where the files of a recording lie and how they read, by their roles: `psg`, `wrist`, a sensor's name, `labels`.
  public var files: [String: FileRule]?

  /// The table in which it stands who is behind the names that files have.
  public var subjects: SubjectTable?
  /// The table in which it stands which people belong together, as families do.
  public var groups: GroupTable?

  public init(
    subject: NamePattern? = nil, labels: LabelRules? = nil, files: [String: FileRule]? = nil,
    subjects: SubjectTable? = nil, groups: GroupTable? = nil
  ) {
    self.groups = groups
    self.subjects = subjects
    self.subject = subject
    self.labels = labels
    self.files = files
  }
}

/// A regular expression whose first group is the name that is looked for, or whose groups that are called `subject` are it, joined:
/// `(?<subject>SC)4(?<subject>[0-9]{2})` finds `SC00` in `SC4001E0`.
public struct NamePattern: Codable, Hashable, Sendable {
  /// In Perl's syntax, with one group: `^(S\\d+)`.
  public var pattern: String

  public init(_ pattern: String) { self.pattern = pattern }
}

/// What is wanted of one recording.
public struct ReadingRequest: Hashable, Sendable {
  public var sensors: Set<Sensor>
  /// The names that a card gives each channel that it asks for, by sensor: a file's channel of such a name belongs to that sensor,
  /// whatever its name would otherwise be taken for.
  public var channels: [Sensor: [[String]]]
  public var labels: LabelRules?
  /// How the files of each role read, as a card says.
  public var files: [String: FileRule] = [:]
  /// Whether stages or postures are wanted; a prediction reads none.
  public var readsLabels = true
  /// How long a window is, of recordings that are cut into windows already.
  public var windowSeconds: Double?

  public init(sensors: Set<Sensor>, channels: [Sensor: [[String]]] = [:], labels: LabelRules? = nil) {
    self.sensors = sensors
    self.channels = channels
    self.labels = labels
  }
}
