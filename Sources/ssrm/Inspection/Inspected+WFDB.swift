import Foundation
import Readers
import SleepCore

extension Inspected {
  /// A WFDB record by its header or one of its other files, or an annotation file alone.
  static func wfdb(_ url: URL) throws -> Inspected {
    let stem = url.deletingPathExtension()
    // Annotations of an EDF file are called sbj01.edf.atr.
    if stem.pathExtension.lowercased() == "edf", FileManager.default.fileExists(atPath: stem.path) {
      return try edf(stem)
    }
    let header = stem.appendingPathExtension("hea")
    let annotations = ["atr", "st", "arousal"].map { stem.appendingPathExtension($0) }
      .filter { FileManager.default.fileExists(atPath: $0.path) }
    guard FileManager.default.fileExists(atPath: header.path) else {
      guard annotations.contains(where: { $0.path == url.path }) else {
        throw ReadError(
          url, found: "no '\(header.lastPathComponent)' beside it", expected: "a WFDB record with its header")
      }
      var facts = Facts(path: url.relativePath, kind: "WFDB annotations without their record")
      facts.annotations = try counted(texts(url))
      return Inspected(facts) { try Portrait(title: url.lastPathComponent).figure() }
    }
    let record = try WFDBRecord(header)
    var facts = Facts(path: url.relativePath, kind: "WFDB record")
    let traces = try record.signals.indices.map { index in
      let signal = record.signals[index]
      return Trace(
        name: signal.name, sensor: nil, unit: signal.unit,
        timing: .regular(startSeconds: 0, sampleRateHz: record.sampleRateHz(ofSignal: index)),
        samples: try record.samples(ofSignal: index))
    }
    facts.channels = traces.map(ChannelFacts.init)
    facts.durationSeconds = record.header.frameRateHz > 0 ? Double(record.frameCount) / record.header.frameRateHz : nil
    facts.annotations = try counted(annotations.flatMap(texts))
    var hypnogram: Hypnogram?
    if header.lastPathComponent.lowercased().hasPrefix("slp"),
      let stages = annotations.first(where: { $0.pathExtension == "st" })
    {
      let reader = SlpdbReader()
      let id = stem.lastPathComponent
      let source = RecordingSource(id: id, subject: Subject(id), files: ["psg": header, "labels": stages])
      let recording = try reader.read(source, sensors: [])
      hypnogram = recording.hypnogram
      facts.labels = hypnogram.map(LabelFacts.init)
      facts.warnings = recording.warnings
    }
    return Inspected(facts) { [hypnogram] in
      try Portrait(title: stem.lastPathComponent, traces: traces, hypnogram: hypnogram).figure()
    }
  }

  /// An annotation's text, or its code where it has none.
  private static func texts(_ url: URL) throws -> [String] {
    try WFDBAnnotations(url).entries.map { $0.text.isEmpty ? "code \($0.code)" : $0.text }
  }
}
