import Files
public import Foundation
public import SleepCore

/// Why a corpus or a split was refused.
public enum CorpusError: Error, Equatable {
  case notACorpus(path: String)
  case unreadableIndex(path: String, reason: String)
  case otherFormat(path: String, found: Int)
  case wrongShape(path: String, found: [Int], expected: [Int])
  case wrongType(path: String, found: String, expected: String)
  case otherPreprocessing(path: String, found: String, expected: String)
  case notOurs(path: String)
  /// Recordings of a corpus that is gone on with and that are not among the raw files any more.
  case otherRecordings(path: String, recordings: [String])
  case unsafeIdentifier(String, problem: String)
  /// A file that does not hold what was written.
  case changed(path: String)
  /// A number of an index that cannot be.
  case badNumber(path: String, Misfit)
  case repeatedRecording(String)
  case otherContract(recording: String, found: WindowContract, misfit: WindowContract.Misfit, first: String)
  case noRecordings(path: String)
  case absentSensor(Sensor, path: String, present: [Sensor])
  case tooFewSubjects(found: Int, needed: Int, use: String)
  case badSplit(path: String, line: Int, found: String, expected: String)
  case noListedSubject(path: String, listed: Int, dataset: String, examples: [String])
  case absentListedSubjects(path: String, absent: [String], listed: Int, dataset: String, examples: [String])
  case unreadableList(path: String)
  case badBudget(found: String, expected: String)
  /// Nights or windows that cannot be divided into folds.
  case badMixedFolds(path: String, found: String, expected: String)
  /// Corpora that cannot be read as one.
  case notJoinable(path: String, found: String, expected: String)
}

extension CorpusError {
  /// What a name that cannot be a folder's is, for the words of another error.
  static func unsafe(_ id: String, _ problem: String) -> String { "the recording '\(id)' with \(problem)" }
}

extension CorpusError: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .notACorpus(let path):
      "\(path): found no corpus.json, expected a prepared corpus: run 'ssrm prepare', or let it finish"
    case .unreadableIndex(let path, let reason):
      "\(path): found \(reason), expected the corpus.json that 'ssrm prepare' writes"
    case .otherFormat(let path, let found):
      "\(path): found layout \(found), expected \(CorpusIndex.currentFormat): prepare the corpus again"
    case .wrongShape(let path, let found, let expected):
      "\(path): found the shape \(found), expected \(expected) by corpus.json: prepare the corpus again"
    case .wrongType(let path, let found, let expected):
      "\(path): found elements of type '\(found)', expected '\(expected)': prepare the corpus again"
    case .otherPreprocessing(let path, let found, let expected):
      "\(path): found a corpus prepared with \(found), expected \(expected): choose another folder, or --force to prepare all of it again"
    case .otherRecordings(let path, let recordings):
      "\(path): found \(list(shortened(recordings))) of an earlier preparation, expected only what the raw files and the table hold now: choose another folder, or --force to leave them out"
    case .notOurs(let path):
      "\(path): found a folder that is no part of a corpus, expected nothing or a prepared recording: choose another folder"
    case .unsafeIdentifier(let id, let problem):
      "found \(Self.unsafe(id, problem)), expected \(SafeName.expected)"
    case .changed(let path):
      "\(path): found other content than was prepared, expected what corpus.json knows: prepare the corpus again, which makes this recording anew"
    case .badNumber(let path, let misfit):
      "\(path): '\(misfit.key)' is \(misfit.found), expected \(misfit.expected): prepare the corpus again"
    case .repeatedRecording(let id):
      "found the recording '\(id)' twice, expected each identifier once"
    case .otherContract(let recording, let found, let misfit, let first):
      "\(recording): found \(found.summary), where '\(misfit.key)' is \(misfit.other), expected \(misfit.own) as in \(first): name channels, unit and rate in the card"
    case .noRecordings(let path):
      "\(path): found no recording that could be prepared, expected at least one"
    case .absentSensor(let sensor, let path, let present):
      "\(path): found no \(sensor.rawValue), expected it; the sensors here are \(list(present.map(\.rawValue)))"
    case .tooFewSubjects(let found, let needed, let use):
      "found \(found) subjects, expected at least \(needed) for \(use): prepare more people, or change 'split' in the recipe"
    case .badSplit(let path, let line, let found, let expected):
      "\(path):\(line): found \(found), expected \(expected)"
    case .noListedSubject(let path, let listed, let dataset, let examples):
      "\(path): found \(listed) subjects and none of them in \(dataset), expected names such as \(list(examples))"
    case .absentListedSubjects(let path, let absent, let listed, let dataset, let examples):
      "\(path): found \(absent.count) of \(listed) subjects that \(dataset) has no labels of: \(list(shortened(absent))), expected names such as \(list(examples)); 'split.partial: true' tests on the others, and the report says so"
    case .unreadableList(let path):
      "\(path): found no text to read, expected a file of subjects, separated by commas or line ends"
    case .badBudget(let found, let expected):
      "found the label budget \(found), expected \(expected): change 'comparison.budgets' in the recipe"
    case .badMixedFolds(let path, let found, let expected):
      "\(path): found \(found), expected \(expected): change 'shortcuts.folds' in the recipe"
    case .notJoinable(let path, let found, let expected):
      "\(path): found \(found), expected \(expected)"
    }
  }
}

/// Words for a list: `a, b and c`.
package func list(_ words: [String]) -> String {
  guard words.count > 1, let last = words.last else { return words.first ?? "none" }
  return words.dropLast().joined(separator: ", ") + " and " + last
}

/// Names for a message: all of at most five, else the first four and how many more there are.
package func shortened(_ names: [String]) -> [String] {
  names.count <= 5 ? names : names.prefix(4) + ["\(names.count - 4) more"]
}

/// A number without a needless fraction.
package func short(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}
