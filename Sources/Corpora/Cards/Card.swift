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
  /// The reader of its raw files, where it is not called as the data set.
  public var reader: String
  /// What its labels are; `nil` where it has none.
  public var labels: LabelKind?
  public var preprocessing: Preprocessing

  public init(
    name: String, title: String, citation: String, licence: String, url: String = "", notes: String = "",
    reader: String? = nil, labels: LabelKind?, preprocessing: Preprocessing
  ) {
    self.name = name
    self.title = title
    self.citation = citation
    self.licence = licence
    self.url = url
    self.notes = notes
    self.reader = reader ?? name
    self.labels = labels
    self.preprocessing = preprocessing
  }
}
