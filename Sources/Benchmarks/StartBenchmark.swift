import Foundation

/// How long a user waits for the first words.
enum StartBenchmark {
  static let all = [help]

  private static let help = Benchmark(
    name: "help", title: "`ssrm --help`, a new process", peer: "`python -c 'import torch'`", target: .seconds(0.1),
    rounds: 5
  ) { _ in
    let folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    let program = folder?.appendingPathComponent("ssrm") ?? URL(fileURLWithPath: "ssrm")
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw BenchmarkError.noProgram(program.path)
    }
    return {
      let process = Process()
      process.executableURL = program
      process.arguments = ["--help"]
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        throw BenchmarkError.failed(program: "ssrm --help", status: process.terminationStatus)
      }
      return 0
    }
  }
}
