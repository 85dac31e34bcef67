import Foundation

/// The program that does the same with other libraries: it waits for a line, does what it says, and answers with a line of JSON.
final class Peers {
  struct Answer: Codable {
    var seconds: Double?
    var processorSeconds: Double?
    var check: Double?
    var error: String?
    var versions: String?
    /// What its times are to be read with.
    var note: String?
  }

  private let process = Process()
  private let (requests, answers) = (Pipe(), Pipe())
  private var received = Data()

  /// Memory stays with the process that has it once, in glibc: nothing is mapped by itself, and nothing is given back. What is compiled is
  /// compiled without helpers that outlive it, whose time would seem that of others.
  private static let tuning = [
    "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "\(1 << 40)", "TORCHINDUCTOR_COMPILE_THREADS": "1",
  ]

  /// - Parameter tuned: Whether it keeps its memory, and compiles what it can: with `torch.compile`.
  init(python: String, script: String, folder: URL, threads: Int, tuned: Bool) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, script, folder.path, "\(threads)", tuned ? "tuned" : "plain"]
    process.environment = ChildProcess.outer.merging(tuned ? Self.tuning : [:]) { $1 }
    process.standardInput = requests
    process.standardOutput = answers
    try process.run()
  }

  /// - Throws: ``BenchmarkError/peer(_:)`` with what the program says of its failure.
  func ask(_ line: String) throws -> Answer {
    try requests.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    while true {
      if let end = received.firstIndex(of: 0x0a) {
        let answer = try JSONDecoder().decode(Answer.self, from: received[received.startIndex..<end])
        received = Data(received[(end + 1)...])
        if let error = answer.error { throw BenchmarkError.peer(error) }
        return answer
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw BenchmarkError.peer("it ended while asked to '\(line)'") }
      received.append(more)
    }
  }

  var identifier: pid_t { process.processIdentifier }

  func end() {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
