import Foundation

/// A program that is run to its end, waited for without polling: what Foundation's `Process` waits longer than a short program runs.
struct ChildProcess {
  private let program: URL
  private let arguments: [String]
  private let environment: [String: String]

  /// - Parameter environment: Added to this process's own.
  init(_ program: URL, _ arguments: [String], environment: [String: String] = [:]) {
    (self.program, self.arguments, self.environment) = (program, arguments, environment)
  }

  /// Runs it; what it prints is dropped, and what it says beside that too, unless it fails.
  ///
  /// - Throws: ``BenchmarkError/failed(program:status:)``.
  func run() throws {
    let variables = Self.outer.merging(environment) { $1 }.map { "\($0)=\($1)" }
    var (words, settings) = (([program.path] + arguments).map { strdup($0) }, variables.map { strdup($0) })
    defer { for text in words + settings { free(text) } }
    words.append(nil)
    settings.append(nil)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    let said = FileManager.default.temporaryDirectory.appendingPathComponent("benchmark-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: said) }
    posix_spawn_file_actions_addopen(&actions, 2, said.path, O_WRONLY | O_CREAT, 0o600)
    var child = pid_t()
    let failure = posix_spawn(&child, program.path, &actions, nil, words, settings)
    guard failure == 0 else { throw BenchmarkError.failed(program: program.lastPathComponent, status: failure) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
      FileHandle.standardError.write((try? Data(contentsOf: said)) ?? Data())
      let name = ([program.lastPathComponent] + arguments.prefix(1)).joined(separator: " ")
      throw BenchmarkError.failed(program: name, status: status >> 8 & 0xff)
    }
  }

  /// The variables from before LibTorch was opened, which sets some that are not for others.
  static let outer = ProcessInfo.processInfo.environment
}
