import Preparation
import Corpora
import Foundation
import Readers
import SleepCore
import Streams
import Training

extension Command {
  static let prepare = Command(
    "prepare", .data, "Turn a data set's raw files into a corpus",
    discussion: """
      Reads the files as their publisher ships them, cuts them into windows as the data set's card says, and writes NumPy \
      files. Interrupted with control-C, it ends with exit code 130, and the same command goes on where it stopped. A \
      damaged file ends it with exit code 65 and nothing written, unless --keep-going is given. Any number of processes \
      share one folder: give each the same command.
      """,
    operands: [Operand("dataset", "The data set's name, as 'ssrm datasets' lists it.")],
    options: [
      .value("raw", "DIR", "The folder with the raw files.", isRequired: true),
      .value("out", "DIR", "The corpus to write; needed, but for --dry-run."),
      .flag("dry-run", "Show what would become of three recordings, and write nothing."),
      .value("picture", "FILE", "With --dry-run, draw the three too: a .png or .svg file."),
      .value("card", "FILE", "Another card than Datasets/<dataset>/card.yaml."),
      .value(
        "recordings", "FILE",
        "A table of recordings, as 'ssrm scan' drafts it; without it exact rules decide, or nothing."),
      .value(
        "sensors", "A,B", "Only these of the card's sensors, separated by commas; all but those on request without it."),
      .value("jobs", "N", "Recordings at once. As many as there are cores, at most 4, without it."),
      .flag("keep-going", "Prepare what can be read, and list the failures at the end and in corpus.json."),
      .flag("force", "Prepare everything again where the corpus was prepared in another way."),
    ],
    examples: [
      Example("Prepare the pressure maps:", "ssrm prepare pmd --raw pmd-1.0.0 --out corpora/pmd"),
      Example(
        "See what would become of three nights:", "ssrm prepare shhs --raw shhs --dry-run --picture nights.png"),
      Example(
        "Prepare the heart rate alone, and pass over damaged nights:",
        "ssrm prepare sleep-accel --raw sleep-accel-1.0.0 --out corpora/hr --sensors heart-rate --keep-going"),
    ]
  ) { arguments in
    let card = try arguments.card(of: arguments.operand("dataset"))
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let options = Preparation.Options(
      keepGoing: arguments.has("keep-going"),
      jobs: try arguments.integer("jobs", in: 1...64) ?? max(1, min(cores, 4)),
      sensors: try arguments.value("sensors").map {
        Set(try $0.split(separator: ",").map { try Sensor(named: String($0)) })
      }, force: arguments.has("force"))
    let table = try arguments.url("recordings").map { try RecordingTable(contentsOf: $0) }
    if arguments.has("dry-run") {
      return try DryRun(card: card, options: options, raw: arguments.folder("raw"), table: table)
        .run(picture: arguments.url("picture"))
    }
    guard arguments.value("picture") == nil else {
      throw UsageError.badValue(
        option: "--picture", found: arguments.required("picture"), expected: "it with --dry-run")
    }
    guard arguments.value("out") != nil else { throw UsageError.missingOption(usage: "--out DIR", command: "prepare") }
    let preparation = try Preparation(card: card, options: options)
    Interruption.install()
    let display = PreparationDisplay("preparing \(card.name)")
    defer { display.finish() }
    let corpus = try preparation.run(
      raw: arguments.folder("raw"), table: table,
      out: arguments.folder("out"), isCancelled: { Interruption.isRequested },
      progress: { display.show($0) })
    display.finish()
    let again = display.notes.map { "note: \($0)\n" }.joined()
    try StandardOutput.write(summary(of: corpus, path: arguments.required("out")) + again)
  }

  /// So many warnings are printed; all stand in the corpus.
  private static let mostWarnings = 8

  private static func summary(of corpus: Corpus, path: String) -> String {
    let recordings = corpus.recordings
    let windows = recordings.map(\.windows).reduce(0, +)
    let scored = recordings.map(\.scoredWindows).reduce(0, +)
    let shallow =
      corpus.index.labels == .stages
      ? recordings.compactMap { $0.labelCounts["\(Stage.nrem.rawValue)"] }.reduce(0, +) : 0
    var text =
      "wrote \(path): \(counted(recordings.count, "recording")) of \(counted(corpus.subjects.count, "subject")), "
      + "\(counted(windows, "window")), \(scored) with a label"
      + (shallow > 0 ? ", \(shallow) of them NREM of no depth\n" : "\n")
    let rules = Dictionary(recordings.map { ($0.decidedBy, 1) }, uniquingKeysWith: +)
    for (rule, count) in rules.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      text += "whose they are: \(counted(count, "recording")) by \(rule)\n"
    }
    for note in corpus.index.notes { text += "note: \(note)\n" }
    let warnings = recordings.flatMap(\.warnings)
    if !warnings.isEmpty {
      text += "\(counted(warnings.count, "warning")):\n"
      for warning in warnings.prefix(mostWarnings) { text += "  \(warning)\n" }
      if warnings.count > mostWarnings {
        text += "  and \(warnings.count - mostWarnings) more: see 'ssrm inspect \(path) --json'\n"
      }
    }
    if !corpus.index.failures.isEmpty {
      text += "\(counted(corpus.index.failures.count, "recording")) could not be prepared:\n"
      for failure in corpus.index.failures { text += "  \(failure.recording): \(failure.reason)\n" }
    }
    return text
  }
}

/// Follows a preparation on standard error.
private final class PreparationDisplay: @unchecked Sendable {
  // A preparation calls from its threads, one at a time.
  private let title: String
  private var progress: Training.Progress?
  private var done = 0
  /// What is to be said once it is done.
  private(set) var notes: [String] = []

  init(_ title: String) { self.title = title }

  func show(_ report: Preparation.Progress) {
    let progress = self.progress ?? Training.Progress(title, total: report.total)
    self.progress = progress
    notes += report.notes
    if !report.others.isEmpty {
      StandardError.say("\(title) is shared with \(report.others.sorted().joined(separator: ", "))")
    }
    progress.advance(by: report.done - done, report.recording ?? "")
    done = report.done
  }

  func finish() {
    progress?.finish()
    progress = nil
  }
}

/// `1 window`, `2 windows`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
