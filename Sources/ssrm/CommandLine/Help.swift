import SleepCore

/// Help as sentences and short lists, which a screen reader reads well: no boxes, no columns that only alignment explains.
enum Help {
  static let width = 100

  static func program(_ commands: [Command]) -> String {
    var text = """
      ssrm pretrains encoders on unlabelled sleep-sensor recordings and turns them into recognisers of
      stages and postures with few labels.

      Usage: ssrm <command> [arguments]

      """
    let column = (commands.map(\.name.count).max() ?? 0) + 2
    for group in Command.Group.allCases {
      let members = commands.filter { $0.group == group }
      guard !members.isEmpty else { continue }
      text += "\n\(group.rawValue):\n"
      for command in members {
        text += "  " + command.name.padded(to: column) + command.summary + "\n"
      }
    }
    text += """

      'ssrm <command> --help' explains one command with examples. 'ssrm --version' prints the version.
      Exit codes: 0 done, 64 wrong usage, 65 wrong data, 70 internal error, 130 interrupted.

      """
    return text
  }

  static func command(_ command: Command) -> String {
    var text = "\(command.summary).\n"
    if !command.discussion.isEmpty { text += "\n" + wrapped(command.discussion) }
    text += "\nUsage: \(usage(command))\n"
    let entries =
      command.operands.map { ("<\($0.name)>", $0.help) }
      + command.options.map { ($0.usage, $0.help + ($0.isRequired ? " (required)" : "")) }
    if !entries.isEmpty { text += "\nArguments:\n" }
    for (name, help) in entries { text += "  \(name)\n" + wrapped(help, indent: "      ") }
    if !command.examples.isEmpty { text += "\nExamples:\n" }
    for example in command.examples { text += "  \(example.purpose)\n      \(example.line)\n" }
    return text
  }

  private static func usage(_ command: Command) -> String {
    let operands = command.operands.map { operand in
      let name = "<\(operand.name)>" + (operand.isRepeated ? "..." : "")
      return operand.isRequired ? name : "[\(name)]"
    }
    let required = command.options.filter(\.isRequired).map(\.usage)
    let optional = command.options.contains { !$0.isRequired } ? ["[options]"] : []
    return (["ssrm", command.name] + operands + required + optional).joined(separator: " ")
  }

  private static func wrapped(_ text: String, indent: String = "") -> String {
    text.lines(width: width, indent: indent).map { $0 + "\n" }.joined()
  }
}

extension String {
  /// With spaces at the end, up to a length.
  func padded(to length: Int) -> String { self + String(repeating: " ", count: max(0, length - count)) }
}
