public import SleepCore

/// Whose data something saw: a fitted scaler, a choice of model, a pretrained encoder. It is made by what read the data, of what it
/// read.
public struct Provenance: Codable, Hashable, Sendable {
  /// For messages: `the min-max scaling`, `the encoder of runs/pmd/1`.
  public var what: String
  /// The people it saw, by population.
  public var subjects: [String: Set<Subject>]
  /// Hashes of the recordings it saw, as they were read and as they were prepared.
  public var contents: Set<String>
  /// Files of others with weights of which nobody has said whom they have seen.
  public var unknown: Set<String>

  public init(
    _ what: String, subjects: [String: Set<Subject>] = [:], contents: Set<String> = [], unknown: Set<String> = []
  ) {
    self.what = what
    self.subjects = subjects
    self.contents = contents
    self.unknown = unknown
  }

  /// What saw some people of one population.
  public init(_ what: String, population: String, subjects: some Sequence<Subject>) {
    self.init(what, subjects: [population: Set(subjects)])
  }

  /// What read sources of windows: the people and recordings of each, with a valid window or without.
  public init(_ what: String, reading sources: [WindowSource]) {
    self.init(what)
    for source in sources {
      for position in source.recordings {
        let recording = source.store.recordings[position]
        let person = source.store.person(recording.subject)
        subjects[person.population, default: []].insert(person.subject)
        contents.formUnion(source.sensors.flatMap(recording.contents))
      }
    }
  }

  /// Whether it saw someone.
  public func saw(_ person: Person) -> Bool { subjects[person.population]?.contains(person.subject) ?? false }

  /// Takes over whom something else saw.
  public mutating func formUnion(_ other: Provenance) {
    subjects.merge(other.subjects) { $0.union($1) }
    contents.formUnion(other.contents)
    unknown.formUnion(other.unknown)
  }

  private enum CodingKeys: String, CodingKey { case what, subjects, contents, unknown }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    what = try container.decode(String.self, forKey: .what)
    subjects = try container.decode([String: Set<Subject>].self, forKey: .subjects)
    contents = try container.decodeIfPresent(Set<String>.self, forKey: .contents) ?? []
    unknown = try container.decodeIfPresent(Set<String>.self, forKey: .unknown) ?? []
  }

  /// All in order, so that the same provenance is the same text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(what, forKey: .what)
    try container.encode(subjects.mapValues { $0.sorted() }, forKey: .subjects)
    try container.encode(contents.sorted(), forKey: .contents)
    if !unknown.isEmpty { try container.encode(unknown.sorted(), forKey: .unknown) }
  }
}

extension CorpusRecording {
  /// Hashes that tell a sensor's part of this recording from others: of its windows, where one is valid, and of its samples.
  func contents(of sensor: Sensor) -> [String] {
    let windows = (validWindows[sensor] ?? 0) > 0 ? contentHashes[sensor] : nil
    return [windows, sourceHashes[sensor]].compactMap { $0 }.map { "\(sensor.rawValue) \($0)" }
  }

  package var contents: Set<String> { Set(sensors.flatMap(contents(of:))) }
}
