public import Foundation
public import SleepCore

/// Reads ready-made spectrogram images: a folder with one array of samples, `[windows, rows, columns]` (51 x 59 as published;
/// a last axis of 1 may follow), and one of labels, `[windows]`, integers 0...4 or strings `W`, `N1`, `N2`, `N3`, `REM`.
///
/// The files are told apart by their shape; a label array has `label` or `y` in its name where there are several vectors.
/// The publication does not say which image is whose. Without a third vector, whose name has `subject` in it, all images
/// are one recording of a subject `unknown`; with it, there is one recording a subject.
public struct SpectrogramReader: DatasetReader {
  public let name = "spectrograms"
  public let sensors: [Sensor] = [.spectrogram]
  public let labels: LabelKind? = .stages

  private static let expected = "a folder with an array of images and one of labels as .npy"

  public init() {}

  public func discover(in root: URL) throws -> [RecordingSource] {
    var files: [String: URL] = [:]
    let arrays = try Folder(root, expected: Self.expected).files(endingWith: ".npy")
    guard !arrays.isEmpty else { throw ReadError(root, found: "no .npy files", expected: Self.expected) }
    for name in inNumericOrder(arrays.keys) {
      guard let url = arrays[name] else { continue }
      let role =
        try ArrayFile(url).shape.count >= 3 ? "samples" : name.lowercased().contains("subject") ? "subjects" : "labels"
      guard files[role] == nil else {
        throw ReadError(url, found: "a second array of \(role)", expected: Self.expected)
      }
      files[role] = url
    }
    guard files["samples"] != nil else {
      throw ReadError(root, found: "no array of images", expected: Self.expected)
    }
    guard let url = files["subjects"] else {
      return [RecordingSource(id: "images", subject: Subject("unknown"), files: files)]
    }
    return inNumericOrder(Set(try ArrayFile(url).texts())).map {
      RecordingSource(id: Self.fileName($0), subject: Subject($0), files: files)
    }
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    guard let url = source.files["samples"] else { return Recording(id: source.id, subject: source.subject) }
    let file = try ArrayFile(url)
    let shape = file.shape.count == 4 && file.shape[3] == 1 ? Array(file.shape.dropLast()) : file.shape
    guard shape.count == 3, shape.allSatisfy({ $0 > 0 }) else {
      throw ReadError(url, found: "an array of shape \(file.shape)", expected: "[windows, rows, columns]")
    }
    var stages = try source.files["labels"].map { try ArrayLabels.stages(ArrayFile($0), count: shape[0]) }
    var own = Array(0..<shape[0])
    if let url = source.files["subjects"] {
      let subjects = try ArrayFile(url)
      guard subjects.shape == [shape[0]] else {
        throw ReadError(
          url, found: "an array of shape \(subjects.shape)", expected: "a subject an image, [\(shape[0])]")
      }
      let names = try subjects.texts()
      own = own.filter { names[$0] == source.subject.id }
      stages = stages.map { all in own.map { all[$0] } }
    }
    var frames: PressureFrames?
    if sensors.contains(.spectrogram) {
      let all = try file.floats()
      let size = shape[1] * shape[2]
      var values: [Float] = []
      values.reserveCapacity(own.count * size)
      for image in own { values.append(contentsOf: all[(image * size)..<((image + 1) * size)]) }
      frames = PressureFrames(
        sensor: .spectrogram, rows: shape[1], columns: shape[2], framesPerSecond: nil, values: values,
        postures: Array(repeating: nil, count: own.count))
    }
    return Recording(
      id: source.id, subject: source.subject, frames: frames, hypnogram: stages.map { Hypnogram(stages: $0) })
  }

  /// A subject's name with nothing in it that a file name cannot hold.
  private static func fileName(_ subject: String) -> String {
    "images-" + subject.map { $0.isLetter || $0.isNumber || $0 == "-" ? String($0) : "_" }.joined()
  }
}
