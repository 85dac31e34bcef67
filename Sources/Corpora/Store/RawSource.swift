public import SleepCore

/// Where recordings came from, and how they were prepared.
public struct RawSource: Codable, Hashable, Sendable {
  /// The data set's name, as its card gives it.
  public let dataset: String
  /// Whose recordings they are.
  public let population: String
  /// The reader of the raw files; empty where there were none.
  public let reader: String
  public let preprocessing: Preprocessing

  public init(dataset: String, population: String, reader: String, preprocessing: Preprocessing) {
    (self.dataset, self.population) = (dataset, population)
    (self.reader, self.preprocessing) = (reader, preprocessing)
  }

  /// What stands before its names where several are joined.
  fileprivate var prefix: String { "\(dataset)." }

  /// A name as it is where several are joined.
  func joined(_ name: String) -> String { prefix + name }
}

/// Someone by the name that every corpus of their population has for them.
public struct Person: Hashable, Sendable {
  public let population: String
  public let subject: Subject

  public init(population: String, subject: Subject) {
    (self.population, self.subject) = (population, subject)
  }
}

extension [RawSource] {
  /// Which of them a name is of: the only one, or the one whose data set stands before it.
  public func source(of name: String) -> RawSource? {
    count == 1 ? self[0] : filter { name.hasPrefix($0.prefix) }.max { $0.prefix.count < $1.prefix.count }
  }

  /// The data set that a name is of.
  public func dataset(of name: String) -> String? { source(of: name)?.dataset }

  /// Who a subject is; nobody of a population for a name that is of none of them.
  public func person(_ subject: Subject) -> Person {
    guard let source = source(of: subject.id) else { return Person(population: "", subject: subject) }
    guard count > 1 else { return Person(population: source.population, subject: subject) }
    return Person(population: source.population, subject: Subject(String(subject.id.dropFirst(source.prefix.count))))
  }

  /// The names of their data sets.
  public var datasets: [String] { map(\.dataset) }
}
