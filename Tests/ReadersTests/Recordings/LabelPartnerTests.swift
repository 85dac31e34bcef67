import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Which labels are a recording's own")
struct LabelPartnerTests {
  /// The label file of each recording, by name.
  private func partners(_ found: Discovery) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: found.sources.map { ($0.id, $0.files["labels"]?.lastPathComponent ?? "none") })
  }

  @Test(
    "A label file has its signal's name and a word for scoring",
    arguments: [
      ("n1.edf", "n1-Hypnogram.edf"), ("n1-PSG.edf", "n1-Hypnogram.edf"), ("n1_PSG.edf", "n1_hypnogram.EDF"),
      ("n1.edf", "n1_sleepscoring.edf"), ("n1.edf", "n1-scoring.edf"), ("n1.edf", "n1_annotations.edf"),
      ("n1-PSG.edf", "n1-PSG-Hypnogram.edf"), ("N1.edf", "n1-Hypnogram.edf"),
    ])
  func scorings(signal: String, labels: String) throws {
    let found = try EDFTree(signals: [signal, "m5.edf"], scorings: [labels]).discovery()
    #expect(found.undecided == [] && found.sources.count == 2)
    #expect(partners(found)[String(signal.dropLast(4))] == labels)
    #expect(partners(found)["m5"] == "none")
  }

  @Test(
    "A label file may be text",
    arguments: [
      "n1.csv", "n1.tsv", "n1.txt", "n1.xml", "n1_stages.csv", "n1_hypnogram.csv", "n1-nsrr.xml", "n1-profusion.xml",
      "n1_scoring.txt", "n1.annot", "n1.eannot", "n1.ids", "n1_hypnogram.json", "n1_scoring.json",
    ])
  func texts(labels: String) throws {
    let found = try EDFTree(signals: ["n1-PSG.edf", "m5.edf"], texts: [labels: "x", "README.txt": "x"]).discovery()
    #expect(found.undecided == [])
    #expect(partners(found) == ["n1-PSG": labels, "m5": "none"])
  }

  @Test("JSON beside a recording mostly tells about it: it is a label file by its name alone")
  func sidecars() throws {
    let found = try EDFTree(
      signals: ["n1.edf"], texts: ["n1.json": "{}", "n1_events.json": "{}", "n1_annotations.json": "{}"]
    ).discovery()
    #expect(found.undecided == [] && partners(found) == ["n1": "none"])
  }

  @Test("A spreadsheet or document beside a recording is told with how to save it, where there are no other labels")
  func documents() throws {
    func found(_ texts: String...) throws -> Discovery {
      try EDFTree(signals: ["n1.edf"], texts: Dictionary(uniqueKeysWithValues: texts.map { ($0, "x") })).discovery()
    }
    #expect(
      try found("n1_hypnogram.xlsx").undecided == [
        "'n1_hypnogram.xlsx' is named as the label file of 'n1.edf', and is a spreadsheet: save the sheet as CSV UTF-8"
      ])
    #expect(
      try found("n1_staging.pdf").undecided == [
        "'n1_staging.pdf' is named as the label file of 'n1.edf', and is a PDF: export the stages from the scoring program as text or CSV"
      ])
    let sheet = try found("n1.ods")
    #expect(sheet.undecided == [] && partners(sheet) == ["n1": "none"])
    #expect(
      sheet.notes.first == "'n1.ods' may hold the labels of 'n1.edf', and is a spreadsheet: save the sheet as CSV UTF-8"
    )
    #expect(try found("n1.pdf", "n1.mat", "n1.docx").notes == found().notes)
    let array = try EDFTree(signals: ["n1.edf"], texts: ["n1_stages.mat": "MATLAB 7.3 MAT-file, Platform"]).discovery()
    #expect(array.undecided == [] && partners(array) == ["n1": "n1_stages.mat"])
    let both = try found("n1_hypnogram.xlsx", "n1_hypnogram.csv")
    #expect(both.undecided == [] && partners(both) == ["n1": "n1_hypnogram.csv"] && both.notes == [])
  }

  @Test("A name that is nearly right is no partner")
  func nearlyRight() throws {
    let found = try EDFTree(
      signals: ["subid0_visit1-PSG.edf", "subid0_visit2-PSG.edf"], scorings: ["subid0_visit2-Hypnogram.edf"]
    ).discovery()
    #expect(found.undecided == [])
    #expect(partners(found) == ["subid0_visit1-PSG": "none", "subid0_visit2-PSG": "subid0_visit2-Hypnogram.edf"])
    #expect(
      found.notes.last
        == "1 of 2 recordings have no label file and no annotations of their own: 'subid0_visit1-PSG.edf'")
  }

  @Test("What is the labels of two, two labels of one, and labels of none are told by name")
  func undecided() throws {
    func told(_ tree: EDFTree) throws -> [String] { try tree.discovery().undecided }
    #expect(
      try told(EDFTree(signals: ["n1.edf"], scorings: ["n1-Hypnogram.edf"], texts: ["n1.csv": "x"])) == [
        "'n1.edf' has 2 label files, 'n1-Hypnogram.edf' and 'n1.csv', and needs one"
      ])
    let shared = EDFTree(signals: ["a.edf", "a-PSG.edf"], scorings: ["a-Hypnogram.edf"])
    #expect(
      try told(shared) == [
        "'a-PSG.edf' and 'a.edf' have one name, and may be recordings of one subject or of several",
        "'a-Hypnogram.edf' may be the labels of 'a-PSG.edf' and 'a.edf', and of one alone",
      ])
    #expect(try shared.discovery().sources == [])
    #expect(
      try told(EDFTree(signals: ["n1.edf"], scorings: ["xyz.edf"])) == [
        "'xyz.edf' holds annotations alone, and no signal file in its folder has its name"
      ])
    #expect(
      try told(EDFTree(signals: ["edf/n1.edf"], texts: ["scoring/n1_stages.csv": "x"])) == [
        "'scoring/n1_stages.csv' is named as a label file, and may be of 'edf/n1.edf' in another folder; a card's labels: "
          + "{files: '../scoring/{name}_stages.csv'} joins them"
      ])
  }

  @Test("A card says where the labels lie")
  func template() throws {
    func rules(_ files: String) -> ReadingRules { ReadingRules(labels: LabelRules(files: files)) }
    let tree = EDFTree(
      signals: ["edf/S1_night1.edf", "edf/S2_night1.edf", "edf/S2_night2.edf"], scorings: ["edf/z.edf"],
      texts: [
        "scoring/S1_night1_stages.csv": "x", "S2/night2.csv": "x", "edf/S1_night1.edf.atr": "x", "one.csv": "x",
      ])
    let stem = try tree.discovery(rules("../scoring/{stem}_stages.csv"))
    #expect(stem.undecided == [])
    #expect(stem.sources.map { $0.files["labels"]?.lastPathComponent } == ["S1_night1_stages.csv", nil, nil])
    #expect(
      stem.notes.suffix(2) == [
        "1 file of annotations alone, of no recording by the card's label files: 'edf/z.edf'",
        "2 of 3 recordings have no label file and no annotations of their own: 'S2_night1.edf' and 'S2_night2.edf'",
      ])
    #expect(stem.sources[0].decidedBy == "the word 'night' in its name, labels by the card")
    let none = try tree.discovery(rules("{stem}.hyp"))
    #expect(none.notes.contains("the card's label files, '{stem}.hyp', are there for no recording"))
    let session = try tree.discovery(rules("../{subject}/{session}.csv"))
    #expect(session.sources.map { $0.files["labels"]?.lastPathComponent } == [nil, nil, "night2.csv"])
    let name = try tree.discovery(rules("./{name}.edf.atr"))
    #expect(name.sources.map { $0.files["labels"]?.lastPathComponent } == ["S1_night1.edf.atr", nil, nil])
    let shared = try tree.discovery(rules("../scoring/S1_{session}_stages.csv"))
    #expect(
      shared.undecided == [
        "'scoring/S1_night1_stages.csv' may be the labels of 'edf/S1_night1.edf' and 'edf/S2_night1.edf', and of one alone"
      ])
    for (files, wanted) in [
      (
        "{session}.csv",
        "ROOT/a.edf: found a name without a {session} for the card's label files '{session}.csv', expected one with a word for a visit, such as S01_night1, or a rule without it"
      ),
      (
        "{stam}.csv",
        "ROOT: found '{stam}' in the card's label files '{stam}.csv', expected one of {name}, {stem}, {recording}, {subject}, "
          + "{session}"
      ),
      (
        "all.csv",
        "ROOT: found no placeholder in the card's label files 'all.csv', expected one of {name}, {stem}, {recording}, {subject}, "
          + "{session}"
      ),
      (
        "../../{stem}.csv",
        "ROOT/edf/S1_night1.edf: found the label file '../../S1_night1.csv' by the card's '../../{stem}.csv', which lies outside "
          + "the folder, expected a path from the signal file's folder that stays below ROOT"
      ),
    ] {
      try withTemporaryFolder { folder in
        try tree.write(to: folder)
        if files.hasPrefix("{session}") { try EDFTree(signals: ["a.edf"]).write(to: folder) }
        let error = try #require(throws: ReadError.self) {
          try FolderReader.edf.discover(in: folder, rules: rules(files))
        }
        #expect(words(of: error).replacingOccurrences(of: folder.path, with: "ROOT") == wanted)
      }
    }
  }

  @Test("Of six nights of which two are unscored each has its own labels, every time")
  func sixNights() throws {
    try withTemporaryFolder { folder in
      let names = (1...6).map { "subid\($0 % 2)_visit\(($0 + 1) / 2)" }
      for (index, name) in names.enumerated() {
        try EDFNight(channels: [("EEG", "uV", 2)], seconds: 90).bytes.write("\(name)-PSG.edf", in: folder)
        guard index != 1, index != 4 else { continue }
        // The number of scored windows tells whose labels they are.
        try EDFNight.hypnogram([(0, 30, "Sleep stage \(["W", "1", "2", "3", "R", "4"][index])")])
          .write("\(name)-Hypnogram.edf", in: folder)
      }
      let first = try FolderReader.edf.discover(in: folder, rules: ReadingRules())
      #expect(first.undecided == [])
      for _ in 0..<5 { #expect(try FolderReader.edf.discover(in: folder, rules: ReadingRules()) == first) }
      let wanted: [Stage?] = [.wake, nil, .n2, .n3, nil, .n3]
      for source in first.sources {
        let index = try #require(names.firstIndex { source.id.hasPrefix($0) })
        let stages = try FolderReader.edf.read(source, sensors: []).hypnogram?.stages
        #expect((stages?.first ?? nil) == wanted[index], "\(source.id)")
        #expect(source.subject.id == "subid\((index + 1) % 2)")
      }
    }
  }

  @Test("Of a published night a second file of one kind is refused")
  func secondFile() throws {
    for (reader, name, night, kind) in [
      (SleepEDFReader() as any DatasetReader, "SC4001E0-PSG.edf", "SC4001", "psg"),
      (SleepBRLReader(), "sbj01.edf", "sbj01", "radar"),
    ] {
      try withTemporaryFolder { folder in
        try EDFTree(texts: ["a/\(name)": "x", "b/\(name)": "x"]).write(to: folder)
        let error = try #require(throws: ReadError.self) { try reader.discover(in: folder) }
        #expect(
          words(of: error)
            == "\(folder.path)/b/\(name): found a second file of the kind '\(kind)' of \(night), expected \(folder.path)/a/\(name) "
            + "alone, or this one: move the other away")
      }
    }
  }

  @Test("One file alone is given the labels beside it by the same rules")
  func oneFile() throws {
    try withTemporaryFolder { folder in
      try EDFTree(
        signals: ["P1_1.edf", "P1_2.edf", "a.edf", "a-PSG.edf", "deep/x.edf"],
        scorings: ["P1_1-Hypnogram.edf", "a-Hypnogram.edf"]
      ).write(to: folder)
      func recording(_ name: String) throws -> (source: RecordingSource, warnings: [String]) {
        try FolderReader.edf.recording(of: folder.appendingPathComponent(name))
      }
      #expect(try recording("P1_1.edf").source.files["labels"]?.lastPathComponent == "P1_1-Hypnogram.edf")
      #expect(try recording("P1_2.edf").source.files.count == 1 && recording("P1_2.edf").warnings == [])
      #expect(try recording("a-Hypnogram.edf").source.files["psg"]?.lastPathComponent == "a-Hypnogram.edf")
      let doubtful = try recording("a.edf")
      #expect(doubtful.source.files.count == 1)
      #expect(
        doubtful.warnings == ["'a-Hypnogram.edf' may be the labels of 'a-PSG.edf' and 'a.edf', and of one alone"])
    }
  }

  @Test("A damaged file is found by its name, and reading it tells what is wrong")
  func damaged() throws {
    let found = try EDFTree(signals: ["a.edf"], texts: ["b.edf": "x", "a-Hypnogram.edf": "x"]).discovery()
    #expect(partners(found) == ["a": "a-Hypnogram.edf", "b": "none"])
  }

  @Test("A folder that cannot be read is told, not taken for empty", .enabled(if: geteuid() != 0, "root reads all"))
  func unreadable() throws {
    try withTemporaryFolder { folder in
      try EDFTree(signals: ["a.edf", "closed/b.edf"]).write(to: folder)
      let closed = folder.appendingPathComponent("closed").path
      chmod(closed, 0)
      defer { chmod(closed, 0o755) }
      let error = try #require(throws: ReadError.self) { try FolderReader.edf.discover(in: folder) }
      #expect(
        words(of: error).hasPrefix("\(closed): found a folder that cannot be read (Permission denied), expected "))
    }
  }

  @Test("Links to folders are followed, and one to a folder above ends")
  func links() throws {
    try withTemporaryFolder { folder in
      try EDFTree(signals: ["raw/a.edf", "other/b.edf"]).write(to: folder)
      let manager = FileManager.default
      try manager.createSymbolicLink(
        at: folder.appendingPathComponent("raw/more"), withDestinationURL: folder.appendingPathComponent("other"))
      try manager.createSymbolicLink(
        at: folder.appendingPathComponent("raw/round"), withDestinationURL: folder.appendingPathComponent("raw"))
      let found = try FolderReader.edf.discover(in: folder.appendingPathComponent("raw"))
      #expect(found.map(\.id) == ["a", "more-b"])
    }
  }
}
