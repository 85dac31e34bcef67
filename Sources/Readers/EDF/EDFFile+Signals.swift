import Foundation
import SleepCore

extension EDFFile {
  /// One channel to be read, and the sensor that it belongs to.
  struct Selection {
    let sensor: Sensor
    let channel: Int
  }

  /// The channels that play the roles of the wanted sensors, in the order of the roles.
  ///
  /// - Throws: ``ReadError`` naming the nearest channel when a required one is missing.
  func selections(_ roles: [ChannelRole], sensors: Set<Sensor>) throws -> [Selection] {
    let labels = channels.map(\.label)
    return try roles.filter { sensors.contains($0.sensor) }.compactMap { role in
      if let index = role.index(in: labels) { return Selection(sensor: role.sensor, channel: index) }
      guard !role.isRequired else { throw role.missing(from: labels, url: url) }
      return nil
    }
  }

  /// Reads channels as signals: one a sensor and sampling rate, since the channels of a signal share one clock, and of an EDF+D file
  /// one a segment, each with its own start. Voltages are in the unit of ``SensorUnit``, short gaps are NaN.
  ///
  /// - Returns: The signals, and a warning for each channel that is flat, clipped or of unknown unit.
  /// - Throws: ``ReadError`` when a channel's sampling rate is 0.
  func signals(_ selections: [Selection]) throws -> (signals: [Signal], warnings: [String]) {
    struct Clock: Hashable {
      let sensor: Sensor
      let rate: Double
    }
    var order: [Clock] = []
    var rows: [Clock: [(channel: Channel, stretches: [[Float]])]] = [:]
    let segments = segments
    var warnings: [String] = []
    let name = url.lastPathComponent
    for selection in selections {
      let channel = channels[selection.channel]
      guard channel.sampleRateHz > 0, channel.sampleRateHz.isFinite else {
        throw ReadError(
          url,
          found:
            "\(channel.samplesPerRecord) samples in records of \(header.recordSeconds) s in channel '\(channel.name)'",
          expected: "a sampling rate above 0")
      }
      let unit = SensorUnit(selection.sensor, fileUnit: channel.unit)
      if !unit.isKnown {
        warnings.append(
          "\(name): channel '\(channel.name)' has the unit '\(channel.unit)', which is no voltage: read as it is")
      }
      let stretches = try segments.map { try samples(ofChannel: selection.channel, in: $0, times: unit.factor) }
      let ends = [channel.digitalMinimum, channel.digitalMaximum].map {
        ($0 * channel.scale + channel.offset) * unit.factor
      }
      let margin = abs(channel.scale * unit.factor) / 2
      SignalDefects(
        stretches, lowest: Float(min(ends[0], ends[1]) + margin), highest: Float(max(ends[0], ends[1]) - margin),
        sampleRateHz: channel.sampleRateHz
      )
      .warning(channel: channel.name, file: name).map { warnings.append($0) }
      let clock = Clock(sensor: selection.sensor, rate: channel.sampleRateHz)
      if rows[clock] == nil { order.append(clock) }
      rows[clock, default: []].append((Channel(name: channel.name, unit: unit.name), stretches))
    }
    let signals = order.flatMap { clock in
      let group = rows[clock, default: []]
      return segments.enumerated().map { index, segment in
        Signal(
          sensor: clock.sensor, channels: group.map(\.channel),
          timing: .regular(startSeconds: segment.startSeconds, sampleRateHz: clock.rate),
          samples: group.map { $0.stretches[index] })
      }
    }
    return (signals, warnings)
  }

  /// Length of the recording on the clock, gaps counted.
  var clockSeconds: Double { (recordOnsets?.last).map { $0 + header.recordSeconds } ?? storedSeconds }
}
