public import Foundation
import Corpora
import Readers
import SleepCore
import YAML

extension Card {
  /// A card as it stands in its file.
  private struct File: Decodable, Ranged {
    let name: String
    let title: String?
    let citation: String?
    let licence: String?
    let url: String?
    let notes: String?
    let people: String?
    let access: String?
    let layout: [String]?
    let splits: [String]?
    let trimming: String?
    let sources: String?
    let unverified: String?
    let dataset: String?
    let population: String?
    let reader: String?
    let recordings: [String]?
    let labels: Labels?
    let files: [String: FileRule]?
    let subject: NamePattern?
    let subjects: SubjectTable?
    let groups: GroupTable?
    let windowSeconds: Double?
    let anchor: WindowAnchor?
    let fromSeconds: Double?
    let toSeconds: Double?
    let trimWakeMinutes: Double?
    let trimWakeAround: TrimmedAround?
    let compose: NightComposition?
    let sensors: [Sensor: SensorPreprocessing]

    static let ranges = Preprocessing.ranges

    var conflict: Misfit? {
      if sensors.isEmpty { return Misfit("sensors", is: "empty", expected: "at least one sensor") }
      if sensors.values.allSatisfy({ $0.onRequest == true }) {
        return Misfit(
          "sensors", is: "of 'on_request' alone",
          expected: "at least one sensor that is prepared without being asked for")
      }
      if compose != nil, labels?.kind != .postures {
        return Misfit(
          "compose", with: ["labels"], is: "there", expected: "'labels: postures': a night is composed of what was held"
        )
      }
      return preprocessing.conflict
    }

    var preprocessing: Preprocessing {
      Preprocessing(
        windowSeconds: windowSeconds, anchor: anchor, fromSeconds: fromSeconds, toSeconds: toSeconds,
        trimWakeMinutes: trimWakeMinutes, trimWakeAround: trimWakeAround, compose: compose, sensors: sensors)
    }
  }

  /// `labels: stages`, or a mapping that says where they are and how they read, with `kind` among its keys.
  private struct Labels: Decodable, Ranged {
    let kind: LabelKind?
    let rules: LabelRules?

    static let ranges = LabelRules.ranges

    var conflict: Misfit? { rules?.conflict }

    private enum CodingKeys: String, CodingKey { case kind }

    init(from decoder: any Decoder) throws {
      if let kind = try? decoder.singleValueContainer().decode(LabelKind.self) {
        self.kind = kind
        rules = nil
        return
      }
      kind = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(LabelKind.self, forKey: .kind) ?? .stages
      rules = try LabelRules(from: decoder)
    }
  }

  /// Reads `card.yaml`, strictly: a key that no card has is an error with its place and the nearest name, and so is a number
  /// out of its range. Where it says `extends: shhs`, what it leaves out is as that card says.
  ///
  /// - Parameter datasets: The folder with the card that it extends; found by ``DataFolder`` where `nil`.
  /// - Throws: ``YAML/YAMLError`` with line and column, and ``PreparationError/noDataFolder(name:)``.
  public init(contentsOf url: URL, datasets: URL? = nil) throws {
    let node = try ExtendedCard(datasets: datasets).node(YAML.load(contentsOf: url))
    let file = try YAMLDecoder().decode(File.self, from: node)
    self.init(
      name: file.name, title: file.title ?? file.name, citation: file.citation ?? "", licence: file.licence ?? "",
      url: file.url ?? "", notes: file.notes ?? "",
      facts: DatasetFacts(
        people: file.people, access: file.access, layout: file.layout, splits: file.splits, trimming: file.trimming,
        sources: file.sources, unverified: file.unverified), dataset: file.dataset, population: file.population,
      reader: file.reader,
      labels: file.labels?.kind, recordings: file.recordings ?? [],
      rules: ReadingRules(
        subject: file.subject, labels: file.labels?.rules, files: file.files, subjects: file.subjects,
        groups: file.groups),
      preprocessing: file.preprocessing)
  }

  /// Reads a data set's card by its name, or by the path of a file.
  ///
  /// - Parameter datasets: The folder with a folder a data set; found by ``DataFolder`` where `nil`.
  /// - Throws: ``PreparationError/unknownCard(_:known:)``, and as ``init(contentsOf:)``.
  public init(named name: String, in datasets: URL? = nil) throws {
    if name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.contains("/") {
      try self.init(contentsOf: URL(fileURLWithPath: name))
      return
    }
    let folder = try datasets ?? DataFolder.find("Datasets")
    let file = folder.appendingPathComponent("\(name)/card.yaml")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw PreparationError.unknownCard(name, known: Self.names(in: folder))
    }
    try self.init(contentsOf: file, datasets: folder)
  }

  /// The card of a data set that a file names, which may be a stranger's: it is looked for by its name among the cards that are shipped, and no
  /// path is followed.
  ///
  /// - Returns: `nil` where there is none of that name.
  /// - Throws: As ``init(contentsOf:)`` for a card that is there and damaged.
  public static func shipped(named name: String) throws -> Card? {
    guard let folder = try? DataFolder.find("Datasets"), names(in: folder).contains(name) else { return nil }
    return try Card(named: name, in: folder)
  }

  /// The data sets that a folder has cards of.
  public static func names(in datasets: URL) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: datasets.path)) ?? []
    return names.filter {
      FileManager.default.fileExists(atPath: datasets.appendingPathComponent("\($0)/card.yaml").path)
    }.sorted()
  }
}
