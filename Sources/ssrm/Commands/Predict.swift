import Experiments
import Foundation
import Training

extension Command {
  static let predict = Command(
    "predict", .results, "Recognise raw files that nobody has scored",
    discussion: """
      Reads raw files as their publisher ships them, prepares them as the run's data was prepared, and writes a folder a \
      recording: predictions.csv with the label and probabilities of each window, summary.json and, of stages, hypnogram.png. Files \
      that the recogniser was not made for are refused, and nothing is written.
      """,
    operands: [
      Operand("run", "The folder of a run of 'ssrm finetune'."),
      Operand("file", "Raw files, or folders of them.", isRepeated: true),
    ],
    options: [
      .value("out", "DIR", "The folder to write, new.", isRequired: true),
      .value("dataset", "NAME", "The data set whose reader reads the files; the run's own without it."),
    ],
    examples: [
      Example(
        "Recognise new nights:", "ssrm predict runs/sleep-accel-3/2026-01-31-120000-1 new-nights --out predictions"),
      Example(
        "Read any EDF with a run that was made on Sleep-EDF:",
        "ssrm predict runs/psg/2026-01-31-120000-1 night.edf --dataset edf --out predictions"),
    ]
  ) { arguments in
    Interruption.install()
    let summaries = try PredictionRun.run(
      URL(fileURLWithPath: arguments.operand("run")),
      files: arguments.operands("file").map { URL(fileURLWithPath: $0) }, dataset: arguments.value("dataset"),
      out: arguments.folder("out"))
    for summary in summaries {
      let counts = summary.counts.sorted { $0.value > $1.value || $0.value == $1.value && $0.key < $1.key }
        .filter { $0.value > 0 }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      print("\(summary.recording): \(summary.predictedWindows) of \(counted(summary.windows, "window")): \(counts)")
    }
    print("wrote \(arguments.required("out"))")
  }
}
