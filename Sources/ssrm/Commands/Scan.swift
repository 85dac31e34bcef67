import Foundation
import Preparation
import Readers
import Streams

extension Command {
  static let scan = Command(
    "scan", .data, "Draft a table of whose recordings are in a folder",
    discussion: """
      Reads headers alone, and writes a line a recording: its subject, session, signal files, label file, start and duration, \
      each filled in by an exact rule or left to you. Edit the table, then give it to 'ssrm prepare' with --recordings.
      """,
    operands: [Operand("dir", "The folder with the raw files; the table's paths start from it.")],
    options: [
      .value("out", "FILE", "The table to write: a new .csv file, or .tsv with tabs.", isRequired: true),
      .value("dataset", "NAME", "How the files are to be read. Any EDF files without it: edf."),
      .value("card", "FILE", "A card of your own, whose rules for subjects and label files are followed."),
    ],
    examples: [
      Example("Whose nights are these?", "ssrm scan my/nights --out recordings.csv"),
      Example("The same by the rules of a card:", "ssrm scan my/nights --card my/card.yaml --out recordings.csv"),
    ]
  ) { arguments in
    let root = URL(fileURLWithPath: arguments.operand("dir"))
    let out = arguments.folder("out")
    // Before thousands of headers are read, not after.
    try RecordingTable.expectNew(out)
    let card = try arguments.card(of: arguments.value("dataset"))
    let scan = try Scan(root: root, reader: card.datasetReader(), rules: card.rules)
    try scan.table.write(to: out)
    let named = [
      "prepare", arguments.value("dataset") ?? card.name, "--raw", arguments.operand("dir"), "--recordings",
      arguments.required("out"),
    ]
    let own = arguments.value("card").map { ["--card", $0] } ?? []
    let prepare = "ssrm \((named + own).map(shellWord).joined(separator: " ")) --out CORPUS"
    try StandardOutput.write(summary(of: scan, path: arguments.required("out"), prepare: prepare))
  }

  private static func summary(of scan: Scan, path: String, prepare: String) -> String {
    let rows = scan.table.rows.filter { !$0.signals.isEmpty || !$0.subject.isEmpty }
    let subjects = Set(rows.map(\.subject)).subtracting([""])
    var text =
      "wrote \(path): \(counted(rows.count, "recording")) of \(counted(subjects.count, "subject")), "
      + "\(rows.count { $0.labels.count == 1 }) with a label file\n"
    let rules = Dictionary(scan.table.rows.map { ($0.decidedBy, 1) }, uniquingKeysWith: +)
    for (rule, count) in rules.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) where rule != "undecided" {
      text += "  \(count) by \(rule)\n"
    }
    for note in scan.notes { text += "note: \(note)\n" }
    guard !scan.undecided.isEmpty else { return text + "next: \(prepare)\n" }
    text += "undecided:\n"
    for sentence in scan.undecided { text += "  \(sentence)\n" }
    let need = scan.undecidedRows == 1 ? "1 line needs" : "\(scan.undecidedRows) lines need"
    return text + "\(need) your decision: edit \(path), then \(prepare)\n"
  }
}
