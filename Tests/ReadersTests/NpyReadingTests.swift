import Foundation
import NumPy
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Arrays")
struct NpyReadingTests {
  private func save(_ shape: [Int], _ folder: URL, _ path: String) throws {
    let url = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let count = shape.reduce(1, *)
    try NpyArray<Float>(shape: shape, values: (0..<count).map(Float.init)).write(to: url)
  }

  /// An array of texts as NumPy stores it, `<U3` or `|S3`.
  private func save(texts: [String], wide: Bool, _ folder: URL, _ path: String) throws {
    var data = NpyHeader(descriptor: wide ? "<U3" : "|S3", shape: [texts.count]).encoded()
    for text in texts {
      for index in 0..<3 {
        let scalars = Array(text.unicodeScalars)
        let value = index < scalars.count ? UInt8(scalars[index].value) : 0
        data.append(contentsOf: wide ? [value, 0, 0, 0] : [value])
      }
    }
    try write(data, to: folder.appendingPathComponent(path))
  }

  @Test("Windows are joined to signals, channel by channel, and labels are integers or names")
  func folders() throws {
    try withTemporaryFolder { folder in
      try save([2, 2, 3], folder, "S01_a/ecg.npy")
      try save([2, 3], folder, "S01_a/respiration.npy")
      try NpyArray<Int64>(shape: [2], values: [4, -1]).write(to: folder.appendingPathComponent("S01_a/labels.npy"))
      try save([3, 1, 30], folder, "S02/heart-rate.npy")
      try save(texts: ["N3", "REM", "W"], wide: true, folder, "S02/labels.npy")
      let recordings = try readAll(NpyReader.stages, in: folder)
      #expect(recordings.map(\.id) == ["S01_a", "S02"] && recordings.map(\.subject.id) == ["S01", "S02"])
      #expect(recordings[0].signals[0].samples == [[0, 1, 2, 6, 7, 8], [3, 4, 5, 9, 10, 11]])
      #expect(recordings[0].signals[0].timing == .regular(startSeconds: 0, sampleRateHz: 0.1))
      #expect(recordings[0].signals[1].samples == [[0, 1, 2, 3, 4, 5]])
      #expect(recordings[0].hypnogram?.stages == [.rem, nil])
      #expect(recordings[1].hypnogram?.stages == [.n3, .rem, .wake])
    }
  }

  @Test("Maps keep their rows and columns, with a posture each")
  func maps() throws {
    try withTemporaryFolder { folder in
      try save([2, 3, 2], folder, "S1/pressure-map.npy")
      try NpyArray<Int8>(shape: [2], values: [16, 19]).write(to: folder.appendingPathComponent("S1/labels.npy"))
      let frames = try #require(try readAll(NpyReader.postures, in: folder).first?.frames)
      #expect(frames.rows == 3 && frames.columns == 2 && frames.values == (0..<12).map(Float.init))
      #expect(frames.postures == [.supineBed60, .otherLeft])
    }
  }

  @Test(
    "Spectrogram images come with stages, one recording a subject where subjects are given", arguments: [false, true])
  func spectrograms(wide: Bool) throws {
    try withTemporaryFolder { folder in
      try save([3, 51, 59], folder, "X.npy")
      try save(texts: ["W", "N2", "REM"], wide: wide, folder, "y.npy")
      let whole = try #require(try readAll(SpectrogramReader(), in: folder).first)
      #expect(whole.subject.id == "unknown" && whole.hypnogram?.stages == [.wake, .n2, .rem])
      #expect(whole.frames?.sensor == .spectrogram && whole.frames?.rows == 51 && whole.frames?.columns == 59)
      try NpyArray<Int32>(shape: [3], values: [10, 9, 10]).write(to: folder.appendingPathComponent("subjects.npy"))
      let each = try readAll(SpectrogramReader(), in: folder)
      #expect(each.map(\.id) == ["images-9", "images-10"])
      #expect(each.map(\.hypnogram?.stages) == [[.n2], [.wake, .rem]])
      #expect(each[0].frames?.values == (3009..<6018).map(Float.init))
    }
  }

  @Test("Stages are read from labels of any type and spelling")
  func labelTypes() throws {
    let wanted: [Stage?] = [.wake, .n1, .n2, .n3, .rem, nil]
    func read(_ save: (URL) throws -> Void) throws -> [Stage?] {
      try withTemporaryFolder { folder in
        try self.save([6, 4], folder, "a/ecg.npy")
        try save(folder.appendingPathComponent("a/labels.npy"))
        return try #require(try readAll(NpyReader.stages, in: folder).first?.hypnogram?.stages)
      }
    }
    #expect(try read { try NpyArray<UInt8>(shape: [6], values: [0, 1, 2, 3, 4, 0]).write(to: $0) }.last == .wake)
    #expect(try read { try NpyArray<Int16>(shape: [6], values: [0, 1, 2, 3, 4, -1]).write(to: $0) } == wanted)
    #expect(try read { try NpyArray<Int64>(shape: [6, 1], values: [0, 1, 2, 3, 4, -1]).write(to: $0) } == wanted)
    #expect(try read { try NpyArray<Float>(shape: [6], values: [0, 1, 2, 3, 4, .nan]).write(to: $0) } == wanted)
    #expect(try read { try NpyArray<Double>(shape: [6], values: [0, 1, 2, 3, 4, -1]).write(to: $0) } == wanted)
    var oneHot = [Float](repeating: 0, count: 30)
    for index in 0..<5 { oneHot[index * 5 + index] = 1 }
    #expect(try read { try NpyArray<Float>(shape: [6, 5], values: oneHot).write(to: $0) } == wanted)
    for spelling in [
      ["W", "N1", "N2", "N3", "REM", "?"], ["wake", "n1", "n2", "n4", "r", ""],
      ["Sleep stage W", "Sleep stage 1", "Sleep stage 2", "Sleep stage 4", "Sleep stage R", "Sleep stage ?"],
      ["Wake", "Stage 1", "stage_2", "NREM-3", " REM ", "nan"], ["0", "1", "2", "3", "4", "-1"],
    ] {
      #expect(
        try read { url in
          var data = NpyHeader(descriptor: "<U13", shape: [6]).encoded()
          for text in spelling {
            for scalar in Array(text.unicodeScalars.map { UInt8($0.value) } + Array(repeating: 0, count: 13)).prefix(13)
            {
              data.append(contentsOf: [scalar, 0, 0, 0])
            }
          }
          try data.write(to: url)
        } == wanted, "\(spelling)")
    }
  }

  @Test("A card says what labels mean and how long windows are")
  func rules() throws {
    try withTemporaryFolder { folder in
      try save([3, 40], folder, "a/ecg.npy")
      try save(texts: ["x", "N9", "W"], wide: true, folder, "a/labels.npy")
      let source = try #require(try NpyReader.stages.discover(in: folder).first)
      let rules = LabelRules(windowSeconds: 20, vocabulary: ["X": .nrem, "n9": .unscored])
      let night = try NpyReader.stages.read(source, ReadingRequest(sensors: [.ecg], labels: rules))
      #expect(night.hypnogram == Hypnogram(windowSeconds: 20, stages: [.nrem, nil, .wake]))
      #expect(night.signals[0].timing == .regular(startSeconds: 0, sampleRateHz: 2))
    }
  }

  @Test("Labelled images without subjects are ten stretches of the array that stand for them, with a warning")
  func stretches() throws {
    try withTemporaryFolder { folder in
      try save([205, 2, 2], folder, "X.npy")
      let labels = (0..<205).map { Int64($0 % 5) }
      try NpyArray<Int64>(shape: [205], values: labels).write(to: folder.appendingPathComponent("y.npy"))
      let recordings = try readAll(SpectrogramReader(), in: folder)
      #expect(recordings.map(\.id) == (1...10).map { "images-\($0)" })
      #expect(recordings.map(\.subject.id) == (1...10).map { "stretch-\($0)" })
      #expect(recordings.flatMap { $0.frames?.values ?? [] } == (0..<820).map(Float.init))
      #expect(recordings.flatMap { ($0.hypnogram?.stages ?? []).map { Int64($0?.rawValue ?? -1) } } == labels)
      #expect(
        recordings.allSatisfy {
          $0.warnings == [
            "the images name no subjects: ten stretches of the array stand for them. Images of one person may be trained on and "
              + "tested on, so that scores say little about new people; an array of subjects beside them mends it"
          ]
        })
      try FileManager.default.removeItem(at: folder.appendingPathComponent("y.npy"))
      #expect(try readAll(SpectrogramReader(), in: folder).map(\.subject.id) == ["unknown"])
    }
  }

  @Test("Wrong arrays are refused in words")
  func refused() throws {
    func expect(
      _ words: String, _ reader: some DatasetReader = NpyReader.stages,
      sourceLocation: SourceLocation = #_sourceLocation,
      _ files: (URL) throws -> Void
    ) throws {
      try withTemporaryFolder { folder in
        try files(folder)
        #expect(refusal(reader, in: folder) == words, sourceLocation: sourceLocation)
      }
    }
    try expect("ROOT: found no recordings of npy, expected folders of <sensor>.npy, one a recording") {
      try save([2], $0, "a/labels.npy")
    }
    try expect("a/ecg.npy: found an array of shape [4], expected [windows, channels, samples] or [windows, samples]") {
      try save([4], $0, "a/ecg.npy")
    }
    try expect("a/labels.npy: found an array of shape [3], expected a label a window, [2]") {
      try save([2, 4], $0, "a/ecg.npy")
      try save([3], $0, "a/labels.npy")
    }
    try expect("a/respiration.npy: found 3 windows, expected 2 as in ecg.npy") {
      try save([2, 4], $0, "a/ecg.npy")
      try save([3, 4], $0, "a/respiration.npy")
    }
    try expect(
      "a/labels.npy: found the label 'N9' at index 1, expected 0 to 4 or W, N1, N2, N3, REM, and -1 where unscored; labels.vocabulary in the card says what others mean"
    ) {
      try save([2, 4], $0, "a/ecg.npy")
      try save(texts: ["W", "N9"], wide: false, $0, "a/labels.npy")
    }
    try expect(
      "a/labels.npy: found the labels 'N9' at index 1, 'X' at index 2, expected 0 to 4 or W, N1, N2, N3, REM, "
        + "and -1 where unscored; labels.vocabulary in the card says what others mean"
    ) {
      try save([4, 4], $0, "a/ecg.npy")
      try save(texts: ["W", "N9", "X", "N9"], wide: true, $0, "a/labels.npy")
    }
    try expect(
      "a/labels.npy: found the label '1.5' at index 1, expected 0 to 4 or W, N1, N2, N3, REM, and -1 where unscored; labels.vocabulary in the card says what others mean"
    ) {
      try save([2, 4], $0, "a/ecg.npy")
      try NpyArray<Float>(shape: [2], values: [1, 1.5]).write(to: $0.appendingPathComponent("a/labels.npy"))
    }
    try expect("a/labels.npy: found [1, 1, 0, 0, 0] in row 1, expected a single 1 among 0, or labels of one axis") {
      try save([2, 4], $0, "a/ecg.npy")
      try NpyArray<Float>(shape: [2, 5], values: [0, 1, 0, 0, 0, 1, 1, 0, 0, 0])
        .write(to: $0.appendingPathComponent("a/labels.npy"))
    }
    try expect(
      "a/labels.npy: found elements of type '|O', expected an array of strings or numbers, as labels.astype(str) gives it of "
        + "Python's objects"
    ) {
      try save([2, 4], $0, "a/ecg.npy")
      try write(
        NpyHeader(descriptor: "|O", shape: [2]).encoded() + Data(repeating: 0, count: 40),
        to: $0.appendingPathComponent("a/labels.npy"))
    }
    try expect("a/ecg.npy: found nan at index [1, 2], expected finite numbers") {
      let values: [Float] = [1, 2, 3, 4, 5, .nan]
      try save([2, 3], $0, "a/ecg.npy")
      try NpyArray<Float>(shape: [2, 3], values: values).write(to: $0.appendingPathComponent("a/ecg.npy"))
    }
    try expect("a/ecg.npy: found 150 bytes, expected 152 by its header: the file was cut short") {
      try save([2, 3], $0, "a/ecg.npy")
      let url = $0.appendingPathComponent("a/ecg.npy")
      try Data(contentsOf: url).prefix(150).write(to: url)
    }
    try expect("a/ecg.npy: found no NumPy signature, expected a .npy file as numpy.save writes it") {
      try write(["a/ecg.npy": "0 1 2 3 4 5 6"], to: $0)
    }
    try expect("a/ecg.npy: found an empty file, expected a .npy file as numpy.save writes it") {
      try write(["a/ecg.npy": ""], to: $0)
    }
    try expect("a/ecg.npy: found a folder, expected a .npy file as numpy.save writes it") {
      try write(["a/ecg.npy/x": ""], to: $0)
    }
    try expect(
      "Z.npy: found a second array of samples, expected a folder with an array of images and one of labels as .npy",
      SpectrogramReader()
    ) {
      try save([2, 4, 4], $0, "X.npy")
      try save([2, 4, 4], $0, "Z.npy")
    }
  }
}
