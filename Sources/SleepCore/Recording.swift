/// One night, or session, of one subject: what was measured, and the labels where there are any.
public struct Recording: Sendable {
  /// Unique in its data set; safe as a file name.
  public let id: String
  public let subject: Subject
  /// At most one signal a sensor and timing; a sensor that was not recorded is absent, never zeros. Where a recording was interrupted for
  /// long, each stretch is a signal of its own with its own start, of the same sensor, channels and rate.
  public let signals: [Signal]
  /// The maps of a pressure mat, with a posture each, or of ready-made spectrograms, with a stage each.
  public let frames: PressureFrames?
  public let hypnogram: Hypnogram?
  /// What the clock said at the recording's zero, from which all its seconds count; `nil` where the files do not say.
  public let start: LocalTime?
  /// When the lights went off, in seconds from the recording's zero, where the signal's own files say so.
  public let lightsOffSeconds: Double?
  /// What was odd in the files and how it was read, a sentence each with the file's name.
  public let warnings: [String]

  public init(
    id: String, subject: Subject, signals: [Signal] = [], frames: PressureFrames? = nil,
    hypnogram: Hypnogram? = nil, start: LocalTime? = nil, lightsOffSeconds: Double? = nil, warnings: [String] = []
  ) {
    self.id = id
    self.subject = subject
    self.signals = signals
    self.frames = frames
    self.hypnogram = hypnogram
    self.start = start
    self.lightsOffSeconds = lightsOffSeconds
    self.warnings = warnings
  }
}
