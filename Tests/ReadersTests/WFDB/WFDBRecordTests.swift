import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

/// A signal as wfdb-python reads it.
private struct ExpectedSignal: Decodable {
  let name: String
  let unit: String
  let values: [Float?]
}

private let records = Fixture("wfdb", testFile: URL(fileURLWithPath: #filePath).deletingLastPathComponent().path)
  .folder.appendingPathComponent("records")

@Suite("WFDB records of every kind")
struct WFDBRecordTests {
  @Test(
    "Differences, FLAC, MATLAB files and segments give wfdb's samples",
    arguments: ["d8", "c508", "c516", "c524", "flacframes", "m16", "fixed", "vary"])
  func reference(name: String) throws {
    let all = try JSONDecoder().decode(
      [String: [ExpectedSignal]].self, from: Data(contentsOf: records.appendingPathComponent("expected.json")))
    let expected = try #require(all[name])
    let record = try WFDBRecord(records.appendingPathComponent(name + ".hea"))
    #expect(record.signals.map(\.name) == expected.map(\.name))
    #expect(record.signals.map(\.unit) == expected.map(\.unit))
    for (index, signal) in expected.enumerated() {
      let samples = try record.samples(ofSignal: index)
      #expect(samples.map(\.isNaN) == signal.values.map { $0 == nil })
      expectClose(samples.map { $0.isNaN ? 0 : $0 }, signal.values.map { $0 ?? 0 }, relative: 1e-6)
    }
  }

  @Test(
    "A night of segments is read as one of EDF would be: short gaps are missing, long ones and absent signals leave nothing"
  )
  func stretches() throws {
    try withTemporaryFolder { folder in
      // 2 Hz: a gap of 10 s, one of 100 s, and a last segment without Resp.
      let bytes = { (count: Int, value: UInt8) in String(repeating: String(UnicodeScalar(value)), count: count) }
      try write(
        [
          "n.hea": "n/6 2 2 860 22:00:00 01/02/2020\nn_0 0\na 200\n~ 20\nb 200\n~ 200\nc 240\n",
          "n_0.hea": "n_0 2 2 0\n~ 0 1/mV 0 0 0 0 0 ECG\n~ 0 1/l 0 0 0 0 0 Resp\n",
          "a.hea": "a 2 2 200\na.dat 80 1(0)/mV 8 0 0 0 0 ECG\na.dat 80 2(0)/l 8 0 0 0 0 Resp\n",
          "a.dat": bytes(400, 65),
          "b.hea": "b 2 2 200\nb.dat 80 1(0)/mV 8 0 0 0 0 ECG\nb.dat 80 2(0)/l 8 0 0 0 0 Resp\n",
          "b.dat": bytes(400, 66),
          "c.hea": "c 2 2 240\nc.dat 80 1(0)/mV 8 0 0 0 0 ECG\nc.dat 80 1/mmHg 8 0 0 0 0 BP\n",
          "c.dat": bytes(480, 67),
        ], to: folder)
      let source = RecordingSource(
        id: "n", subject: Subject("n"), files: ["psg": folder.appendingPathComponent("n.hea")])
      let night = try SlpdbReader().read(source, sensors: [.ecg, .respiration])
      #expect(night.start == LocalTime("2020-02-01 22:00:00"))
      #expect(
        night.signals.map(\.timing) == [
          .regular(startSeconds: 0, sampleRateHz: 2), .regular(startSeconds: 310, sampleRateHz: 2),
          .regular(startSeconds: 0, sampleRateHz: 2),
        ])
      #expect(night.signals.map { $0.channels.map(\.name) } == [["ECG"], ["ECG"], ["Resp"]])
      #expect(night.signals.map(\.count) == [420, 240, 420])
      let resp = night.signals[2].samples[0]
      #expect(resp[199] == Float(65 - 128) / 2 && resp[220] == Float(66 - 128) / 2)
      #expect(resp.indices.filter { resp[$0].isNaN } == Array(200..<220))
      #expect(
        night.warnings.prefix(2) == [
          "n.hea: 1 signals of its segments are not among those of the record and left out",
          "n.hea: nothing was measured for 110 s of it, between its segments",
        ])
      #expect(try FolderReader.any.discover(in: folder).map(\.id) == ["n"])
      let files = try source.filesRead.keys.sorted()
      #expect(
        files == ["psg", "psg a.dat", "psg a.hea", "psg b.dat", "psg b.hea", "psg c.dat", "psg c.hea", "psg n_0.hea"])
    }
  }

  @Test("Differences begin with the file also where a signal lags, and a signal that is stored nowhere leaves nothing")
  func lagAndNull() throws {
    try withTemporaryFolder { folder in
      try write(
        [
          "a.hea": "a 2 10 4\na.dat 8:1 1/mV 8 0 10 0 0 ECG\n~ 0 1/l 0 0 0 0 0 Resp\n",
          "a.dat": "\u{1}\u{2}\u{3}\u{4}",
        ], to: folder)
      let record = try WFDBRecord(folder.appendingPathComponent("a.hea"))
      let lagging = try record.samples(ofSignal: 0)
      #expect(lagging.prefix(3) == [13, 16, 20] && lagging[3].isNaN && lagging.count == 4)
      #expect(try record.samples(ofSignal: 1).count { $0.isNaN } == 4)
      let night = try SlpdbReader().read(
        RecordingSource(id: "a", subject: Subject("a"), files: ["psg": record.url]), sensors: [.ecg, .respiration])
      #expect(night.signals.map(\.sensor) == [.ecg])
      #expect(night.warnings.first == "a.hea: no samples of 'Resp' are stored")
    }
  }
}
