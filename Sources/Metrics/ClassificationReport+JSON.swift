public import Foundation

extension ClassificationReport {
  /// As JSON with keys in snake case, sorted. What is not defined is left out.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return try encoder.encode(self)
  }

  /// Reads what ``json()`` wrote.
  ///
  /// - Throws: `DecodingError` where it is no report.
  public init(json: Data) throws {
    struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
    // The keys of these are the names of scores and measures, which stay as they are.
    let dictionaries: Set = [
      "pooled", "subject_means", "subjectMeans", "scores", "night_scores", "nightScores", "sleep_errors", "sleepErrors",
    ]
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in
      let name = path.last?.stringValue ?? ""
      if let parent = path.dropLast().last, dictionaries.contains(parent.stringValue) { return Name(stringValue: name) }
      let words = name.split(separator: "_")
      return Name(stringValue: words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.capitalized })
    }
    self = try decoder.decode(Self.self, from: json)
  }
}
