import Foundation
import TestSupport
import Testing

@Suite("Inspect")
struct InspectTests {
  /// Expects a PNG of some size.
  private func expectPicture(_ url: URL) throws {
    let data = try Data(contentsOf: url)
    #expect(data.starts(with: [0x89, 0x50, 0x4e, 0x47]))
    #expect(data.count > 10_000)
  }

  @Test(
    "Raw files say what they hold, and are drawn",
    arguments: [
      ("sleep-edf", "raw/sleep-cassette", "-PSG.edf", "EDF file", 7),
      ("sleepbrl", "raw", ".edf", "EDF file", 16),
      ("sleep-accel", "raw/heart_rate", "_heartrate.txt", "file of sleep-accel", 5),
    ])
  func rawFile(dataset: String, below: String, ending: String, kind: String, channels: Int) throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized(dataset, subjects: 1, in: folder)
      let names = try FileManager.default.subpathsOfDirectory(atPath: folder.appendingPathComponent("raw").path)
      let file = try #require(names.sorted().first { $0.hasSuffix(ending) })
      let picture = folder.appendingPathComponent("night.png")
      let outcome = try BuiltProgram.run("inspect", "raw/" + file, "--json", "--out", "night.png", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let facts = try BuiltProgram.json(outcome)
      #expect((facts["kind"] as? String)?.hasPrefix(kind) == true)
      #expect((facts["channels"] as? [Any])?.count == channels)
      let labels = try #require(facts["labels"] as? [String: Any])
      #expect(labels["kind"] as? String == "stages")
      #expect(labels["windowSeconds"] as? Double == 30)
      try expectPicture(picture)
    }
  }

  @Test("A pipe and what is no array are refused at once; numbers without a width are drawn")
  func hostile() throws {
    try withTemporaryFolder { folder in
      #expect(mkfifo(folder.appendingPathComponent("a.edf").path, 0o600) == 0)
      let pipe = try BuiltProgram.run("inspect", "a.edf", in: folder)
      #expect(pipe.status == 65)
      #expect(pipe.errors == "\(folder.path)/a.edf: found a pipe or device, expected an EDF or BDF file\n")
      let large = Data((0..<40).flatMap { _ in [0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20] as [UInt8] })
      let header = "{'descr': '<i8', 'fortran_order': False, 'shape': (40,), }\n"
      try (Data([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, UInt8(header.utf8.count), 0]) + Data(header.utf8) + large)
        .write(to: folder.appendingPathComponent("c.npy"))
      let drawn = try BuiltProgram.run("inspect", "c.npy", "--out", "c.png", in: folder)
      #expect(drawn.status == 0, "\(drawn.errors)")
      try Data([0x4e, 0x55, 0x4d]).write(to: folder.appendingPathComponent("b.npy"))
      let array = try BuiltProgram.run("inspect", "b.npy", in: folder)
      #expect(array.status == 65 && array.errors.contains("found no NumPy signature"))
    }
  }

  @Test(
    "A night of acceleration is drawn as spectrogram, derivative and stages, raw and prepared; its windows are grouped")
  func acceleration() throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized("sleep-accel", subjects: 1, in: folder)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("raw/motion").path)
      let name = try #require(names.first)
      let raw = try BuiltProgram.run("inspect", "raw/motion/\(name)", "--out", "raw.png", in: folder)
      #expect(raw.status == 0, "\(raw.errors)")
      try expectPicture(folder.appendingPathComponent("raw.png"))
      let sensors = "spectrogram,accelerometer"
      let prepared = try BuiltProgram.run(
        "prepare", "sleep-accel", "--raw", "raw", "--out", "corpus", "--sensors", sensors, in: folder)
      #expect(prepared.status == 0, "\(prepared.errors)")
      let corpus = try BuiltProgram.run("inspect", "corpus", "--out", "corpus.png", in: folder)
      #expect(corpus.status == 0 && corpus.output.contains("65 x 73"), "\(corpus.output)\(corpus.errors)")
      try expectPicture(folder.appendingPathComponent("corpus.png"))
      let groups = try BuiltProgram.run(
        "cluster", "corpus", "--neighbours", "5", "--labels", "wake-sleep", "--out", "groups", in: folder)
      #expect(groups.status == 0, "\(groups.errors)")
      #expect(groups.output.contains("\n65 frequencies' means over time of each window of spectrogram,"))
      #expect(groups.output.hasSuffix("wrote groups\n"))
      try expectPicture(folder.appendingPathComponent("groups/reachability.png"))
      let none = try BuiltProgram.run("cluster", "corpus", "--labels", "sleep", "--out", "more", in: folder)
      #expect(none.status == 64 && none.errors.hasPrefix("unknown label scheme 'sleep'."), "\(none.errors)")
    }
  }

  @Test("Pressure maps and their corpus are drawn, one map a posture")
  func maps() throws {
    try withTemporaryFolder { folder in
      try PrepareTests.synthesized("pmd", subjects: 1, in: folder)
      let file = try BuiltProgram.run("inspect", "raw/experiment-i/S1/2.txt", in: folder)
      #expect(file.status == 0, "\(file.errors)")
      #expect(file.output.hasPrefix("raw/experiment-i/S1/2.txt: file of pmd"))
      #expect(file.output.contains("\nof recording i-S1, subject S1\n"))
      #expect(file.output.contains("of 64 x 32, 1 a second"))
      let folderFacts = try BuiltProgram.run("inspect", "raw", "--out", "raw.png", in: folder)
      #expect(folderFacts.output.hasPrefix("raw: raw files of pmd\n"))
      try expectPicture(folder.appendingPathComponent("raw.png"))
      _ = try BuiltProgram.run("prepare", "pmd", "--raw", "raw", "--out", "corpus", in: folder)
      let corpus = try BuiltProgram.run("inspect", "corpus", "--recording", "i-S1", "--out", "corpus.png", in: folder)
      #expect(corpus.status == 0, "\(corpus.errors)")
      #expect(corpus.output.hasPrefix("corpus: corpus\npmd: A pressure map dataset"))
      #expect(corpus.output.hasSuffix("wrote corpus.png\n"))
      try expectPicture(folder.appendingPathComponent("corpus.png"))
      let absent = try BuiltProgram.run("inspect", "corpus", "--recording", "i-S2", in: folder)
      #expect(absent.status == 64)
      #expect(absent.errors == "unknown recording 'i-S2'. Did you mean 'i-S1'?\n")
    }
  }

  @Test("A run tells its recipe, its last numbers and its report, and its curves are drawn")
  func run() throws {
    try withTemporaryFolder { folder in
      let run = folder.appendingPathComponent("run")
      try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
      try Data("# A recipe\nseed: 1\n".utf8).write(to: run.appendingPathComponent("recipe.yaml"))
      let metrics = """
        {"step":0,"pmd/views/loss":1.6,"effective rank":3}
        {"step":1,"pmd/views/loss":0.75,"effective rank":null}
        {"step":2,"pmd/vi
        """
      try Data(metrics.utf8).write(to: run.appendingPathComponent("metrics.jsonl"))
      let unfinished = try BuiltProgram.run("inspect", "run", "--out", "curves.png", in: folder)
      #expect(unfinished.status == 0, "\(unfinished.errors)")
      #expect(unfinished.output.contains("  pmd/views/loss: 0.75\n"))
      #expect(unfinished.output.contains("  effective rank: 3\n"))
      #expect(unfinished.output.contains("\nrecipe:\n  # A recipe\n  seed: 1\n"))
      #expect(unfinished.output.contains("\nno report: the run is not finished\n"))
      try expectPicture(folder.appendingPathComponent("curves.png"))
      try Data("accuracy 0.9\n".utf8).write(to: run.appendingPathComponent("report.txt"))
      #expect(try BuiltProgram.run("inspect", "run", in: folder).output.contains("\nreport:\naccuracy 0.9\n"))
    }
  }

  @Test("What cannot be inspected ends with 65 and one line")
  func refused() throws {
    try withTemporaryFolder { folder in
      try Data("hello\n".utf8).write(to: folder.appendingPathComponent("letter.txt"))
      try Data("hello\n".utf8).write(to: folder.appendingPathComponent("night.edf"))
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("empty"), withIntermediateDirectories: true)
      for (path, words) in [
        (
          "letter.txt",
          "/letter.txt: found a file of no known kind, expected EDF, BDF, WFDB (.hea), BrainVision (.vhdr), a wearable's file, a table, .npz, HDF5, .npy, or a file in "
        ),
        ("night.edf", "/night.edf: found a file that begins with "),
        ("empty", "/empty: found a folder without corpus.json, recipe.yaml or a known data set, expected "),
        ("gone", "/gone: found no such file or folder, expected "),
      ] {
        let outcome = try BuiltProgram.run("inspect", path, in: folder)
        #expect(outcome.status == 65)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count == 1)
      }
    }
  }

  @Test("Odd real files are read with their warnings", .needsRecordings)
  func realFiles() throws {
    let datasets = try #require(sharedDatasets)
    for (path, channels) in [
      ("sleep-edfx-1.0.0/SC4001E0-PSG-first-300s.edf", 7), ("edf-conformance/test_generator.bdf", 5),
      ("edf-conformance/test_stim_channel.edf", nil), ("edf-conformance/test_uneven_samp.edf", nil),
      ("wfdb-conformance/100.hea", 2), ("slpdb-rr/slp03.csv", 1),
    ] as [(String, Int?)] {
      let outcome = try BuiltProgram.run("inspect", datasets.appendingPathComponent(path).path, "--json")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let found = (try BuiltProgram.json(outcome)["channels"] as? [Any])?.count
      #expect(channels == nil ? (found ?? 0) > 0 : found == channels, "\(path)")
    }
  }
}
