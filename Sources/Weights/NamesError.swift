public import Foundation
import SleepCore

/// Weights whose names or shapes are not those of a model: all of them at once.
public struct NamesError: Error, Equatable {
  public let path: String
  /// What the model is called.
  public let model: String
  /// Whose names were looked for, in words.
  public let names: String
  /// Parameters that the file lacks.
  public let missing: [String]
  /// Arrays that the model has no place for.
  public let unexpected: [String]
  /// Those of another shape, with both.
  public let reshaped: [String]
  /// Names of a table that neither side has.
  public let strangers: [String]
  /// The table's path, where there is one.
  public let table: String?

  public init(
    path: String, model: String, names: String, missing: [String] = [], unexpected: [String] = [],
    reshaped: [String] = [], strangers: [String] = [], table: String? = nil
  ) {
    (self.path, self.model, self.names) = (path, model, names)
    (self.missing, self.unexpected, self.reshaped) = (missing, unexpected, reshaped)
    (self.strangers, self.table) = (strangers, table)
  }
}

extension NamesError: LocalizedError {
  public var errorDescription: String? {
    let lists = [
      ("missing", missing), ("unexpected", unexpected), ("of another shape", reshaped),
      ("in \(table ?? "the table") and nowhere else", strangers),
    ]
    return lists.filter { !$0.1.isEmpty }.reduce("\(path): the weights are not those of '\(model)', by \(names)") {
      "\($0); \($1.0): \($1.1.joined(separator: ", "))"
    }.visibleLine
      + ". Name what is called otherwise with --names, a table of theirs and ours; sizes are options of the model, with --set"
  }
}
