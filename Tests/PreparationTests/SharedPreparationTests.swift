import Corpora
import Files
import Foundation
import Preparation
import Readers
import SleepCore
import Synchronization
import TestSupport
import Testing

/// One folder, and several that prepare it.
@Suite("A shared preparation")
struct SharedPreparationTests {
  private let card = Card(
    name: "toy", title: "Toy", citation: "none", licence: "none", labels: .stages,
    preprocessing: Preprocessing(windowSeconds: 4, sensors: [.heartRate: SensorPreprocessing()]))
  private let night = (0..<16).map(String.init).joined(separator: "\n")

  /// What was read, by whomever.
  private final class Log: Sendable {
    let read = Mutex<[String]>([])
    var reader: ToyReader {
      ToyReader { [self] id in
        read.withLock { $0.append(id) }
        usleep(2000)
      }
    }
  }

  private func preparation(_ log: Log = Log(), keepGoing: Bool = false, scale: Double? = nil) throws -> Preparation {
    var card = card
    card.preprocessing.sensors[.heartRate]?.scale = scale
    return try Preparation(
      reader: log.reader, card: card, options: Preparation.Options(keepGoing: keepGoing, jobs: 2))
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

  private var nights: [String: String] {
    Dictionary(uniqueKeysWithValues: (0..<20).map { ("r\($0)", night + "\n\($0)\n2\n3\n4\n") })
  }

  /// Prepares one folder so many times at once; all are there before anyone begins.
  private func together(
    _ count: Int, raw: URL, out: URL, _ log: Log = Log(), keepGoing: Bool = false
  ) throws -> [Result<Corpus, any Error>] {
    let preparation = try preparation(log, keepGoing: keepGoing)
    let results = Mutex<[Result<Corpus, any Error>]>([])
    let here = Mutex(0)
    runConcurrently(count) {
      let first = Mutex(true)
      let result = Result {
        try preparation.run(
          raw: raw, out: out,
          progress: { _ in
            guard
              first.withLock({ first in
                defer { first = false }; return first
              })
            else { return }
            here.withLock { $0 += 1 }
            while here.withLock({ $0 }) < count { usleep(1000) }
          })
      }
      results.withLock { $0.append(result) }
    }
    return results.withLock { $0 }
  }

  /// The text of all files of a corpus without the stamps, which no two files have in common, by path.
  private func content(_ corpus: URL) throws -> [String: Data] {
    let files = FileManager.default
    return try Dictionary(
      uniqueKeysWithValues: files.subpathsOfDirectory(atPath: corpus.path).sorted().map { name in
        let data = files.contents(atPath: corpus.appendingPathComponent(name).path) ?? Data()
        guard name.hasSuffix(".json") else { return (name, data) }
        let text = try #require(String(data: data, encoding: .utf8))
        return (name, Data(text.replacing(/"stamp" : "[^"]*"/, with: "").utf8))
      })
  }

  @Test("Several make each recording once, and the corpus of one alone")
  func several() throws {
    try withRaw(nights) { raw, out in
      let log = Log()
      let corpora = try together(3, raw: raw, out: out, log).map { try $0.get() }
      #expect(log.read.withLock { $0.sorted() } == nights.keys.sorted())
      #expect(corpora.allSatisfy { $0.index == corpora[0].index })
      try corpora[0].checkContent()
      let alone = out.deletingLastPathComponent().appendingPathComponent("alone")
      _ = try preparation().run(raw: raw, out: alone)
      let (shared, single) = (try content(out), try content(alone))
      #expect(shared.count == 20 * 5 + 1)
      #expect(shared == single)
    }
  }

  @Test("Told to keep going, all list every failure, whoever met it; who comes later tries again")
  func failures() throws {
    var files = nights
    for name in ["r3", "r7", "r11"] { files[name] = "1\nx\n" }
    try withRaw(files) { raw, out in
      let log = Log()
      let corpora = try together(3, raw: raw, out: out, log, keepGoing: true).map { try $0.get() }
      #expect(log.read.withLock { $0.sorted() } == files.keys.sorted())
      for corpus in corpora {
        #expect(
          corpus.index.failures
            == ["r11", "r3", "r7"].map {
              CorpusFailure(recording: $0, reason: "\(raw.path)/\($0):2: found 'x', expected a number")
            })
      }
      let alone = out.deletingLastPathComponent().appendingPathComponent("alone")
      _ = try preparation(keepGoing: true).run(raw: raw, out: alone)
      #expect(try content(out) == content(alone))
      try night.write(to: raw.appendingPathComponent("r3"), atomically: true, encoding: .utf8)
      let later = try preparation(keepGoing: true).run(raw: raw, out: out)
      #expect(later.index.failures.map(\.recording) == ["r11", "r7"])
    }
  }

  @Test("A damaged recording ends all with its error, and nothing is left")
  func damaged() throws {
    var files = nights
    for name in ["r3", "r4", "r7"] { files[name] = "1\nx\n" }
    try withRaw(files) { raw, out in
      for result in try together(3, raw: raw, out: out) {
        let error = #expect(throws: (any Error).self) { try result.get() }
        // In the order of names: r0, r1, r10 to r19, r2, r3.
        #expect(error?.localizedDescription == "\(raw.path)/r3:2: found 'x', expected a number")
      }
      #expect(!FileManager.default.fileExists(atPath: out.path))
    }
  }

  @Test("Recordings of other channels are left out by all, or end all", arguments: [true, false])
  func contracts(keepGoing: Bool) throws {
    var files = nights
    files["r19"] = "-1\n" + night
    files["r5"] = "-1\n" + night
    try withRaw(files) { raw, out in
      for result in try together(3, raw: raw, out: out, keepGoing: keepGoing) {
        let expected =
          "found heart-rate 1 x 4 at 1 Hz (pulse in bpm), where 'channels' is pulse, expected hr as in r0: name channels, unit and rate in the card"
        if keepGoing {
          #expect(
            try result.get().index.failures
              == ["r19", "r5"].map { CorpusFailure(recording: $0, reason: "\($0): \(expected)") })
        } else {
          let error = #expect(throws: (any Error).self) { try result.get() }
          #expect(error?.localizedDescription == "r19: \(expected)")
        }
      }
      #expect(FileManager.default.fileExists(atPath: out.path) == keepGoing)
      #expect(!FileManager.default.fileExists(atPath: out.appendingPathComponent("r5").path))
    }
  }

  /// Leaves what a process leaves that was killed: a lease.
  private func leave(_ url: URL) throws {
    let gone = Process()
    gone.executableURL = URL(fileURLWithPath: "/bin/true")
    try gone.run()
    gone.waitUntilExit()
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let text = """
      {"holder":{"process":\(gone.processIdentifier),"host":"\(host)","command":"prepare","since":"2026-01-31T12:00:00Z"},\
      "id":"3F2504E0-4F89-11D3-9A0C-0305E82C3301"}
      """
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  @Test(
    "What one leaves that is killed half way is made by another, which waits for nobody; its leftovers go, those of the living stay"
  )
  func killed() throws {
    try withRaw(nights) { raw, out in
      let place = SharedSession.place(in: out)
      let half = place.appendingPathComponent(".ssrm-r4.9C0B")
      let alive = Mutex<Lease?>(nil)
      let reports = Mutex(0)
      let corpus = try preparation().run(
        raw: raw, out: out,
        progress: { report in
          reports.withLock { $0 += 1 }
          if report.done == 0 {
            // One was killed while it made r4, another between r5 and its word that it is there; a third lives.
            try? leave(place.appendingPathComponent("r4.json.lease"))
            try? leave(place.appendingPathComponent(".members/killed.lease"))
            try? FileManager.default.createDirectory(at: half, withIntermediateDirectories: true)
            alive.withLock { $0 = try? Lease.take(place.appendingPathComponent(".members/alive.lease")) }
          }
        })
      #expect(corpus.recordings.count == 20)
      #expect(reports.withLock { $0 } == 21)
      // Not the last one: what is there may be someone's.
      #expect(FileManager.default.fileExists(atPath: half.path))
      alive.withLock { $0 = nil }
      let again = Mutex<[Int]>([])
      _ = try preparation().run(raw: raw, out: out, progress: { report in again.withLock { $0.append(report.done) } })
      #expect(again.withLock { $0 } == [20])
      #expect(try !FileManager.default.contentsOfDirectory(atPath: out.path).contains { OwnName.isOwn($0) })
    }
  }

  @Test("Where all were killed the next one begins anew with what is whole, and believes no failure of theirs")
  func allKilled() throws {
    try withRaw(nights) { raw, out in
      let asked = Mutex(0)
      #expect(throws: PreparationError.self) {
        try preparation().run(
          raw: raw, out: out,
          isCancelled: {
            asked.withLock {
              $0 += 1; return $0 > 12
            }
          })
      }
      let place = SharedSession.place(in: out)
      try leave(place.appendingPathComponent(".members/killed.lease"))
      try leave(place.appendingPathComponent("r4.json.lease"))
      try Data(#"{"failure":"long ago","isLeftOut":false}"#.utf8).write(to: place.appendingPathComponent("r4.json"))
      try Data(#"{"failure":"long ago","isLeftOut":false}"#.utf8).write(to: place.appendingPathComponent(".stop.json"))
      try Data().write(to: out.appendingPathComponent(".ssrm-unfinished-x"))
      let log = Log()
      let corpus = try preparation(log).run(raw: raw, out: out)
      #expect(corpus.recordings.count == 20 && corpus.index.failures.isEmpty)
      let made = log.read.withLock { $0.count }
      #expect((1..<20).contains(made))
      #expect(try !FileManager.default.contentsOfDirectory(atPath: out.path).contains { OwnName.isOwn($0) })
    }
  }

  @Test("Who was told otherwise is refused, and told by what; the work goes on")
  func otherArguments() throws {
    try withRaw(nights) { raw, out in
      let errors = Mutex<[String]>([])
      let corpus = try preparation().run(
        raw: raw, out: out,
        progress: { report in
          guard report.done == 0 else { return }
          for other in [try? preparation(keepGoing: true), try? preparation(scale: 2)] {
            do { _ = try other?.run(raw: raw, out: out) } catch {
              errors.withLock { $0.append(error.localizedDescription) }
            }
          }
        })
      #expect(corpus.recordings.count == 20)
      let said = errors.withLock { $0 }
      #expect(said.count == 2)
      #expect(said[0].hasPrefix("\(out.path): found 'ssrm "))
      #expect(
        said[0].hasSuffix(
          ") writing here with other arguments (--keep-going: no, now yes), expected the very same to share its work: give its command, "
            + "wait for it, or name another folder with --out"))
      #expect(said[1].contains(" writing here with other arguments (card: fnv1a64:"))
    }
  }

  @Test("One that comes while another is at work joins it, and one that comes when all is done finds it so")
  func joins() throws {
    try withRaw(nights) { raw, out in
      let log = Log()
      let inner = Mutex<[[Int]]>([])
      let corpus = try preparation(log).run(
        raw: raw, out: out,
        progress: { report in
          guard [0, 20].contains(report.done) else { return }
          let reports = Mutex<[Int]>([])
          let others = Mutex(0)
          _ = try? preparation(log).run(
            raw: raw, out: out,
            progress: { report in
              reports.withLock { $0.append(report.done) }
              others.withLock { $0 += report.others.count }
            })
          #expect(others.withLock { $0 } == 1)
          inner.withLock { $0.append(reports.withLock { $0 }) }
        })
      #expect(corpus.recordings.count == 20)
      #expect(log.read.withLock { $0.count } == 20)
      #expect(inner.withLock { $0 } == [Array(0...20), Array(0...20)])
    }
  }
}
