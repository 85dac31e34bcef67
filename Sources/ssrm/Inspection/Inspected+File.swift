import Foundation
import Readers
import SleepCore

extension Inspected {
  /// One file: by its extension, else as part of a data set in the folders around it.
  static func file(_ url: URL) throws -> Inspected {
    switch url.pathExtension.lowercased() {
    case "edf", "bdf", "rec": return try edf(url)
    case "hea", "dat", "atr", "st": return try wfdb(url)
    case "npy": return try array(url)
    default: break
    }
    if let (reader, source) = dataset(around: url) { return try datasetFile(url, reader, source) }
    // Any text may be called .txt.
    if url.pathExtension.lowercased() != "txt", let format = SignalFormat.named(by: url) {
      return try container(url, format)
    }
    throw ReadError(
      url, found: "a file of no known kind",
      expected:
        "EDF, BDF, WFDB (.hea), BrainVision (.vhdr), a wearable's file, a table, .npz, HDF5, .npy, or a file in its place in a data set of "
        + fileReaders.map(\.name).joined(separator: ", "))
  }

  /// Any other container of signals, channel by channel.
  private static func container(_ url: URL, _ format: SignalFormat) throws -> Inspected {
    let contents = try format.contents(of: url)
    var facts = Facts(
      path: url.relativePath, kind: "\(format.rawValue) file", title: contents.start.map { "begins \($0.text)" })
    facts.warnings = contents.warnings
    facts.durationSeconds = contents.seconds
    let traces = contents.channels.map { content in
      let joined = joined(content.stretches, rateHz: content.sampleRateHz)
      return Trace(
        name: content.channel.name, sensor: nil, unit: content.channel.unit, timing: joined.timing,
        samples: joined.samples)
    }
    facts.channels = traces.map(ChannelFacts.init)
    return Inspected(facts) { try Portrait(title: url.lastPathComponent, traces: traces).figure() }
  }

  /// The stretches of a channel as one: with NaN between them, or each sample with its time where that would be mostly NaN.
  private static func joined(
    _ stretches: [(timing: Timing, samples: [Float])], rateHz: Double?
  ) -> (timing: Timing, samples: [Float]) {
    guard stretches.count > 1 else { return stretches.first ?? (.irregular(seconds: []), []) }
    let stored = stretches.map(\.samples.count).reduce(0, +)
    let times = stretches.map { $0.timing.seconds(count: $0.samples.count) }
    guard let rateHz, let first = times.first?.first, let last = times.last?.last,
      (last - first) * rateHz < Double(4 * stored)
    else { return (.irregular(seconds: times.flatMap { $0 }), stretches.flatMap(\.samples)) }
    var samples = [Float](repeating: .nan, count: Int((last - first) * rateHz) + 2)
    for (stretch, times) in zip(stretches, times) {
      guard let begin = times.first else { continue }
      let at = Int(((begin - first) * rateHz).rounded())
      for (offset, value) in stretch.samples.enumerated() where samples.indices.contains(at + offset) {
        samples[at + offset] = value
      }
    }
    return (.regular(startSeconds: first, sampleRateHz: rateHz), samples)
  }

  /// The readers whose data sets have text files of their own.
  private static let fileReaders: [any DatasetReader] = [
    PMDReader(), SleepAccelReader(), SantaFeReader(), SlpdbRRReader(),
  ]

  private static func dataset(around url: URL) -> (any DatasetReader, RecordingSource)? {
    let wanted = resolved(url)
    var folder = url.standardizedFileURL
    for _ in 0..<4 where folder.path != "/" {
      folder = folder.deletingLastPathComponent()
      for reader in fileReaders {
        let sources = (try? reader.discover(in: folder)) ?? []
        for source in sources {
          let files = source.files.filter { resolved($0.value) == wanted }
          guard !files.isEmpty else { continue }
          // Of the pressure maps the one file; of a night all, since its stages and signals are files of their own.
          let isAlone = reader.sensors == [.pressureMap]
          return (
            reader, RecordingSource(id: source.id, subject: source.subject, files: isAlone ? files : source.files)
          )
        }
      }
    }
    return nil
  }

  private static func resolved(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path }

  private static func datasetFile(
    _ url: URL, _ reader: any DatasetReader, _ source: RecordingSource
  ) throws -> Inspected {
    let recording = try reader.read(source, sensors: Set(reader.sensors))
    let isAlone = source.files.count == 1
    var facts = Facts(
      path: url.relativePath, kind: "file of \(reader.name)",
      title: isAlone
        ? "of recording \(source.id), subject \(source.subject)"
        : "with the other files of recording \(source.id), subject \(source.subject)")
    facts.describe(recording)
    // The other files were not asked for.
    if isAlone { facts.warnings.removeAll { $0.contains("no maps of posture") } }
    let title = "\(reader.name), \(source.id), \(url.lastPathComponent)"
    return Inspected(facts) {
      var portrait = Portrait(recording, title: title)
      if source.files["motion"].map(resolved) == resolved(url) {
        portrait.motion = try MotionPortrait(recording, title: title)
      }
      return try portrait.figure()
    }
  }
}

extension Facts {
  /// Takes over what a recording holds.
  mutating func describe(_ recording: Recording) {
    let traces = Trace.all(of: recording.signals)
    channels = traces.map(ChannelFacts.init)
    maps = recording.frames.map(MapFacts.init)
    let spans = traces.compactMap(\.span)
    if let start = spans.map(\.lowerBound).min(), let end = spans.map(\.upperBound).max() {
      durationSeconds = end - start
    } else if let frames = recording.frames, let rate = frames.framesPerSecond {
      durationSeconds = Double(frames.count) / rate
    }
    if let hypnogram = recording.hypnogram {
      labels = LabelFacts(hypnogram)
    } else if let frames = recording.frames, frames.postures.contains(where: { $0 != nil }) {
      labels = LabelFacts(.postures, stored: frames.postures.map { $0?.rawValue ?? -1 }, windowSeconds: nil)
    }
    warnings = recording.warnings
  }
}
