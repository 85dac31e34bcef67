/// One command of the program: a value, so that adding one is a file with it and a line in ``Command/all``.
struct Command: Sendable {
  /// What a user comes for; the program's help lists the commands under these headings.
  enum Group: String, CaseIterable, Sendable {
    case setup = "Look around"
    case data = "Prepare data"
    case training = "Pretrain and recognise"
    case results = "Compare and report"
  }

  let name: String
  let group: Group
  /// What it does, in half a line, as an imperative: `Turn raw files into a corpus`.
  let summary: String
  /// A few sentences below the summary.
  let discussion: String
  /// In their order.
  let operands: [Operand]
  let options: [Option]
  let examples: [Example]
  let run: @Sendable (Arguments) throws -> Void

  init(
    _ name: String, _ group: Group, _ summary: String, discussion: String = "", operands: [Operand] = [],
    options: [Option] = [], examples: [Example], run: @escaping @Sendable (Arguments) throws -> Void
  ) {
    self.name = name
    self.group = group
    self.summary = summary
    self.discussion = discussion
    self.operands = operands
    self.options = options
    self.examples = examples
    self.run = run
  }
}

/// An argument without a name.
struct Operand: Sendable {
  let name: String
  let help: String
  /// Whether it takes all that are left; only the last may.
  let isRepeated: Bool
  let isRequired: Bool

  init(_ name: String, _ help: String, isRepeated: Bool = false, isRequired: Bool = true) {
    self.name = name
    self.help = help
    self.isRepeated = isRepeated
    self.isRequired = isRequired
  }
}

/// An argument with a name: `--name`.
struct Option: Sendable {
  enum Arity: Sendable {
    /// Takes no value.
    case flag
    /// Takes one value, once.
    case once
    /// Takes one value, as often as it is given: `--set a=1 --set b=2`.
    case repeated
    /// Takes all values up to the next option, as often as it is given: `--data a b`.
    case list
  }

  /// Without its dashes.
  let name: String
  /// How the help calls its value: `DIR`.
  let placeholder: String
  let help: String
  let arity: Arity
  let isRequired: Bool

  private init(_ name: String, _ placeholder: String, _ help: String, _ arity: Arity, isRequired: Bool = false) {
    self.name = name
    self.placeholder = placeholder
    self.help = help
    self.arity = arity
    self.isRequired = isRequired
  }

  static func flag(_ name: String, _ help: String) -> Option { Option(name, "", help, .flag) }

  static func value(_ name: String, _ placeholder: String, _ help: String, isRequired: Bool = false) -> Option {
    Option(name, placeholder, help, .once, isRequired: isRequired)
  }

  static func repeated(_ name: String, _ placeholder: String, _ help: String) -> Option {
    Option(name, placeholder, help, .repeated)
  }

  static func list(_ name: String, _ placeholder: String, _ help: String, isRequired: Bool = false) -> Option {
    Option(name, placeholder, help, .list, isRequired: isRequired)
  }

  /// As it is typed: `--out DIR`.
  var usage: String {
    switch arity {
    case .flag: "--\(name)"
    case .once, .repeated: "--\(name) \(placeholder)"
    case .list: "--\(name) \(placeholder)..."
    }
  }
}

/// A line that works when it is typed, and what it does.
struct Example: Sendable {
  /// A sentence.
  let purpose: String
  let line: String

  init(_ purpose: String, _ line: String) {
    self.purpose = purpose
    self.line = line
  }
}
