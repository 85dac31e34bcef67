/// One night, or session, of one subject: what was measured, and the labels where there are any.
public struct Recording: Sendable {
  /// Unique in its data set; safe as a file name.
  public let id: String
  public let subject: Subject
  /// At most one signal a sensor and timing; a sensor that was not recorded is absent, never zeros.
  public let signals: [Signal]
  /// The maps of a pressure mat, with a posture each, or of ready-made spectrograms, with a stage each.
  public let frames: PressureFrames?
  public let hypnogram: Hypnogram?
  /// What was odd in the files and how it was read, a sentence each with the file's name.
  public let warnings: [String]

  public init(
    id: String, subject: Subject, signals: [Signal] = [], frames: PressureFrames? = nil,
    hypnogram: Hypnogram? = nil, warnings: [String] = []
  ) {
    self.id = id
    self.subject = subject
    self.signals = signals
    self.frames = frames
    self.hypnogram = hypnogram
    self.warnings = warnings
  }
}
