import Foundation
import Tensors

func run(_ arguments: [String]) throws {
  let names = Benchmark.all.map(\.name)
  if !Set(arguments).isDisjoint(with: ["--help", "-h"]) {
    print(Options.usage)
    for benchmark in Benchmark.all { print("  \(benchmark.name): \(benchmark.title); against \(benchmark.peer)") }
    return
  }
  let options = try Options(arguments)
  if let name = options.names.first(where: { !names.contains($0) }) {
    throw BenchmarkError.unknown(name: name, known: names)
  }
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ssrm-bench-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let opponents = try Opponents(options, in: folder)
  defer { opponents.end() }
  // Only now: opening LibTorch sets variables that the peers' program is not to inherit.
  try LibTorch.open()
  LibTorch.threads = options.threads

  let versions = try opponents.versions()
  let use = MachineUse(opponents.identifiers)
  var report = Report(
    machine: Report.machineName(), versions: versions, threads: options.threads, load: [Report.loadAverage()],
    peakRate: try PeakRate.measure())
  if !options.json { print(Report.heading) }
  for var benchmark in Benchmark.all where options.names.isEmpty || options.names.contains(benchmark.name) {
    benchmark.rounds = options.rounds ?? benchmark.rounds
    let row = try benchmark.timed(against: opponents, peakRate: report.peakRate, in: folder)
    report.rows.append(row)
    if !options.json {
      print(Report.line(row))
      fflush(nil)
    }
  }
  report.load.append(Report.loadAverage())
  report.shareOfOthers = use.shareOfOthers(opponents.identifiers)
  if options.json {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(report), as: UTF8.self))
  } else {
    print("\n\(report.footer)")
  }
}

do {
  // Read before anything sets others.
  _ = ChildProcess.outer
  try run(Array(CommandLine.arguments.dropFirst()))
} catch {
  FileHandle.standardError.write(Data("benchmarks: \(error.localizedDescription)\n".utf8))
  exit(1)
}
