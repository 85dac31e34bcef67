import Corpora
import Files
import Foundation
import NumPy
import SleepCore
import TestSupport
import Testing

@Suite("A corpus on disk")
struct CorpusTests {
  @Test("What was written is read back")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      _ = try toyCorpus(folder, [toyRecording("b", first: 100), toyRecording("a", subject: "p", windows: 3)])
      let corpus = try Corpus(folder)
      #expect(corpus.recordings.map(\.id) == ["a", "b"])
      #expect(corpus.subjects == [Subject("b"), Subject("p")])
      #expect(corpus.contracts == [toyHeartRate])
      #expect(try corpus.windows(recording: 1, sensor: .heartRate, range: 1..<3) == [110, 111, 120, 121])
      #expect(corpus.labels(recording: 0) == [0, 1, 2])
      #expect(corpus.valid(recording: 0, sensor: .heartRate) == [1, 1, 1])
      #expect(corpus.valid(recording: 0, sensor: .ecg) == nil)
      #expect(corpus.recordings[1].labelCounts == ["0": 2, "1": 1, "2": 1, "3": 1, "4": 1])
      #expect(corpus.recordings[1].validWindows == [.heartRate: 6])
      #expect(corpus.position(of: "b") == 1)
    }
  }

  @Test("A window with NaN, infinity, no variance or outside the signal is masked and holds zeros")
  func masked() {
    let contract = WindowContract(
      sensor: .psg, channels: [Channel(name: "a", unit: ""), Channel(name: "b", unit: "")], shape: [2, 2],
      sampleRateHz: 1)
    let windows = SensorWindows(
      contract: contract,
      values: [1, 2, 3, 4, 1, .nan, 3, 4, 1, 2, .infinity, 4, 1, 2, 3, 3, 1, 2, 3, 4],
      measured: [true, true, true, true, false])
    #expect(windows.valid == [1, 0, 0, 0, 0])
    #expect(windows.values == [1, 2, 3, 4] + [Float](repeating: 0, count: 16))
    let resting = SensorWindows(contract: toyHeartRate, values: [0, 0, .nan, 1], allowFlat: true)
    #expect(resting.valid == [1, 0])
  }

  @Test("A corpus without corpus.json is never read")
  func unfinished() throws {
    try withTemporaryFolder { folder in
      let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages)
      try writer.write(toyRecording("a"))
      let error = #expect(throws: CorpusError.self) { try Corpus(folder) }
      #expect(
        error.map(words)
          == "\(folder.path): found no corpus.json, expected a prepared corpus: run 'ssrm prepare', or let it finish")
    }
  }

  @Test("A second writer takes over what is whole, and removes what is not")
  func resume() throws {
    try withTemporaryFolder { folder in
      try CorpusWriter(folder, dataset: "toy", labels: .stages).write(toyRecording("a"))
      let half = folder.appendingPathComponent(".ssrm-b")
      try FileManager.default.createDirectory(at: half, withIntermediateDirectories: true)
      let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages)
      #expect(writer.finished == ["a"])
      #expect(!FileManager.default.fileExists(atPath: half.path))
      try writer.write(toyRecording("b"))
      #expect(try writer.finish().recordings.map(\.id) == ["a", "b"])
    }
  }

  @Test("A folder prepared in another way is refused, or emptied by force")
  func otherPreprocessing() throws {
    try withTemporaryFolder { folder in
      _ = try toyCorpus(folder, [toyRecording("a")])
      let dataset = DatasetDescription(name: "toy", labels: .stages)
      let other = Preprocessing(windowSeconds: 20, sensors: [:])
      let error = #expect(throws: CorpusError.self) { try CorpusWriter(folder, dataset, preprocessing: other) }
      let old = Preprocessing(windowSeconds: 30, sensors: [:]).hash
      #expect(
        error.map(words)
          == "\(folder.path): found a corpus prepared with \(old), expected \(other.hash): choose another folder, or --force to prepare all of it again"
      )
      let writer = try CorpusWriter(folder, dataset, preprocessing: other, force: true)
      #expect(writer.finished.isEmpty)
      #expect(throws: CorpusError.notACorpus(path: folder.path)) { try Corpus(folder) }
    }
  }

  @Test(
    "A recording that cannot be a folder is refused",
    arguments: [
      ("", "no name"), ("../x", "a slash"), (".a", "a dot at the beginning"), ("a/b", "a slash"),
      ("a\u{1b}", "a control character"),
    ])
  func identifiers(id: String, part: String) throws {
    try withTemporaryFolder { folder in
      let writer = try CorpusWriter(folder, dataset: "toy", labels: nil)
      let error = #expect(throws: CorpusError.self) { try writer.write(toyRecording(id)) }
      #expect(
        error.map(words)
          == "found the recording '\(id)' with \(part), expected a plain name without slashes, control characters or a dot at its beginning, of at most 200 bytes"
      )
    }
  }

  @Test("A recording is written once, and never over a stranger's folder")
  func collisions() throws {
    try withTemporaryFolder { folder in
      let writer = try CorpusWriter(folder, dataset: "toy", labels: nil)
      try writer.write(toyRecording("a"))
      #expect(throws: CorpusError.repeatedRecording("a")) { try writer.write(toyRecording("a")) }
      let stranger = folder.appendingPathComponent("photos")
      try FileManager.default.createDirectory(at: stranger, withIntermediateDirectories: true)
      #expect(throws: CorpusError.notOurs(path: stranger.path)) { try writer.write(toyRecording("photos")) }
    }
  }

  @Test("Recordings whose channels disagree make no corpus")
  func contracts() throws {
    try withTemporaryFolder { folder in
      let other = WindowContract(
        sensor: .heartRate, channels: [Channel(name: "pulse", unit: "")], shape: [1, 1], sampleRateHz: 0.5)
      let error = #expect(throws: CorpusError.self) {
        try toyCorpus(folder, [toyRecording("a"), toyRecording("b", contract: other)])
      }
      #expect(
        error.map(words)
          == "b: found heart-rate 1 x 1 at 0.5 Hz (pulse), where 'channels' is pulse, expected hr as in a: name channels, unit and rate in the card"
      )
      #expect(throws: CorpusError.notACorpus(path: folder.path)) { try Corpus(folder) }
    }
  }

  @Test("A corpus whose files were changed is refused in words")
  func damaged() throws {
    try withTemporaryFolder { folder in
      _ = try toyCorpus(folder, [toyRecording("a")])
      let labels = folder.appendingPathComponent("a/labels.npy")
      try NpyArray<Int8>(shape: [2], values: [0, 1]).write(to: labels)
      var error = #expect(throws: CorpusError.self) { try Corpus(folder) }
      #expect(
        error.map(words)
          == "\(labels.path): found the shape [2], expected [6] by corpus.json: prepare the corpus again")
      try NpyArray<Int8>(shape: [6], values: [0, 0, 0, 0, 0, 0]).write(to: labels)
      let signal = folder.appendingPathComponent("a/heart-rate.npy")
      try NpyArray<Double>(shape: [6, 1, 2], values: [Double](repeating: 0, count: 12)).write(to: signal)
      error = #expect(throws: CorpusError.self) { try Corpus(folder) }
      #expect(
        error.map(words)
          == "\(signal.path): found elements of type '<f8', expected '<f4': prepare the corpus again")
      try FileManager.default.removeItem(at: signal)
      #expect(throws: NpyError.self) { try Corpus(folder) }
      let index = folder.appendingPathComponent("corpus.json")
      for (text, found) in [
        ("", "text that is no JSON"), ("{}", "no 'format'"), (#"{"format": 3}"#, "no 'dataset'"),
        (#"{"format": "x"}"#, "another kind of value at 'format'"),
      ] {
        try text.write(to: index, atomically: true, encoding: .utf8)
        error = #expect(throws: CorpusError.self) { try Corpus(folder) }
        #expect(
          error.map(words)
            == "\(index.path): found \(found), expected the corpus.json that 'ssrm prepare' writes")
      }
      try #"{"format": 9}"#.write(to: index, atomically: true, encoding: .utf8)
      #expect(throws: CorpusError.otherFormat(path: index.path, found: 9)) { try Corpus(folder) }
    }
  }

  @Test("A second writer at the same time is refused, and told who is there")
  func twoWriters() throws {
    try withTemporaryFolder { folder in
      let first = try CorpusWriter(folder, dataset: "toy", labels: .stages)
      let busy = #expect(throws: Busy.self) { try CorpusWriter(folder, dataset: "toy", labels: .stages) }
      #expect(busy?.holder?.process == getpid())
      try first.write(toyRecording("a"))
      #expect(try first.finish().recordings.count == 1)
    }
  }

  @Test(
    "A recording of which a file is missing, short or changed is made anew, and the corpus is not read until then",
    arguments: ["missing", "short", "changed", "no entry"])
  func unsound(_ how: String) throws {
    try withTemporaryFolder { folder in
      _ = try toyCorpus(folder, [toyRecording("a"), toyRecording("b")])
      let array = folder.appendingPathComponent("a/heart-rate.npy")
      switch how {
      case "missing": try FileManager.default.removeItem(at: array)
      case "short": try Data().write(to: array)
      case "changed": try NpyArray<Float>(shape: [6, 1, 2], values: [Float](repeating: 1, count: 12)).write(to: array)
      default: try Data("{".utf8).write(to: folder.appendingPathComponent("a/recording.json"))
      }
      let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages)
      #expect(writer.finished == ["b"] && writer.unsound == ["a"])
      #expect(throws: CorpusError.notACorpus(path: folder.path)) { try Corpus(folder) }
      try writer.write(toyRecording("a"))
      #expect(writer.unsound.isEmpty)
      let corpus = try writer.finish()
      try corpus.checkContent()
      #expect(try corpus.windows(recording: 0, sensor: .heartRate, range: 0..<1) == [0, 1])
    }
  }

  @Test("What someone put into a recording's folder is not removed with it")
  func strangerInside() throws {
    try withTemporaryFolder { folder in
      _ = try toyCorpus(folder, [toyRecording("a")])
      let notes = folder.appendingPathComponent("a/notes.txt")
      try Data("mine".utf8).write(to: notes)
      try Data().write(to: folder.appendingPathComponent("a/labels.npy"))
      let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages)
      #expect(throws: CorpusError.notOurs(path: folder.appendingPathComponent("a").path)) {
        try writer.write(toyRecording("a"))
      }
      #expect(try String(contentsOf: notes, encoding: .utf8) == "mine")
    }
  }

  @Test("An array or a label that was edited is noticed before anything is trained on it; a copy is not")
  func edited() throws {
    try withTemporaryFolder { folder in
      let (one, other) = (folder.appendingPathComponent("one"), folder.appendingPathComponent("other"))
      _ = try toyCorpus(one, [toyRecording("a")])
      try FileManager.default.copyItem(at: one, to: other)
      try Corpus(other).checkContent()
      let labels = other.appendingPathComponent("a/labels.npy")
      try NpyArray<Int8>(shape: [6], values: [1, 0, 2, 3, 4, 0]).write(to: labels)
      let error = #expect(throws: CorpusError.self) { try Corpus(other).checkContent() }
      #expect(
        error.map(words)
          == "\(labels.path): found other content than was prepared, expected what corpus.json knows: prepare the corpus again, which makes this recording anew"
      )
    }
  }

  @Test(
    "An index from a stranger leads nowhere else and has no number that cannot be",
    arguments: [
      (
        #""id" : "a""#, #""id" : "../mine/a""#,
        "found the recording '../mine/a' with a slash, expected the corpus.json that 'ssrm prepare' writes"
      ),
      (
        #""labels.npy" : {"#, #""../x.npy" : {"#,
        "found the file '../x.npy' of 'a', expected the corpus.json that 'ssrm prepare' writes"
      ),
      (
        #""windows" : 6"#, #""windows" : -6"#,
        "'windows of a' is -6.0, expected a whole number from 0 to 1000000000: prepare the corpus again"
      ),
      (
        #""windows" : 6"#, #""windows" : 9000000000000000000"#,
        "'windows of a' is 9e+18, expected a whole number from 0 to 1000000000: prepare the corpus again"
      ),
      (
        #""startSeconds" : 0"#, #""startSeconds" : 1e300"#,
        "'startSeconds of a' is 1e+300, expected a number from -7776000 to 7776000: prepare the corpus again"
      ),
      (
        #""sampleRateHz" : 1,"#, #""sampleRateHz" : 9e18,"#,
        "'sampleRateHz of heart-rate' is 9e+18, expected a number from 0.0001 to 10000: prepare the corpus again"
      ),
      (
        #""windowSeconds" : 30"#, #""windowSeconds" : 0"#,
        "'preprocessing.window_seconds' is 0.0, expected a number from 0.01 to 3600: prepare the corpus again"
      ),
      (
        "        1,\n        2\n", "        4000000000,\n        4000000000\n",
        "'shape of heart-rate' is 4000000000 x 4000000000, expected at most 100000000 values: prepare the corpus again"
      ),
    ])
  func strangersIndex(_ what: String, _ hostile: String, _ refusal: String) throws {
    try withTemporaryFolder { folder in
      _ = try toyCorpus(folder, [toyRecording("a")])
      let index = folder.appendingPathComponent("corpus.json")
      let text = try String(contentsOf: index, encoding: .utf8)
      try #require(text.contains(what), "\(text)")
      try text.replacing(what, with: hostile).write(to: index, atomically: true, encoding: .utf8)
      let error = #expect(throws: CorpusError.self) { try Corpus(folder) }
      #expect(error.map(words) == "\(index.path): \(refusal)")
    }
  }

  @Test("The preprocessing's hash changes with every number of it, and is the same on every run")
  func hash() {
    let one = Preprocessing(windowSeconds: 30, sensors: [.ecg: SensorPreprocessing(sampleRateHz: 10)])
    let two = Preprocessing(windowSeconds: 30, sensors: [.ecg: SensorPreprocessing(sampleRateHz: 11)])
    #expect(one.hash != two.hash)
    // FNV-1a of {"sensors":{"ecg":{"sampleRateHz":10}},"windowSeconds":30}, by a few lines of Python.
    #expect(one.hash == "fnv1a64:e83300153b30f178")
  }
}
