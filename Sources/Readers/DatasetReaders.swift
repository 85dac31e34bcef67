public import Foundation

/// Every data set that can be read.
public enum DatasetReaders {
  /// In the order in which they are listed to users.
  public static let all: [any DatasetReader] = [
    PMDReader(),
    SleepAccelReader(),
    SleepBRLReader(),
    SleepEDFReader(),
    SlpdbReader(),
    SlpdbRRReader(),
    SantaFeReader(),
    FolderReader.edf,
    FolderReader.any,
    NpyReader.stages,
    NpyReader.postures,
    SpectrogramReader(),
  ]

  /// - Throws: ``ReadError`` where a folder at or below `root` cannot be read, or a name there is no UTF-8: then no reader can say what it
  ///   holds.
  public static func expectReadable(_ root: URL) throws {
    _ = try FolderTree(root, expected: "a folder of raw files that may be read")
  }

  /// - Parameter name: As the command line names it: `sleep-accel`.
  public static func named(_ name: String) -> (any DatasetReader)? { all.first { $0.name == name } }
}
