import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Pressure maps by a card alone")
struct MapFileTests {
  private struct Expected: Decodable {
    let frames: [[[Float]]]
    let turned: [String: [[[Float]]]]
    let mirrored: [[[Float]]]
    let filled: [[Float]]
  }

  private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/maps")

  private func expected() throws -> Expected {
    try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: fixtures.appendingPathComponent("expected.json")))
  }

  /// Reads a recording of one of the fixtures.
  private func read(_ name: String, _ rules: MapRules = MapRules(), labels: LabelRules? = nil) throws -> Recording {
    try withTemporaryFolder { folder in
      let ending = URL(fileURLWithPath: name).pathExtension
      try Data(contentsOf: fixtures.appendingPathComponent(name)).write("S1/left_1.\(ending)", in: folder)
      let files = [
        "pressure-map": FileRule(["{subject}/{posture:[a-z]+}_{part}.*"], reading: SignalRules(map: rules))
      ]
      let found = try FolderReader.any.discover(in: folder, rules: ReadingRules(files: files))
      var request = ReadingRequest(sensors: [.pressureMap], labels: labels)
      request.files = files
      return try FolderReader.any.read(#require(found.sources.first), request)
    }
  }

  @Test(
    "A frame or many, as text or arrays, are what NumPy holds",
    arguments: [
      ("frames.npy", MapRules(), 3), ("frame.npy", MapRules(), 1), ("flat.npy", MapRules(size: [4, 6]), 3),
      ("frames.npz", MapRules(), 3), ("two.npz", MapRules(array: "a"), 3), ("frame.csv", MapRules(), 1),
      ("frames.txt", MapRules(size: [4, 6]), 3), ("rows.txt", MapRules(size: [4, 6], skipLines: 2), 3),
      ("frames.npy", MapRules(skipFrames: 2), 1),
    ])
  func values(_ name: String, _ rules: MapRules, _ count: Int) throws {
    let frames = try #require(try read(name, rules).frames)
    #expect(frames.rows == 4 && frames.columns == 6 && frames.count == count)
    let wanted = try expected().frames
    let shown = rules.skipFrames == nil ? wanted.prefix(count) : wanted.suffix(count)
    let flat: [Float] = shown.flatMap { frame in frame.flatMap { $0 } }
    #expect(frames.values == flat)
    #expect(frames.postures == [Posture?](repeating: .left, count: count))
  }

  @Test("The head comes to the first row, and left and right to their sides, as NumPy turns and mirrors")
  func orientation() throws {
    let wanted = try expected()
    for quarters in 0...3 {
      let frames = try #require(try read("frames.npy", MapRules(quarterTurns: quarters)).frames)
      let turned: [Float] = (wanted.turned["\(quarters)"] ?? []).flatMap { frame in frame.flatMap { $0 } }
      #expect(frames.values == turned)
      #expect(frames.rows == (quarters % 2 == 0 ? 4 : 6) && frames.columns == (quarters % 2 == 0 ? 6 : 4))
    }
    let mirrored: [Float] = wanted.mirrored.flatMap { frame in frame.flatMap { $0 } }
    #expect(try read("frames.npy", MapRules(mirrored: true)).frames?.values == mirrored)
  }

  @Test("A cell that measured nothing is the mean of its neighbours, and that is told")
  func holes() throws {
    let recording = try read("holes.csv")
    let wanted = try expected().filled.flatMap { $0 }
    expectClose(recording.frames?.values ?? [], wanted)
    #expect(recording.warnings == ["S1: 2 cells of 24 measured nothing and are the mean of their neighbours"])
    let marked = try read("frame.csv", MapRules(missing: [7]))
    #expect(marked.frames?.values.contains(7) == false && marked.warnings.count == 1)
  }

  @Test("Files of one person are one recording, in the order of their names, each with its posture")
  func recordings() throws {
    try withTemporaryFolder { folder in
      let frame = try Data(contentsOf: fixtures.appendingPathComponent("frame.csv"))
      for name in ["S1/L_1.csv", "S1/L_10.csv", "S1/L_2.csv", "S1/back_1.csv", "S2/L_1.csv"] {
        try frame.write(name, in: folder)
      }
      var files = ["pressure-map": FileRule(["{subject}/{posture:[A-Za-z]+}_{part}.csv"])]
      let sources = try FolderReader.any.discover(in: folder, rules: ReadingRules(files: files)).sources
      #expect(sources.map(\.id) == ["S1", "S2"] && sources.map(\.files.count) == [4, 1])
      var request = ReadingRequest(sensors: [.pressureMap])
      request.files = files
      let unknown = try #require(throws: ReadError.self) { try FolderReader.any.read(sources[0], request) }
      #expect(
        words(of: unknown).hasSuffix(
          "S1/L_1.csv: found the posture 'L', expected a posture's name, as 'supine', or what it means, as 'labels: {kind: "
            + "postures, postures: {…: supine}}' in the card says it"))
      request.labels = LabelRules(postures: ["l": "left", "BACK": "other supine"])
      #expect(
        try FolderReader.any.read(sources[0], request).frames?.postures == [.left, .left, .left, .otherSupine])
      files["labels"] = FileRule(["{subject}.txt"])
      request.files = files
      try Data("posture\nright\n?\nright 30\nunscored\n".utf8).write("S1.txt", in: folder)
      let labelled = try FolderReader.any.discover(in: folder, rules: ReadingRules(files: files)).sources[0]
      #expect(try FolderReader.any.read(labelled, request).frames?.postures == [.right, nil, .right30, nil])
      try Data("right\n".utf8).write("S1.txt", in: folder)
      let few = try #require(throws: ReadError.self) { try FolderReader.any.read(labelled, request) }
      #expect(words(of: few).hasSuffix("S1.txt: found 1 labels, expected one a frame, 4"))
    }
  }

  @Test(
    "What cannot be a map is refused with what the card may say",
    arguments: [
      (
        "frames.txt", MapRules(size: [5, 6]),
        "found 3 lines of 24 numbers, expected lines of 30, a frame each, or 5 lines of 6 a frame, as the card's size says"
      ),
      (
        "two.npz", MapRules(),
        "found 2 arrays of two axes or more, 'a' and 'b', expected one, or its name, as 'map: {array: …}' in the card says it"
      ),
      ("two.npz", MapRules(array: "c"), "found the arrays 'a' and 'b', expected one called 'c'"),
      (
        "frames.npy", MapRules(size: [6, 4]),
        "found an array of shape [3, 4, 6], expected frames of 6 x 4, as the card's size says"
      ),
      (
        "rows.txt", MapRules(size: [4, 6]),
        ":1: found 'mat', expected a number; 'map: {skip_lines: …}' in the card leaves out headings"
      ),
      ("frame.npy", MapRules(skipFrames: 1), "found 1 frame, expected more than the 1 that are left out"),
    ])
  func refused(_ name: String, _ rules: MapRules, _ said: String) throws {
    let error = try #require(throws: ReadError.self) { try read(name, rules) }
    #expect(words(of: error).hasSuffix(said), "\(words(of: error))")
  }
}
