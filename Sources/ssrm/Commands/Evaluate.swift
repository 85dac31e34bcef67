import Corpora
import Experiments
import Foundation
import Metrics
import Streams
import Training

extension Command {
  static let evaluate = Command(
    "evaluate", .results, "Measure a run's recogniser on a corpus",
    discussion: """
      On a corpus with the run's own subjects it is measured on the test subjects alone; on any other, on everyone \
      whose labels it was not trained on. Several corpora are joined, and measured together and each by itself. Windows of another \
      shape, rate or channels than the recogniser was made for are refused.
      """,
    operands: [Operand("run", "The folder of a run of 'ssrm finetune'.")],
    options: [
      .joinedData, .flag("json", "Prints everything as JSON."),
      .value(
        "curves", "DIR", "Draw ROC and precision-recall curves, each subject thin, the mean bold, into this folder."),
      .value(
        "out", "DIR", "The folder for the report and predictions, new; runs/<recipe>/evaluate/<time>-<seed> without it."
      ),
    ],
    examples: [
      Example("Measure on another corpus:", "ssrm evaluate runs/pmd-17/2026-01-31-120000-1 --data corpora/other")
    ]
  ) { arguments in
    let run = try RunFolder(existing: URL(fileURLWithPath: arguments.operand("run")))
    Interruption.install()
    let (report, out) = try EvaluationRun.run(
      run, corpus: Corpus.joined(arguments.corpora()), curves: arguments.url("curves"), out: arguments.url("out"))
    if arguments.has("json") {
      try StandardOutput.print(String(decoding: try report.json(), as: UTF8.self))
    } else {
      try StandardOutput.write(report.text)
      try StandardOutput.print("wrote \(out.url.relativePath)")
    }
  }
}
