import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// The folder of small recordings that programs of this kind have misread, where it is there.
private let cases = sharedDatasets?.deletingLastPathComponent().appendingPathComponent("cases")

@Suite("Recordings that were misread", .needsRecordings)
struct MisreadRecordingTests {
  private static let night: [Stage?] =
    [Stage.wake, .n1].flatMap { Array(repeating: $0, count: 4) } + Array(repeating: .n2, count: 6)
    + Array(repeating: .n3, count: 3) + Array(repeating: .rem, count: 3)

  private func read(_ psg: String, labels: String? = nil, _ request: ReadingRequest) throws -> Recording {
    let folder = try #require(cases)
    var files = ["psg": folder.appendingPathComponent(psg)]
    files["labels"] = labels.map { folder.appendingPathComponent($0) }
    let source = RecordingSource(id: "n1", subject: Subject("n1"), files: files)
    return try FolderReader.edf.read(source, request)
  }

  @Test("Scoring begins 300 s after the signal")
  func startsLater() throws {
    let night = try read(
      "scoring-starts-later/n1-PSG.edf", labels: "scoring-starts-later/n1-Hypnogram.edf",
      ReadingRequest(sensors: [.psg]))
    let wanted =
      [Stage?](repeating: nil, count: 10) + [Stage?](repeating: .n2, count: 5)
      + [Stage?](repeating: .rem, count: 5)
    #expect(night.hypnogram == Hypnogram(stages: wanted))
    #expect(
      night.warnings.contains("n1-Hypnogram.edf begins 300 s after n1-PSG.edf: its stages are moved by 300 s"))
  }

  @Test("Six windows are NREM of no depth")
  func stageN() throws {
    let stages = try #require(try read("sleep-stage-n/n1.edf", ReadingRequest(sensors: [.psg])).hypnogram).stages
    #expect(stages == Self.night.map { $0 == .n2 ? .nrem : $0 })
  }

  @Test(
    "Stages of length 0, and those of Grass Twin, are a whole night", arguments: ["zero-duration", "other-stage-words"])
  func wholeNight(name: String) throws {
    #expect(try read("\(name)/n1.edf", ReadingRequest(sensors: [])).hypnogram == Hypnogram(stages: Self.night))
  }

  @Test("A scoring file under a name of its own is known by its header")
  func otherName() throws {
    let scoring = try #require(cases).appendingPathComponent("scoring-of-other-name/SN001_sleepscoring.edf")
    #expect(try EDFHeader(contentsOf: scoring).holdsAnnotationsAlone)
    let night = try read(
      "scoring-of-other-name/SN001.edf", labels: "scoring-of-other-name/SN001_sleepscoring.edf",
      ReadingRequest(sensors: [.psg]))
    #expect(night.hypnogram == Hypnogram(stages: Self.night))
  }

  @Test("Eye leads are found, with a card's names and without")
  func eyeLeads() throws {
    let plain = try read("eye-leads/raw/n1.edf", ReadingRequest(sensors: [.psg]))
    #expect(
      plain.signals.flatMap { $0.channels.map(\.name) }.sorted()
        == ["C3-M2", "Chin1-Chin2", "E1-M2", "E2-M2", "LOC-A2", "ROC-A1"])
    let card = ReadingRequest(sensors: [.psg], channels: [.psg: [["C3-M2"], ["E1-M2"]]])
    let names = try read("eye-leads/raw/n1.edf", card).signals.flatMap { $0.channels.map(\.name) }
    #expect(names.contains("C3-M2") && names.contains("E1-M2"))
  }

  @Test("The last samples of format 311 end within a word")
  func format311() throws {
    let record = try WFDBRecord(#require(cases).appendingPathComponent("wfdb-format-311/311derive_3.hea"))
    let samples = try record.samples(ofSignal: 0)
    #expect(samples.count == 1019 && record.sampleRateHz(ofSignal: 0) == 360)
    expectClose([try #require(samples.min()), try #require(samples.max())], [-0.05, 0.105])
  }

  @Test("A record's name with its folder is a name")
  func nameWithFolder() throws {
    let record = try WFDBRecord(#require(cases).appendingPathComponent("record-name-with-folder/slp01a.hea"))
    #expect(try record.header.recordName == "slp01a" && record.samples(ofSignal: 1).count == 5000)
  }

  @Test("Labels of unsigned 64-bit integers are labels")
  func unsigned() throws {
    let folder = try #require(cases).appendingPathComponent("npy-u8")
    let night = try #require(try readAll(NpyReader.stages, in: folder).first)
    #expect(night.hypnogram?.stages == Self.night)
  }
}
