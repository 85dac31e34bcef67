import Foundation
import SleepCore

/// What `ssrm` does as a user starts it: processes of their own, timed from start to end.
enum ProcessBenchmarks {
  static let all = [wholeJob, help, processes]

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

  private static let wholeJob = Benchmark(
    name: "whole-job",
    title: "from raw pmd to the comparison's table: `prepare` and `compare`, 8 people, 4 folds, 3 arms, 2 budgets",
    peer: "a Python script of the same steps", target: .times(3), rounds: 2, isLong: true
  ) { folder in
    let program = try program()
    let (raw, corpus) = (folder.appendingPathComponent("whole-job-raw"), folder.appendingPathComponent("corpus-pmd"))
    let (recipe, out) = (folder.appendingPathComponent("whole-job.yaml"), folder.appendingPathComponent("compared"))
    try ChildProcess(program, ["synthesize", "pmd", "--out", raw.path, "--subjects", "8", "--hours", "1"]).run()
    try Data(wholeJobRecipe.utf8).write(to: recipe)
    let steps = [
      ["prepare", "pmd", "--raw", raw.path, "--out", corpus.path],
      ["compare", recipe.path, "--data", corpus.path, "--out", out.path],
    ].map { ChildProcess(program, $0) }
    return {
      for step in steps { try step.run() }
      let windows = try windowsTested(out.appendingPathComponent("cells"))
      for made in [corpus, out] { try FileManager.default.removeItem(at: made) }
      return Double(windows)
    }
  }

  /// How many windows all cells of a comparison were tested on.
  private static func windowsTested(_ cells: URL) throws -> Int {
    struct Cell: Decodable {
      let subjects: [String: [[Int]]]
    }
    return try FileManager.default.contentsOfDirectory(at: cells, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }
      .reduce(0) { sum, file in
        let matrices = try JSONDecoder().decode(Cell.self, from: Data(contentsOf: file)).subjects.values
        return sum + matrices.reduce(0) { $0 + $1.reduce(0) { $0 + $1.reduce(0, +) } }
      }
  }

  private static let wholeJobRecipe = """
    name: whole-job
    sensors: [pressure-map]
    labels: postures-17
    recordings: [i-]
    encoder:
      width: 128
      map: {channels: [16, 32, 64, 64], kernel: 3}
      trunk: {kind: mean}
    pretraining:
      tasks: [{task: contrast}]
      batch: 128
      epochs: 1
      steps: 50
    head: {kind: linear, dropout: 0}
    finetuning:
      batch: 68
      epochs: 1
      minimum_steps: 40
      select: last
    split: {kind: k-fold, folds: 4, validation: 0}
    comparison:
      arms: [scratch, frozen, fine-tuned]
      budgets: [1 subject, all]
      seeds: 1
      measure: accuracy
    """

  private static let processes = Benchmark(
    name: "two-processes",
    title: "`ssrm pretrain --processes 2`, one thread each: 40 steps of contrast, PSG of 4 x 3000, batch 256",
    peer: "one process of one thread", target: .times(1.8), rounds: 2, isLong: true,
    other: { try training(processes: 1, in: $0) }
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
