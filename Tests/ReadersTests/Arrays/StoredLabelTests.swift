import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Labels in files of arrays")
struct StoredLabelTests {
  /// Reads a file of the fixtures with the labels that it holds itself, or that another holds.
  private func night(
    _ name: String, _ reading: SignalRules = SignalRules(), labels: LabelRules, from other: String? = nil
  ) throws -> Recording {
    try withTemporaryFolder { folder in
      try FileManager.default.copyItem(
        at: ArrayFileTests.folder.appendingPathComponent(name), to: folder.appendingPathComponent(name))
      var rules = ["psg": FileRule(["{recording}.\((name as NSString).pathExtension)"], reading: reading)]
      if let other {
        let url = ArrayFileTests.folder.appendingPathComponent(other)
        let stem = (name as NSString).deletingPathExtension
        try FileManager.default.copyItem(
          at: url, to: folder.appendingPathComponent("\(stem)-stages.\(url.pathExtension)"))
        rules["labels"] = FileRule(["{recording}-stages.\(url.pathExtension)"])
      }
      let found = try FolderReader.any.discover(in: folder, rules: ReadingRules(labels: labels, files: rules))
      var request = ReadingRequest(sensors: [.psg, .ecg], labels: labels)
      request.files = rules
      return try FolderReader.any.read(try #require(found.sources.first), request)
    }
  }

  @Test("A dataset that the card names holds the stages; what its numbers mean is said by the card")
  func own() throws {
    let labels = LabelRules(dataset: "/hypnogram", windowSeconds: 2, vocabulary: ["4": .rem])
    let dreem = try night("dreem.h5", labels: labels)
    #expect(dreem.hypnogram?.stages == [nil, .wake, .n2, .rem, .rem, .n3])
    #expect(dreem.signals.map(\.sensor) == [.psg, .ecg, .psg])
    #expect(dreem.warnings.contains("dreem.h5: its stages are numbers: -1 as unscored, 0 as W, 2 as N2, 3 as N3"))
    #expect(!dreem.warnings.contains { $0.contains("sampling rate") })
    let tiny = try night(
      "tiny.npz", SignalRules(axes: [.windows, .samples]),
      labels: LabelRules(dataset: "y", vocabulary: ["4": .rem]))
    #expect(tiny.hypnogram?.stages == [.wake, .n1, .rem, .n2])
    #expect(tiny.signals.map(\.samples) == [[wave(0, 1200)]])
  }

  @Test("Words in a dataset are stages, of fixed and of any length; MATLAB's column is one a window")
  func words() throws {
    let words = try night("rates.h5", labels: LabelRules(dataset: "stages", windowSeconds: 2))
    #expect(words.hypnogram?.stages.prefix(3) == [.wake, .n1, .rem])
    let fixed = try night("rates.h5", labels: LabelRules(dataset: "fixed", windowSeconds: 2))
    #expect(fixed.hypnogram?.stages.prefix(2) == [.n3, nil])
    let column = try night("seven.mat", labels: LabelRules(dataset: "labels", windowSeconds: 2))
    #expect(column.hypnogram?.stages.prefix(3) == [.wake, .n2, .rem])
  }

  @Test(
    "Numbers, cells of texts and rows of characters of an older MATLAB file are stages",
    arguments: ["five.mat", "five-big.mat"])
  func cells(name: String) throws {
    for (dataset, stages) in [
      ("labels", [.wake, .n2, .rem]), ("words", [.wake, .n2, .rem, nil, .wake]), ("rows", [.wake, .n1, .rem]),
    ] as [(String, [Stage?])] {
      let night = try night(name, labels: LabelRules(dataset: dataset, windowSeconds: 1))
      #expect(Array(night.hypnogram?.stages.prefix(stages.count) ?? []) == stages, "\(dataset)")
    }
    let error = try #require(throws: ReadError.self) {
      try self.night("deep.npz", labels: LabelRules(dataset: "people"), from: name)
    }
    #expect(error.found == "no array 'people' that is read (a list of structures)")
  }

  @Test("A label file that says when it begins is moved to the signal by both clocks")
  func clocks() throws {
    try withTemporaryFolder { folder in
      var night = LabelNight("n1.mat", try Data(contentsOf: ArrayFileTests.folder.appendingPathComponent("labels.mat")))
      night.start = ("06.11.21", "22.30.00")
      let rules = LabelRules(
        dataset: "expert_label", vocabulary: ["0": .wake, "1": .n1, "2": .n2, "3": .n3, "4": .rem, "5": .unscored])
      let read = try night.read(in: folder, rules)
      #expect(read.hypnogram?.stages == [.n1, .n2, .n2, .n3, .rem])
      #expect(
        read.warnings == [
          "n1.mat begins 30 s before n1.edf: its stages are moved by -30 s"
        ])
      var told = rules
      told.dataset = "stages"
      for (name, stages, words) in [
        (
          "labels-date.mat", [nil, nil, .wake, .n1, .n2],
          "n1.mat begins 60 s after n1.edf: its stages are moved by 60 s"
        ),
        (
          "labels-unclear.mat", [.wake, .n1, .n2, .n2, .n3],
          "n1.mat: its start '06/11/2021 22:31:00' is no date and time such as 2026-01-31 22:30:00, and passed over"
        ),
      ] as [(String, [Stage?], String)] {
        night.file.content = try Data(contentsOf: ArrayFileTests.folder.appendingPathComponent(name))
        let read = try night.read(in: folder, told)
        #expect(read.hypnogram?.stages == stages)
        #expect(read.warnings.contains(words), "\(read.warnings)")
      }
      // Where the card wants that start, one that is not there is no beginning with the signal.
      told.start = .labels
      let error = try #require(throws: ReadError.self) { try night.read(in: folder, told) }
      #expect(error.found == "labels without a start of their own")
      night.file.content = try Data(contentsOf: ArrayFileTests.folder.appendingPathComponent("labels.mat"))
      told = rules
      told.start = .signal
      #expect(try night.read(in: folder, told).hypnogram?.stages == [.wake, .n1, .n2, .n2, .n3])
    }
  }

  @Test("A label file of its own may be an archive or HDF5")
  func others() throws {
    let labels = LabelRules(dataset: "y", windowSeconds: 2, vocabulary: ["4": .rem])
    #expect(
      try night("dreem.h5", labels: labels, from: "deep.npz").hypnogram?.stages.prefix(4) == [.wake, .n1, .rem, .n2])
    let hypnogram = LabelRules(dataset: "hypnogram", windowSeconds: 20, vocabulary: ["4": .rem])
    let tiny = try night("deep.npz", labels: hypnogram, from: "dreem.h5")
    #expect(tiny.hypnogram?.stages == [nil, .wake, .n2, .rem, .rem, .n3])
  }

  @Test("What does not read is refused in words")
  func refused() throws {
    let cases: [(String?, [String: StageWord]?, String)] = [
      (
        "hypno", nil,
        "found no array 'hypno' that is read, expected one of 'hypnogram', 'signals/eeg/C3_M2', 'signals/eeg/F3_F4', "
          + "'signals/emg/ECG', 'signals/eog/EOG1'"
      ),
      (
        nil, nil,
        "found 5 arrays: 'hypnogram', 'signals/eeg/C3_M2', 'signals/eeg/F3_F4', 'signals/emg/ECG', 'signals/eog/EOG1', "
          + "expected the one with the stages, as the card says it: 'labels: {dataset: …}'"
      ),
      (
        "hypnogram", nil,
        "found the stage 4 and no 5, expected what 4 is, as the card says it: 'labels: {vocabulary: {4: REM}}' or 'labels: "
          + "{vocabulary: {4: N3}}'"
      ),
    ]
    for (dataset, vocabulary, said) in cases {
      let labels = LabelRules(dataset: dataset, windowSeconds: 2, vocabulary: vocabulary)
      let error = try #require(throws: ReadError.self) { try night("deep.npz", labels: labels, from: "dreem.h5") }
      #expect(TestSupport.words(of: error).hasSuffix(": \(said)"), "\(TestSupport.words(of: error))")
    }
  }

  @Test(
    "A dataset that is not of the file itself, or of no values, holds no stages",
    arguments: [
      ("soft", "a link, which is not followed"), ("elsewhere", "a link, which is not followed"),
      ("outside", "values of another file"), ("virtual", "values of another file"),
      ("unwritten", "no values in the file"), ("nothing", "no elements"),
      ("claimed", "more values than the file can hold"), ("table", "elements that are no numbers"),
      ("flags", "elements that are no numbers"),
      ("fast", "compressed by filter 32000, lzf, which is not read; gzip is"),
      ("../../etc/passwd", nil), ("ring/inner/back", nil),
    ] as [(String, String?)])
  func odd(_ dataset: String, _ reason: String?) throws {
    let error = try #require(throws: ReadError.self) {
      try night("deep.npz", labels: LabelRules(dataset: dataset, windowSeconds: 2), from: "odd.h5")
    }
    #expect(error.found == "no array '\(dataset)' that is read\(reason.map { " (\($0))" } ?? "")")
  }
}
