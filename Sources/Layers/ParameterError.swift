public import Foundation

/// Why parameters could not be made or loaded.
public enum ParameterError: Error, Equatable {
  case usedTwice(name: String)
  /// What stands in the file and in the model does not fit; all of it at once.
  case mismatch(path: String, missing: [String], unexpected: [String], reshaped: [String])
}

extension ParameterError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .usedTwice(let name):
      "the parameter name '\(name)' is used twice"
    case .mismatch(let path, let missing, let unexpected, let reshaped):
      ([("missing", missing), ("unexpected", unexpected), ("of another shape", reshaped)] as [(String, [String])])
        .filter { !$0.1.isEmpty }
        .reduce("\(path): the weights are not this model's") { words, list in
          words + "; \(list.0): \(list.1.joined(separator: ", "))"
        }
    }
  }
}
