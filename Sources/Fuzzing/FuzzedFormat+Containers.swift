import Foundation
import Preparation
import Readers
import SleepCore
import Synthesis

extension FuzzedFormat {
  /// Containers of signals and maps, as small files of the tests: wearables' own files, arrays, tables, BrainVision, WFDB with FLAC.
  static func containers(checkout: URL) throws -> [FuzzedFormat] {
    let fixtures = checkout.appendingPathComponent("Tests/ReadersTests/Fixtures")
    func folder(_ name: String, _ keep: (String) -> Bool) throws -> [String: [UInt8]] {
      let url = fixtures.appendingPathComponent(name)
      let names = try FileManager.default.contentsOfDirectory(atPath: url.path).filter(keep)
      return Dictionary(
        uniqueKeysWithValues: try names.map { ($0, Array(try Data(contentsOf: url.appendingPathComponent($0)))) })
    }
    func ends(_ endings: String...) -> (String) -> Bool {
      { name in endings.contains { name.lowercased().hasSuffix($0) } }
    }
    let words = [
      "MD", "AX", "PK\u{3}\u{4}", "\u{89}HDF", "\u{93}NUMPY", "'shape': (", "fLaC", "Measurement Frequency:100",
      "1e308", "-1", "nan", "NaN",
      "9223372036854775807", "2026-01-31 22:30:00", ";", "\t", "\"", "DataFile=../x", "SamplingInterval=0",
      "~ 99999999", "a/2", "IM", "MI", "MATLAB 5.0", "SQLite format 3",
    ]
    let kinds: [(name: String, files: [String: [UInt8]], rules: [String: SignalRules])] = [
      ("wearables", try folder("wearables/written", ends(".cwa", ".bin", ".gt3x", ".agd", ".awd")), [:]),
      ("e4", try folder("wearables/written", { $0.first?.isUppercase == true && $0.hasSuffix(".csv") }), [:]),
      (
        "actiware", try folder("wearables/written", { $0.first?.isLowercase == true && $0.hasSuffix(".csv") }),
        ["csv": SignalRules(format: .actiware)]
      ),
      ("arrays-npz", try folder("arrays", ends(".npz")), ["npz": SignalRules(sampleRateHz: 10)]),
      ("arrays-hdf5", try folder("arrays", ends(".h5", "seven.mat")), ["h5": SignalRules(sampleRateHz: 10)]),
      (
        "arrays-mat", try folder("arrays", { $0.hasSuffix(".mat") && !["seven.mat", "zeros.mat"].contains($0) }),
        ["mat": SignalRules(sampleRateHz: 10)]
      ),
      (
        "tables", try folder("tables", ends(".csv", ".tsv", ".txt")),
        ["csv": SignalRules(), "txt": SignalRules(table: TableRules(sampleRateHz: 4))]
      ),
      ("brainvision", try folder("brainvision/files", { _ in true }), [:]),
    ]
    let labels = try folder("arrays", { $0 == "five-plain.mat" }).values.first ?? []
    let night = Array(night(.edf).encode(samples(6)))
    let maps = try folder("maps", ends(".npy", ".npz", ".csv", ".txt"))
    return kinds.filter { !$0.files.isEmpty }.map { kind in
      FuzzedFormat(kind.name, kind.files, words: words) { try readContainers(in: $0, kind.rules) }
    } + [
      FuzzedFormat("maps", maps, words: words) { folder in
        for name in maps.keys.sorted() {
          try readFirst(
            in: folder, ["pressure-map": FileRule(["{part}.*"], reading: SignalRules(map: MapRules(size: [4, 6])))],
            named: name)
        }
      },
      FuzzedFormat("labels-mat", ["n1.edf": night, "n1.mat": labels], damaged: ["n1.mat"], words: words) {
        for dataset in ["labels", "words", "rows"] {
          do {
            try readAll(FolderReader.edf, in: $0, labels: LabelRules(files: "{name}.mat", dataset: dataset))
          } catch is ReadError {}
        }
      },
    ]
  }

  /// Every file by itself, in the format that its name or a rule tells, with what it holds brought to sensors.
  private static func readContainers(in folder: URL, _ rules: [String: SignalRules]) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let url = folder.appendingPathComponent(name)
      let rule = rules[url.pathExtension.lowercased()] ?? SignalRules()
      guard let format = rule.format ?? SignalFormat.named(by: url) else { continue }
      // Some of the whole ones are refused in words too, and one that is does not hide the others.
      do { _ = try format.contents(of: url, rules: rule) } catch is ReadError {}
    }
  }

  private static func readFirst(in folder: URL, _ files: [String: FileRule], named name: String) throws {
    var request = ReadingRequest(sensors: [.pressureMap])
    request.files = files
    let source = RecordingSource(
      id: "a", subject: Subject("a"), files: ["pressure-map/1": folder.appendingPathComponent(name)])
    do { _ = try FolderReader.any.read(source, request) } catch is ReadError {}
  }
}
