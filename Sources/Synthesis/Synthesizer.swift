import Files
public import Foundation

/// Writes made-up recordings in the raw formats of publishers, for trying things out and for tests.
///
/// Nobody was measured. The stages follow a Markov chain with the cycles of a night; heart, breath, movement, brain waves and
/// pressure follow the stages and the posture with the strengths that textbooks give, blurred by differences between
/// people and by noise. A result on such data says that a program works, and nothing about sleep.
public enum Synthesizer {
  /// The data sets that can be written.
  public enum Dataset: String, CaseIterable, Sendable {
    /// Pressure maps of both experiments, experiment II for every second subject of the first eight.
    case pmd
    /// Wrist motion, heart rate, steps, activity counts and labels.
    case sleepAccel = "sleep-accel"
    /// Eight I/Q pairs of a radar, with stages as WFDB annotations.
    case sleepbrl
    /// Polysomnograms of the cassette study, with hypnograms that span more than the signal.
    case sleepEDF = "sleep-edf"
    case shhs
    case mesa
    /// Ready-made spectrogram images, with the subject of each.
    case spectrograms
  }

  /// How much is written.
  public struct Options: Hashable, Sendable {
    public var subjects: Int
    /// More than one in `sleep-edf` alone, which has up to two.
    public var nights: Int
    /// Length of a night; also in short nights every stage comes. In `pmd`, 20 frames a posture an hour.
    public var hours: Double
    public var seed: UInt64

    public init(subjects: Int = 4, nights: Int = 1, hours: Double = 2, seed: UInt64 = 1) {
      self.subjects = subjects
      self.nights = nights
      self.hours = hours
      self.seed = seed
    }
  }

  /// Writes a data set below a folder as its publisher ships it, with a note that it is synthetic. The same options write
  /// the same bytes.
  ///
  /// - Throws: ``SynthesisError``, and Foundation's errors where the folder cannot be written.
  public static func write(_ dataset: Dataset, _ options: Options = Options(), to folder: URL) throws {
    try check("subjects", Double(options.subjects), 1...(dataset == .sleepEDF ? 100 : 999))
    try check("nights", Double(options.nights), 1...2)
    try check("hours", options.hours, 0.1...12)
    try write(text: note(dataset, options), to: folder.appendingPathComponent("SYNTHETIC.txt"))
    switch dataset {
    case .pmd: try PMDFormat(options).write(to: folder)
    case .sleepAccel: try SleepAccelFormat(options).write(to: folder)
    case .sleepbrl: try SleepBRLFormat(options).write(to: folder)
    case .sleepEDF: try SleepEDFFormat(options).write(to: folder)
    case .shhs: try NSRRFormat(.shhs, options).write(to: folder)
    case .mesa: try NSRRFormat(.mesa, options).write(to: folder)
    case .spectrograms: try SpectrogramFormat(options).write(to: folder)
    }
  }

  /// The same by the data set's name.
  public static func write(dataset name: String, _ options: Options = Options(), to folder: URL) throws {
    guard let dataset = Dataset(rawValue: name) else {
      throw SynthesisError.unknownDataset(name, known: Dataset.allCases.map(\.rawValue))
    }
    try write(dataset, options, to: folder)
  }

  private static func check(_ name: String, _ value: Double, _ allowed: ClosedRange<Double>) throws {
    guard allowed.contains(value) else {
      throw SynthesisError.outOfRange(name, value: value, allowed: allowed)
    }
  }

  private static func note(_ dataset: Dataset, _ options: Options) -> String {
    """
    Synthetic recordings in the format of \(dataset.rawValue). Nobody was measured.
    subjects \(options.subjects), nights \(options.nights), hours \(options.hours), seed \(options.seed)

    """
  }

  static func write(text: String, to url: URL) throws { try write(Data(text.utf8), to: url) }

  /// Writes a file and the folders above it.
  static func write(_ data: Data, to url: URL) throws {
    _ = try url.deletingLastPathComponent().makeFolder()
    try data.writeWhole(to: url)
  }
}
