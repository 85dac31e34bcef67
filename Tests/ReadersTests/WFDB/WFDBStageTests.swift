import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

private struct ExpectedAnnotation: Decodable {
  let sample: Int
  let code: Int
  let text: String
}

private let records = Fixture("wfdb", testFile: URL(fileURLWithPath: #filePath).deletingLastPathComponent().path)
  .folder.appendingPathComponent("records")

@Suite("Stages among WFDB annotations")
struct WFDBStageTests {
  @Test(
    "Annotation files of nights, beats and apnoea are wfdb's", arguments: ["night.arousal", "beats.atr", "minutes.apn"])
  func reference(name: String) throws {
    let all = try JSONDecoder().decode(
      [String: [ExpectedAnnotation]].self, from: Data(contentsOf: records.appendingPathComponent("annotations.json")))
    let expected = try #require(all[name])
    let found = try WFDBAnnotations(records.appendingPathComponent(name)).entries
    #expect(found.map(\.sample) == expected.map(\.sample))
    #expect(found.map(\.code) == expected.map(\.code))
    #expect(found.map(\.text) == expected.map(\.text))
  }

  /// The label file with a night of EDF at 2 Hz.
  private func night(_ name: String, seconds: Int, _ rules: LabelRules?) throws -> Recording {
    try withTemporaryFolder { folder in
      var night = LabelNight("n1." + name, try Data(contentsOf: records.appendingPathComponent(name)))
      night.psg = EDFNight(channels: [("EEG", "uV", 2)], seconds: seconds)
      return try night.read(in: folder, rules)
    }
  }

  @Test("Stages that are marked where they change last until the next; marks of events are none")
  func changes() throws {
    let read = try night("night.arousal", seconds: 3000, nil)
    let runs: [(Stage?, Int)] = [
      (nil, 1), (.wake, 2), (.n1, 2), (.n2, 9), (.n1, 2), (.rem, 34), (.n3, 35), (.wake, 1), (nil, 14),
    ]
    #expect(read.hypnogram == Hypnogram(stages: runs.flatMap { [Stage?](repeating: $0.0, count: $0.1) }))
    #expect(
      read.warnings == [
        "n1.night.arousal: its stages do not follow each other by 30 s: each lasts until the next, the last one 30 s",
        "n1.night.arousal: 4 marks of events such as '(resp_hypopnea' are passed over",
        "n1.night.arousal: its windows of 30 s end 420 s before n1.edf does",
      ])
  }

  @Test("Beats and apnoea hold no stages; a normal rhythm is no sleep", arguments: ["beats.atr", "minutes.apn"])
  func none(name: String) throws {
    let error = try #require(throws: ReadError.self) { try night(name, seconds: 150, LabelRules(format: .wfdb)) }
    #expect(
      words(of: error).hasSuffix(
        ": found no stages, expected words such as 'W', 'N1', 'N2', 'N3' and 'REM'; labels.vocabulary in the card says what others mean"
      ))
  }

  @Test("A night of the challenge of 2018 is read with its stages, by its names alone and as a card says")
  func challenge() throws {
    try withTemporaryFolder { folder in
      let place = folder.appendingPathComponent("training/tr03-0005")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try Data(
        """
        tr03-0005 2 2 6000
        tr03-0005.mat 16+24 1/uV 16 0 0 0 0 C3-M2
        tr03-0005.mat 16+24 1000/mV 16 0 0 0 0 ECG

        """.utf8
      ).write("tr03-0005.hea", in: place)
      var samples = Data(count: 24)
      for at in 0..<6000 { samples += [UInt8(at % 50), 0, UInt8(at % 7), 1] }
      try samples.write("tr03-0005.mat", in: place)
      try FileManager.default.copyItem(
        at: records.appendingPathComponent("night.arousal"), to: place.appendingPathComponent("tr03-0005.arousal"))
      let asCard = LabelRules(files: "{name}.arousal", format: .wfdb)
      for rules in [nil, asCard] {
        let source = try #require(
          try FolderReader.any.discover(in: folder, rules: ReadingRules(labels: rules)).sources.first)
        let night = try FolderReader.any.read(source, ReadingRequest(sensors: [.psg, .ecg], labels: rules))
        #expect(night.hypnogram?.stages.count { $0 == .rem } == 34)
        #expect(night.signals.map { $0.channels.map(\.name) } == [["C3-M2"], ["ECG"]])
        #expect(night.signals[1].samples[0][3] == Float(256 + 3) / 1000)
      }
    }
  }

  @Test("A label file lies beside its signal file under its name")
  func partner() throws {
    try withTemporaryFolder { folder in
      try EDFNight(channels: [("EEG", "uV", 2)], seconds: 3000).bytes.write("n1.edf", in: folder)
      try FileManager.default.copyItem(
        at: records.appendingPathComponent("night.arousal"), to: folder.appendingPathComponent("n1.arousal"))
      let source = try #require(try FolderReader.edf.discover(in: folder).first)
      #expect(try FolderReader.edf.read(source, sensors: [.psg]).hypnogram?.stages.count == 100)
    }
  }
}
