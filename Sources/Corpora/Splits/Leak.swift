public import Foundation
public import SleepCore

/// A way in which the test fold was seen, or would be.
public enum Leak: Error, Hashable, Sendable {
  case sharedSubject(Subject, fold: Int, parts: [Part])
  /// People who belong together, as a family does, stand in several parts.
  case sharedGroup(String, subjects: [Subject], fold: Int, parts: [Part])
  /// Test subjects of two folds of one split overlap, so that pooled results would count them twice.
  case testedTwice(Subject, folds: [Int])
  /// Parts of one fold use the same stretch of one recording.
  case overlappingWindows(recording: String, windows: Range<Int>, fold: Int, parts: [Part])
  /// Two recordings of different people, in different parts, hold the same numbers.
  case sameContent(recordings: [String], sensor: Sensor, fold: Int, parts: [Part])
  case normalisation(what: String, subjects: [Subject], fold: Int)
  case selection(what: String, subjects: [Subject], fold: Int)
  case pretraining(what: String, subjects: [Subject], fold: Int)
  /// Weights to begin with were trained, or chosen, with the labels of test people.
  case training(what: String, subjects: [Subject], fold: Int)
  /// A test recording was seen under another name, or in another population.
  case seenContent(what: String, recordings: [String], fold: Int)
  /// People were seen who belong to the groups of test people.
  case seenGroup(what: String, subjects: [Subject], fold: Int)
  case unknownSubject(Subject, fold: Int, part: Part, dataset: String)
}

extension Leak: LocalizedError {
  public var errorDescription: String? {
    switch self {
    case .sharedSubject(let subject, let fold, let parts):
      "fold \(fold): found subject \(subject) in \(words(parts)), expected each person in one part"
    case .sharedGroup(let group, let subjects, let fold, let parts):
      "fold \(fold): found subjects \(names(subjects)) of the group '\(group)' in \(words(parts)), expected each group in one part"
    case .testedTwice(let subject, let folds):
      "folds \(list(folds.map(String.init))): found subject \(subject) in the test part of each, expected each person to be tested on once"
    case .overlappingWindows(let recording, let windows, let fold, let parts):
      "fold \(fold): found windows \(windows.lowerBound) to \(windows.upperBound - 1) of \(recording) in \(words(parts)), expected each window in one part"
    case .sameContent(let recordings, let sensor, let fold, let parts):
      "fold \(fold): found the same \(sensor.rawValue) in \(list(recordings)), which stand in \(words(parts)), expected different recordings: is one person here under two names?"
    case .normalisation(let what, let subjects, let fold):
      "fold \(fold): found that \(what) was fitted on test subjects \(names(subjects)), expected training subjects alone"
    case .selection(let what, let subjects, let fold):
      "fold \(fold): found that \(what) was chosen on test subjects \(names(subjects)), expected validation subjects alone"
    case .pretraining(let what, let subjects, let fold):
      "fold \(fold): found that \(what) was pretrained on test subjects \(names(subjects)), expected none of them; 'transductive: true' in the recipe allows it, and the table says so"
    case .training(let what, let subjects, let fold):
      "fold \(fold): found that \(what) was trained with the labels of test subjects \(names(subjects)), expected none of them: test on those that it was tested on, or begin with another"
    case .seenContent(let what, let recordings, let fold):
      "fold \(fold): found that \(what) saw the test \(recordings.count == 1 ? "recording" : "recordings") \(names(recordings.map { Subject($0) })) under another name, expected none: people of two data sets who are the same need one 'population' in both cards"
    case .seenGroup(let what, let subjects, let fold):
      "fold \(fold): found that \(what) saw people of the groups of test subjects \(names(subjects)), expected none of them: such people, as of one family, are alike"
    case .unknownSubject(let subject, let fold, let part, let dataset):
      "fold \(fold): found subject \(subject) in \(part.rawValue), expected one of the people of \(dataset)"
    }
  }
}

private func words(_ parts: [Part]) -> String {
  Set(parts).count == 1 ? "\(parts[0].rawValue) twice" : list(parts.map(\.rawValue))
}

private func names(_ subjects: [Subject]) -> String {
  list(shortened(subjects.map(\.id)))
}
