import Files
import Foundation
import Readers
import Streams
import Training

extension Command {
  static let report = Command(
    "report", .results, "Print what a run or a comparison found",
    operands: [Operand("run", "The folder of a run or a comparison.")],
    options: [.flag("json", "Prints everything as JSON."), .flag("markdown", "Prints a comparison's Markdown table.")],
    examples: [
      Example("Print a run's report again:", "ssrm report runs/pmd-17/2026-01-31-120000-1"),
      Example("A table for a README:", "ssrm report runs/pmd-17/compare-1f2e3d --markdown"),
    ]
  ) { arguments in
    let run = try RunFolder(existing: URL(fileURLWithPath: arguments.operand("run")))
    let name = arguments.has("json") ? "report.json" : arguments.has("markdown") ? "report.md" : "report.txt"
    let text: String
    do throws(InputError) { text = try InputFile(run.file(name)).text() } catch {
      guard error.problem == .missing else { throw error }
      throw ReadError(run.file(name), found: "no report", expected: "a run that has ended and writes one")
    }
    try StandardOutput.write(text.hasSuffix("\n") ? text : text + "\n")
  }
}
