import Foundation
import Readers

/// A small EDF file whose header fields can be overwritten.
struct EDFSample {
  var version = "0"
  var date = "01.02.03"
  var time = "04.05.06"
  var headerLength: String?
  var reserved = ""
  var recording = ""
  var recordCount: String?
  var recordSeconds = "1"
  var channelCount: String?
  var labels = ["EEG", "ECG"]
  var units = ["uV", "mV"]
  var physicalMinimum = ["-100", "-1"]
  var physicalMaximum = ["100", "1"]
  var digitalMinimum = ["-100", "-1000"]
  var digitalMaximum = ["100", "1000"]
  var samplesPerRecord = ["4", "2"]
  /// Little-endian bytes after the header.
  var data = EDFSample.integers([1, 2, 3, 4, 500, -500, 5, 6, 7, 8, 1000, -1000])

  static func integers(_ values: [Int], bytes: Int = 2) -> Data {
    Data(values.flatMap { value in (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } })
  }

  /// Latin-1 characters become single bytes.
  static func field(_ text: String, _ width: Int) -> Data {
    let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    return Data(bytes.prefix(width) + [UInt8](repeating: 32, count: max(0, width - bytes.count)))
  }

  var bytes: Data {
    let count = labels.count
    var bytes = Data()
    func add(_ text: String, _ width: Int) { bytes += Self.field(text, width) }
    func add(_ texts: [String], _ width: Int) { texts.forEach { add($0, width) } }
    add(version, 8)
    add("X X X X", 80)
    add(recording, 80)
    add(date, 8)
    add(time, 8)
    add(headerLength ?? "\(256 * (count + 1))", 8)
    add(reserved, 44)
    add(recordCount ?? "2", 8)
    add(recordSeconds, 8)
    add(channelCount ?? "\(count)", 4)
    add(labels, 16)
    add(labels.map { _ in "" }, 80)
    add(units, 8)
    add(physicalMinimum, 8)
    add(physicalMaximum, 8)
    add(digitalMinimum, 8)
    add(digitalMaximum, 8)
    add(labels.map { _ in "" }, 80)
    add(samplesPerRecord, 8)
    add(labels.map { _ in "" }, 32)
    return bytes + data
  }

  /// The file, written to `name` in a folder, opened.
  func open(in folder: URL, name: String = "a.edf") throws -> EDFFile {
    let url = folder.appendingPathComponent(name)
    try bytes.write(to: url)
    return try EDFFile(url)
  }
}
