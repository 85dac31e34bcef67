import Corpora
import Foundation
import Preparation
import Readers
import SleepCore
import TestSupport
import Testing

private let datasets = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Datasets")

@Suite("Data sets in their publishers' layouts")
struct LayoutTests {
  /// Cards of readers of their own, and of a user's own folders, which other tests try.
  private static let triedElsewhere: Set = [
    "edf", "files", "maps", "mesa-as-published", "npy", "pmd", "pmd-as-published", "pmd-as-published-cnn", "pmd-full",
    "pmd-nights", "pmd-session", "santafe-b", "shhs-as-published", "sleep-accel", "sleep-accel-as-published",
    "sleep-accel-as-published-30", "sleep-accel-days", "sleep-edf", "sleep-edf-as-published",
    "sleep-edf-as-published-4", "sleepbrl", "slpdb", "slpdb-rr", "slpdb-wrist", "spectrograms",
  ]

  @Test("A card makes of its publisher's files whose night it is, its stages and its sensors", arguments: layouts)
  func prepared(layout: Layout) throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try layout.write(to: raw)
      let card = try Card(named: layout.card, in: datasets)
      // Also what is made on request alone.
      let corpus = try Preparation(card: card, options: .init(sensors: Set(card.preprocessing.sensors.keys)))
        .run(raw: raw, out: folder.appendingPathComponent("corpus"))
      // What channels are made of is compared night by night.
      #expect(corpus.index.notes.filter { !$0.contains(" is made of ") } == layout.notes)
      #expect(corpus.population == card.population)
      #expect(corpus.recordings.map(\.id) == layout.nights.map(\.id))
      for (index, night) in layout.nights.enumerated() where index < corpus.recordings.count {
        let made = corpus.recordings[index]
        #expect(made.subject == Subject(night.subject), "\(night.id)")
        #expect(made.group == night.group, "\(night.id)")
        #expect(made.session == night.session, "\(night.id)")
        #expect(String(corpus.labels(recording: index).map(letter)) == night.stages, "\(night.id)")
        #expect(leads(made, corpus) == night.leads, "\(night.id)")
        #expect(made.warnings == night.warnings, "\(night.id)")
        #expect(made.validWindows.values.allSatisfy { $0 == made.windows - night.invalid }, "\(night.id)")
      }
    }
  }

  /// `'C4' less 'M1'` of the channels of each sensor, in the order of the windows.
  private func leads(_ recording: CorpusRecording, _ corpus: Corpus) -> [String: [String]] {
    var leads: [String: [String]] = [:]
    for contract in corpus.contracts where recording.validWindows[contract.sensor] != nil {
      let name = contract.sensor.rawValue
      // A channel that is computed of another is made of nothing in the file.
      leads[name] = contract.channels.compactMap { recording.leads?["\(name) \($0.name)"] }
        .map { $0.replacing(#/ at [0-9.]+ Hz$/#, with: "").replacing("'", with: "") }
    }
    return leads
  }

  private func letter(_ label: Int8) -> Character {
    let letters = Array("W123RN")
    return letters.indices.contains(Int(label)) ? letters[Int(label)] : "?"
  }

  @Test(
    "One encoder reads wrists of several data sets: their windows have the contract of sleep-accel's",
    arguments: [
      ("dreamt", Sensor.accelerometer), ("dreamt", .heartRate), ("bidsleep", .accelerometer), ("bidsleep", .heartRate),
      ("capture-24", .accelerometer),
    ])
  func sameContract(card: String, sensor: Sensor) throws {
    let corpora = try ["sleep-accel", card].map {
      try Card(named: $0, in: datasets).preprocessing.preparation(of: sensor)
    }
    #expect(corpora[0] == corpora[1])
  }

  @Test("Of the polysomnogram of a large study the channels of 35 MB a night are made where they are asked for alone")
  func onRequest() throws {
    try withTemporaryFolder { folder in
      let layout = try #require(layouts.first { $0.card == "shhs" })
      try layout.write(to: folder.appendingPathComponent("raw"))
      let card = try Card(named: "shhs", in: datasets)
      func prepared(_ sensors: Set<Sensor>?) throws -> Corpus {
        try Preparation(card: card, options: .init(sensors: sensors)).run(
          raw: folder.appendingPathComponent("raw"), out: folder.appendingPathComponent("\(sensors?.count ?? 0)"))
      }
      let plain = try prepared(nil)
      #expect(Set(plain.contracts.map(\.sensor)) == [.ecg, .respiration, .spo2])
      let said =
        "psg is prepared on request alone, and was not: --sensors psg asks for it, --sensors psg,ecg,respiration,spo2 for all of the card"
      #expect(plain.index.notes.filter { $0.contains("on request") } == [said])
      let asked = try prepared([.psg])
      #expect(asked.contracts.map(\.sensor) == [.psg])
      #expect(!asked.index.notes.contains { $0.contains("on request") })
      // Asked for in any way it is the same, and whoever asks for others is told nothing.
      #expect(asked.index.preprocessing.sensors[.psg]?.onRequest == nil)
      #expect(try prepared([.ecg, .spo2]).index.notes.filter { $0.contains("on request") }.isEmpty)
    }
  }

  @Test("Every card is tried on a layout or elsewhere")
  func complete() {
    let known = Set(Card.names(in: datasets))
    let tried = Set(layouts.map(\.card))
    #expect(known.subtracting(tried).subtracting(Self.triedElsewhere) == [])
    #expect(tried.union(Self.triedElsewhere).subtracting(known) == [])
  }

  @Test(
    "A card tells whose nights they are, who may have them, how they lie and where that was read",
    arguments: Set(layouts.map(\.card)).union(["sleep-accel", "sleep-edf", "slpdb"]).sorted())
  func told(card: String) throws {
    let facts = try Card(named: card, in: datasets).facts
    for text in [facts.people, facts.access, facts.trimming, facts.sources, facts.unverified] {
      #expect(text?.isEmpty == false)
    }
    for lines in [facts.layout, facts.splits] { #expect(lines?.isEmpty == false) }
  }

  @Test("A folder that is not the data set's is refused with what is there and what was wanted", arguments: layouts)
  func elsewhere(layout: Layout) throws {
    try withTemporaryFolder { folder in
      let raw = folder.appendingPathComponent("raw")
      try FileManager.default.createDirectory(at: raw, withIntermediateDirectories: true)
      let card = try Card(named: layout.card, in: datasets)
      let files = try #require(card.rules.files)
      let main = try #require(files["psg"] ?? files["signals"])
      let wanted = main.path.map { "'\($0)'" }.joined(separator: " or ")
      func refusal() throws -> String {
        let out = folder.appendingPathComponent("corpus")
        let error = try #require(throws: ReadError.self) { try Preparation(card: card).run(raw: raw, out: out) }
        return words(of: error)
      }
      let hint = "is it the folder that the data set lies in, and whole?"
      #expect(try refusal() == "\(raw.path): found no files, expected files as \(wanted): \(hint)")
      try Data("x".utf8).write(to: raw.appendingPathComponent("other.edf"))
      #expect(
        try refusal() == "\(raw.path): found the file 'other.edf' alone, expected files as \(wanted): \(hint)")
    }
  }
}
