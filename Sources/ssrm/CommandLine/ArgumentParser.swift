/// Sorts the words after a command's name into operands and options.
struct ArgumentParser {
  private let command: Command
  private var operands: [String] = []
  private var options: [String: [String]] = [:]
  /// The last list option that took words, to explain a missing operand.
  private var greedy: Option?

  private init(_ command: Command) { self.command = command }

  /// - Returns: `nil` when help is asked for.
  /// - Throws: ``UsageError``
  static func parse(_ words: [String], for command: Command) throws -> Arguments? {
    let own = words.prefix { $0 != "--" }
    if own.contains("--help") || own.contains("-h") { return nil }
    var parser = ArgumentParser(command)
    try parser.sort(words[...])
    return try parser.arguments()
  }

  private mutating func sort(_ words: ArraySlice<String>) throws {
    var rest = words
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        return
      }
      guard word.count > 1, word.first == "-" else {
        operands.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let option = command.options.first(where: { "--\($0.name)" == parts[0] }) else {
        throw UsageError.unknownOption(
          parts[0], known: command.options.map { "--\($0.name)" } + ["--help"], command: command.name)
      }
      try take(option, attached: parts.count > 1 ? parts[1] : nil, from: &rest)
    }
  }

  private mutating func take(_ option: Option, attached: String?, from rest: inout ArraySlice<String>) throws {
    let typed = "--\(option.name)"
    let isGiven = options[option.name] != nil
    var values: [String] = []
    switch option.arity {
    case .flag:
      if let attached { throw UsageError.needlessValue(option: typed, value: attached) }
    case .once, .repeated:
      if isGiven, case .once = option.arity { throw UsageError.repeatedOption(typed) }
      if let attached {
        values = [attached]
      } else if let next = rest.first, !next.hasPrefix("--") {
        values = [rest.removeFirst()]
      }
    case .list:
      values = attached.map { [$0] } ?? []
      while attached == nil, let next = rest.first, !next.hasPrefix("--") { values.append(rest.removeFirst()) }
      greedy = option
    }
    if values.isEmpty || values.contains(""), option.placeholder != "" {
      throw UsageError.missingValue(option: typed, placeholder: option.placeholder)
    }
    options[option.name, default: []] += values
  }

  private func arguments() throws -> Arguments {
    var rest = operands[...]
    var named: [String: [String]] = [:]
    for operand in command.operands {
      if operand.isRepeated {
        named[operand.name] = Array(rest)
        rest = []
      } else {
        named[operand.name] = rest.popFirst().map { [$0] } ?? []
      }
      if operand.isRequired, named[operand.name]?.isEmpty ?? true {
        if let greedy { throw UsageError.missingOperandAfterList(operand.name, list: "--\(greedy.name)") }
        throw UsageError.missingOperand(operand.name, command: command.name)
      }
    }
    if let extra = rest.first { throw UsageError.needlessOperand(extra, command: command.name) }
    for option in command.options where option.isRequired && options[option.name] == nil {
      throw UsageError.missingOption(usage: option.usage, command: command.name)
    }
    return Arguments(command: command, operands: named, options: options)
  }
}
