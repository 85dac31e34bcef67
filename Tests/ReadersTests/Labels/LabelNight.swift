import Foundation
import Readers
import SleepCore

/// A night of one EEG channel with a label file beside it, read as a card says.
struct LabelNight {
  var psg = EDFNight(channels: [("EEG", "uV", 2)], seconds: 150)
  /// `DD.MM.YY` and `HH.MM.SS` of the signal's header.
  var start = ("01.02.03", "22.00.00")
  var file: (name: String, content: Data)

  /// - Parameter labels: The text of the label file.
  init(_ name: String, _ labels: String) { file = (name, Data(labels.utf8)) }

  init(_ name: String, _ labels: Data) { file = (name, labels) }

  func read(in folder: URL, _ rules: LabelRules? = nil) throws -> Recording {
    let url = folder.appendingPathComponent("n1.edf")
    let labels = folder.appendingPathComponent(file.name)
    try psg.bytes(from: start).write(to: url)
    try file.content.write(to: labels)
    let source = RecordingSource(id: "n1", subject: Subject("n1"), files: ["psg": url, "labels": labels])
    return try FolderReader.edf.read(source, ReadingRequest(sensors: [.psg], labels: rules))
  }
}

extension EDFNight {
  func bytes(from start: (date: String, time: String)) -> Data {
    var bytes = bytes
    bytes.replaceSubrange(168..<176, with: EDFSample.field(start.date, 8))
    bytes.replaceSubrange(176..<184, with: EDFSample.field(start.time, 8))
    return bytes
  }

  /// A file of annotations alone that begins at a time of its own.
  static func hypnogram(
    _ entries: [(onset: Double, duration: Double, text: String)], from start: (date: String, time: String)
  ) -> Data {
    var bytes = hypnogram(entries)
    bytes.replaceSubrange(168..<176, with: EDFSample.field(start.date, 8))
    bytes.replaceSubrange(176..<184, with: EDFSample.field(start.time, 8))
    return bytes
  }
}
