public import Foundation

/// Why parameters could not be made or loaded.
public enum ParameterError: Error, Equatable {
  case usedTwice(name: String)
  /// A model of which a file cannot hold all.
  case moreThanHeld(path: String, name: String, shape: [Int], held: Int)
  /// What stands in the file and in the model does not fit; all of it at once.
  case mismatch(path: String, missing: [String], unexpected: [String], reshaped: [String])
}

extension ParameterError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .usedTwice(let name):
      "the parameter name '\(name)' is used twice"
    case .moreThanHeld(let path, let name, let shape, let held):
      "\(path): found \(held) numbers, fewer than the model that it describes has with '\(name)' \(shape), expected all of them: the file was changed, or its recipe is another one's"
    case .mismatch(let path, let missing, let unexpected, let reshaped):
      ([("missing", missing), ("unexpected", unexpected), ("of another shape", reshaped)] as [(String, [String])])
        .filter { !$0.1.isEmpty }
        .reduce("\(path): the weights are not this model's") { words, list in
          words + "; \(list.0): \(list.1.joined(separator: ", "))"
        }
    }
  }
}
