import Corpora
import Foundation
import SleepCore

/// The values that a channel can have, as a card says; what lies outside was not measured.
struct ValidRange {
  let low: Double
  let high: Double

  /// - Returns: `nil` where a card says nothing of it.
  init?(_ valid: [Double]?) {
    guard let valid, valid.count == 2 else { return nil }
    (low, high) = (valid[0], valid[1])
  }

  /// The channels with NaN for each sample that lies outside of the card's range, and a sentence for each that has such samples.
  ///
  /// - Parameter channels: In the order of the card's own.
  static func applied(
    to channels: [SelectedChannel], _ settings: SensorPreprocessing, of sensor: Sensor
  ) -> (channels: [SelectedChannel], warnings: [String]) {
    var warnings: [String] = []
    let masked = channels.enumerated().map { index, channel in
      guard let range = ValidRange(settings.channels?[index].valid ?? settings.valid) else { return channel }
      let (masked, outside, all) = range.masked(channel)
      guard outside > 0 else { return channel }
      warnings.append(range.words(channel.channel, outside: outside, of: all, sensor))
      return masked
    }
    return (masked, warnings)
  }

  /// - Returns: The channel, how many of its samples lie outside, and how many there are that are not missing already.
  private func masked(_ channel: SelectedChannel) -> (SelectedChannel, outside: Int, of: Int) {
    var (outside, all) = (0, 0)
    // Of one rounding with the samples, so that the ends belong to it.
    let range = Float(low)...Float(high)
    let parts = channel.parts.map { part in
      SelectedChannel.Part(
        timing: part.timing,
        samples: part.samples.map { sample in
          guard sample.isFinite else { return sample }
          all += 1
          if range.contains(sample * channel.factor) { return sample }
          outside += 1
          return .nan
        })
    }
    let masked = SelectedChannel(channel: channel.channel, parts: parts, factor: channel.factor, lead: channel.lead)
    return (masked, outside, all)
  }

  private func words(_ channel: Channel, outside: Int, of all: Int, _ sensor: Sensor) -> String {
    let unit = channel.unit.isEmpty ? "" : " \(channel.unit)"
    let hint = outside * 2 > all ? ", more than half of them: is its unit right?" : ""
    return "\(sensor.rawValue) '\(channel.name)' lies outside \(short(low)) to \(short(high))\(unit) in \(outside) of "
      + "\(all) samples: missing\(hint)"
  }
}
