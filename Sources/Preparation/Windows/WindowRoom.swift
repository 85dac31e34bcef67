import SleepCore

/// How many values may be made of a recording's samples: what a card asks for, or a file's times say, must not fill the memory of a machine
/// that the file itself would not fill.
enum WindowRoom {
  /// A quarter of a gigabyte, and 64 values a sample: contexts overlap, and slow sensors are brought to faster rates.
  static func most(samples: Int) -> Double { Double(1 << 26) + 64 * Double(samples) }

  /// - Throws: ``PreparationError/tooManyValues(path:sensor:values:samples:)``.
  static func expect(_ values: Double, of sensor: Sensor, samples: Int, path: String) throws {
    guard values > most(samples: samples) else { return }
    throw PreparationError.tooManyValues(path: path, sensor: sensor, values: values.rounded(), samples: samples)
  }
}
