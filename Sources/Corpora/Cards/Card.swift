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
  /// The data set whose people these are, where another card of it goes by another name: splits and leaks go by it.
  public var dataset: String
  /// The reader of its raw files: one that is called as the data set, unless the card says otherwise.
  public var reader: String
  /// What its labels are; `nil` where it has none.
  public var labels: LabelKind?
  public var preprocessing: Preprocessing

  public init(
    name: String, title: String, citation: String, licence: String, url: String = "", notes: String = "",
    dataset: String? = nil, reader: String? = nil, labels: LabelKind?, preprocessing: Preprocessing
  ) {
    self.name = name
    self.title = title
    self.citation = citation
    self.licence = licence
    self.url = url
    self.notes = notes
    self.dataset = dataset ?? name
    self.reader = reader ?? self.dataset
    self.labels = labels
    self.preprocessing = preprocessing
  }
}
