public import Foundation
public import SleepCore

/// Reads ready-made spectrogram images: a folder with one array of samples, `[windows, rows, columns]` (51 x 59 as published;
/// a last axis of 1 may follow), and one of labels, `[windows]`, numbers 0...4 or names such as `W`, `N1`, `N2`, `N3`, `REM`.
///
/// The files are told apart by their shape. The publication does not say which image is whose. With a third vector, whose name has
/// `subject` in it, there is one recording a subject. Without it, labelled images are cut into ten stretches of the array,
/// each of which stands for a subject, with a warning: they are as near to nights as can be, where single windows on both sides of a split
/// would be each other's neighbours. Few or unlabelled images are one recording of a subject `unknown`.
public struct SpectrogramReader: DatasetReader {
  public let name = "spectrograms"
  public let sensors: [Sensor] = [.spectrogram]
  public let labels: LabelKind? = .stages
  public let roles = FileRoles(main: "samples", signals: ["samples", "subjects"])

  /// Stretches that stand for subjects where there are none, of at least so many images.
  private static let stretches = (count: 10, images: 10)
  private static let stretchWarning =
    "the images name no subjects: ten stretches of the array stand for them. Images of one person may be trained on and tested on, "
    + "so that scores say little about new people; an array of subjects beside them mends it"
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
      let count = try files["samples"].map { try ArrayFile($0).shape.first ?? 0 } ?? 0
      guard files["labels"] != nil, count >= Self.stretches.count * Self.stretches.images else {
        return [RecordingSource(id: "images", subject: Subject("unknown"), files: files)]
      }
      return (1...Self.stretches.count).map {
        RecordingSource(id: "images-\($0)", subject: Subject("stretch-\($0)"), files: files)
      }
    }
    return inNumericOrder(Set(try subjects(url, of: files["samples"].map { try ArrayFile($0).shape[0] } ?? 0))).map {
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
      let names = try subjects(url, of: shape[0])
      own = own.filter { names[$0] == source.subject.id }
    } else if let number = Self.stretch(source.subject) {
      own = Array((number - 1) * shape[0] / Self.stretches.count..<number * shape[0] / Self.stretches.count)
    }
    stages = stages.map { all in own.map { all[$0] } }
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
      id: source.id, subject: source.subject, frames: frames, hypnogram: stages.map { Hypnogram(stages: $0) },
      warnings: source.files["subjects"] == nil && Self.stretch(source.subject) != nil
        ? ["\(url.lastPathComponent): \(Self.stretchWarning)"] : [])
  }

  /// Whose each of so many images is.
  private func subjects(_ url: URL, of images: Int) throws -> [String] {
    let subjects = try ArrayFile(url)
    guard subjects.shape == [images] else {
      throw ReadError(url, found: "an array of shape \(subjects.shape)", expected: "a subject an image, [\(images)]")
    }
    return try subjects.texts()
  }

  /// Which stretch stands for a subject, from 1.
  private static func stretch(_ subject: Subject) -> Int? {
    subject.id.hasPrefix("stretch-") ? Int(subject.id.dropFirst("stretch-".count)) : nil
  }

  /// A subject's name with nothing in it that a file name cannot hold.
  private static func fileName(_ subject: String) -> String {
    "images-" + subject.map { $0.isLetter || $0.isNumber || $0 == "-" ? String($0) : "_" }.joined()
  }
}
