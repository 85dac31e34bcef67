import Foundation
import Readers
import SleepCore

extension Inspected {
  /// An EDF or BDF file with every channel that it holds, and the stages in it or beside it.
  static func edf(_ url: URL) throws -> Inspected {
    let file = try EDFFile(url)
    let header = file.header
    let format = header.bytesPerSample == 3 ? "BDF" : "EDF"
    let kind: String
    switch header.continuity {
    case .plain: kind = "\(format) file"
    case .continuous: kind = "\(format)+ file"
    case .discontinuous: kind = "\(format)+ file with gaps"
    }
    var facts = Facts(path: url.relativePath, kind: kind, title: start(header.start))
    facts.warnings = file.warnings
    if header.recordSeconds > 0, !file.channels.isEmpty { facts.durationSeconds = file.storedSeconds }
    let (reader, source, doubts) = try surroundings(of: url)
    facts.warnings += doubts
    let stages = staged(reader, source)
    // Warnings about channels come with reading them.
    let sensors = stages.recording.map { Dictionary(sensorNames($0), uniquingKeysWith: { first, _ in first }) } ?? [:]
    facts.warnings += stages.warnings.filter { !facts.warnings.contains($0) && !$0.contains("no known sensor") }
    let segments = file.segments
    func trace(_ index: Int, _ samples: [Float], from startSeconds: Double = 0) -> Trace {
      let channel = file.channels[index]
      return Trace(
        name: channel.name, sensor: sensors[channel.name], unit: channel.unit,
        timing: .regular(startSeconds: startSeconds, sampleRateHz: channel.sampleRateHz), samples: samples)
    }
    let traces = try file.channels.indices.map { index in
      trace(index, try segments.flatMap { try file.samples(ofChannel: index, in: $0) })
    }
    facts.channels = traces.map(ChannelFacts.init)
    facts.labels = stages.recording?.hypnogram.map(LabelFacts.init)
    facts.annotations = counted(try file.annotations().entries.map(\.text))
    let drawable = file.channels.indices.filter { file.channels[$0].sampleRateHz > 0 }
    var shown = drawable.map { traces[$0] }
    if segments.count > 1, let longest = segments.max(by: { $0.records.count < $1.records.count }) {
      facts.warnings.append(
        "\(url.lastPathComponent): \(segments.count) stretches far apart in time; a picture shows the longest alone")
      shown = try drawable.map { trace($0, try file.samples(ofChannel: $0, in: longest), from: longest.startSeconds) }
    }
    let portrait = Portrait(
      title: url.lastPathComponent, traces: shown, hypnogram: stages.recording?.hypnogram)
    return Inspected(facts) { try portrait.figure() }
  }

  private static func sensorNames(_ recording: Recording) -> [(String, Sensor)] {
    recording.signals.flatMap { signal in signal.channels.map { ($0.name, signal.sensor) } }
  }

  /// The reader and the files that belong to one EDF file, as they lie beside it, and what could not be told of them.
  private static func surroundings(of url: URL) throws -> (any DatasetReader, RecordingSource, warnings: [String]) {
    let id = url.deletingPathExtension().lastPathComponent
    let stages = url.deletingLastPathComponent().appendingPathComponent(url.lastPathComponent + ".atr")
    if FileManager.default.fileExists(atPath: stages.path) {
      return (
        SleepBRLReader(), RecordingSource(id: id, subject: Subject(id), files: ["radar": url, "labels": stages]), []
      )
    }
    let reader = FolderReader.edf
    let found = try reader.recording(of: url)
    return (reader, found.source, found.warnings)
  }

  /// The recording where it can be read; what cannot be read is a warning here.
  private static func staged(
    _ reader: any DatasetReader, _ source: RecordingSource
  ) -> (recording: Recording?, warnings: [String]) {
    do {
      let recording = try reader.read(source, sensors: Set(reader.sensors))
      return (recording, recording.warnings)
    } catch {
      return (nil, [error.localizedDescription])
    }
  }

  private static func start(_ date: DateComponents?) -> String? {
    guard let date, let year = date.year, let month = date.month, let day = date.day else { return nil }
    return "begins "
      + String(
        format: "%04d-%02d-%02d %02d:%02d:%02d", year, month, day, date.hour ?? 0, date.minute ?? 0, date.second ?? 0)
  }

  /// How often each text occurs, the most frequent first; what cannot be printed is a space.
  static func counted(_ texts: [String]) -> [CountedName] {
    let printable = texts.map { text in
      String(text.map { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control } ? " " : $0 })
        .trimmingCharacters(in: .whitespaces)
    }
    return Dictionary(grouping: printable, by: { $0 }).map { CountedName(name: $0.key, count: $0.value.count) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }
}
