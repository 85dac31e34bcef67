public import Corpora
public import Readers
public import SleepCore

/// What is known about a data set, and how its raw files become windows: `Datasets/<name>/card.yaml`.
public struct Card: Hashable, Sendable {
  /// As the command line names it.
  public var name: String
  public var title: String
  /// Whom to cite when numbers on it are reported.
  public var citation: String
  public var licence: String
  /// Where its publisher offers it.
  public var url: String
  public var notes: String
  /// What a researcher looks for; empty where the card does not say.
  public var facts: DatasetFacts
  /// The published data set, where another card of it goes by another name.
  public var dataset: String
  /// Whose recordings these are: people of one population are the same people, whatever the data set is called. Splits and leaks go
  /// by it; the data set's name where the card gives none.
  public var population: String
  /// The reader of its raw files: one that is called as the data set, unless the card says otherwise.
  public var reader: String
  /// What its labels are; `nil` where it has none.
  public var labels: LabelKind?
  /// It is of recordings whose names begin with one of these: `[ii-]` of pmd's second experiment; of all where there are none.
  public var recordings: [String]
  /// Whose recordings are and how their labels read, where the files do not say so by exact rules.
  public var rules: ReadingRules
  public var preprocessing: Preprocessing

  public init(
    name: String, title: String, citation: String = "", licence: String = "", url: String = "", notes: String = "",
    facts: DatasetFacts = DatasetFacts(), dataset: String? = nil, population: String? = nil, reader: String? = nil,
    labels: LabelKind?, recordings: [String] = [],
    rules: ReadingRules = ReadingRules(), preprocessing: Preprocessing
  ) {
    self.name = name
    self.title = title
    self.citation = citation
    self.licence = licence
    self.url = url
    self.notes = notes
    self.facts = facts
    self.dataset = dataset ?? name
    self.population = population ?? self.dataset
    self.reader = reader ?? (rules.files == nil ? self.dataset : FolderReader.any.name)
    self.rules = rules
    self.labels = labels
    self.recordings = recordings
    self.preprocessing = preprocessing
  }

  /// What a corpus says of the data set.
  public var description: DatasetDescription {
    DatasetDescription(
      name: dataset, population: population, reader: reader, title: title, citation: citation, licence: licence,
      labels: labels)
  }

  /// The reader of its raw files.
  ///
  /// - Throws: ``PreparationError/noReader(dataset:known:)``.
  public func datasetReader() throws -> any DatasetReader {
    guard let reader = DatasetReaders.named(reader) else {
      throw PreparationError.noReader(dataset: self.reader, known: DatasetReaders.all.map(\.name))
    }
    return reader
  }

  /// What is to be read of each recording.
  public var request: ReadingRequest {
    var request = preprocessing.request(labels: rules.labels)
    request.files = rules.files ?? [:]
    return request
  }
}

/// What a card tells of a data set beside how it is read.
public struct DatasetFacts: Codable, Hashable, Sendable {
  /// How many, in words: `5,793 and 2,651 nights of 5,804 people`.
  public var people: String?
  /// Who may have it, and where to ask.
  public var access: String?
  /// The folders and files as their publisher ships them, a line each.
  public var layout: [String]?
  /// Divisions that others publish, and where their lists are.
  public var splits: [String]?
  /// What others usually cut away.
  public var trimming: String?
  /// Where the layout was read, and what could not be verified.
  public var sources: String?
  public var unverified: String?

  public init(
    people: String? = nil, access: String? = nil, layout: [String]? = nil, splits: [String]? = nil,
    trimming: String? = nil, sources: String? = nil, unverified: String? = nil
  ) {
    self.people = people
    self.access = access
    self.layout = layout
    self.splits = splits
    self.trimming = trimming
    self.sources = sources
    self.unverified = unverified
  }
}

extension Preprocessing {
  /// What these settings need of a recording's files.
  public func request(labels: LabelRules? = nil) -> ReadingRequest {
    var channels: [Sensor: [[String]]] = [:]
    for (sensor, settings) in sensors {
      guard let choices = settings.channels else { continue }
      channels[settings.spectrogram?.from ?? sensor, default: []] += choices.map { choice in
        let names = choice.from ?? [choice.name]
        return names + names.flatMap(ChannelSelection.sources)
      }
    }
    var request = ReadingRequest(sensors: sources, channels: channels, labels: labels)
    request.windowSeconds = windowSeconds
    return request
  }
}
