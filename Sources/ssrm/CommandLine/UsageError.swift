import Foundation
import SleepCore

/// What is wrong with a command line.
enum UsageError: Error, Equatable {
  case unknownCommand(String, known: [String])
  case unknownOption(String, known: [String], command: String)
  case missingValue(option: String, placeholder: String)
  case needlessValue(option: String, value: String)
  case repeatedOption(String)
  case missingOption(usage: String, command: String)
  case missingOperand(String, command: String)
  case missingOperandAfterList(String, list: String)
  case needlessOperand(String, command: String)
  case badValue(option: String, found: String, expected: String)
  /// A name that is none of the known ones: `unknown data set 'pmdd'`.
  case unknownName(kind: String, String, known: [String])
}

extension UsageError: LocalizedError {
  var errorDescription: String? {
    switch self {
    case .unknownCommand(let name, let known):
      "unknown command '\(name)'." + suggestion(name, known, else: "See 'ssrm --help'")
    case .unknownOption(let name, let known, let command):
      "unknown option '\(name)'." + suggestion(name, known, else: "See 'ssrm \(command) --help'")
    case .missingValue(let option, let placeholder):
      "option '\(option)' has no value, expected \(option) \(placeholder)"
    case .needlessValue(let option, let value):
      "option '\(option)' is given the value '\(value)', but takes none"
    case .repeatedOption(let option):
      "option '\(option)' is given twice, expected once"
    case .missingOption(let usage, let command):
      "missing option '\(usage)'. See 'ssrm \(command) --help'"
    case .missingOperand(let name, let command):
      "missing argument <\(name)>. See 'ssrm \(command) --help'"
    case .missingOperandAfterList(let name, let list):
      "missing argument <\(name)>: \(list) takes every word up to the next option, so put <\(name)> before it"
    case .needlessOperand(let value, let command):
      "unexpected argument '\(value)'. See 'ssrm \(command) --help'"
    case .badValue(let option, let found, let expected):
      "option '\(option)' is '\(found)', expected \(expected)"
    case .unknownName(let kind, let name, let known):
      "unknown \(kind) '\(name)'." + suggestion(name, known, else: "Known here: \(known.joined(separator: ", "))")
    }
  }

  private func suggestion(_ word: String, _ known: [String], else other: String) -> String {
    nearest(word, among: known).map { " Did you mean '\($0)'?" } ?? " \(other)"
  }
}

extension Sensor {
  /// - Throws: ``UsageError/unknownName(kind:_:known:)`` for a name that is no sensor's.
  init(named name: String) throws {
    guard let sensor = Sensor(rawValue: name) else {
      throw UsageError.unknownName(kind: "sensor", name, known: Sensor.allCases.map(\.rawValue))
    }
    self = sensor
  }
}
