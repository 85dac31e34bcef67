import Files
import Foundation
import Preparation
import Readers
import Streams

extension Command {
  static let scan = Command(
    "scan", .data, "Draft a table of whose recordings are in a folder, or a card of it",
    discussion: """
      Reads headers alone, and writes a line a recording: its subject, session, signal files, label file, start and duration, \
      each filled in by an exact rule or left to you. Edit the table, then give it to 'ssrm prepare' with --recordings. With \
      --card and the name of a file that is not there, it drafts a card instead: the channels, rates, units, stages and files \
      that it finds, with a comment wherever you must decide.
      """,
    operands: [Operand("dir", "The folder with the raw files; the table's paths start from it.")],
    options: [
      .value("out", "FILE", "The table to write: a new .csv file, or .tsv with tabs."),
      .value("dataset", "NAME", "How the files are to be read. Any EDF files without it: edf."),
      .value(
        "card", "FILE",
        "A card of your own, whose rules for subjects and label files are followed; a new .yaml file is drafted."),
    ],
    examples: [
      Example("Whose nights are these?", "ssrm scan my/nights --out recordings.csv"),
      Example("What is in them, as a card to edit?", "ssrm scan my/nights --card my/card.yaml"),
      Example(
        "Whose are they, by the rules of a card?", "ssrm scan my/nights --card my/card.yaml --out recordings.csv"),
    ]
  ) { arguments in
    let root = URL(fileURLWithPath: arguments.operand("dir"))
    if let card = arguments.url("card"), !FileManager.default.fileExists(atPath: card.path) {
      guard arguments.value("out") == nil else {
        throw UsageError.badValue(
          option: "--card", found: arguments.required("card"),
          expected: "a card that is there, for a table; without --out a new one is drafted")
      }
      return try draft(card, of: root)
    }
    guard arguments.value("out") != nil else {
      throw UsageError.missingOption(usage: "--out FILE", command: "scan")
    }
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

  /// Writes a card of what a folder holds.
  private static func draft(_ url: URL, of root: URL) throws {
    guard ["yaml", "yml"].contains(url.pathExtension.lowercased()) else {
      throw UsageError.badValue(
        option: "--card", found: url.relativePath, expected: "a card that is there, or a new .yaml file")
    }
    let survey = try FolderSurvey(root: root)
    let name = url.deletingPathExtension().lastPathComponent
    let text = CardDraft(survey, name: name == "card" ? url.deletingLastPathComponent().lastPathComponent : name).text
    try Data(text.utf8).writeWhole(to: url)
    let decisions = text.components(separatedBy: "DECIDE").count - 2
    try StandardOutput.write(
      "wrote \(url.relativePath): \(counted(survey.signalFiles, "file")) of signals, \(counted(survey.channels.count, "channel")) "
        + "in the \(survey.opened) that were opened, stages in \(survey.scored)\n"
        + survey.unreadable.prefix(3).map { "could not be opened: \($0)\n" }.joined()
        + "\(counted(decisions, "line")) with DECIDE: edit them, then see what becomes of three recordings:\n"
        + "  ssrm prepare files --raw \(shellWord(root.relativePath)) --card \(shellWord(url.relativePath)) --dry-run\n"
    )
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
