public import Foundation
public import SleepCore

/// Any folder of EDF, EDF+ and BDF files: each file is one recording of one subject, its channels go to the sensors that their
/// labels speak of.
///
/// Stages are read from the file's own annotations, else from a file of annotations beside it: `night-Hypnogram.edf` with
/// `night.edf` or `night-PSG.edf`, also where, as in Sleep-EDF, the two names differ in their last letter before the dash.
public struct EDFFolderReader: DatasetReader {
  public let name = "edf"
  public let sensors: [Sensor] = [.psg, .ecg, .respiration]
  public let labels: LabelKind? = .stages

  private static let expectation = "a folder of .edf or .bdf files"

  public init() {}

  public func discover(in root: URL) throws -> [RecordingSource] {
    let tree = try FolderTree(root, expected: Self.expectation)
    let files = tree.files.filter { ["edf", "bdf", "rec"].contains($0.pathExtension.lowercased()) }
    guard !files.isEmpty else { throw ReadError(root, found: "none", expected: Self.expectation) }
    var hypnograms: [String: URL] = [:]
    for url in files where Self.isHypnogram(url) { hypnograms[Self.night(url)] = url }
    var taken: Set<String> = []
    return files.filter { !Self.isHypnogram($0) }.map { url in
      var id = Self.identifier(url, below: root)
      while !taken.insert(id).inserted { id += "-\(url.pathExtension)" }
      let night = Self.night(url)
      // By the whole name first, else all but the last letter.
      let partner = hypnograms[night] ?? hypnograms.first { $0.key.dropLast() == night.dropLast() }?.value
      var named = ["psg": url]
      if let partner { named["hypnogram"] = partner }
      return RecordingSource(id: id, subject: Subject(id), files: named)
    }
  }

  public func read(_ source: RecordingSource, sensors: Set<Sensor>) throws -> Recording {
    try read(source, ReadingRequest(sensors: sensors))
  }

  private static func isHypnogram(_ url: URL) -> Bool { url.lastPathComponent.lowercased().contains("hypnogram") }

  /// The path without `-PSG` and `-Hypnogram`, which the files of one night share.
  private static func night(_ url: URL) -> String {
    var stem = url.deletingPathExtension().path.lowercased()
    for part in ["hypnogram", "psg"] {
      if let range = stem.range(of: part, options: .backwards) { stem.removeSubrange(range) }
    }
    while let last = stem.last, last == "-" || last == "_" { stem.removeLast() }
    return stem
  }

  /// The path below the root, with characters that are safe in a file name.
  private static func identifier(_ url: URL, below root: URL) -> String {
    let path = url.deletingPathExtension().path.dropFirst(root.path.count).drop { $0 == "/" }
    return String(
      path.map { character in
        character == "/"
          ? "-"
          : character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
            ? character : "_"
      })
  }
}
