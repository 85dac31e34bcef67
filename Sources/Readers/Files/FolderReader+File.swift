public import Foundation
import SleepCore

extension FolderReader {
  /// One file as a recording, with the label file that lies beside it by the same exact rules as in a folder. Whose it is plays no part.
  ///
  /// - Returns: The recording, and a sentence a doubt: a label file that may also be another's is not taken.
  /// - Throws: ``ReadError`` when the file's folder cannot be read.
  public func recording(of url: URL) throws -> (source: RecordingSource, warnings: [String]) {
    let folder = url.deletingLastPathComponent()
    let files = FolderFiles(
      try FolderTree(folder, isDeep: false, expected: "the folder of an EDF or BDF file"), formats: formats)
    let signals = files.signals.map(\.file)
    let isPacked = url.pathExtension.lowercased() == "gz"
    let id = (isPacked ? url.deletingPathExtension() : url).deletingPathExtension().lastPathComponent
    var named = ["psg": url]
    var warnings: [String] = []
    if let own = signals.firstIndex(where: { $0.name == url.lastPathComponent }) {
      let labels = LabelFiles(scorings: files.scorings, texts: files.texts, of: signals)
      warnings = labels.doubts(signals).filter { $0.signals.contains(own) }.map(\.words)
      if warnings.isEmpty, let role = roles.labels { named[role] = labels.candidates(of: own).first?.url }
    }
    return (RecordingSource(id: id, subject: Subject(id), files: named, decidedBy: "its own name"), warnings)
  }
}
