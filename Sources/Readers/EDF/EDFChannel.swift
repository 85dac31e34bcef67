/// One ordinary signal of an EDF or BDF file, as its header describes it.
public struct EDFChannel: Hashable, Sendable {
  /// As the file has it, without surrounding spaces; UTF-8 where that is valid, else Latin-1.
  public let label: String
  /// The label, made unique in the file as MNE does it: duplicates end in `-0`, `-1`, ….
  public let name: String
  public let transducer: String
  public let prefilter: String
  /// The physical dimension: `uV`, `mV`, `%`; the micro sign is read as `u`.
  public let unit: String
  public let physicalMinimum: Double
  public let physicalMaximum: Double
  public let digitalMinimum: Double
  public let digitalMaximum: Double
  public let samplesPerRecord: Int
  /// Samples a second; 0 where the header gives no record duration or no samples.
  public let sampleRateHz: Double

  /// Physical units a digital step.
  package let scale: Double
  /// Physical value of digital 0.
  package let offset: Double
  /// Bytes from the start of a record to the channel's first sample.
  package let byteOffset: Int

  /// Where in a record the channel lies.
  ///
  /// - Parameter size: Bytes a sample.
  func bytes(size: Int) -> Range<Int> { byteOffset..<byteOffset + samplesPerRecord * size }
}
