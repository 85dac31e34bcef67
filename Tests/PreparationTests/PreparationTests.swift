import Corpora
import Files
import Preparation
import Foundation
import Readers
import SleepCore
import Synchronization
import TestSupport
import Testing

@Suite("Preparing a corpus")
struct PreparationTests {
  private let card = Card(
    name: "toy", title: "Toy", citation: "none", licence: "none", labels: .stages,
    preprocessing: Preprocessing(windowSeconds: 4, sensors: [.heartRate: SensorPreprocessing()]))

  private func preparation(
    keepGoing: Bool = false, jobs: Int = 2, scale: Double? = nil, force: Bool = false
  ) throws -> Preparation {
    var card = card
    card.preprocessing.sensors[.heartRate]?.scale = scale
    return try Preparation(
      reader: ToyReader(), card: card,
      options: Preparation.Options(keepGoing: keepGoing, jobs: jobs, force: force))
  }

  /// Calls `body` with a folder of raw files and one to be made.
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

  /// When a recording of a corpus was written.
  private func timeOfWriting(_ id: String, in out: URL) throws -> Date? {
    let file = out.appendingPathComponent("\(id)/recording.json").path
    return try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
  }

  private let night = (0..<16).map(String.init).joined(separator: "\n")

  @Test("A card may be of some of the recordings: others are left out and told, and none of its own is an error")
  func some() throws {
    let another = (1..<17).map(String.init).joined(separator: "\n")
    try withRaw(["a-1": night, "a-2": another, "b-1": night]) { raw, out in
      var card = card
      card.recordings = ["a-", "c-"]
      let corpus = try Preparation(reader: ToyReader(), card: card).run(raw: raw, out: out)
      #expect(corpus.recordings.map(\.id) == ["a-1", "a-2"])
      #expect(corpus.index.notes == ["1 of 3 recordings are left out, since 'recordings' of the card names others"])
      card.recordings = ["c-", "d-"]
      let other = try Preparation(reader: ToyReader(), card: card)
      let error = #expect(throws: PreparationError.self) { try other.run(raw: raw, out: out) }
      #expect(
        error.map(words)
          == "\(raw.path): found no recording whose name begins with 'c-' and 'd-', expected one that 'recordings' of the card names"
      )
    }
  }

  @Test("Recordings become windows with their labels; labels beyond the signal are left out and told")
  func whole() throws {
    try withRaw(["a": night, "b": night + "\n1\n2\n3\n"]) { raw, out in
      let reports = Mutex<[Preparation.Progress]>([])
      let corpus = try preparation().run(
        raw: raw, out: out, progress: { report in reports.withLock { $0.append(report) } })
      #expect(corpus.recordings.map(\.id) == ["a", "b"])
      #expect(corpus.labels(recording: 0) == [0, 1, 2, -1])
      #expect(try corpus.windows(recording: 0, sensor: .heartRate, range: 1..<2) == [4, 5, 6, 7])
      #expect(corpus.recordings[0].warnings == ["a: 1 of 5 labels lie outside the signal and are left out"])
      // The fifth window of b lacks one of its four samples, and the card lets none be missing.
      #expect(corpus.labels(recording: 1) == [0, 1, 2, -1])
      #expect(corpus.recordings[1].warnings == ["b: 1 of 5 labels lie outside the signal and are left out"])
      #expect(reports.withLock { $0.map(\.done) } == [0, 1, 2])
    }
  }

  @Test("A damaged file is an error with its line, and nothing is written", arguments: [1, 4])
  func damaged(jobs: Int) throws {
    try withRaw(["a": night, "b": "1\nx\n", "c": "y\n", "d": night]) { raw, out in
      let error = #expect(throws: ReadError.self) { try preparation(jobs: jobs).run(raw: raw, out: out) }
      #expect(error.map(words) == "\(raw.path)/b:2: found 'x', expected a number")
      #expect(!FileManager.default.fileExists(atPath: out.path))
    }
  }

  @Test("Told to keep going, it prepares the rest and lists the failures")
  func keepGoing() throws {
    try withRaw(["a": night, "b": "1\nx\n", "c": "", "d": night]) { raw, out in
      let corpus = try preparation(keepGoing: true).run(raw: raw, out: out)
      #expect(corpus.recordings.map(\.id) == ["a", "d"])
      #expect(
        corpus.index.failures == [
          CorpusFailure(recording: "b", reason: "\(raw.path)/b:2: found 'x', expected a number"),
          CorpusFailure(
            recording: "c",
            reason: "\(raw.path)/c: found none of heart-rate, expected at least one with a whole window"),
        ])
    }
  }

  @Test("Nothing that can be prepared is an error, told to keep going or not", arguments: [true, false])
  func nothing(keepGoing: Bool) throws {
    try withRaw(["b": "x\n"]) { raw, out in
      #expect(throws: ReadError.self) { try preparation(keepGoing: keepGoing).run(raw: raw, out: out) }
      #expect(!FileManager.default.fileExists(atPath: out.path))
    }
  }

  @Test("Interrupted, it leaves what is whole, is not read, and goes on")
  func resume() throws {
    try withRaw(["a": night, "b": night, "c": night]) { raw, out in
      let asked = Mutex(0)
      let error = #expect(throws: PreparationError.self) {
        try preparation(jobs: 1).run(
          raw: raw, out: out,
          isCancelled: {
            asked.withLock {
              $0 += 1
              return $0 > 1
            }
          })
      }
      #expect(
        error.map(words) == "interrupted after 1 of 3 recordings; run the same command again to go on")
      #expect(throws: CorpusError.notACorpus(path: out.path)) { try Corpus(out) }
      let file = out.appendingPathComponent("a/heart-rate.npy").path
      let before = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
      let reports = Mutex<[Preparation.Progress]>([])
      let corpus = try preparation().run(
        raw: raw, out: out, progress: { report in reports.withLock { $0.append(report) } })
      #expect(corpus.recordings.count == 3)
      #expect(reports.withLock { $0.map(\.done) } == [1, 2, 3])
      #expect(try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date == before)
    }
  }

  @Test("A damaged file does not take what an earlier call made")
  func earlier() throws {
    try withRaw(["a": night]) { raw, out in
      _ = try preparation().run(raw: raw, out: out)
      try "x".write(to: raw.appendingPathComponent("b"), atomically: true, encoding: .utf8)
      #expect(throws: ReadError.self) { try preparation().run(raw: raw, out: out) }
      #expect(try Corpus(out).recordings.map(\.id) == ["a"])
    }
  }

  @Test(
    "Gone on with, a recording is made again where its file, its rules or its subject changed, and kept where nothing did"
  )
  func changed() throws {
    try withRaw(["a": night, "b": night]) { raw, out in
      _ = try preparation().run(raw: raw, out: out)
      func time(_ id: String) throws -> Date? { try timeOfWriting(id, in: out) }
      let before = try ["a", "b"].map(time)
      try (night + "\n16\n17\n18\n19\n").write(to: raw.appendingPathComponent("b"), atomically: true, encoding: .utf8)
      let corpus = try preparation().run(raw: raw, out: out)
      #expect(corpus.recordings.map(\.windows) == [4, 5])
      #expect(try time("a") == before[0] && time("b") != before[1])
      // Other rules for labels or subjects are other recordings, though no window differs.
      var other = card
      other.rules = ReadingRules(subject: NamePattern("^(.)"))
      _ = try Preparation(reader: ToyReader(), card: other).run(raw: raw, out: out)
      #expect(try time("a") != before[0])
      // A damaged file leaves the one that was there, and a corpus that says it is not finished.
      try "x".write(to: raw.appendingPathComponent("b"), atomically: true, encoding: .utf8)
      #expect(throws: ReadError.self) { try preparation().run(raw: raw, out: out) }
      #expect(try time("b") != nil)
      #expect(throws: CorpusError.notACorpus(path: out.path)) { try Corpus(out) }
    }
  }

  @Test(
    "What a recording was made of is known by content: another folder with the same is the same, the same time with other content is not"
  )
  func byContent() throws {
    try withRaw(["a": night, "b": night]) { raw, out in
      _ = try preparation().run(raw: raw, out: out)
      func time(_ id: String) throws -> Date? { try timeOfWriting(id, in: out) }
      let before = try ["a", "b"].map(time)
      let copy = raw.deletingLastPathComponent().appendingPathComponent("copy")
      try FileManager.default.copyItem(at: raw, to: copy)
      _ = try preparation().run(raw: copy, out: out)
      #expect(try ["a", "b"].map(time) == before)
      let file = copy.appendingPathComponent("b")
      let facts = try FileManager.default.attributesOfItem(atPath: file.path)
      try night.replacing("15", with: "51").write(to: file, atomically: false, encoding: .utf8)
      try FileManager.default.setAttributes(
        [.modificationDate: try #require(facts[.modificationDate])], ofItemAtPath: file.path)
      let notes = Mutex<[String]>([])
      let corpus = try preparation().run(
        raw: copy, out: out, progress: { report in notes.withLock { $0 += report.notes } })
      #expect(try corpus.windows(recording: 1, sensor: .heartRate, range: 3..<4) == [12, 13, 14, 51])
      #expect(try time("a") == before[0])
      #expect(
        notes.withLock { $0 } == [
          "b: made again, since the raw files, the subject or the rules of the labels are not those of before"
        ])
    }
  }

  @Test("An array that was emptied is made again, and that is said")
  func unsound() throws {
    try withRaw(["a": night, "b": night]) { raw, out in
      _ = try preparation().run(raw: raw, out: out)
      try FileManager.default.removeItem(at: out.appendingPathComponent("corpus.json"))
      try Data().write(to: out.appendingPathComponent("a/heart-rate.npy"))
      let notes = Mutex<[String]>([])
      let corpus = try preparation().run(
        raw: raw, out: out, progress: { report in notes.withLock { $0 += report.notes } })
      #expect(try corpus.windows(recording: 0, sensor: .heartRate, range: 0..<1) == [0, 1, 2, 3])
      #expect(notes.withLock { $0 } == ["a: made again, since files of the corpus are missing or were changed"])
    }
  }

  @Test("A copy under another subject's name is told")
  func copies() throws {
    try withRaw(["a": night, "b": night, "c": night + "\n16\n17\n18\n19\n"]) { raw, out in
      let corpus = try preparation().run(raw: raw, out: out)
      #expect(
        corpus.index.notes
          == ["a and b hold the same samples under several subjects: a copy is no other person's night"])
    }
  }

  @Test(
    "Subjects that differ by case or by zeros before a number alone are refused",
    arguments: [("a1", "A1"), ("p01", "p1")])
  func spellings(_ one: String, _ other: String) throws {
    try withRaw([one: night, other: night]) { raw, out in
      let error = #expect(throws: PreparationError.self) { try preparation().run(raw: raw, out: out) }
      #expect(
        error.map(words)
          == "\(raw.path): found the subjects \([one, other].sorted().joined(separator: " and ")), expected one spelling of a person, "
          + "or names that differ by more than case and zeros: say it in a table of recordings (--recordings)")
      #expect(!FileManager.default.fileExists(atPath: out.path))
    }
  }

  @Test("A recording that the raw files no longer hold is refused, or left out by force")
  func gone() throws {
    try withRaw(["a": night, "b": night]) { raw, out in
      _ = try preparation().run(raw: raw, out: out)
      try FileManager.default.removeItem(at: raw.appendingPathComponent("b"))
      let error = #expect(throws: CorpusError.self) { try preparation().run(raw: raw, out: out) }
      #expect(
        error.map(words)
          == "\(out.path): found b of an earlier preparation, expected only what the raw files and the table hold now: choose another folder, or --force to leave them out"
      )
      #expect(try Corpus(out).recordings.map(\.id) == ["a", "b"])
      #expect(try preparation(force: true).run(raw: raw, out: out).recordings.map(\.id) == ["a"])
    }
  }

  @Test("Another preprocessing is refused, or forced")
  func otherPreprocessing() throws {
    try withRaw(["a": night]) { raw, out in
      _ = try preparation().run(raw: raw, out: out)
      #expect(throws: CorpusError.self) { try preparation(scale: 2).run(raw: raw, out: out) }
      let corpus = try preparation(scale: 2, force: true).run(raw: raw, out: out)
      #expect(try corpus.windows(recording: 0, sensor: .heartRate, range: 0..<1) == [0, 0.5, 1, 1.5])
    }
  }

  @Test("A sensor that the card does not know is refused")
  func sensors() {
    let error = #expect(throws: CorpusError.self) {
      try Preparation(reader: ToyReader(), card: card, options: .init(sensors: [.ecg]))
    }
    #expect(
      error.map(words) == "card of toy: found no ecg, expected it; the sensors here are heart-rate")
  }
}
