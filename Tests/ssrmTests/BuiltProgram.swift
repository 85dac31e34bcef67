import Foundation
import Testing

/// The program as it was built beside the tests.
enum BuiltProgram {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  static let url: URL = {
    // Tests run from the folder that the program lies in.
    let beside = Bundle.main.bundleURL.appendingPathComponent("ssrm")
    if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
    return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("ssrm")
  }()

  static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func process(_ words: [String], in folder: URL? = nil, path: String? = nil) -> Process {
    let process = Process()
    process.executableURL = url
    process.arguments = words
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["SSRM_HOME"] = checkout.path
    if let path { environment["PATH"] = path }
    process.environment = environment
    return process
  }

  static func run(_ words: String..., in folder: URL? = nil, path: String? = nil) throws -> Outcome {
    try outcome(words, in: folder, path: path)
  }

  static func outcome(_ words: [String], in folder: URL? = nil, path: String? = nil) throws -> Outcome {
    let process = process(words, in: folder, path: path)
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let written = output.fileHandleForReading.readDataToEndOfFile()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    return Outcome(
      status: process.terminationStatus, output: String(decoding: written, as: UTF8.self),
      errors: String(decoding: said, as: UTF8.self))
  }

  static func json(_ outcome: Outcome) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }
}
