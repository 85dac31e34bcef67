public import Foundation

/// Where the program keeps what is data and not code: `Datasets` and `Recipes`.
public enum DataFolder {
  /// Looks in `SSRM_HOME`, then in the folders above the program, then in those above the current folder.
  ///
  /// - Parameter name: `Datasets` or `Recipes`.
  /// - Throws: ``PreparationError/noDataFolder(name:)``.
  public static func find(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment,
    program: URL? = Bundle.main.executableURL,
    currentFolder: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
  ) throws -> URL {
    var candidates: [URL] = []
    if let home = environment["SSRM_HOME"], !home.isEmpty { candidates.append(URL(fileURLWithPath: home)) }
    let starts = [program?.resolvingSymlinksInPath().deletingLastPathComponent(), currentFolder]
    for start in starts.compactMap(\.self) {
      var folder = start.standardizedFileURL
      while folder.path != "/" {
        candidates.append(folder)
        folder = folder.deletingLastPathComponent()
      }
    }
    for candidate in candidates {
      let folder = candidate.appendingPathComponent(name, isDirectory: true)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue {
        return folder
      }
    }
    throw PreparationError.noDataFolder(name: name)
  }
}
