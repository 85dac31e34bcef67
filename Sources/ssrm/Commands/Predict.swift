import Experiments
import Foundation
import Preparation
import SleepCore
import Streams
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
      .value("card", "FILE", "The card of your own by which the run's corpus was prepared: it says where files lie."),
      .value(
        "from", "TIME", "Leaves out what is before: seconds from the recording's zero, '22:30' or '2026-01-31 22:30'."),
      .value("to", "TIME", "Leaves out what is after."),
      .value(
        "recordings", "FILE",
        "A table of recordings of the one folder, as 'ssrm scan' drafts it, which says when they began."),
      .value(
        "night", "HH:MM-HH:MM",
        "Predicts each night of a long recording by itself, 21:00-09:00, of which an hour or more was measured."),
    ],
    examples: [
      Example(
        "Recognise new nights:", "ssrm predict runs/sleep-accel-3/2026-01-31-120000-1 new-nights --out predictions"),
      Example(
        "Read any EDF with a run that was made on Sleep-EDF:",
        "ssrm predict runs/psg/2026-01-31-120000-1 night.edf --dataset edf --out predictions"),
    ]
  ) { arguments in
    var options = PredictionRun.Options()
    options.dataset = arguments.value("dataset")
    options.card = try arguments.url("card").map { try Card(contentsOf: $0) }
    options.table = arguments.url("recordings")
    options.note = { StandardError.say("note: \($0)") }
    options.stretches = try arguments.stretches()
    Interruption.install()
    let summaries = try PredictionRun.run(
      URL(fileURLWithPath: arguments.operand("run")),
      files: arguments.operands("file").map { URL(fileURLWithPath: $0) }, out: arguments.folder("out"),
      options: options)
    for summary in summaries {
      let counts = summary.counts.sorted { $0.value > $1.value || $0.value == $1.value && $0.key < $1.key }
        .filter { $0.value > 0 }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      let found = counts.isEmpty ? "none that every sensor measured" : counts
      try StandardOutput.print(
        "\(summary.recording): \(summary.predictedWindows) of \(counted(summary.windows, "window")): \(found)")
    }
    try StandardOutput.print("wrote \(arguments.required("out"))")
  }
}

extension Arguments {
  /// What `--from`, `--to` and `--night` ask for.
  fileprivate func stretches() throws -> StretchChoice {
    func moment(_ option: String) throws -> StretchChoice.Moment? {
      guard let text = value(option) else { return nil }
      guard let moment = StretchChoice.Moment(text) else {
        throw UsageError.badValue(
          option: "--\(option)", found: text, expected: "seconds, a time such as 22:30, or 2026-01-31 22:30")
      }
      return moment
    }
    let (from, to) = (try moment("from"), try moment("to"))
    guard let night = value("night") else { return from == nil && to == nil ? .all : .between(from, to) }
    let times = night.split(separator: "-", omittingEmptySubsequences: false).map { LocalTime(String($0)) }
    guard from == nil, to == nil, times.count == 2, let evening = times[0], let morning = times[1],
      evening.day == nil, morning.day == nil, evening.secondOfDay != morning.secondOfDay
    else {
      throw UsageError.badValue(
        option: "--night", found: night, expected: "two times such as 21:00-09:00, and neither --from nor --to")
    }
    return .nights(from: evening, to: morning)
  }
}
