import Foundation
public import SleepCore

/// What one window of a sensor is: an encoder is made for it, kept with its weights, and refuses any other.
public struct InputContract: Codable, Hashable, Sendable {
  public let sensor: Sensor
  /// The channels' names, in order; empty of a map.
  public let channels: [String]
  /// `[channels, samples]`, or `[rows, columns]` of a map; `[planes, rows, columns]` of one with a reference.
  public let shape: [Int]
  /// `nil` of a map.
  public let sampleRateHz: Double?

  public init(sensor: Sensor, channels: [String], shape: [Int], sampleRateHz: Double?) {
    self.sensor = sensor
    self.channels = channels
    self.shape = shape
    self.sampleRateHz = sampleRateHz
  }

  /// Maps in a window of a sensor of maps: 2 with a reference.
  public var planes: Int { shape.count > 2 ? shape[0] : 1 }
  /// Rows and columns of a map.
  public var mapShape: (rows: Int, columns: Int) { (shape[shape.count - 2], shape[shape.count - 1]) }

  /// In words, for an error: `heart-rate 1 x 30 at 1 Hz (HR)`.
  public var summary: String {
    let plain = FloatingPointFormatStyle<Double>(locale: Locale(identifier: "en_US_POSIX")).grouping(.never)
    let rate = sampleRateHz.map { " at \($0.formatted(plain)) Hz" } ?? ""
    let names = channels.isEmpty ? "" : " (\(channels.joined(separator: ", ")))"
    return "\(sensor.rawValue) \(shape.map(String.init).joined(separator: " x "))\(rate)\(names)"
  }
}
