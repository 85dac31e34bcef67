import Foundation
import Readers
import SleepCore

extension Inspected {
  /// A folder of raw files as a publisher ships them.
  static func dataset(_ url: URL, recording: String?) throws -> Inspected {
    try DatasetReaders.expectReadable(url)
    // Those that take any file of a kind come last.
    let general: Set = ["edf", "npy", "npy-postures", "spectrograms"]
    let readers =
      DatasetReaders.all.filter { !general.contains($0.name) } + DatasetReaders.all.filter { general.contains($0.name) }
    for reader in readers {
      guard let found = try? reader.discover(in: url, rules: ReadingRules()) else { continue }
      // Whose a recording is matters to who prepares it, not to who looks at it.
      let sources = found.sources + found.drafts.compactMap(\.ofNobody)
      guard !sources.isEmpty else { continue }
      var facts = Facts(path: url.relativePath, kind: "raw files of \(reader.name)")
      facts.sensors = reader.sensors.map { SensorFacts(sensor: $0) }
      facts.recordings = sources.map { source in
        RecordingFacts(id: source.id, subject: source.subject, files: source.files.values.map(\.relativePath).sorted())
      }
      facts.warnings = found.undecided + found.notes
      guard let chosen = try choose(recording, among: sources, id: \.id) else { continue }
      return Inspected(facts) {
        let read = try reader.read(chosen, sensors: Set(reader.sensors))
        return try Portrait(read, title: "\(reader.name), \(chosen.id)").figure()
      }
    }
    throw ReadError(
      url, found: "a folder without corpus.json, recipe.yaml or a known data set",
      expected: "a corpus, a run's folder, or raw files of one of: "
        + DatasetReaders.all.map(\.name).joined(separator: ", "))
  }
}
