import Foundation

/// The program: finds the command, runs it, and turns errors into one line and an exit code.
enum Program {
  static let version = "0.1.0"

  /// - Parameter words: What the user typed after the program's name.
  static func run(_ words: [String], commands: [Command] = Command.all) -> ExitCode {
    do {
      try dispatch(words, commands)
      return .done
    } catch let failure as UnhealthyMachine {
      // The command has said what is wrong.
      _ = failure
      return .internalError
    } catch {
      FileHandle.standardError.write(Data((line(for: error) + "\n").utf8))
      return ExitCode(error)
    }
  }

  private static func dispatch(_ words: [String], _ commands: [Command]) throws {
    guard let name = words.first, !["--help", "-h"].contains(name) else {
      print(Help.program(commands), terminator: "")
      return
    }
    if name == "help" {
      guard words.count > 1 else { return print(Help.program(commands), terminator: "") }
      return print(Help.command(try find(words[1], commands)), terminator: "")
    }
    if name == "--version" { return print("ssrm \(version)") }
    let command = try find(name, commands)
    guard let arguments = try ArgumentParser.parse(Array(words.dropFirst()), for: command) else {
      return print(Help.command(command), terminator: "")
    }
    try command.run(arguments)
  }

  private static func find(_ name: String, _ commands: [Command]) throws -> Command {
    guard let command = commands.first(where: { $0.name == name }) else {
      throw UsageError.unknownCommand(name, known: commands.map(\.name) + ["help"])
    }
    return command
  }

  /// An error's words in one line, with the path where Foundation leaves it out.
  private static func line(for error: any Error) -> String {
    // Foundation begins with words that say nothing.
    var words = error.localizedDescription.replacing("The operation could not be completed. ", with: "")
    if let error = error as? CocoaError, let path = error.filePath, !words.contains(path) {
      words = "\(path): \(words)"
    }
    return words.split(whereSeparator: \.isNewline).joined(separator: "; ")
  }
}

/// What a check found wrong was printed already; only the exit code is left to give.
struct UnhealthyMachine: Error {}
