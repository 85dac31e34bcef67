import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// The real text recordings against NumPy.
@Suite("Real text recordings", .needsRecordings)
struct RealTextRecordingsTests {
  let fixture = Fixture("real-text")

  private func recordings(_ reader: some DatasetReader, _ folder: String) throws -> [Recording] {
    let root = try #require(sharedDatasets).appendingPathComponent(folder)
    return try readAll(reader, in: root)
  }

  private func rows(_ name: String, width: Int) throws -> [[Double]] {
    let values = try fixture.doubles(name)
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<($0 + width)]) }
  }

  @Test("The pressure maps of experiment I have the frames, values and postures of NumPy")
  func firstExperiment() throws {
    let found = try recordings(PMDReader(), "pmd-1.0.0").filter { $0.id.hasPrefix("i-") }
    let rows = try rows("pmd-i", width: 22)
    #expect(found.map(\.id) == rows.map { "i-S\(Int($0[0]))" })
    for (recording, row) in zip(found, rows) {
      let frames = try #require(recording.frames)
      #expect(frames.rows == 64 && frames.columns == 32 && frames.framesPerSecond == 1)
      #expect(recording.subject.id == "S\(Int(row[0]))")
      #expect(frames.count == Int(row[1]))
      #expect(sum(frames.values) == row[2])
      #expect(Double(frames.values.max() ?? 0) == row[3])
      #expect(Posture.published.map { posture in frames.postures.count { $0 == posture } } == row[5...].map { Int($0) })
      let warning =
        "\(recording.id): \(Int(row[4])) of \(Int(row[1])) frames go past the documented 1000, up to \(Int(row[3]))"
      #expect(recording.warnings == (row[4] > 0 ? [warning] : []))
    }
  }

  @Test("The maps of experiment II belong to people of experiment I and have sides alone")
  func secondExperiment() throws {
    let found = try recordings(PMDReader(), "pmd-1.0.0").filter { $0.id.hasPrefix("ii-") }
    let rows = try rows("pmd-ii", width: 8)
    #expect(found.count == rows.count)
    for (recording, row) in zip(found, rows) {
      let frames = try #require(recording.frames)
      #expect(frames.rows == 64 && frames.columns == 27 && frames.framesPerSecond == nil)
      #expect(recording.subject.id == "S\(Int(row[0]))")
      #expect(recording.id.hasSuffix(row[1] == 0 ? "-Air" : "-Sponge"))
      #expect(frames.count == Int(row[2]))
      #expect(sum(frames.values) == row[3])
      #expect(Double(frames.values.max() ?? 0) == row[4])
      #expect(frames.postures.count { $0 == .otherRight } == Int(row[5]))
      #expect(frames.postures.count { $0 == .otherLeft } == Int(row[6]))
      #expect(frames.postures.count { $0 == nil } == Int(row[7]))
    }
    #expect(
      found.flatMap(\.warnings).contains("ii-S3-Air: posture G1, G2, G3 is undocumented and left unscored"))
  }

  @Test("Stages, heart rates and counts of sleep-accel are those of NumPy")
  func sleepAccel() throws {
    let found = try recordings(SleepAccelReader(), "sleep-accel-1.0.0")
    let rows = try rows("sleep-accel", width: 12)
    #expect(found.map(\.id) == rows.map { String(Int($0[0])) })
    for (recording, row) in zip(found, rows) {
      let hypnogram = try #require(recording.hypnogram)
      #expect(hypnogram.stages.count == Int(row[1]))
      #expect(hypnogram.counts == row[2..<7].map { Int($0) })
      #expect(recording.signals.map(\.sensor) == [.activity, .heartRate])
      // The numbers are those of ten minutes around the scored night; the watch was worn for days.
      let end = hypnogram.startSeconds + 30 * Double(hypnogram.stages.count)
      let night = (hypnogram.startSeconds - 600)...(end + 600)
      let (counts, heart) = (recording.signals[0].cropped(to: night), recording.signals[1].cropped(to: night))
      #expect(heart.count == Int(row[7]) && counts.count == Int(row[10]))
      expectClose(
        [sum(heart.samples[0]), try #require(heart.seconds.last), sum(counts.samples[0])], [row[8], row[9], row[11]],
        relative: 1e-6)
      #expect(zip(heart.seconds, heart.seconds.dropFirst()).allSatisfy { $0 < $1 })
    }
    #expect(
      found.flatMap(\.warnings).sorted() == [
        "3509524_heartrate.txt: 1 sample repeats a time; left out",
        "759667_heartrate.txt: 1 sample repeats a time; left out",
        "781756_heartrate.txt: 12006 samples repeat a time; left out",
        "781756_heartrate.txt: time steps back 2 times; sorted",
      ])
  }

  @Test("Stages and beats of slpdb-rr are those of NumPy, two halves of a night being one subject")
  func slpdbRR() throws {
    let found = try recordings(SlpdbRRReader(), "slpdb-rr")
    let rows = try rows("slpdb-rr", width: 9)
    #expect(found.count == rows.count)
    for (recording, row) in zip(found, rows) {
      let hypnogram = try #require(recording.hypnogram)
      #expect(hypnogram.counts == row[1..<6].map { Int($0) })
      let heart = try #require(recording.signals.first)
      #expect(heart.count == Int(row[6]))
      expectClose([sum(heart.samples[0]), try #require(heart.seconds.last)], [row[7], row[8]], relative: 1e-6)
    }
    let subjects = Dictionary(found.map { ($0.id, $0.subject.id) }, uniquingKeysWith: { first, _ in first })
    #expect(subjects["slp01a"] == subjects["slp01b"] && subjects["slp02a"] == "slp02" && subjects["slp67x"] == "slp67x")
    #expect(Set(subjects.values).count == 10)
  }

  @Test("Heart rate, chest volume and stages of the Santa Fe set are those of NumPy")
  func santaFe() throws {
    let recording = try #require(try recordings(SantaFeReader(), "santafe-b").first)
    let row = try fixture.doubles("santafe-b")
    #expect(recording.signals.map(\.count) == [Int(row[0]), Int(row[0])])
    expectClose(recording.signals.map { sum($0.samples[0]) }, [row[1], row[2]], relative: 1e-6)
    #expect(recording.hypnogram?.counts == row[3...].map { Int($0) })
    #expect(recording.signals[0].timing == .regular(startSeconds: 0, sampleRateHz: 2))
  }
}
