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
}

extension Sensor {
  /// What is particular about each sensor.
  public var traits: SensorTraits {
    switch self {
    case .radar: SensorTraits(form: .signal, turn: .inPhase, showsBreath: true, highestHz: 4)
    case .psg: SensorTraits(form: .signal, turn: .folded, highestHz: 30)
    case .ecg: SensorTraits(form: .signal, turn: .folded, highestHz: 40)
    case .respiration: SensorTraits(form: .signal, turn: .folded, showsBreath: true, highestHz: 2)
    case .accelerometer: SensorTraits(form: .signal, turn: .aboutThirdAxis, highestHz: 12)
    case .activity: SensorTraits(form: .signal, turn: .folded, hasSpectrum: false)
    case .heartRate: SensorTraits(form: .signal, turn: .folded)
    case .pressureMap: SensorTraits(form: .map, turn: .inPlane, hasSpectrum: false, showsBody: true)
    case .spectrogram: SensorTraits(form: .map, turn: .inPlane, hasSpectrum: false)
    }
  }

  /// Whether one window is a map of rows and columns, not channels of samples.
  public var isMap: Bool { traits.form == .map }
}
