public import Foundation
import SleepCore

extension FolderReader {
  private static let mostNamed = 3
  /// Endings and beginnings of the names of what lies beside recordings and is read by people.
  private static let documents: Set = [
    "md", "pdf", "json", "yaml", "yml", "log", "html", "htm", "doc", "docx", "png", "jpg", "jpeg", "gif", "svg",
  ]
  private static let notices = [
    "readme", "licen", "participants", "records", "annotators", "sha256sums", "changes", "synthetic",
    "dataset_description",
  ]
  private static let sidecars: Set = ["channels", "events", "electrodes", "coordsystem", "scans", "sessions"]

  /// What to tell of the files below a folder that are of no recording, since without a card only names tell which files hold signals.
  ///
  /// - Parameter discovery: What was found there without a card's patterns.
  /// - Returns: A sentence with how many they are and the first of them; `nil` where there is none. Documents, labels and the parts of a
  ///   recording are none of them.
  /// - Throws: ``ReadError`` when the folder cannot be read.
  public func passedOver(in root: URL, besides discovery: Discovery) throws -> String? {
    let tree = try FolderTree(root, expected: "a folder of recordings")
    let read = discovery.sources.flatMap { (try? $0.filesRead) ?? $0.files }.map(\.value.path)
    let drafted = discovery.drafts.flatMap { $0.files.values + $0.labels }.map(\.path)
    let used = Set(read + drafted)
    // Marks beside a WFDB record, and other files of its name that hold no signals.
    let stems = Set(used.map { URL(fileURLWithPath: $0).deletingPathExtension().path })
    let others = tree.files.filter { url in
      !used.contains(url.path) && !Self.isDocument(url)
        && (SignalFormat(of: url) != nil || !stems.contains(url.deletingPathExtension().path))
    }
    guard !others.isEmpty else { return nil }
    let names = others.prefix(Self.mostNamed).map { FileName($0, below: root).quoted }
    let rest = others.count - names.count
    return
      "\(others.count == 1 ? "1 file" : "\(others.count) files") below \(root.relativePath) passed over, since no name tells how it reads: "
      + listed(names + (rest > 0 ? ["\(rest) more"] : [])) + "; --card FILE says which files hold signals"
  }

  private static func isDocument(_ url: URL) -> Bool {
    let name = url.lastPathComponent.lowercased()
    return documents.contains(url.pathExtension.lowercased()) || notices.contains(where: name.hasPrefix)
      || BIDSName(url.deletingPathExtension().lastPathComponent).map { sidecars.contains($0.suffix) } == true
  }
}
