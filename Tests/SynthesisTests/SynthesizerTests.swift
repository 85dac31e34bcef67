import Foundation
import Readers
import SleepCore
import Synthesis
import TestSupport
import Testing

@Suite("Synthetic recordings")
struct SynthesizerTests {
  static let short = Synthesizer.Options(subjects: 2, hours: 0.1, seed: 7)

  /// Every file below a folder, by its path.
  private func files(in folder: URL) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      if let data = FileManager.default.contents(atPath: folder.appendingPathComponent(path).path) {
        found[path] = data
      }
    }
    return found
  }

  private func written(_ dataset: Synthesizer.Dataset, _ options: Synthesizer.Options) throws -> [String: Data] {
    try withTemporaryFolder { folder in
      try Synthesizer.write(dataset, options, to: folder)
      return try files(in: folder)
    }
  }

  @Test("The same seed writes the same bytes and another seed others", arguments: Synthesizer.Dataset.allCases)
  func seeded(_ dataset: Synthesizer.Dataset) throws {
    var options = Self.short
    options.subjects = 1
    let first = try written(dataset, options)
    #expect(try written(dataset, options) == first)
    #expect(first["SYNTHETIC.txt"] != nil)
    options.seed = 8
    let other = try written(dataset, options)
    #expect(other.keys == first.keys)
    #expect(other != first)
  }

  @Test("More subjects leave those that there were as they are", arguments: Synthesizer.Dataset.allCases)
  func growing(_ dataset: Synthesizer.Dataset) throws {
    // One array holds all subjects.
    guard dataset != .spectrograms else { return }
    var options = Self.short
    options.subjects = 1
    let one = try written(dataset, options)
    let two = try written(dataset, Self.short)
    for (path, data) in one where !path.hasSuffix(".csv") || dataset != .pmd {
      if path != "SYNTHETIC.txt" { #expect(two[path] == data, "\(path)") }
    }
    #expect(two.count > one.count)
  }

  /// What is written, as the reader of that data set sees it.
  private func recordings(_ dataset: Synthesizer.Dataset, _ options: Synthesizer.Options) throws -> [Recording] {
    return try withTemporaryFolder { folder in
      try Synthesizer.write(dataset, options, to: folder)
      guard let reader = DatasetReaders.named(dataset.rawValue) else {
        // Data sets whose cards say where their files lie.
        let rules = ReadingRules(
          subject: NamePattern("-([0-9]+)\\.edf$"),
          files: ["psg": FileRule(["**/{recording}.edf"]), "labels": FileRule(["**/{recording}-nsrr.xml"])])
        return try FolderReader.any.discover(in: folder, rules: rules).sources.map {
          try FolderReader.any.read($0, sensors: [.psg, .ecg, .respiration])
        }
      }
      return try reader.discover(in: folder).map { try reader.read($0, sensors: Set(reader.sensors)) }
    }
  }

  @Test("Pressure maps come back with 17 postures in experiment I and sides in experiment II, with people shared")
  func pressureMaps() throws {
    let recordings = try recordings(.pmd, Synthesizer.Options(subjects: 3, hours: 0.2))
    #expect(recordings.map(\.id) == ["i-S1", "i-S2", "i-S3", "ii-S1-Air", "ii-S1-Sponge", "ii-S2-Air", "ii-S2-Sponge"])
    #expect(recordings.map(\.subject.id) == ["S1", "S2", "S3", "S1", "S1", "S2", "S2"])
    for recording in recordings {
      let frames = try #require(recording.frames)
      let isFirst = recording.id.hasPrefix("i-")
      #expect(Set(frames.postures) == Set(isFirst ? Posture.published : [.otherSupine, .otherRight, .otherLeft]))
      let maps = (0..<frames.count).map { index in
        frames.values[(index * frames.rows * frames.columns)..<((index + 1) * frames.rows * frames.columns)]
      }
      // As in the real ones: a third of the mat loaded, sums that go with the weight.
      let shares = maps.map { map in Double(map.count { $0 > (isFirst ? 5 : 60) }) / Double(map.count) }
      #expect(shares.allSatisfy { 0.1...0.6 ~= $0 })
      #expect(recording.warnings.allSatisfy { $0.contains("go past the documented 1000") })
    }
  }

  @Test("Wrist recordings come back whole, the heart faster and the body livelier awake than in deep sleep")
  func wrist() throws {
    var (heart, counts) = ([Stage: [Float]](), [Stage: [Float]]())
    for recording in try recordings(.sleepAccel, Synthesizer.Options(subjects: 4, hours: 1.5, seed: 3)) {
      #expect(recording.signals.map(\.sensor) == [.accelerometer, .activity, .heartRate])
      #expect(recording.warnings.isEmpty)
      let hypnogram = try #require(recording.hypnogram)
      #expect(hypnogram.stages.count == 180)
      for signal in recording.signals.dropFirst() {
        guard case .irregular(let seconds) = signal.timing else { continue }
        for (time, value) in zip(seconds, signal.samples[0]) where (0..<5400).contains(time) {
          guard let stage = hypnogram.stages[Int(time / 30)] else { continue }
          if signal.sensor == .heartRate { heart[stage, default: []].append(value) }
          if signal.sensor == .activity { counts[stage, default: []].append(value) }
        }
      }
      let motion = recording.signals[0]
      #expect(abs(motion.count - 5430 * 50) < 2000)
      for index in stride(from: 0, to: motion.count, by: 997) {
        let length = motion.samples.reduce(Float(0)) { $0 + $1[index] * $1[index] }.squareRoot()
        #expect(0.2...8 ~= length)
      }
    }
    func mean(_ values: [Stage: [Float]], _ stage: Stage) -> Float {
      let row = values[stage] ?? []
      return row.reduce(0, +) / Float(max(1, row.count))
    }
    #expect(Set(heart.keys) == Set(Stage.allCases))
    #expect(mean(heart, .wake) > mean(heart, .n3) + 2 && mean(heart, .rem) > mean(heart, .n3))
    #expect(mean(counts, .wake) > 3 * mean(counts, .n3))
  }

  /// What a polysomnogram or radar night must come back with: its sensors and how many windows are scored.
  struct Night: Sendable, CustomTestStringConvertible {
    let dataset: Synthesizer.Dataset
    let ids: [String]
    let channels: [Sensor: Int]
    var testDescription: String { dataset.rawValue }
  }

  @Test(
    "Nights of EDF come back with their channels, and a stage for each window",
    arguments: [
      Night(dataset: .sleepbrl, ids: ["sbj01", "sbj02"], channels: [.radar: 16]),
      Night(dataset: .sleepEDF, ids: ["SC4001", "SC4011"], channels: [.psg: 4]),
      Night(dataset: .shhs, ids: ["shhs1-200001", "shhs1-200002"], channels: [.psg: 5, .ecg: 1]),
      Night(dataset: .mesa, ids: ["mesa-sleep-0001", "mesa-sleep-0002"], channels: [.psg: 3, .ecg: 1]),
    ])
  func nights(_ night: Night) throws {
    let recordings = try recordings(night.dataset, Synthesizer.Options(subjects: 2, hours: 0.2, seed: 5))
    #expect(recordings.map(\.id) == night.ids)
    #expect(Set(recordings.map(\.subject)).count == 2)
    for recording in recordings {
      // Strong movements go past the range of an electrode, as they do in life.
      #expect(recording.warnings.allSatisfy { $0.contains("is clipped") }, "\(recording.warnings)")
      let stages = recording.hypnogram?.stages ?? []
      #expect(stages.count { $0 != nil } == 24)
      for (sensor, count) in night.channels {
        let signals = recording.signals.filter { $0.sensor == sensor }
        #expect(signals.map(\.channels.count).reduce(0, +) == count, "\(sensor)")
        for signal in signals {
          guard case .regular(let start, let rate) = signal.timing else { continue }
          #expect(start == 0 && Double(signal.count) == rate * 720)
          for row in signal.samples {
            let mean = sum(row) / Double(row.count)
            #expect(row.reduce(0) { $0 + pow(Double($1) - mean, 2) } > 0, "a flat channel")
          }
        }
      }
    }
  }

  private func sum(_ row: [Float]) -> Double { row.reduce(0) { $0 + Double($1) } }

  @Test("Every night has all stages, deep sleep more in its first half and REM in its second")
  func stages() throws {
    for hours in [2.0, 8] {
      var random = RandomSource(seed: 11)
      let nights = (0..<60).map { _ in StageSequence.make(hours: hours, random: &random) }
      let all = nights.flatMap(\.self)
      func share(_ stage: Stage) -> Double { Double(all.count { $0 == stage }) / Double(all.count) }
      #expect(0.08...0.35 ~= share(.wake))
      #expect(0.02...0.12 ~= share(.n1))
      #expect(0.3...0.6 ~= share(.n2))
      #expect(0.1...0.3 ~= share(.n3))
      #expect(0.1...0.3 ~= share(.rem))
      func early(_ stage: Stage) -> Int { nights.map { $0.prefix($0.count / 2).count { $0 == stage } }.reduce(0, +) }
      #expect(Double(early(.n3)) > 0.53 * Double(all.count { $0 == .n3 }))
      #expect(Double(early(.rem)) < 0.49 * Double(all.count { $0 == .rem }))
    }
  }

  @Test("Images come back with a subject each and shares near the published ones")
  func images() throws {
    let recordings = try recordings(.spectrograms, Synthesizer.Options(subjects: 3, hours: 2))
    #expect(recordings.map(\.subject.id) == ["1", "2", "3"])
    for recording in recordings {
      let frames = try #require(recording.frames)
      #expect(frames.rows == 51 && frames.columns == 59 && frames.count == 240)
      let stages = recording.hypnogram?.stages ?? []
      #expect(Stage.allCases.map { stage in stages.count { $0 == stage } } == [122, 9, 72, 20, 17])
    }
  }

  @Test("The words of what cannot be synthesized")
  func refused() throws {
    try withTemporaryFolder { folder in
      let unknown = #expect(throws: SynthesisError.self) { try Synthesizer.write(dataset: "shs", to: folder) }
      #expect(
        unknown.map(words(of:)) == "cannot synthesize 'shs'. Data sets that can be synthesized: "
          + "pmd, sleep-accel, sleepbrl, sleep-edf, shhs, mesa, spectrograms")
      let none = #expect(throws: SynthesisError.self) {
        try Synthesizer.write(.pmd, Synthesizer.Options(subjects: 0), to: folder)
      }
      #expect(none.map(words(of:)) == "subjects is 0.0, expected 1.0 to 999.0")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left.isEmpty)
    }
  }

  /// Writes what the environment asks for, to be looked at with other programs.
  @Test(
    "Writes all data sets where asked",
    .enabled(if: ProcessInfo.processInfo.environment["SSRM_SYNTHESIZE"]?.isEmpty == false))
  func toLookAt() throws {
    let root = URL(fileURLWithPath: try #require(ProcessInfo.processInfo.environment["SSRM_SYNTHESIZE"]))
    for dataset in Synthesizer.Dataset.allCases {
      let start = Date()
      try Synthesizer.write(
        dataset, Synthesizer.Options(subjects: 6, hours: 2), to: root.appendingPathComponent(dataset.rawValue))
      print("\(dataset.rawValue): \(Date().timeIntervalSince(start)) s")
    }
  }
}
