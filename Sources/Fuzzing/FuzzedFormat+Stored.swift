import Corpora
import Foundation
import NumPy
import Preparation
import Readers
import SleepCore
import Tensors

extension FuzzedFormat {
  /// What the program wrote itself, and someone may have damaged since: corpora, half-made ones, and files of weights.
  static func stored() throws -> [FuzzedFormat] {
    let made = try files { try corpus(in: $0) }
    let words = [
      "null", "\"\\u0000\"", "[]", "{}", "\"../../x\"", "1e308", "-1", "9223372036854775808", "\"ecg\"", "\"format\":3",
      "\"windows\":0",
      "\"secondOfDay\":1e300", "F32", "I64", "__metadata__", "data_offsets", "[0,18446744073709551615]",
    ]
    let index = made.keys.filter { $0.hasPrefix("corpus/") }.sorted()
    return [
      FuzzedFormat("corpus", made, damaged: index.filter { !$0.hasSuffix("recording.json") }, words: words) {
        try readCorpus($0.appendingPathComponent("corpus"))
      },
      FuzzedFormat("corpus-resumed", made, damaged: index, words: words) { try corpus(in: $0) },
      FuzzedFormat("safetensors", try files { try weights($0) }, words: words) { folder in
        let file = try SafetensorsFile(folder.appendingPathComponent("a.safetensors"))
        for name in file.entries.keys.sorted() { _ = try file.bytes(of: name) }
      },
    ]
  }

  private static func weights(_ folder: URL) throws {
    try SafetensorsWriter.write(
      [
        SafetensorsItem(name: "a.weight", type: .float32, shape: [2, 3], bytes: Data(count: 24)),
        SafetensorsItem(name: "a.steps", type: .int64, shape: [], bytes: Data(count: 8)),
      ], metadata: ["kind": "encoder", "recipe": "name: a\n"], to: folder.appendingPathComponent("a.safetensors"))
  }

  /// Prepares two nights of arrays, or goes on with it.
  private static func corpus(in folder: URL) throws {
    let raw = folder.appendingPathComponent("raw")
    if !FileManager.default.fileExists(atPath: raw.path) {
      for subject in ["S1_1", "S2_1"] {
        let night = raw.appendingPathComponent(subject)
        try FileManager.default.createDirectory(at: night, withIntermediateDirectories: true)
        try NpyArray<Float>(shape: [6, 1, 10], values: (0..<60).map { Float(($0 * 7 + subject.utf8.count) % 11) })
          .write(to: night.appendingPathComponent("ecg.npy"))
        try NpyArray<Int8>(shape: [6], values: [0, 1, 2, 3, 4, -1]).write(
          to: night.appendingPathComponent("labels.npy"))
      }
    }
    let card = Card(
      name: "npy", title: "", citation: "", licence: "", labels: .stages,
      preprocessing: Preprocessing(sensors: [.ecg: SensorPreprocessing()]))
    _ = try Preparation(reader: NpyReader.stages, card: card, options: .init(jobs: 1))
      .run(raw: raw, out: folder.appendingPathComponent("corpus"))
  }

  private static func readCorpus(_ folder: URL) throws {
    let corpus = try Corpus(folder)
    for (place, recording) in corpus.recordings.enumerated() {
      _ = recording.start?.text
      _ = corpus.labels(recording: place)
      for sensor in recording.sensors {
        _ = try corpus.windows(recording: place, sensor: sensor, range: 0..<recording.windows)
        _ = try corpus.sensor(sensor).summary
      }
    }
  }
}
