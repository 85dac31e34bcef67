/// What the program must know of a sensor beside its name. A new sensor is one case of ``Sensor`` and one line of ``Sensor/traits``.
public struct SensorTraits: Hashable, Sendable {
  /// What one window is.
  public enum Form: Hashable, Sendable {
    /// Channels of samples.
    case signal
    /// Rows and columns.
    case map
  }

  /// What it means to turn a window by a quarter.
  public enum Turn: Hashable, Sendable {
    /// The map turns in its plane.
    case inPlane
    /// Each pair of an in-phase and a quadrature channel turns in its phase plane.
    case inPhase
    /// Three channels turn about the third one's axis.
    case aboutThirdAxis
    /// The samples are folded to a square, which turns.
    case folded
  }

  public var form: Form
  public var turn: Turn
  /// Whether a window holds enough samples to have a spectrum worth predicting.
  public var hasSpectrum: Bool = true
  /// Whether places of a window are places of a body, which leaning, lying elsewhere and weighing more move.
  public var showsBody: Bool = false
  /// Whether the slow swing of a channel is the sleeper's breath.
  public var showsBreath: Bool = false
  /// The highest frequency that a picture of its spectrum shows.
  public var highestHz: Double = .infinity
  /// The unit that its values are expected in; `nil` where recorders do not agree.
  public var unit: String?
  /// Between which values the median of a recording lies, in its unit; `nil` where it may lie anywhere.
  public var level: ClosedRange<Double>?
  /// Between which values the interquartile range of a recording lies, in its unit.
  public var spread: ClosedRange<Double>?
  /// What a channel's label has in it that speaks of this sensor, in small letters: `hr` as a word of its own,
  /// `pleth*` as the beginning of one, `*eeg` anywhere.
  public var words: [String] = []
}

extension Sensor {
  /// What is particular about each sensor.
  public var traits: SensorTraits {
    switch self {
    case .radar: SensorTraits(form: .signal, turn: .inPhase, showsBreath: true, highestHz: 4)
    case .psg:
      SensorTraits(
        form: .signal, turn: .folded, highestHz: 30, unit: "uV", spread: 0.2...2000,
        words: [
          "*eeg", "*eog", "*emg", "*chin", "rchiin", "rchon", "lefteye", "righteye", "left eye", "right eye",
          "left horiz*", "right horiz*",
          "upper vertic*", "lower vertic*",
        ])
    case .ecg:
      SensorTraits(
        form: .signal, turn: .folded, highestHz: 40, unit: "mV", spread: 0.005...10, words: ["*ecg", "*ekg"])
    case .respiration:
      SensorTraits(
        form: .signal, turn: .folded, showsBreath: true, highestHz: 2,
        words: [
          "*resp", "*thor", "*torac", "*abdo", "*chest", "*flow", "*effort", "*breath", "abd*", "addome", "adddome",
          "rib*", "sum", "xsum",
          "air", "newair", "airlfow", "new a f", "flusso", "nasal*", "nas", "npt", "npaf", "ptaf", "cannula*",
          "canula*", "cannnula*",
          "cannlula*", "cannual*", "can", "therm", "thermist*", "termist*", "ther", "term",
        ])
    case .accelerometer:
      SensorTraits(
        form: .signal, turn: .aboutThirdAxis, highestHz: 12, unit: "g", level: -2...2, spread: 0...4,
        words: ["accel*", "acc"])
    case .activity:
      SensorTraits(form: .signal, turn: .folded, hasSpectrum: false, words: ["activity", "actimet*", "actigra*"])
    case .heartRate:
      SensorTraits(
        form: .signal, turn: .folded, unit: "bpm", level: 25...180,
        words: [
          "hr", "h r", "pr", "dhr", "hrate", "heart rate", "heartrate", "pulse rate", "pulserate", "pulsemasimo",
          "pulsenonin", "pulsenellcor",
        ])
    case .ppg:
      SensorTraits(
        form: .signal, turn: .folded, highestHz: 8, words: ["pleth*", "plet*", "plesmo*", "ppg*", "bvp", "pwf"])
    case .spo2:
      SensorTraits(
        form: .signal, turn: .folded, hasSpectrum: false, unit: "%", level: 50...100,
        words: ["spo2*", "sao2*", "sp02*", "sa02*", "spo\u{2082}*", "osat", "o2sat*", "o2 sat*", "satur*"])
    case .snore: SensorTraits(form: .signal, turn: .folded, highestHz: 100, words: ["*snor", "schnarch*", "ronfl*"])
    case .position:
      SensorTraits(
        form: .signal, turn: .folded, hasSpectrum: false,
        words: [
          "pos", "posit*", "postion", "postition", "posiz*", "posdc*", "bposdc*", "possensor", "manpos", "body",
          "bodypos*", "lage",
          "körperlage",
        ])
    case .temperature:
      SensorTraits(form: .signal, turn: .folded, hasSpectrum: false, unit: "degC", level: 5...45, words: ["temp*"])
    case .sound:
      SensorTraits(
        form: .signal, turn: .folded, hasSpectrum: false, words: ["sound*", "soud", "audio*", "mic*", "noise"])
    case .pressureMap: SensorTraits(form: .map, turn: .inPlane, hasSpectrum: false, showsBody: true)
    case .spectrogram: SensorTraits(form: .map, turn: .inPlane, hasSpectrum: false)
    }
  }

  /// Whether one window is a map of rows and columns, not channels of samples.
  public var isMap: Bool { traits.form == .map }
}
