import Preparation
import Corpora
import Figures
import Foundation
import Signals
import Streams
import Tensors
import YAML

extension Command {
  static let doctor = Command(
    "doctor", .setup, "Say what this machine has, what is missing and how to mend it",
    discussion: """
      Looks for LibTorch, FFTW, libyaml and gnuplot, for the folders Datasets and Recipes, and for a place to write runs. \
      Ends with exit code 0 when all is there, else with 70.
      """,
    options: [.flag("json", "Print the same as JSON.")],
    examples: [
      Example("Look whether the set-up is complete:", "ssrm doctor"),
      Example("Keep the answer beside a result:", "ssrm doctor --json > machine.json"),
    ]
  ) { arguments in
    let checks = HealthCheck.all()
    let isHealthy = checks.allSatisfy(\.isFound)
    if arguments.has("json") {
      struct Report: Encodable {
        let isHealthy: Bool
        let checks: [HealthCheck]
      }
      try JSONOutput.print(Report(isHealthy: isHealthy, checks: checks))
    } else {
      let column = (checks.map(\.name.count).max() ?? 0) + 2
      for check in checks {
        try StandardOutput.print(check.name.padded(to: column) + (check.isFound ? "" : "MISSING: ") + check.finding)
        if let remedy = check.remedy {
          try StandardOutput.print(String(repeating: " ", count: column) + "mend it: \(remedy)")
        }
      }
      try StandardOutput.print(isHealthy ? "All is there." : "Something is missing.")
    }
    if !isHealthy { throw UnhealthyMachine() }
  }
}

/// One thing that the program needs, found or not.
struct HealthCheck: Encodable {
  let name: String
  let isFound: Bool
  /// What was found, or why not.
  let finding: String
  /// The command that mends it.
  let remedy: String?

  private init(_ name: String, remedy: String, _ find: () throws -> String) {
    self.name = name
    do {
      finding = try find()
      isFound = true
      self.remedy = nil
    } catch {
      finding = error.localizedDescription
      isFound = false
      self.remedy = remedy
    }
  }

  static func all() -> [HealthCheck] {
    [
      HealthCheck("LibTorch", remedy: "Scripts/setup && swift build -c release") {
        let version = try LibTorch.version()
        return
          "\(version), \(LibTorch.threads) threads, device \(LibTorch.hasCUDA ? (0..<LibTorch.cards).map { "cuda:\($0)" }.joined(separator: ", ") : "cpu")"
      },
      HealthCheck("FFTW", remedy: "sudo apt-get install libfftw3-dev") { FourierLibrary.version },
      HealthCheck("libyaml", remedy: "sudo apt-get install libyaml-dev") { YAMLLibrary.version },
      HealthCheck("gnuplot", remedy: "sudo apt-get install gnuplot-nox") {
        let gnuplot = try Gnuplot()
        return "\(try gnuplot.version()), \(gnuplot.executable.path)"
      },
      HealthCheck("Datasets", remedy: "export SSRM_HOME=<the checkout of ssrm>") {
        let folder = try DataFolder.find("Datasets")
        return "\(Card.names(in: folder).count) cards in \(folder.path)"
      },
      HealthCheck("Recipes", remedy: "export SSRM_HOME=<the checkout of ssrm>") {
        let folder = try DataFolder.find("Recipes")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return "\(names.count { $0.hasSuffix(".yaml") }) recipes in \(folder.path)"
      },
      HealthCheck("runs", remedy: "cd to a folder that you may write to, or name one with --out") {
        try writableRuns()
      },
    ]
  }

  /// Whether the folder `runs`, or the one that it would be made in, can be written to.
  private static func writableRuns() throws -> String {
    let current = FileManager.default.currentDirectoryPath
    let runs = current + "/runs"
    let folder = FileManager.default.fileExists(atPath: runs) ? runs : current
    guard FileManager.default.isWritableFile(atPath: folder) else { throw Unwritable(path: folder) }
    let system = try FileManager.default.attributesOfFileSystem(forPath: folder)
    let free = (system[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
    return "\(folder) can be written to, \(free / 1_000_000_000) GB free"
  }

  private struct Unwritable: LocalizedError {
    let path: String

    var errorDescription: String? { "\(path): no permission to write" }
  }
}
