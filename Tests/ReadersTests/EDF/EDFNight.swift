import Foundation

/// Small nights in the data sets' own layouts.
struct EDFNight {
  var channels: [(label: String, unit: String, rate: Int)]
  var seconds: Int
  /// The digital sample at an index of a channel; the physical value is the same.
  var sample: (_ channel: Int, _ index: Int) -> Int = { channel, index in (index * 37 + channel * 11) % 199 - 99 }

  var bytes: Data {
    var sample = EDFSample()
    sample.labels = channels.map(\.label)
    sample.units = channels.map(\.unit)
    sample.physicalMinimum = channels.map { _ in "-100" }
    sample.physicalMaximum = channels.map { _ in "100" }
    sample.digitalMinimum = sample.physicalMinimum
    sample.digitalMaximum = sample.physicalMaximum
    sample.recordSeconds = "30"
    sample.recordCount = "\(seconds / 30)"
    sample.samplesPerRecord = channels.map { "\($0.rate * 30)" }
    sample.data = Data()
    for record in 0..<seconds / 30 {
      for (index, channel) in channels.enumerated() {
        let first = record * channel.rate * 30
        sample.data += EDFSample.integers((first..<first + channel.rate * 30).map { self.sample(index, $0) })
      }
    }
    return sample.bytes
  }

  /// An EDF+ file of annotations alone.
  static func hypnogram(_ entries: [(onset: Double, duration: Double, text: String)]) -> Data {
    var list = "+0\u{14}\u{14}\0"
    for entry in entries { list += "+\(entry.onset)\u{15}\(entry.duration)\u{14}\(entry.text)\u{14}\0" }
    let width = (list.unicodeScalars.count + 2) / 2 * 2
    var sample = EDFSample()
    sample.labels = ["EDF Annotations"]
    sample.units = [""]
    sample.physicalMinimum = ["-1"]
    sample.physicalMaximum = ["1"]
    sample.digitalMinimum = ["-32768"]
    sample.digitalMaximum = ["32767"]
    sample.reserved = "EDF+C"
    sample.recordSeconds = "0"
    sample.recordCount = "1"
    sample.samplesPerRecord = ["\(width / 2)"]
    sample.data = Data(list.unicodeScalars.map { UInt8($0.value) })
    sample.data += Data(count: width - sample.data.count)
    return sample.bytes
  }
}

extension Data {
  /// Writes below a folder, making the folders between.
  func write(_ path: String, in folder: URL) throws {
    let url = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try write(to: url)
  }
}

extension Data {
  /// Without the flush to disk of `write(to:)`, for thousands of files.
  func writeUnflushed(to url: URL) {
    guard let file = fopen(url.path, "w") else { return }
    defer { fclose(file) }
    withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, file) }
  }
}
