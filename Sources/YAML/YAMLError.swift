import SleepCore
public import Foundation

/// Why a document, a value of it or an override was refused.
public enum YAMLError: Error, Equatable {
  case unreadable(path: String, reason: String)
  case tooLarge(path: String, bytes: Int, limit: Int)
  case notUTF8(at: Origin)
  case syntax(at: Origin, problem: String)
  case anchor(at: Origin, name: String)
  case tag(at: Origin, name: String)
  case secondDocument(at: Origin)
  case keyNotText(at: Origin)
  case duplicateKey(at: Origin, key: String, first: Origin)
  case tooDeep(at: Origin, limit: Int)
  case unknownKey(at: Origin, key: String, known: [String])
  case missingKey(at: Origin, key: String, meant: String?)
  case wrongType(at: Origin, name: String, found: String, expected: String)
  /// A number out of its range, or a value that does not go with another.
  case misfit(at: Origin, name: String, found: String, expected: String)
  case notOneOf(at: Origin, name: String, found: String, allowed: [String])
  case invalid(at: Origin, name: String, found: String, reason: String)
  case override(String, problem: String)
}

extension YAMLError: LocalizedError {
  /// Place, what came, what was expected.
  public var errorDescription: String? {
    switch self {
    case .unreadable(let path, let reason):
      "\(path): \(reason), expected a YAML file"
    case .tooLarge(let path, let bytes, let limit):
      "\(path): found \(bytes) bytes, expected at most \(limit)"
    case .notUTF8(let origin):
      "\(origin): found bytes that are not UTF-8: save the file as UTF-8"
    case .syntax(let origin, let problem):
      "\(origin): \(problem)"
    case .anchor(let origin, let name):
      "\(origin): found '\(name)', but anchors and aliases are not supported: write the value out"
    case .tag(let origin, let name):
      "\(origin): found the tag '\(name)', but tags are not supported: remove it"
    case .secondDocument(let origin):
      "\(origin): found a second document, expected one a file: remove '---' and what follows"
    case .keyNotText(let origin):
      "\(origin): found a key that is empty, a list or a mapping, expected a name"
    case .duplicateKey(let origin, let key, let first):
      "\(origin): key '\(key)' stands twice, first at \(first): remove one"
    case .tooDeep(let origin, let limit):
      "\(origin): nested deeper than \(limit) levels"
    case .unknownKey(let origin, let key, let known):
      "\(origin): unknown key '\(key)'.\(suggestion(key, known))"
        + (known.isEmpty ? " No keys are known here" : " Known keys here: \(known.joined(separator: ", "))")
    case .missingKey(let origin, let key, let meant):
      "\(origin): missing key '\(key)'" + (meant.map { ". Is it '\($0)' that should read '\(key)'?" } ?? "")
    case .wrongType(let origin, let name, let found, let expected),
      .misfit(let origin, let name, let found, let expected):
      "\(origin): \(name) is \(found), expected \(expected)"
    case .notOneOf(let origin, let name, let found, let allowed):
      "\(origin): \(name) is '\(found)', not one of: \(allowed.joined(separator: ", "))."
        + suggestion(found, allowed)
    case .invalid(let origin, let name, let found, let reason):
      "\(origin): \(name) is \(found): \(reason)"
    case .override(let option, let problem):
      "\(option): \(problem)"
    }
  }

  private func suggestion(_ word: String, _ names: [String]) -> String {
    nearest(word, among: names).map { " Did you mean '\($0)'?" } ?? ""
  }
}
