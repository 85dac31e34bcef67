import Foundation
import SleepCore

/// What `ssrm` does as a user starts it: processes of their own, timed from start to end.
enum ProcessBenchmarks {
  static let all = [help, processes]

  /// The program built beside this one.
  private static func program() throws -> URL {
    let folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    let program = folder?.appendingPathComponent("ssrm") ?? URL(fileURLWithPath: "ssrm")
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw BenchmarkError.noProgram(program.path)
    }
    return program
  }

  private static let help = Benchmark(
    name: "help", title: "`ssrm --help`, a new process", peer: "`python -c 'import torch'`", target: .seconds(0.1)
  ) { _ in
    let child = ChildProcess(try program(), ["--help"])
    return {
      try child.run()
      return 0
    }
  }

  private static let processes = Benchmark(
    name: "two-processes",
    title: "`ssrm pretrain --processes 2`, one thread each: 40 steps of contrast, PSG of 4 x 3000, batch 256",
    peer: "one process of one thread", target: .times(1.8), rounds: 2, other: { try training(processes: 1, in: $0) }
  ) { try training(processes: 2, in: $0) }

  private static func training(processes: Int, in folder: URL) throws -> Benchmark.Work {
    _ = try PretrainingInput.psg.source(in: folder)
    let recipe = folder.appendingPathComponent("two-processes.yaml")
    try Data(recipeText.utf8).write(to: recipe)
    let out = folder.appendingPathComponent("run-\(processes)")
    let corpus = PretrainingInput.psg.corpus(in: folder)
    let child = ChildProcess(
      try program(),
      ["pretrain", recipe.path, "--data", corpus.path, "--out", out.path]
        + (processes > 1 ? ["--processes", "\(processes)"] : []), environment: ["OMP_NUM_THREADS": "1"])
    return {
      try child.run()
      try FileManager.default.removeItem(at: out)
      return 0
    }
  }

  private static let recipeText = """
    name: two-processes
    sensors: [psg]
    encoder:
      width: 32
      signal: {channels: [16, 32, 32], kernel: 7, stride: 4, tokens: 4}
    pretraining:
      tasks: [{task: contrast}]
      batch: 256
      epochs: 1
      steps: 40
    """
}
