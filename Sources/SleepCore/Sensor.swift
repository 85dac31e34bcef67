/// A kind of signal with one channel contract: what its channels are and how they are stored.
public enum Sensor: String, Codable, CaseIterable, Hashable, Sendable, CodingKeyRepresentable {
  /// In-phase and quadrature pairs of a stepped-carrier radar.
  case radar
  /// Electroencephalogram, electrooculogram and chin electromyogram of a polysomnogram.
  case psg
  case ecg
  /// Effort or flow of breathing.
  case respiration
  /// Tri-axial acceleration in g.
  case accelerometer
  /// Activity counts of a wrist device.
  case activity
  case heartRate = "heart-rate"
  /// The pulse wave of a photoplethysmograph: Pleth, BVP.
  case ppg
  /// Oxygen saturation of the blood.
  case spo2
  /// The envelope or the vibration of snoring.
  case snore
  /// Which side the sleeper lies on, as a recorder numbers it.
  case position
  /// Of skin, body or air.
  case temperature
  /// The level of sound in the room.
  case sound
  /// Frames of a bed's pressure mat, `rows` from head to foot.
  case pressureMap = "pressure-map"
  /// Time-frequency images, ready-made or made of another sensor's windows, one a scoring epoch, `rows` being frequencies.
  case spectrogram
}
