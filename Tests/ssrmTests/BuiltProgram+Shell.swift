import Foundation

extension BuiltProgram {
  /// Runs a line of the shell in a folder, with the program as `$SSRM`.
  static func shell(_ line: String, in folder: URL) throws -> Outcome {
    let process = process([], in: folder)
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", line]
    process.environment?["SSRM"] = url.path
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let written = output.fileHandleForReading.readDataToEndOfFile()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: written, as: UTF8.self),
      errors: String(decoding: said, as: UTF8.self))
  }
}
