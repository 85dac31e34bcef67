import Corpora
import Figures
import Files
import Foundation
import Metrics
import Preparation
import Readers
import SleepCore
import Streams

/// What a preparation would make of three recordings, the first, one between and the last, as a table and a picture.
struct DryRun {
  let card: Card
  let options: Preparation.Options
  let raw: URL
  let table: RecordingTable?

  private static let recordings = 3
  private static let mostWarnings = 12

  init(card: Card, options: Preparation.Options, raw: URL, table: RecordingTable?) {
    self.card = card
    self.raw = raw
    self.table = table
    var options = options
    options.keepGoing = true
    options.sample = Self.recordings
    self.options = options
  }

  /// - Parameter picture: Where to draw them; nowhere where `nil`.
  func run(picture: URL?) throws {
    if let picture, !["png", "svg"].contains(picture.pathExtension.lowercased()) {
      throw FigureError.extensionUnknown(path: picture.relativePath)
    }
    let preparation = try Preparation(card: card, options: options)
    let sources = try preparation.sources(raw: raw, table: table)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ssrm-dry-run-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let corpus = try preparation.run(raw: raw, table: table, out: folder)
    try StandardOutput.write(text(of: corpus, sources))
    guard let picture else { return }
    try figure(of: corpus).render(to: picture)
    try StandardOutput.print("wrote \(picture.relativePath)")
  }

  private func text(of corpus: Corpus, _ sources: [RecordingSource]) throws -> String {
    let people = Set(sources.map(\.subject)).count
    var text =
      "\(counted(sources.count, "recording")) of \(counted(people, "subject")) below \(raw.relativePath); nothing is written\n\n"
    var rows = TextTable(
      ["recording", "subject", "session", "begins", "windows", "scored", "decided by"], words: [0, 1, 2, 3, 6])
    for recording in corpus.recordings {
      rows.append([
        recording.id, recording.subject.id, recording.session ?? "-", recording.start?.text ?? "-",
        "\(recording.windows)", "\(recording.scoredWindows)", recording.decidedBy,
      ])
    }
    text += rows.text(width: 100)
    var sensors = TextTable(["recording", "sensor", "a window", "valid", "made of"], words: [0, 1, 2, 4])
    for recording in corpus.recordings {
      for sensor in recording.sensors {
        let contract = try corpus.sensor(sensor)
        let leads = (recording.leads ?? [:]).filter { $0.key.hasPrefix("\(sensor.rawValue) ") }.sorted {
          $0.key < $1.key
        }
        let shape = contract.shape.map { "\($0)" }.joined(separator: " x ")
        sensors.append([
          recording.id, sensor.rawValue, shape + (contract.sampleRateHz.map { " at \(short($0)) Hz" } ?? ""),
          "\(recording.validWindows[sensor] ?? 0)",
          leads.map { "\($0.key.dropFirst(sensor.rawValue.count + 1)): \($0.value)" }.joined(separator: ", "),
        ])
      }
    }
    text += "\n" + sensors.text(width: 100)
    if let kind = corpus.index.labels { text += "\n" + labels(corpus, kind) }
    let said = corpus.index.notes.map { "note: \($0)" } + corpus.recordings.flatMap(\.warnings)
    if !said.isEmpty { text += "\n" + said.prefix(Self.mostWarnings).map { $0 + "\n" }.joined() }
    if said.count > Self.mostWarnings { text += "and \(said.count - Self.mostWarnings) more\n" }
    if !corpus.index.failures.isEmpty {
      text += "\ncould not be prepared:\n" + corpus.index.failures.map { "  \($0.recording): \($0.reason)\n" }.joined()
    }
    return text
  }

  private func labels(_ corpus: Corpus, _ kind: LabelKind) -> String {
    func name(_ text: String) -> String {
      guard let value = Int8(text), value >= 0 else { return "unscored" }
      return (kind == .stages ? Stage(rawValue: value).map { "\($0)" } : Posture(rawValue: value).map { "\($0)" })
        ?? text
    }
    let keys = Set(corpus.recordings.flatMap(\.labelCounts.keys)).sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
    var table = TextTable(["recording"] + keys.map(name), words: [0])
    for recording in corpus.recordings {
      table.append([recording.id] + keys.map { "\(recording.labelCounts[$0] ?? 0)" })
    }
    return table.text(width: 100)
  }

  /// The portraits one below the other.
  private func figure(of corpus: Corpus) throws -> Figure {
    let figures = try corpus.recordings.indices.map { try Portrait(corpus, recording: $0).figure() }
    let panels = figures.flatMap { figure in
      figure.panels.enumerated().map { index, panel in
        var panel = panel
        // The first panel of each carries the recording's name.
        if index == 0 { panel.title = [figure.title, panel.title].compactMap(\.self).joined(separator: ": ") }
        return panel
      }
    }
    let columns = figures.map(\.columns).max() ?? 1
    return Figure(
      title: "What would become of \(corpus.recordings.map(\.id).joined(separator: ", "))", panels: panels,
      columns: columns, widthPixels: figures.map(\.widthPixels).max() ?? 960,
      heightPixels: figures.map(\.heightPixels).reduce(0, +))
  }
}
