import Foundation

/// What a user gave to one command.
///
/// Asking for a name that the command does not declare is a programmer's error.
struct Arguments: Sendable {
  let command: Command
  private let operands: [String: [String]]
  private let options: [String: [String]]

  init(command: Command, operands: [String: [String]], options: [String: [String]]) {
    self.command = command
    self.operands = operands
    self.options = options
  }

  /// A required operand.
  func operand(_ name: String) -> String {
    guard let value = self.operands(name).first else { preconditionFailure("<\(name)> is not required") }
    return value
  }

  /// The values of an operand: one, several where it is repeated, or none where it is not required.
  func operands(_ name: String) -> [String] {
    precondition(command.operands.contains { $0.name == name }, "no operand <\(name)>")
    return operands[name] ?? []
  }

  /// Whether a flag was given.
  func has(_ flag: String) -> Bool { given(flag) != nil }

  /// The value of an option that may be left out.
  func value(_ option: String) -> String? { given(option)?.last }

  /// All values of an option that may be given more than once, or that takes several.
  func values(_ option: String) -> [String] { given(option) ?? [] }

  /// A required option's value.
  func required(_ option: String) -> String {
    guard let value = value(option) else { preconditionFailure("--\(option) is not required") }
    return value
  }

  /// - Throws: ``UsageError/badValue(option:found:expected:)``
  func integer(_ option: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = value(option) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      let expected =
        range.upperBound == .max
        ? "a whole number of \(range.lowerBound) or more"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
      throw UsageError.badValue(option: "--\(option)", found: text, expected: expected)
    }
    return number
  }

  /// - Throws: ``UsageError/badValue(option:found:expected:)``
  func number(_ option: String) throws -> Double? {
    guard let text = value(option) else { return nil }
    guard let number = Double(text), number.isFinite else {
      throw UsageError.badValue(option: "--\(option)", found: text, expected: "a number")
    }
    return number
  }

  /// A path as an URL that shows itself as it was typed.
  func folder(_ option: String) -> URL { URL(fileURLWithPath: required(option)) }

  private func given(_ option: String) -> [String]? {
    precondition(command.options.contains { $0.name == option }, "no option --\(option)")
    return options[option]
  }
}
