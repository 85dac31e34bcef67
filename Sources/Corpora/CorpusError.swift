public import Foundation
public import SleepCore

/// Why a corpus, card, split or preparation was refused.
public enum CorpusError: Error, Equatable {
  case notACorpus(path: String)
  case unreadableIndex(path: String, reason: String)
  case otherFormat(path: String, found: Int)
  case wrongShape(path: String, found: [Int], expected: [Int])
  case wrongType(path: String, found: String, expected: String)
  case otherPreprocessing(path: String, found: String, expected: String)
  case notOurs(path: String)
  case unsafeIdentifier(String)
  case repeatedRecording(String)
  case otherContract(recording: String, sensor: Sensor, found: String, expected: String, first: String)
  case noRecordings(path: String)
  case absentSensor(Sensor, path: String, present: [Sensor])
  case absentChannel(path: String, name: String, present: [String], nearest: String?)
  case unknownUnit(path: String, channel: String, found: String, expected: String)
  case otherWindow(path: String, foundSeconds: Double, expectedSeconds: Double)
  case nothingToPrepare(path: String, sensors: [Sensor])
  case tooLong(path: String, days: Double)
  case noRate(path: String, sensor: Sensor)
  /// Channels that a card makes one of, but that have no common times or unit.
  case otherTimings(path: String, channels: [String])
  /// More channels than the one that a spectrogram is made of.
  case severalChannels(path: String, channels: [String])
  case unpreparable(path: String, reason: String)
  case unknownCard(String, known: [String])
  case noDataFolder(name: String)
  case noReader(dataset: String, known: [String])
  case tooFewSubjects(found: Int, needed: Int, use: String)
  case badSplit(path: String, line: Int, found: String, expected: String)
  case noListedSubject(path: String, listed: Int, dataset: String, examples: [String])
  case absentListedSubjects(path: String, absent: [String], listed: Int, dataset: String, examples: [String])
  case unreadableList(path: String)
  case badBudget(found: String, expected: String)
  case cancelled(done: Int, of: Int)
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
    case .notOurs(let path):
      "\(path): found a folder that is no part of a corpus, expected nothing or a prepared recording: choose another folder"
    case .unsafeIdentifier(let id):
      "found the recording '\(id)', expected an identifier that can be a folder's name"
    case .repeatedRecording(let id):
      "found the recording '\(id)' twice, expected each identifier once"
    case .otherContract(let recording, let sensor, let found, let expected, let first):
      "\(recording): found \(sensor.rawValue) of \(found), expected \(expected) as in \(first): name channels, unit and rate in the card"
    case .noRecordings(let path):
      "\(path): found no recording that could be prepared, expected at least one"
    case .absentSensor(let sensor, let path, let present):
      "\(path): found no \(sensor.rawValue), expected it; the sensors here are \(list(present.map(\.rawValue)))"
    case .absentChannel(let path, let name, let present, let nearest):
      "\(path): found no channel '\(name)', expected it; the channels here are \(list(present))"
        + (nearest.map { ", the nearest is '\($0)'" } ?? "")
    case .unknownUnit(let path, let channel, let found, let expected):
      "\(path): found the unit '\(found)' in channel '\(channel)', expected one that converts to '\(expected)'"
    case .otherWindow(let path, let found, let expected):
      "\(path): found stages every \(short(found)) s, expected every \(short(expected)) s as the card says"
    case .nothingToPrepare(let path, let sensors):
      "\(path): found none of \(list(sensors.map(\.rawValue))), expected at least one with a whole window"
    case .tooLong(let path, let days):
      "\(path): found \(days < 1e6 ? String(Int(days)) : "a million or more") days from the first to the last sample, expected at most 90"
    case .noRate(let path, let sensor):
      "\(path): found \(sensor.rawValue) without one fixed rate, expected 'sample_rate_hz' in the card"
    case .otherTimings(let path, let channels):
      "\(path): found \(list(channels)) at different times or in different units, expected one timing and unit to combine them"
    case .severalChannels(let path, let channels):
      "\(path): found \(list(channels)), expected one channel to make a spectrogram of: pick one, or 'combine: magnitude' in the card"
    case .unpreparable(let path, let reason):
      "\(path): \(reason)"
    case .unknownCard(let name, let known):
      "found the data set '\(name)', expected one of \(list(known)), or the path of a card.yaml"
    case .noDataFolder(let name):
      "found no folder '\(name)' beside the program or above the current folder; set SSRM_HOME to the folder that holds it"
    case .noReader(let dataset, let known):
      "found the reader '\(dataset)', expected one of \(list(known))"
    case .tooFewSubjects(let found, let needed, let use):
      "found \(found) subjects, expected at least \(needed) for \(use): prepare more people, or change 'split' in the recipe"
    case .badSplit(let path, let line, let found, let expected):
      "\(path):\(line): found \(found), expected \(expected)"
    case .noListedSubject(let path, let listed, let dataset, let examples):
      "\(path): found \(listed) subjects and none of them in \(dataset), expected names such as \(list(examples))"
    case .absentListedSubjects(let path, let absent, let listed, let dataset, let examples):
      "\(path): found \(absent.count) of \(listed) subjects that \(dataset) has no labels of: \(list(absent.count <= 5 ? absent : absent.prefix(4) + ["\(absent.count - 4) more"])), expected names such as \(list(examples)); 'split.partial: true' tests on the others, and the report says so"
    case .unreadableList(let path):
      "\(path): found no text to read, expected a file of subjects, separated by commas or line ends"
    case .badBudget(let found, let expected):
      "found the label budget \(found), expected \(expected): change 'comparison.budgets' in the recipe"
    case .cancelled(let done, let of):
      "interrupted after \(done) of \(of) recordings; run the same command again to go on"
    }
  }
}

/// Words for a list: `a, b and c`.
func list(_ words: [String]) -> String {
  guard words.count > 1, let last = words.last else { return words.first ?? "none" }
  return words.dropLast().joined(separator: ", ") + " and " + last
}

/// A number without a needless fraction.
func short(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}
