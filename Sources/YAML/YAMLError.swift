import SleepCore
public import Foundation

/// Why a document, a value of it or an override was refused.
public enum YAMLError: Error, Equatable {
  case unreadable(path: String, found: String)
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
  /// An error in an item of a list: which item it is, where the error is, and what it is.
  indirect case inside(String, at: Origin, YAMLError)
}

extension YAMLError {
  /// The same error, which then says in which item of a list it is.
  ///
  /// - Parameters:
  ///   - item: As `arm 2 ('frozen')`.
  ///   - place: Where the item was written, for an error of a value that was not.
  public func inside(_ item: String, at place: Origin) -> YAMLError {
    if case .inside = self { return self }
    return .inside(item, at: origin.flatMap { $0 == .encoded ? nil : $0 } ?? place, self)
  }

  /// The place in the document.
  private var origin: Origin? {
    switch self {
    case .notUTF8(let origin), .syntax(let origin, _), .anchor(let origin, _), .tag(let origin, _),
      .secondDocument(let origin), .keyNotText(let origin), .duplicateKey(let origin, _, _), .tooDeep(let origin, _),
      .unknownKey(let origin, _, _), .missingKey(let origin, _, _), .wrongType(let origin, _, _, _),
      .misfit(let origin, _, _, _), .notOneOf(let origin, _, _, _), .invalid(let origin, _, _, _),
      .inside(_, let origin, _):
      origin
    case .unreadable, .tooLarge, .override: nil
    }
  }
}

extension YAMLError: LocalizedError {
  /// Place, what came, what was expected.
  public var errorDescription: String? { "\(place): \(words)" }

  private var place: String {
    switch self {
    case .unreadable(let path, _), .tooLarge(let path, _, _): path
    case .override(let option, _): option
    default: origin?.description ?? ""
    }
  }

  private var words: String {
    switch self {
    case .unreadable(_, let found):
      "found \(found), expected a YAML file"
    case .tooLarge(_, let bytes, let limit):
      "found \(bytes) bytes, expected at most \(limit)"
    case .notUTF8:
      "found bytes that are not UTF-8: save the file as UTF-8"
    case .syntax(_, let problem):
      problem
    case .anchor(_, let name):
      "found '\(name)', but anchors and aliases are not supported: write the value out"
    case .tag(_, let name):
      "found the tag '\(name)', but tags are not supported: remove it"
    case .secondDocument:
      "found a second document, expected one a file: remove '---' and what follows"
    case .keyNotText:
      "found a key that is empty, a list or a mapping, expected a name"
    case .duplicateKey(_, let key, let first):
      "key '\(key)' stands twice, first at \(first): remove one"
    case .tooDeep(_, let limit):
      "nested deeper than \(limit) levels"
    case .unknownKey(_, let key, let known):
      "unknown key '\(key)'.\(suggestion(key, known))"
        + (known.isEmpty ? " No keys are known here" : " Known keys here: \(known.joined(separator: ", "))")
    case .missingKey(_, let key, let meant):
      "missing key '\(key)'" + (meant.map { ". Is it '\($0)' that should read '\(key)'?" } ?? "")
    case .wrongType(_, let name, let found, let expected),
      .misfit(_, let name, let found, let expected):
      "\(name) is \(found), expected \(expected)"
    case .notOneOf(_, let name, let found, let allowed):
      "\(name) is '\(found)', not one of: \(allowed.joined(separator: ", "))."
        + suggestion(found, allowed)
    case .invalid(_, let name, let found, let reason):
      "\(name) is \(found): \(reason)"
    case .override(_, let problem):
      problem
    case .inside(let item, _, let error):
      // Where the item itself is wrong, its error begins with it.
      error.words.hasPrefix("\(item) is ") ? error.words : "\(item): \(error.words)"
    }
  }

  private func suggestion(_ word: String, _ names: [String]) -> String {
    nearest(word, among: names).map { " Did you mean '\($0)'?" } ?? ""
  }
}
