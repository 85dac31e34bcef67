import Corpora
import Foundation
import Readers
import SleepCore

extension Inspected {
  /// Prepared recordings.
  static func corpus(_ url: URL, recording id: String?) throws -> Inspected {
    let corpus = try Corpus(url)
    let index = corpus.index
    var facts = Facts(
      path: url.relativePath, kind: "corpus",
      title: "\(index.dataset): \(index.title), prepared as \(index.preprocessingHash)")
    facts.sensors = corpus.contracts.map { sensor in
      let holding = corpus.recordings.filter { $0.validWindows[sensor.sensor] != nil }
      return SensorFacts(
        sensor: sensor.sensor, channels: sensor.channels, sampleRateHz: sensor.sampleRateHz,
        windowShape: sensor.shape, recordings: holding.count, windows: holding.map(\.windows).reduce(0, +),
        validWindows: holding.compactMap { $0.validWindows[sensor.sensor] }.reduce(0, +))
    }
    let windows = corpus.recordings.map(\.windows).reduce(0, +)
    facts.durationSeconds = index.windowSeconds.map { $0 * Double(windows) }
    if let kind = index.labels {
      let counts = corpus.recordings.flatMap(\.labelCounts).compactMap { text, count in Int8(text).map { ($0, count) } }
      facts.labels = LabelFacts(
        kind, counts: Dictionary(counts, uniquingKeysWith: +), windowSeconds: index.windowSeconds)
    }
    facts.recordings = corpus.recordings.map {
      RecordingFacts(
        id: $0.id, subject: $0.subject, sensors: $0.sensors, windows: $0.windows, scoredWindows: $0.scoredWindows)
    }
    facts.failures = index.failures.map { "\($0.recording): \($0.reason)" }
    facts.warnings = index.notes + corpus.recordings.flatMap(\.warnings)
    let chosen = try choose(id, among: corpus.recordings, id: \.id)
    return Inspected(facts) {
      guard let place = chosen.flatMap({ corpus.position(of: $0.id) }) else {
        throw ReadError(url, found: "no recordings", expected: "a recording to draw")
      }
      return try Portrait(corpus, recording: place).figure()
    }
  }
}

extension Portrait {
  /// One recording of a corpus, its windows joined again; the context around a window is left out.
  init(_ corpus: Corpus, recording: Int) throws {
    let facts = corpus.recordings[recording]
    let seconds = corpus.index.windowSeconds
    var traces: [Trace] = []
    var frames: PressureFrames?
    let labels = corpus.labels(recording: recording)
    for sensor in facts.sensors {
      let contract = try corpus.sensor(sensor)
      let values = try corpus.windows(recording: recording, sensor: sensor, range: 0..<facts.windows)
      let (rows, columns) = contract.mapShape
      if sensor.isMap {
        let maps = contract.withoutReference(values)
        frames = PressureFrames(
          sensor: sensor, rows: rows, columns: columns, framesPerSecond: seconds.map { 1 / $0 }, values: maps,
          postures: labels.map { corpus.index.labels == .postures ? Posture(rawValue: $0) : nil })
        continue
      }
      let rate = contract.sampleRateHz ?? 1
      let kept = Int(min(Double(columns), (rate * (seconds ?? Double(columns) / rate)).rounded()))
      let skipped = (columns - kept) / 2
      let valid = corpus.valid(recording: recording, sensor: sensor) ?? []
      for (index, channel) in contract.channels.enumerated() {
        var samples: [Float] = []
        samples.reserveCapacity(facts.windows * kept)
        for window in 0..<facts.windows {
          let start = (window * rows + index) * columns + skipped
          // What is not valid is a gap in the picture.
          samples += valid[window] == 0 ? Array(repeating: .nan, count: kept) : Array(values[start..<start + kept])
        }
        traces.append(
          Trace(
            name: channel.name, sensor: sensor, unit: channel.unit,
            timing: .regular(startSeconds: facts.startSeconds, sampleRateHz: rate), samples: samples))
      }
    }
    var hypnogram: Hypnogram?
    if corpus.index.labels == .stages, let seconds {
      hypnogram = Hypnogram(
        startSeconds: facts.startSeconds, windowSeconds: seconds, stages: labels.map { Stage(rawValue: $0) })
    }
    self.init(
      title: "\(corpus.index.dataset), \(facts.id), subject \(facts.subject), as prepared", traces: traces,
      frames: frames, hypnogram: hypnogram)
    if let frames, let seconds, let settings = corpus.index.preprocessing.sensors[frames.sensor],
      settings.spectrogram?.from == .accelerometer
    {
      motion = try MotionPortrait(
        title: title, frames: frames, settings: settings, startSeconds: facts.startSeconds, windowSeconds: seconds,
        acceleration: traces.filter { $0.sensor == .accelerometer }, hypnogram: hypnogram)
    }
  }
}
