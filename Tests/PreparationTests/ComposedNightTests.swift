import Corpora
import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

import Preparation

/// People whose maps are two cells: the first tells whose it is, the second counts the person's frames.
private struct MapReader: DatasetReader {
  let name = "maps"
  let sensors: [Sensor] = [.pressureMap]
  let labels: LabelKind? = .postures

  /// A file a recording, `<recording>-<subject>`, with a line a stretch: a posture's number, or 0, and how many frames.
  func discover(in root: URL) throws -> [RecordingSource] {
    try FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)
      .sorted { $0.path < $1.path }
      .map {
        let name = $0.lastPathComponent
        return RecordingSource(
          id: name, subject: Subject(String(name.split(separator: "-")[1])), files: ["signal": $0])
      }
  }

  func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    let url = source.files["signal"] ?? URL(fileURLWithPath: "/")
    let person = Float(source.subject.id.utf8.reduce(0) { $0 + Int($1) })
    let text = try String(contentsOf: url, encoding: .utf8)
    var postures: [Posture?] = []
    for line in text.split(separator: "\n") {
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      postures += [Posture?](repeating: Posture(number: numbers[0]), count: numbers[1])
    }
    let isStill = source.id.hasPrefix("still")
    return Recording(
      id: source.id, subject: source.subject,
      frames: source.id.hasPrefix("empty")
        ? nil
        : PressureFrames(
          rows: 1, columns: source.id.hasPrefix("wide") ? 3 : 2, framesPerSecond: isStill ? nil : 2,
          values: postures.indices.flatMap { frame in
            [person, Float(frame + 1)] + (source.id.hasPrefix("wide") ? [0] : [])
          }, postures: postures), warnings: ["\(source.id): read"])
  }
}

private func settings(_ change: (inout NightComposition) -> Void = { _ in }) -> NightComposition {
  var settings = NightComposition()
  settings.holds = 6
  settings.holdSeconds = [3, 8]
  settings.transitionSeconds = [1, 2]
  settings.minimumFrames = 2
  change(&settings)
  return settings
}

/// A person whose frames are one cell each.
private func person(_ postures: [Posture?], values: [Float]? = nil, minimumFrames: Int = 1) throws -> PersonFrames {
  let frames = PressureFrames(
    rows: 1, columns: 1, framesPerSecond: 1, values: values ?? postures.indices.map { Float($0) }, postures: postures)
  return try PersonFrames([Recording(id: "a", subject: Subject("p"), frames: frames)], minimumFrames: minimumFrames)
}

@Suite("Nights that are composed of a person's maps")
struct ComposedNightTests {
  @Test("A stretch is played from a place on and turns back at its ends; a single frame stays")
  func played() {
    #expect(NightPlan.played(in: 4..<7, from: 5, forwards: true, count: 8) == [5, 6, 5, 4, 5, 6, 5, 4])
    #expect(NightPlan.played(in: 4..<7, from: 4, forwards: false, count: 4) == [4, 5, 6, 5])
    #expect(NightPlan.played(in: 4..<7, from: 6, forwards: true, count: 3) == [6, 5, 4])
    #expect(NightPlan.played(in: 9..<10, from: 9, forwards: true, count: 3) == [9, 9, 9])
  }

  @Test("Stretches are of one posture without a break; unlabelled frames and scarce postures are in none")
  func stretches() throws {
    let frames = try person(
      [.supine, .supine, nil, .supine, .right, .right, .left, .right], minimumFrames: 2)
    #expect(frames.stretches == [.supine: [0..<2, 3..<4], .right: [4..<6, 7..<8]])
    #expect(frames.warnings == ["p: posture left has fewer than 2 frames and is left out of the nights"])
  }

  @Test("Between two holds lie mixtures of the last frame and the first, of no posture: by hand")
  func blends() throws {
    let frames = try person([.supine, .supine, .right], values: [1, 2, 10])
    let plan = NightPlan(
      holds: [
        .init(posture: .supine, frames: [0, 1], blends: 0), .init(posture: .right, frames: [2, 2], blends: 3),
        .init(posture: .supine, frames: [1], blends: 0),
      ])
    let night = ComposedNight(plan, of: frames).frames
    #expect(night.values == [1, 2, 4, 6, 8, 10, 10, 2])
    #expect(night.postures == [.supine, .supine, nil, nil, nil, .right, .right, .supine])
  }

  @Test(
    "A plan has as many holds as asked, of lengths in their ranges, each of frames of its posture that are neighbours")
  func plan() throws {
    let frames = try person([Posture?](repeating: .supine, count: 7) + [.right, .right] + [nil, .left, .left, .left])
    let wanted = settings {
      $0.nights = 5
      $0.holds = 40
    }
    let plans = NightPlan.nights(of: frames, subject: Subject("p"), wanted)
    #expect(plans.count == 5)
    for plan in plans {
      #expect(plan.holds.count == 40)
      #expect(plan.holds[0].blends == 0)
      #expect(plan.holds.dropFirst().allSatisfy { (1...2).contains($0.blends) })
      #expect(zip(plan.holds, plan.holds.dropFirst()).allSatisfy { $0.posture != $1.posture })
      for hold in plan.holds {
        #expect((3...8).contains(hold.frames.count))
        #expect(hold.frames.allSatisfy { frames.frames.postures[$0] == hold.posture })
        #expect(zip(hold.frames, hold.frames.dropFirst()).allSatisfy { abs($0 - $1) == 1 })
      }
    }
    // The same posture is held again, from another place on.
    let supine = plans[0].holds.filter { $0.posture == .supine }.map(\.frames)
    #expect(supine.count > 5 && Set(supine).count > 5)
  }

  @Test("The same seed and subject give the same nights; another of either gives others")
  func determinism() throws {
    let frames = try person([Posture?](repeating: .supine, count: 7) + [Posture?](repeating: .right, count: 8))
    func plans(_ subject: String, seed: UInt64) -> [NightPlan] {
      NightPlan.nights(of: frames, subject: Subject(subject), settings { $0.seed = seed })
    }
    #expect(plans("p", seed: 1) == plans("p", seed: 1))
    #expect(plans("p", seed: 1) != plans("p", seed: 2))
    #expect(plans("p", seed: 1) != plans("q", seed: 1))
    #expect(plans("p", seed: 1)[0] != plans("p", seed: 1)[1])
    // More nights leave the first ones as they are.
    #expect(
      NightPlan.nights(of: frames, subject: Subject("p"), settings { $0.nights = 4 }).prefix(2)
        == plans("p", seed: 1)[...])
  }

  private func turns(_ count: Int, recur: Double, memory: Int = 3) -> [Posture] {
    var sleeper = Sleeper(
      Posture.published,
      settings {
        $0.recur = recur
        $0.memory = memory
      })
    var random = RandomSource(seed: 5)
    return (0..<count).map { _ in sleeper.turns(&random) }
  }

  /// How many other postures were held since the posture of a turn was held last; `nil` of one that is new.
  private func distance(_ turns: [Posture], _ index: Int) -> Int? {
    turns[..<index].lastIndex(of: turns[index]).map { Set(turns[($0 + 1)..<index]).count }
  }

  @Test("Without returning, every posture is held once before one is held again, and equally often in the end")
  func rarest() {
    let turns = turns(170, recur: 0)
    for start in stride(from: 0, to: 170, by: 17) { #expect(Set(turns[start..<start + 17]).count == 17) }
    #expect(zip(turns, turns.dropFirst()).allSatisfy { $0 != $1 })
  }

  @Test(
    "Returning always, the sleeper stays with the first two; with a chance, that share goes back, never further than the memory"
  )
  func recurrence() {
    #expect(Set(turns(40, recur: 1)).count == 2)
    let turns = turns(4000, recur: 0.6)
    let near = (20..<4000).count { distance(turns, $0).map { $0 <= 3 } ?? false }
    // Rarely held postures are seldom among the last ones.
    #expect(abs(Double(near) / 3980 - 0.6) < 0.03)
    #expect(Set(turns).count == 17)
    let far = self.turns(4000, recur: 0.6, memory: 6)
    let counts = (1...6).map { wanted in (20..<4000).count { distance(far, $0) == wanted } }
    for count in counts { #expect(abs(Double(count) / 3980 - 0.1) < 0.03) }
  }

  private func card(_ compose: NightComposition) -> Card {
    Card(
      name: "maps", title: "Maps", citation: "none", licence: "none", population: "people", labels: .postures,
      preprocessing: Preprocessing(windowSeconds: nil, compose: compose, sensors: [.pressureMap: SensorPreprocessing()])
    )
  }

  private func withRaw(_ files: [String: String], _ body: (_ raw: URL, _ out: URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try FileManager.default.createDirectory(at: raw, withIntermediateDirectories: true)
      for (name, text) in files {
        try text.write(to: raw.appendingPathComponent(name), atomically: true, encoding: .utf8)
      }
      try body(raw, folder.appendingPathComponent("out"))
    }
  }

  private let people = ["i-A": "1 4\n2 5\n", "i-B": "1 4\n3 6\n2 3\n", "ii-A": "9 8\n"]

  @Test(
    "A corpus of nights has people of its population, mixes nobody, and says that nobody slept so and of what it is")
  func corpus() throws {
    try withRaw(people) { raw, out in
      let compose = settings {
        $0.recordings = ["i-"]
        $0.recur = 0
      }
      let corpus = try Preparation(reader: MapReader(), card: card(compose)).run(raw: raw, out: out)
      #expect(corpus.recordings.map(\.id) == ["night-1-A", "night-1-B", "night-2-A", "night-2-B"])
      #expect(corpus.recordings.map(\.subject.id) == ["A", "B", "A", "B"])
      #expect(corpus.recordings.map(\.session) == ["1", "1", "2", "2"])
      #expect(corpus.index.population == "people")
      #expect(
        corpus.index.notes == [
          "nobody slept these nights: each is composed of one person's own frames, 2 a person of 6 holds of 3 to 8 s, "
            + "with unlabelled mixtures of two frames for 1 to 2 s between them, out of i-A and i-B"
        ])
      #expect(corpus.recordings[0].warnings == ["i-A: read"])
      for (position, recording) in corpus.recordings.enumerated() {
        let values = try corpus.windows(recording: position, sensor: .pressureMap, range: 0..<recording.windows)
        let labels = corpus.labels(recording: position)
        #expect(recording.labelCounts["-1"] ?? 0 >= 5 * 2)
        #expect(Set(labels) == (recording.subject.id == "A" ? [-1, 0, 1] : [-1, 0, 1, 2]))
        for window in 0..<recording.windows {
          #expect(values[2 * window] == (recording.subject.id == "A" ? 65 : 66))
          let frame = values[2 * window + 1]
          switch (recording.subject.id, labels[window]) {
          case ("A", 0), ("B", 0): #expect((1...4).contains(frame) && frame == frame.rounded())
          case ("A", 1): #expect((5...9).contains(frame) && frame == frame.rounded())
          case ("B", 2): #expect((5...10).contains(frame) && frame == frame.rounded())
          case ("B", 1): #expect((11...13).contains(frame) && frame == frame.rounded())
          default: #expect((1...13).contains(frame))
          }
        }
      }
      // Gone on with, nothing is made again, and other nights are another preparation.
      _ = try Preparation(reader: MapReader(), card: card(compose)).run(raw: raw, out: out)
      let other = settings {
        $0.recordings = ["i-"]
        $0.seed = 2
      }
      #expect(throws: CorpusError.self) {
        try Preparation(reader: MapReader(), card: card(other)).run(raw: raw, out: out)
      }
    }
  }

  @Test("A night carries the hash of what was read, so that it is known in another population too")
  func contents() throws {
    try withRaw(["i-A": "1 4\n2 5\n", "i-B": "1 4\n3 6\n", "i-C": "1 4\n3 6\n"]) { raw, out in
      let nights = try Preparation(reader: MapReader(), card: card(settings())).run(
        raw: raw, out: out.appendingPathComponent("nights"))
      var plain = card(settings())
      plain.preprocessing.compose = nil
      plain.population = "others"
      let corpus = try Preparation(reader: MapReader(), card: plain).run(
        raw: raw, out: out.appendingPathComponent("plain"))
      #expect(nights.recordings[0].sourceHashes == corpus.recordings[0].sourceHashes)
      #expect(nights.contracts == corpus.contracts)
      let split = try Split.kFold(corpus.subjects, folds: 2, validationShare: 0, seed: 1)
      let seen = Provenance("the encoder", reading: [try WindowSource(nights, sensors: [.pressureMap])])
      #expect(throws: Leak.self) {
        try SplitAuditor(split, of: corpus.index).audit(pretraining: seen, fold: 0, transductive: false)
      }
      try SplitAuditor(
        try Split.kFold(nights.subjects, folds: 2, validationShare: 0, seed: 1), of: nights.index
      ).auditFolds()
    }
  }

  @Test(
    "What no night can be composed of is refused in words",
    arguments: [
      (["empty-A": "1 4\n"], [], "empty-A: found no pressure maps, expected them to compose nights of"),
      (
        ["still-A": "1 4\n2 4\n"], [],
        "still-A: found single maps without a rate, expected frames of postures that were held: leave it out by 'compose.recordings' in the card"
      ),
      (
        ["i-A": "1 4\n2 4\n", "wide-A": "1 4\n"], [],
        "wide-A: found maps of 1 x 3 at 2 Hz, expected 1 x 2 at 2 Hz, as in i-A of the same person: choose one of both by 'compose.recordings' in the card"
      ),
      (
        ["i-A": "1 4\n2 1\n0 9\n"], [],
        "A: found 1 posture of at least 2 frames, expected 2 or more to compose a night of: lower 'compose.minimum_frames' in the card, or leave the person out"
      ),
      (
        ["i-A": "0 9\n"], [],
        "A: found 0 postures of at least 2 frames, expected 2 or more to compose a night of: lower 'compose.minimum_frames' in the card, or leave the person out"
      ),
      (
        ["i-A": "1 4\n"], ["x", "y"],
        "RAW: found no recording whose name begins with 'x' and 'y', expected one that 'compose.recordings' of the card names"
      ),
    ] as [([String: String], [String], String)])
  func refused(files: [String: String], recordings: [String], message: String) throws {
    try withRaw(files) { raw, out in
      let compose = settings { $0.recordings = recordings }
      let error = #expect(throws: PreparationError.self) {
        try Preparation(reader: MapReader(), card: card(compose)).run(raw: raw, out: out)
      }
      #expect(error.map { words(of: $0) } == message.replacing("RAW", with: raw.path))
      #expect(!FileManager.default.fileExists(atPath: out.path))
    }
  }
}
