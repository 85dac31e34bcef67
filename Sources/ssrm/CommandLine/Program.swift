import Foundation
import Streams

/// The program: finds the command, runs it, and turns errors into one line and an exit code.
enum Program {
  static let version = "0.1.0"

  /// - Parameter words: What the user typed after the program's name.
  static func run(_ words: [String], commands: [Command] = Command.all) -> ExitCode {
    StandardStreams.prepare()
    do {
      try dispatch(words, commands)
      return .done
    } catch let failure as UnhealthyMachine {
      // The command has said what is wrong.
      _ = failure
      return .internalError
    } catch let failure as ProcessesFailed {
      return failure.code
    } catch let error as TogetherError where error.isSaid {
      return ExitCode(error)
    } catch {
      let error = (error as? CocoaError)?.aboutFile ?? error
      // Foundation begins with words that say nothing.
      StandardError.say(error.localizedDescription.replacing("The operation could not be completed. ", with: ""))
      return ExitCode(error)
    }
  }

  private static func dispatch(_ words: [String], _ commands: [Command]) throws {
    guard let name = words.first, !["--help", "-h"].contains(name) else {
      try StandardOutput.write(Help.program(commands))
      return
    }
    if name == "help" {
      guard words.count > 1 else { return try StandardOutput.write(Help.program(commands)) }
      return try StandardOutput.write(Help.command(try find(words[1], commands)))
    }
    if name == "--version" { return try StandardOutput.print("ssrm \(version)") }
    let command = try find(name, commands)
    guard let arguments = try ArgumentParser.parse(Array(words.dropFirst()), for: command) else {
      return try StandardOutput.write(Help.command(command))
    }
    try command.run(arguments)
  }

  private static func find(_ name: String, _ commands: [Command]) throws -> Command {
    guard let command = commands.first(where: { $0.name == name }) else {
      throw UsageError.unknownCommand(name, known: commands.map(\.name) + ["help"])
    }
    return command
  }
}

/// What a check found wrong was printed already; only the exit code is left to give.
struct UnhealthyMachine: Error {}
