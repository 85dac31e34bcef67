import SleepCore

/// The unit in which a sensor's voltages are handed on: microvolt for the polysomnogram, millivolt for the ECG. Other sensors keep
/// the unit of the file.
struct SensorUnit {
  let name: String
  /// What a value of the file is multiplied by.
  let factor: Double
  /// Whether the file's unit is a voltage, or needs to be none.
  let isKnown: Bool

  init(_ sensor: Sensor, fileUnit: String) {
    let wanted: (name: String, volts: Double)? =
      switch sensor {
      case .psg: ("uV", 1e-6)
      case .ecg: ("mV", 1e-3)
      default: nil
      }
    let volts: Double? =
      switch fileUnit.lowercased() {
      case "v": 1
      case "mv": 1e-3
      case "uv", "µv", "μv": 1e-6
      case "nv": 1e-9
      default: nil
      }
    guard let wanted, let volts else {
      self.init(name: fileUnit, factor: 1, isKnown: wanted == nil)
      return
    }
    // A quotient of powers of ten is exact where it is above 1.
    self.init(
      name: wanted.name, factor: volts >= wanted.volts ? (volts / wanted.volts).rounded() : volts / wanted.volts,
      isKnown: true)
  }

  private init(name: String, factor: Double, isKnown: Bool) {
    self.name = name
    self.factor = factor
    self.isKnown = isKnown
  }
}
