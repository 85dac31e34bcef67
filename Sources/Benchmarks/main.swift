import Foundation
import Tensors

/// Times one benchmark: ours, theirs, ours, theirs.
func time(_ benchmark: Benchmark, against peers: Peers, in folder: URL) throws -> Report.Row {
  let work = try benchmark.prepare(folder)
  let calls = try Timing.calls(for: work)
  _ = try peers.ask("prepare \(benchmark.name)")
  var (ours, theirs) = (Timings(), Timings())
  for _ in 0..<benchmark.rounds {
    let (timing, check) = try Timing.measure(calls: calls, work)
    ours.all.append(timing)
    let answer = try peers.ask("run \(benchmark.name)")
    guard let seconds = answer.seconds, let processorSeconds = answer.processorSeconds, let theirCheck = answer.check
    else {
      throw BenchmarkError.peer("its answer has no times")
    }
    theirs.all.append(Timing(seconds: seconds, processorSeconds: processorSeconds))
    guard abs(check - theirCheck) <= 1e-3 * max(abs(check), abs(theirCheck)) else {
      throw BenchmarkError.differs(name: benchmark.name, ours: check, theirs: theirCheck)
    }
  }
  _ = try peers.ask("forget \(benchmark.name)")
  return Report.Row(benchmark, ours: ours, theirs: theirs)
}

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
  let peers = try Peers(python: options.python, script: options.script, folder: folder, threads: options.threads)
  defer { peers.end() }
  // Only now: opening LibTorch sets variables that the peers' program is not to inherit.
  try LibTorch.open()
  LibTorch.threads = options.threads

  let versions = try peers.ask("versions").versions ?? ""
  var report = Report(
    machine: Report.machineName(), versions: versions, threads: options.threads, load: [Report.loadAverage()])
  if !options.json { print(Report.heading) }
  for benchmark in Benchmark.all where options.names.isEmpty || options.names.contains(benchmark.name) {
    let row = try time(benchmark, against: peers, in: folder)
    report.rows.append(row)
    if !options.json {
      print(Report.line(row))
      fflush(nil)
    }
  }
  report.load.append(Report.loadAverage())
  if options.json {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(report), as: UTF8.self))
  } else {
    print("\n\(report.footer)")
  }
}

do {
  try run(Array(CommandLine.arguments.dropFirst()))
} catch {
  FileHandle.standardError.write(Data("benchmarks: \(error.localizedDescription)\n".utf8))
  exit(1)
}
