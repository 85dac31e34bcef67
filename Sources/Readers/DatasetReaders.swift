/// Every data set that can be read.
public enum DatasetReaders {
  /// In the order in which they are listed to users.
  public static let all: [any DatasetReader] = [
    PMDReader(),
    SleepAccelReader(),
    SleepBRLReader(),
    SleepEDFReader(),
    NSRRReader.shhs,
    NSRRReader.mesa,
    SlpdbReader(),
    SlpdbRRReader(),
    SantaFeReader(),
    EDFFolderReader(),
    NpyReader.stages,
    NpyReader.postures,
    SpectrogramReader(),
  ]

  /// - Parameter name: As the command line names it: `sleep-accel`.
  public static func named(_ name: String) -> (any DatasetReader)? { all.first { $0.name == name } }
}
