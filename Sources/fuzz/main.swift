import Foundation
import Fuzzing

/// What the command line says.
struct Options {
  var seed: UInt64 = 1
  var count = 2000
  var only: String?
  var seconds = Double.infinity
  /// Where the seed of each case is noted before it is read, so that one that ends the program is known.
  var note: String?
  /// Where cases are written, a folder each, instead of being read here.
  var write: String?
  var checkout = FileManager.default.currentDirectoryPath
  /// Says what the cases are and reads none.
  var describes = false

  static let usage =
    "usage: fuzz [--seed N] [--count N] [--only FORMAT] [--seconds S] [--note FILE] [--write DIR] [--checkout DIR] [--describe]"

  init?(_ words: [String]) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--describe" {
        describes = true
        continue
      }
      guard let value = rest.popFirst() else { return nil }
      switch word {
      case "--seed":
        guard let number = UInt64(value) else { return nil }
        seed = number
      case "--count":
        guard let number = Int(value), number > 0 else { return nil }
        count = number
      case "--seconds":
        guard let number = Double(value) else { return nil }
        seconds = number
      case "--only": only = value
      case "--note": note = value
      case "--write": write = value
      case "--checkout": checkout = value
      default: return nil
      }
    }
  }
}

/// A case that takes longer ends the program, as one that never ends would have to be ended.
let longestSeconds: UInt32 = 20

guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
  FileHandle.standardError.write(Data((Options.usage + "\n").utf8))
  exit(64)
}
// Figures are drawn by another program, which would take more time than all that is tried here: without it their scripts are made alone.
setenv("PATH", "", 1)
var formats = try FuzzedFormat.all(checkout: URL(fileURLWithPath: options.checkout))
if let only = options.only { formats = formats.filter { $0.name.hasPrefix(only) } }
guard !formats.isEmpty else {
  FileHandle.standardError.write(Data("fuzz: found no format '\(options.only ?? "")'\n".utf8))
  exit(64)
}
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString)")
var fuzzer = Fuzzer(in: folder)
let start = ContinuousClock.now
var cases = 0
for seed in options.seed..<options.seed + UInt64(options.count) {
  guard (ContinuousClock.now - start) / .seconds(1) < options.seconds else { break }
  let one = FuzzCase(seed: seed, of: formats)
  if options.describes {
    print(one.description)
    continue
  }
  if let write = options.write {
    try one.write(to: URL(fileURLWithPath: write).appendingPathComponent("\(seed)-\(one.format.name)"))
    continue
  }
  if let note = options.note { try Data("\(seed)".utf8).write(to: URL(fileURLWithPath: note)) }
  alarm(longestSeconds)
  try fuzzer.run(one)
  alarm(0)
  cases += 1
}
try? FileManager.default.removeItem(at: folder)
if !options.describes, options.write == nil {
  for (name, count) in fuzzer.counts.sorted(by: { $0.key < $1.key }) {
    print("\(name): \(count.read) read, \(count.refused) refused")
  }
  var usage = rusage()
  getrusage(.init(RUSAGE_SELF.rawValue), &usage)
  print(
    "\(cases) cases, \(fuzzer.failures.count) failures, at most \(usage.ru_maxrss / 1024) MB; the slowest took \(fuzzer.slowest.seconds) s: \(fuzzer.slowest.name)"
  )
  for failure in fuzzer.failures { print("FAILURE \(failure)") }
}
exit(fuzzer.failures.isEmpty ? 0 : 1)
