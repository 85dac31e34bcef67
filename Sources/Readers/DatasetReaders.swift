/// Every data set that can be read.
public enum DatasetReaders {
  /// In the order in which they are listed to users.
  public static let all: [any DatasetReader] = [
    SleepBRLReader(),
    SleepEDFReader(),
    NSRRReader.shhs,
    NSRRReader.mesa,
    SlpdbReader(),
    EDFFolderReader(),
  ]

  /// - Parameter name: As the command line names it: `sleep-accel`.
  public static func named(_ name: String) -> (any DatasetReader)? { all.first { $0.name == name } }
}
