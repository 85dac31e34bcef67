import Corpora
import Foundation
import SleepCore

/// Whether a channel's values are such as its sensor has: a factor of 1,000 between units is a usual slip.
enum Amplitude {
  /// So many samples tell it.
  private static let enough = 20_000

  /// What to tell of a channel whose middle or whose spread lies far from what its sensor has in its unit.
  static func warning(_ channel: SelectedChannel, of sensor: Sensor) -> String? {
    let traits = sensor.traits
    guard let unit = traits.unit, channel.channel.unit.lowercased() == unit.lowercased() || channel.channel.unit.isEmpty
    else { return nil }
    let all = channel.parts.reduce(0) { $0 + $1.samples.count }
    let step = max(1, all / enough)
    var values: [Float] = []
    for part in channel.parts {
      for index in stride(from: 0, to: part.samples.count, by: step) where part.samples[index].isFinite {
        values.append(part.samples[index] * channel.factor)
      }
    }
    guard values.count > 100 else { return nil }
    values.sort()
    let middle = Double(values[values.count / 2])
    let spread = Double(values[values.count * 3 / 4] - values[values.count / 4])
    let shownUnit = channel.channel.unit.isEmpty ? "\(unit), if that is its unit," : unit
    if let level = traits.level, !level.contains(middle) {
      return "\(sensor.rawValue) '\(channel.channel.name)' lies about \(rounded(middle)) \(shownUnit) where "
        + "\(short(level.lowerBound)) to \(short(level.upperBound)) is usual: is its unit right?"
    }
    // A flat channel is told as one.
    if let usual = traits.spread, spread > 0, !usual.contains(spread) {
      return "\(sensor.rawValue) '\(channel.channel.name)' swings by \(rounded(spread)) \(shownUnit) where "
        + "\(short(usual.lowerBound)) to \(short(usual.upperBound)) is usual: is its unit right?"
    }
    return nil
  }

  /// Three digits.
  private static func rounded(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    let digits = pow(10, 2 - floor(log10(abs(value))))
    return short((value * digits).rounded() / digits)
  }
}
