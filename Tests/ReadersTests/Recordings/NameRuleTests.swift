import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// What the rules make of a folder of small EDF files.
struct EDFTree {
  /// Files with a signal, files of annotations alone, and texts, by their paths.
  var signals: [String] = []
  var scorings: [String] = []
  var texts: [String: String] = [:]

  private static let signal = EDFNight(channels: [("EEG", "uV", 2)], seconds: 60).bytes
  private static let scoring = EDFNight.hypnogram([(0, 60, "Sleep stage W")])

  func write(to folder: URL) throws {
    for path in signals { try Self.signal.write(path, in: folder) }
    for path in scorings { try Self.scoring.write(path, in: folder) }
    for (path, text) in texts { try Data(text.utf8).write(path, in: folder) }
  }

  func discovery(_ rules: ReadingRules = ReadingRules()) throws -> Discovery {
    try withTemporaryFolder { folder in
      try write(to: folder)
      return try FolderReader.edf.discover(in: folder, rules: rules)
    }
  }
}

@Suite("Whose a recording is, by its name")
struct NameRuleTests {
  private func subjects(_ names: [String]) throws -> [String: String] {
    let found = try EDFTree(signals: names.map { $0 + ".edf" }).discovery()
    #expect(found.undecided == [])
    return Dictionary(uniqueKeysWithValues: found.sources.map { ($0.id, $0.subject.id) })
  }

  @Test(
    "Plainly independent names stand for themselves",
    arguments: [
      ["n1", "n2", "n10"], ["S01", "S02"], ["SN001", "SN002", "SN154"], ["sbj01", "sbj02"],
      ["shhs1-200001", "shhs1-200002", "shhs1-200003"], ["mesa-sleep-0001", "mesa-sleep-0002"],
      ["n1", "n2", "n16", "brux1", "brux2", "sdb1"], ["subject_1", "subject_2"], ["anna", "bert"],
      ["P01_V1", "P02_V1"], ["P01_psg", "P02_psg"], ["test_bdf_stim_channel", "test_edf_stim_channel"],
      ["cohort_s001", "cohort_s002"], ["01-02-0001", "01-02-0002"], ["SC4001E0", "SC4011E0"],
      ["20240131_anna", "20240131_bert"], ["2024-01-31_anna", "2024-01-31_bert", "2024-02-01_carl"],
      ["overnight1", "overnight2"], ["P01_1", "P02_1"],
      ["P01_20240105", "P02_20240105"], ["n1", "n2-Channels"], ["night1"], ["S1-PSG", "S2-PSG"],
    ])
  func independent(names: [String]) throws {
    let found = try subjects(names)
    #expect(found == Dictionary(uniqueKeysWithValues: names.map { ($0, $0) }))
  }

  @Test(
    "A word for a visit joins the recordings of one subject",
    arguments: [
      (["subid0_visit1-PSG", "subid0_visit2-PSG"], ["subid0", "subid0"]),
      (["S01_ses-1", "S01_ses-2", "S02_ses-1"], ["S01", "S01", "S02"]),
      (["S01_night2", "S01_night3"], ["S01", "S01"]), (["P3-N1", "P3-N2", "P12-N1"], ["P3", "P3", "P12"]),
      (["anna_nightA", "anna_nightB"], ["anna", "anna"]), (["P1_visit2_night1", "P1_visit2_night2"], ["P1", "P1"]),
      (["night1_anna", "night2_anna"], ["anna", "anna"]), (["S01 Session 1", "S01 Session 2"], ["S01", "S01"]),
      (["subid0visit1", "subid0visit2"], ["subid0", "subid0"]), (["x_day1_raw", "x_day2_raw"], ["x", "x"]),
    ])
  func visits(names: [String], wanted: [String]) throws {
    let found = try EDFTree(signals: names.map { $0 + ".edf" }).discovery()
    #expect(found.undecided == [])
    #expect(found.sources.map(\.subject.id) == wanted)
    // No two recordings are one visit of one subject.
    #expect(Set(found.sources.map { [$0.subject.id, $0.session] }).count == names.count)
  }

  @Test(
    "Names that may be several nights of one person are refused, with the pattern that joins them",
    arguments: [
      (["P01_1", "P01_2"], "'P01'", "([^/_]+)_[^/]*$"),
      (["n1a", "n1b", "n2a"], "'n1'", "([^/]*[0-9])[A-Za-z]?\\.[^/]*$"),
      (["01a", "01b"], "'01'", "([^/]*[0-9])[A-Za-z]?\\.[^/]*$"),
      (["slp01a", "slp01b", "slp03"], "'slp01'", "([^/]*[0-9])[A-Za-z]?\\.[^/]*$"),
      (["S01", "S01_2", "S02"], "'S01'", "([^/._]+)[^/]*$"),
      (["P01-baseline", "P01-drug"], "'P01'", "([^/-]+)-[^/]*$"),
      (["anna_pre", "anna_post"], "'anna'", "([^/_]+)_[^/]*$"),
      (["anna", "anna_followup"], "'anna'", "([^/._]+)[^/]*$"),
      (["A1", "A2", "B1"], "'A'", "([^/]*[^/0-9_. -])[-_. ]?[0-9]+\\.[^/]*$"),
      (["anna_1", "anna_2", "bert_1"], "'anna'", "([^/]*[^/0-9_. -])[-_. ]?[0-9]+\\.[^/]*$"),
      (["shhs1-200001", "shhs2-200001", "shhs1-200002"], "'200001'", "([^-_. /]+)\\.[^./]*$"),
      (["P1900_1", "P1900_2"], "'P1900'", "([^/_]+)_[^/]*$"), (["2001_1", "2001_2"], "'2001'", "([^/_]+)_[^/]*$"),
      (["P01_2023", "P01_2024"], "'P01'", "([^/_]+)_[^/]*$"),
      (["P01v1", "P01v2", "P02v1"], "'P01'", "([^/]*[0-9])[A-Za-z]+[0-9]+\\.[^/]*$"),
      (["aaa_s001_t000", "aaa_s002_t000", "aab_s001_t000"], "'aaa'", "([^/_]+)_[^/]*$"),
      (["PN00-1", "PN00-2"], "'PN00'", "([^/-]+)-[^/]*$"), (["chb01_03", "chb01_04"], "'chb01'", "([^/_]+)_[^/]*$"),
      (["1_P01", "2_P01"], "'P01'", "([^-_. /]+)\\.[^./]*$"),
      (["P01_20240105", "P01_20240106"], "'P01'", "([^/_]+)_[^/]*$"),
    ])
  func ambiguous(names: [String], shared: String, pattern: String) throws {
    let tree = EDFTree(signals: names.map { $0 + ".edf" })
    let found = try tree.discovery()
    let told = try #require(found.undecided.first)
    #expect(told.contains("may be recordings of one subject \(shared), or of several"), "\(told)")
    #expect(told.hasSuffix("; a card's subject: {pattern: '\(pattern)'} joins them"), "\(told)")
    // The card that is suggested decides all.
    let joined = try tree.discovery(ReadingRules(subject: NamePattern(pattern)))
    #expect(joined.undecided == [] && joined.sources.count == names.count)
    #expect(Set(joined.sources.map(\.subject)).count < names.count)
    // Nothing that is in doubt is among what is decided.
    #expect(found.sources.count + found.drafts.count == names.count && found.drafts.allSatisfy { $0.subject == nil })
  }

  @Test("The sentence names the files")
  func sentence() throws {
    let found = try EDFTree(signals: ["a/P01_1.edf", "a/P01_2.edf", "a/P02_1.edf"]).discovery()
    #expect(
      found.undecided == [
        "'a/P01_1.edf' and 'a/P01_2.edf' may be recordings of one subject 'P01', or of several; "
          + "a card's subject: {pattern: '([^/_]+)_[^/]*$'} joins them"
      ])
    #expect(found.sources.map(\.subject.id) == ["a-P02_1"])
  }

  @Test("Names of visits alone, and one name in several folders, are somebody's whom they do not name")
  func folders() throws {
    let alone = try EDFTree(signals: ["night1.edf", "night2.edf"]).discovery()
    #expect(alone.undecided == ["'night1.edf' and 'night2.edf' name a visit and not whose it is"])
    let tree = EDFTree(signals: ["P01/night1.edf", "P01/night2.edf", "P02/night1.edf"])
    let found = try tree.discovery()
    #expect(
      found.undecided == [
        "'P01/night1.edf' and 'P02/night1.edf' have one name, and may be recordings of one subject or of several; a card's "
          + "subject: {pattern: '^([^/]+)/'} takes their folders for subjects",
        "'P01/night1.edf', 'P01/night2.edf' and 'P02/night1.edf' name a visit and not whose it is; a card's "
          + "subject: {pattern: '^([^/]+)/'} takes their folders for subjects",
      ])
    #expect(found.sources == [])
    let decided = try tree.discovery(ReadingRules(subject: NamePattern("^([^/]+)/")))
    #expect(decided.sources.map(\.subject.id) == ["P01", "P01", "P02"])
    #expect(decided.sources.map(\.session) == ["night1", "night2", "night1"])
  }

  @Test("One name in folders of visits is a name for a pattern")
  func foldersOfVisits() throws {
    let tree = EDFTree(signals: ["night1/anna.edf", "night2/anna.edf", "night1/bert.edf"])
    #expect(
      try tree.discovery().undecided == [
        "'night1/anna.edf' and 'night2/anna.edf' have one name, and may be recordings of one subject or of several; a card's "
          + "subject: {pattern: '([^/]+)\\.[^./]*$'} takes their names for subjects"
      ])
  }

  @Test("Two visits that a rule joined are told")
  func told() throws {
    let found = try EDFTree(signals: ["subid0_visit1-PSG.edf", "subid0_visit2-PSG.edf"]).discovery()
    #expect(
      found.notes.first
        == "subid0_visit1-PSG and subid0_visit2-PSG: two recordings of one subject 'subid0', by the word 'visit' in their names"
    )
    #expect(found.sources.map(\.decidedBy) == Array(repeating: "the word 'visit' in its name", count: 2))
  }

  @Test("Names after BIDS say subject and visit, and who is missing from the participants is told")
  func bids() throws {
    let nights = ["01", "02"].flatMap { subject in
      ["01", "02"].map { "sub-\(subject)/ses-\($0)/eeg/sub-\(subject)_ses-\($0)_task-sleep_eeg.edf" }
    }
    let events = nights[0].replacingOccurrences(of: "_eeg.edf", with: "_events.tsv")
    let found = try EDFTree(
      signals: nights, texts: ["participants.tsv": "participant_id\tage\nsub-01\t30\n", events: "onset\n"]
    ).discovery()
    #expect(found.undecided == [])
    #expect(found.sources.map(\.subject.id) == ["sub-01", "sub-01", "sub-02", "sub-02"])
    #expect(found.sources.map(\.session) == ["ses-01", "ses-02", "ses-01", "ses-02"])
    #expect(found.sources.map(\.id).first == "sub-01_ses-01_task-sleep")
    #expect(found.sources.map { $0.files["labels"] != nil } == [true, false, false, false])
    #expect(found.sources.map(\.decidedBy).prefix(2) == ["BIDS names, labels of its name", "BIDS names"])
    #expect(found.notes.first == "participants.tsv does not name sub-02, whose recordings are here")
    let moved = try EDFTree(signals: ["sub-02/eeg/sub-01_eeg.edf"]).discovery()
    #expect(moved.undecided == ["'sub-02/eeg/sub-01_eeg.edf' is named otherwise than its folder 'sub-02'"])
  }

  @Test("Sleep-EDF's rule takes its published names alone")
  func sleepEDF() throws {
    let found = try EDFTree(
      signals: ["SC4001E0-PSG.edf", "SC4002E0-PSG.edf", "SC4011E0-PSG.edf"],
      scorings: ["SC4001EC-Hypnogram.edf", "SC4011EH-Hypnogram.edf"]
    ).discovery()
    #expect(found.undecided == [])
    #expect(found.sources.map(\.subject.id) == ["SC00", "SC00", "SC01"])
    #expect(
      found.sources.map { $0.files["labels"]?.lastPathComponent } == [
        "SC4001EC-Hypnogram.edf", nil, "SC4011EH-Hypnogram.edf",
      ])
    let other = try EDFTree(signals: ["XC4001E0-PSG.edf"], scorings: ["XC4001EC-Hypnogram.edf"]).discovery()
    #expect(
      other.undecided == [
        "'XC4001EC-Hypnogram.edf' holds annotations alone, and no signal file in its folder has its name"
      ])
  }

  @Test("A card's pattern decides, or is refused in words")
  func pattern() throws {
    let tree = EDFTree(signals: ["a/P01_1.edf", "a/P01_2.edf", "b/x.edf"])
    func subjects(_ pattern: String) throws -> Discovery {
      try tree.discovery(ReadingRules(subject: NamePattern(pattern)))
    }
    let found = try subjects("(P[0-9]+)_")
    #expect(found.sources.map(\.subject.id) == ["P01", "P01"])
    #expect(found.undecided == ["'b/x.edf' is not matched by the card's subject pattern '(P[0-9]+)_'"])
    #expect(try subjects("^([ab])/").sources.map(\.subject.id) == ["a", "a", "b"])
    #expect(try subjects("^(?<subject>[ab])/(?:P0)?(?<subject>.)").sources.map(\.subject.id) == ["a1", "a1", "bx"])
    #expect(try subjects("^(P01|x)").sources.map(\.decidedBy) == Array(repeating: "the card's pattern", count: 3))
    try withTemporaryFolder { folder in
      try tree.write(to: folder)
      func refused(_ pattern: String) throws -> String {
        let rules = ReadingRules(subject: NamePattern(pattern))
        let error = try #require(throws: ReadError.self) { try FolderReader.edf.discover(in: folder, rules: rules) }
        return words(of: error).replacingOccurrences(of: folder.path, with: "ROOT")
      }
      #expect(
        try refused("P[0-9]+")
          == "ROOT: found the card's subject pattern 'P[0-9]+' without a group, expected the subject in parentheses, as in "
          + "'^(S[0-9]+)_'")
      let broken = try refused("(P")
      #expect(broken.hasPrefix("ROOT: found the card's subject pattern '(P', which is no regular expression ("))
      #expect(broken.hasSuffix("), expected one such as '^(S[0-9]+)_', whose first group is the subject"))
    }
  }

  @Test("Without rules what is undecided is an error that ends with the command for a table")
  func refusal() throws {
    try withTemporaryFolder { folder in
      try EDFTree(signals: ["P01_1.edf", "P01_2.edf"]).write(to: folder)
      let error = try #require(throws: ReadError.self) { try FolderReader.edf.discover(in: folder) }
      #expect(
        words(of: error)
          == "\(folder.path): found what no rule decides: 'P01_1.edf' and 'P01_2.edf' may be recordings of one subject 'P01', or of "
          + "several; a card's subject: {pattern: '([^/_]+)_[^/]*$'} joins them, expected it said by you: ssrm scan "
          + "\(folder.relativePath) --out recordings.csv drafts a table to edit; give it to --recordings")
    }
  }

  @Test("Folders of arrays are joined by their names up to the first '_', and that is told")
  func arrays() throws {
    try withTemporaryFolder { folder in
      for name in ["S01_night1", "S01_night2", "S02", "'S3'_1"] {
        try write(Data([1]), to: folder.appendingPathComponent("\(name)/ecg.npy"))
      }
      let found = try NpyReader.stages.discover(in: folder, rules: ReadingRules())
      #expect(found.sources.map(\.subject.id).sorted() == ["'S3'", "S01", "S01", "S02"])
      #expect(
        found.notes.first
          == "S01_night1 and S01_night2: two recordings of one subject 'S01', by their names up to the first '_'")
      #expect(Set(found.sources.map(\.id)) == ["S01_night1", "S01_night2", "S02", "'S3'_1"])
      for name in ["P1-a", "P1-b"] { try write(Data([1]), to: folder.appendingPathComponent("\(name)/ecg.npy")) }
      let refused = try NpyReader.stages.discover(in: folder, rules: ReadingRules())
      #expect(
        refused.undecided == [
          "'P1-a' and 'P1-b' may be recordings of one subject 'P1', or of several"
        ])
    }
  }
}
