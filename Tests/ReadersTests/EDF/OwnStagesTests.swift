import Foundation
import Readers
import SleepCore
import Synthesis
import TestSupport
import Testing

@Suite("Stages in an EDF file's own annotations")
struct OwnStagesTests {
  private func read(
    _ texts: [(Double, Double?, String)], beside labels: String? = nil, _ rules: LabelRules? = nil,
    decidedBy: String = "its own name"
  ) throws -> Recording {
    try withTemporaryFolder { folder in
      let writer = EDFWriter(
        format: .edfPlus,
        channels: [.init(label: "EEG", unit: "uV", samplesPerRecord: 30, physicalRange: -10...10)], recordSeconds: 30)
      let url = folder.appendingPathComponent("n1.edf")
      let samples = (0..<120).map { Float($0 % 19 - 9) }
      let annotations = texts.map { EDFWriter.Annotation(onsetSeconds: $0.0, durationSeconds: $0.1, text: $0.2) }
      try writer.write([samples], annotations: annotations, to: url)
      var files = ["psg": url]
      if let labels {
        files["labels"] = folder.appendingPathComponent("n1.txt")
        try Data(labels.utf8).write("n1.txt", in: folder)
      }
      let source = RecordingSource(id: "n1", subject: Subject("n1"), files: files, decidedBy: decidedBy)
      return try FolderReader.edf.read(source, ReadingRequest(sensors: [.psg], labels: rules))
    }
  }

  @Test("A stage of length 0, or without one, lasts one window", arguments: [0, nil])
  func noLength(duration: Double?) throws {
    var night = try read([
      (0, duration, "Sleep stage W"), (30, duration, "N2"), (60, duration, "R"), (90, duration, "N3"),
    ])
    #expect(night.hypnogram == Hypnogram(stages: [.wake, .n2, .rem, .n3]) && night.warnings == [])
    night = try read([(0, duration, "Sleep stage W"), (90, duration, "N3")])
    #expect(night.hypnogram == Hypnogram(stages: [.wake, nil, nil, .n3]))
    #expect(night.warnings == ["n1.edf: 1 stage says no length before a gap: it lasts one window of 30 s"])
  }

  @Test("NREM of no depth does not stop a night")
  func nrem() throws {
    let night = try read([(0, 30, "Sleep stage W"), (30, 60, "Sleep stage N"), (90, 30, "Sleep stage N3")])
    #expect(night.hypnogram == Hypnogram(stages: [.wake, .nrem, .nrem, .n3]) && night.warnings == [])
  }

  @Test("Texts that are no stages are passed over and told, marks of the lights are neither")
  func others() throws {
    let night = try read([(2, nil, "Lights off"), (0, 60, "N2"), (31, 3, "snore"), (40, nil, "snore"), (60, 60, "R")])
    #expect(night.hypnogram == Hypnogram(stages: [.n2, .n2, .rem, .rem]))
    #expect(night.warnings == ["n1.edf: 2 texts name no known stage and are passed over: 'snore' (2)"])
    #expect(night.lightsOffSeconds == 2)
  }

  @Test("Annotations of which none is a stage stop nothing: they are told")
  func noStages() throws {
    let night = try read([(0, nil, "1"), (30, nil, "2"), (31, 3, "W"), (60, nil, "Stadium II")])
    #expect(night.hypnogram == nil)
    #expect(
      night.warnings == [
        "n1.edf: none of its annotations names a stage: '1' (1), '2' (1), 'Stadium II' (1), 'W' (1); "
          + "where some do, labels.vocabulary in the card says which"
      ])
    let own = try read(
      [(0, 30, "1"), (30, 30, "Stadium II")], LabelRules(vocabulary: ["1": .n1, "Stadium II": .n2]))
    #expect(own.hypnogram == Hypnogram(stages: [.n1, .n2, nil, nil]) && own.warnings == [])
  }

  @Test("A stage that speaks of a channel, in the file or not, is a stage all the same")
  func channels() throws {
    let night = try read([(0, 30, "Sleep stage W@@EEG"), (30, 30, "Sleep stage R@@EEG C4-M1")])
    #expect(night.hypnogram == Hypnogram(stages: [.wake, .rem, nil, nil]) && night.warnings == [])
  }

  @Test("Where a file and its partner both hold stages, which are read is told")
  func both() throws {
    var night = try read([(0, 30, "N2")], beside: "W\nW\nW\nW\n")
    #expect(night.hypnogram?.stages == [.n2, nil, nil, nil])
    #expect(night.warnings == ["n1.edf holds stages of its own: they are read, those of n1.txt are not"])
    night = try read([(0, 30, "N2")], beside: "W\nW\nW\nW\n", LabelRules(files: "{name}.txt"))
    #expect(night.hypnogram?.stages == [.wake, .wake, .wake, .wake])
    #expect(
      night.warnings == ["n1.txt, which the card names, is read, the stages that n1.edf holds itself are not"])
    night = try read([(0, 30, "N2")], beside: "W\nW\nW\nW\n", decidedBy: "the table of recordings")
    #expect(night.hypnogram?.stages == [.wake, .wake, .wake, .wake])
    #expect(
      night.warnings == ["n1.txt, which the table names, is read, the stages that n1.edf holds itself are not"])
    night = try read([(0, 3, "snore")], beside: "W\nW\nW\nW\n")
    #expect(night.hypnogram?.stages == [.wake, .wake, .wake, .wake] && night.warnings == [])
  }
}
