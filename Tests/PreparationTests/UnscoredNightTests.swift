import Corpora
import Foundation
import Preparation
import Readers
import SleepCore
import Synthesis
import TestSupport
import Testing

@Suite("A night with its labels and without")
struct UnscoredNightTests {
  private static let datasets = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Datasets")

  /// Prepares every recording of a folder twice, the second time as a prediction reads it, and compares all but the labels.
  private func compare(_ card: Card, _ raw: URL) throws {
    let reader = try card.datasetReader()
    let sources = try reader.discover(in: raw, rules: card.rules).sources
    #expect(!sources.isEmpty)
    for source in sources {
      let scored = try card.preprocessing.windows(of: reader.recording(source, card.request), path: "f")
      var request = card.request
      request.readsLabels = false
      let read = try reader.recording(source.withoutLabels, request)
      let unscored = try card.preprocessing.windows(
        of: Recording(
          id: read.id, subject: read.subject, signals: read.signals, frames: read.frames, start: read.start,
          lightsOffSeconds: read.lightsOffSeconds), path: "f")
      #expect(scored.labels.contains { $0 >= 0 })
      // A mat's frames carry their posture with them; nothing that prepares them reads it.
      if read.frames == nil { #expect(unscored.labels == [Int8](repeating: -1, count: scored.labels.count)) }
      #expect(unscored.startSeconds == scored.startSeconds && unscored.lightsOffSeconds == scored.lightsOffSeconds)
      #expect(unscored.sensors.map(\.contract) == scored.sensors.map(\.contract))
      #expect(unscored.sensors.map(\.values) == scored.sensors.map(\.values), "\(source.id)")
      #expect(unscored.sensors.map(\.valid) == scored.sensors.map(\.valid), "\(source.id)")
    }
  }

  @Test("Its windows are the same to the last bit, in every format", arguments: Synthesizer.Dataset.allCases)
  func same(dataset: Synthesizer.Dataset) throws {
    try withTemporaryFolder { raw in
      try Synthesizer.write(dataset, Synthesizer.Options(subjects: 1, hours: 0.4), to: raw)
      let card = try Card(named: dataset.rawValue, in: Self.datasets)
      // Images and maps without labels are found by other rules; what is read of them does not depend on labels at all.
      try compare(card, raw)
    }
  }

  @Test("It is so where a watch was worn for days before it was scored, and where the scoring begins late")
  func days() throws {
    try withTemporaryFolder { raw in
      func write(_ path: String, _ lines: [String]) throws {
        let url = raw.appendingPathComponent(path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
      }
      let seconds = stride(from: -90_000.0, to: 3000, by: 7)
      try write("heart_rate/1_heartrate.txt", seconds.map { "\($0),\(60 + 5 * sin($0 / 900))" })
      try write(
        "activity_counts/1_activity_counts.csv", stride(from: 0.0, to: 2990, by: 15).map { "\($0),\(Int($0) % 70)" })
      try write("labels/1_labeled_sleep.txt", stride(from: 600, to: 2400, by: 30).map { "\($0) \($0 % 4)" })
      let card = try Card(named: "sleep-accel", in: Self.datasets)
      try compare(card, raw)
      let corpus = try Preparation(card: card, options: .init(sensors: [.heartRate, .activity])).run(
        raw: raw, out: raw.appendingPathComponent("corpus"))
      #expect(corpus.recordings[0].startSeconds == 0)
      #expect(Array(corpus.labels(recording: 0).prefix(21)) == [Int8](repeating: -1, count: 20) + [0])
      #expect(
        corpus.recordings[0].warnings.contains(
          "1: heart-rate of 25 h before it is left out, as 'from_seconds' and 'to_seconds' say"))
    }
  }
}

@Suite("Labels on windows")
struct WindowLabelTests {
  private func labels(_ hypnogram: Hypnogram, windows: Int = 4, trim: Double? = nil) throws -> RecordingWindows {
    let samples = (0..<(windows * 30)).map { Float($0 % 11) }
    let signal = Signal(
      sensor: .ecg, channels: ["ECG"], timing: .regular(startSeconds: 0, sampleRateHz: 1), samples: [samples])
    return try Preprocessing(trimWakeMinutes: trim, sensors: [.ecg: SensorPreprocessing()]).windows(
      of: Recording(id: "r", subject: Subject("s"), signals: [signal], hypnogram: hypnogram), path: "f")
  }

  @Test("Scored windows of 10, 20 and 60 s are brought to 30 s: each window has the stage of most of it")
  func lengths() throws {
    var made = try labels(
      Hypnogram(windowSeconds: 10, stages: [.n1, .n2, .n2, .rem, nil, nil, .wake, .n1, .n2, .n3, .n3, .n3]))
    // Three stages that are as long: the one at the middle.
    #expect(made.labels == [2, -1, 1, 3])
    #expect(
      made.warnings == ["r: stages every 10 s are brought to windows of 30 s: each takes the stage of most of it"])
    made = try labels(Hypnogram(windowSeconds: 20, stages: [.n1, .n2, .n2, .rem, .rem, .wake]))
    #expect(made.labels == [1, 2, 4, 0])
    made = try labels(Hypnogram(windowSeconds: 60, stages: [.n1, .rem]))
    #expect(made.labels == [1, 1, 4, 4])
  }

  @Test("A scoring that begins later or beside the windows is put where it belongs, and told")
  func offsets() throws {
    var made = try labels(Hypnogram(startSeconds: 60, stages: [.n2, .rem]))
    #expect(made.labels == [-1, -1, 2, 4])
    #expect(made.warnings.isEmpty)
    made = try labels(Hypnogram(startSeconds: 12, stages: [.n2, .rem, .wake]))
    #expect(made.labels == [2, 4, 0, -1])
    #expect(
      made.warnings == [
        "r: the scored windows lie 12 s beside the windows of the signal: each takes the stage of most of it"
      ])
    made = try labels(Hypnogram(startSeconds: -60, stages: [.n2, .rem, .wake, .n3]))
    #expect(made.labels == [0, 3, -1, -1])
    #expect(made.warnings == ["r: 2 of 4 labels lie outside the signal and are left out"])
  }
}

@Suite("Stretches of a long recording")
struct StretchTests {
  /// Three days of one sample a minute from 2026-01-30 12:00 on, unless without a clock.
  private func recording(start: LocalTime? = LocalTime("2026-01-30 12:00")) -> Recording {
    let signal = Signal(
      sensor: .heartRate, channels: ["hr"], timing: .regular(startSeconds: 0, sampleRateHz: 1.0 / 60),
      samples: [(0..<4320).map(Float.init)])
    return Recording(id: "r", subject: Subject("s"), signals: [signal], start: start)
  }

  private func bounds(_ choice: StretchChoice, _ recording: Recording) throws -> [[Double?]] {
    try choice.stretches(of: recording, path: "f").map { [$0.fromSeconds, $0.toSeconds] }
  }

  @Test("Moments are seconds, times of day or dates")
  func moments() throws {
    let moment = StretchChoice.Moment.init
    #expect(try bounds(.between(moment("3600"), nil), recording()) == [[3600, nil]])
    #expect(try bounds(.between(moment("22:30"), moment("06:00")), recording()) == [[37_800, 64_800]])
    #expect(try bounds(.between(moment("2026-01-31 12:00"), nil), recording()) == [[86_400, nil]])
    #expect(moment("half past ten") == nil && moment("25:00") == nil && moment("nan") == nil)
  }

  @Test(
    "Nights are told from each other by the clock; one that had begun counts, one that was hardly recorded does not")
  func nights() throws {
    let nights = StretchChoice.nights(from: try #require(LocalTime("21:00")), to: try #require(LocalTime("09:00")))
    let found = try nights.stretches(of: recording(), path: "f")
    #expect(found.map(\.suffix) == ["-night1", "-night2", "-night3"])
    #expect(found.map { $0.fromSeconds ?? -1 } == [32_400, 118_800, 205_200])
    #expect(found.map { $0.toSeconds ?? -1 } == [75_600, 162_000, 248_400])
    let late = try nights.stretches(of: recording(start: LocalTime("2026-01-30 02:00")), path: "f")
    #expect(late.first?.fromSeconds == -18_000)
    let morning = try nights.stretches(of: recording(start: LocalTime("2026-01-30 08:30")), path: "f")
    #expect(morning.first?.fromSeconds == 45_000)
  }

  @Test("A gap of ten thousand years between two signals makes no nights, and one signal of that length is refused")
  func farApart() throws {
    let nights = StretchChoice.nights(from: try #require(LocalTime("21:00")), to: try #require(LocalTime("09:00")))
    func signal(_ timing: Timing) -> Signal {
      Signal(
        sensor: .heartRate, channels: ["HR"], timing: timing,
        samples: [Array(repeating: 60, count: timing.seconds(count: 50_000).count)])
    }
    func recording(_ signals: [Signal]) -> Recording {
      Recording(id: "r", subject: Subject("s"), signals: signals, start: LocalTime("2026-01-31 20:00"))
    }
    let two = [0, 864e9].map { signal(.regular(startSeconds: $0, sampleRateHz: 1)) }
    let found = try nights.stretches(of: recording(two), path: "f")
    #expect(found.map(\.fromSeconds) == [3600, 864e9 + 3600])
    let error = try #require(throws: PreparationError.self) {
      try nights.stretches(of: recording([signal(.irregular(seconds: [0, 1e12]))]), path: "f")
    }
    #expect(error == .tooLong(path: "f", days: 1e12 / 86_400))
  }

  @Test("A time of day without a clock, and a stretch without a measurement, are refused in words")
  func refusals() throws {
    let time = try #require(StretchChoice.Moment("22:30"))
    var error = #expect(throws: PreparationError.self) {
      try StretchChoice.between(time, nil).stretches(of: recording(start: nil), path: "w.txt")
    }
    #expect(
      error?.localizedDescription
        == "w.txt: found no start time, expected one to find a time of day by: give seconds instead, or the start in a table of recordings (--recordings)"
    )
    error = #expect(throws: PreparationError.self) {
      try StretchChoice.between(.seconds(900_000), nil).stretches(of: recording(), path: "w.txt")
    }
    #expect(
      error?.localizedDescription
        == "w.txt: found nothing measured from 900000 to 259200 s, expected a part of 0 to 259200 s")
  }

  @Test("Windows are counted from the recording's zero, the first sample or the clock, as the card says")
  func anchors() throws {
    let signal = Signal(
      sensor: .heartRate, channels: ["hr"], timing: .regular(startSeconds: 10, sampleRateHz: 1),
      samples: [(0..<100).map(Float.init)])
    func start(_ anchor: WindowAnchor?, _ clock: LocalTime? = LocalTime("2026-01-30 22:00:25")) throws -> [Double] {
      let made = try Preprocessing(anchor: anchor, sensors: [.heartRate: SensorPreprocessing()]).windows(
        of: Recording(id: "r", subject: Subject("s"), signals: [signal], start: clock), path: "w.txt")
      return [made.startSeconds, Double(made.labels.count)]
    }
    #expect(try start(nil) == [30, 2])
    #expect(try start(.firstSample) == [10, 3])
    #expect(try start(.clock) == [35, 2])
    let error = #expect(throws: PreparationError.self) { try start(.clock, nil) }
    #expect(
      error?.localizedDescription
        == "w.txt: found no start time, expected one for 'anchor: clock': give it in a table of recordings, or 'anchor: zero' in the card"
    )
  }
}
