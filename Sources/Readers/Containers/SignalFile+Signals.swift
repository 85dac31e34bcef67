import Foundation
import SleepCore

/// One channel to be read, and the sensor that it belongs to.
struct ChannelSelection {
  let sensor: Sensor
  let channel: Int
}

/// What the channels of one signal share.
private struct SharedClock: Hashable {
  let sensor: Sensor
  let timings: [Timing]
}

extension SignalFile {
  /// The channels that play the roles of the wanted sensors, in the order of the roles.
  ///
  /// - Throws: ``ReadError`` naming the nearest channel when a required one is missing.
  func selections(_ roles: [ChannelRole], sensors: Set<Sensor>) throws -> [ChannelSelection] {
    let labels = channels.map(\.label)
    return try roles.filter { sensors.contains($0.sensor) }.compactMap { role in
      if let index = role.index(in: labels) { return ChannelSelection(sensor: role.sensor, channel: index) }
      guard !role.isRequired else { throw role.missing(from: labels, url: url) }
      return nil
    }
  }

  /// The channels of the wanted sensors: those that a card names for one, and of the others those whose labels speak of one.
  ///
  /// - Parameter all: The sensor that all channels are of which the card does not name, where the file's role says so.
  func selections(
    _ request: ReadingRequest, all: Sensor? = nil
  ) -> (selections: [ChannelSelection], warnings: [String]) {
    let named = request.channels.mapValues { Set($0.joined().map(\.lettersAndDigits)) }
    var selections: [ChannelSelection] = []
    var warnings: [String] = []
    for (index, channel) in channels.enumerated() {
      let label = channel.label.lettersAndDigits
      var sensors = Sensor.allCases.filter { named[$0]?.contains(label) == true }
      if let all, sensors.isEmpty || sensors.contains(all) {
        // Where a card names the channels of this sensor, others of the file are none of them.
        sensors = named[all] == nil || !sensors.isEmpty ? [all] : []
        if sensors.isEmpty { continue }
      } else if sensors.isEmpty {
        guard let guess = SensorGuess.sensor(label: channel.label, unit: channel.unit) else {
          // Where a card names every channel that it asks for, others are no news.
          guard !request.sensors.allSatisfy({ named[$0] != nil }) else { continue }
          warnings.append("\(url.lastPathComponent): channel '\(channel.name)' is of no known sensor and left out")
          continue
        }
        sensors = [guess]
      }
      selections += sensors.filter(request.sensors.contains).map { ChannelSelection(sensor: $0, channel: index) }
    }
    return (selections, warnings)
  }

  /// Reads channels as signals: one a sensor and timing, since the channels of a signal share one clock, and of a file with gaps one a
  /// stretch, each with its own start. Voltages are in the unit of ``SensorUnit``.
  ///
  /// - Returns: The signals, and a warning for each channel that is flat, clipped or of unknown unit.
  /// - Throws: ``ReadError`` when a channel's sampling rate is 0.
  func signals(_ selections: [ChannelSelection]) throws -> (signals: [Signal], warnings: [String]) {
    var order: [SharedClock] = []
    var rows: [SharedClock: [(channel: Channel, stretches: [[Float]])]] = [:]
    var warnings: [String] = []
    let name = url.lastPathComponent
    for selection in selections {
      let channel = channels[selection.channel]
      let unit = SensorUnit(selection.sensor, fileUnit: channel.unit)
      if !unit.isKnown {
        warnings.append(
          "\(name): channel '\(channel.name)' has the unit '\(channel.unit)', which is no voltage: read as it is")
      }
      let stretches = try stretches(ofChannel: selection.channel, times: unit.factor)
      let samples = stretches.map(\.samples)
      let ends = [channel.limits?.lowerBound ?? -.infinity, channel.limits?.upperBound ?? .infinity]
        .map { Float($0 * unit.factor) }
      // What is slower is counts and states, which may well stand still.
      if let rate = channel.sampleRateHz, rate >= 1 {
        SignalDefects(samples, lowest: min(ends[0], ends[1]), highest: max(ends[0], ends[1]), sampleRateHz: rate)
          .warning(channel: channel.name, file: name).map { warnings.append($0) }
      }
      let clock = SharedClock(sensor: selection.sensor, timings: stretches.map(\.timing))
      if rows[clock] == nil { order.append(clock) }
      rows[clock, default: []].append((Channel(name: channel.name, unit: unit.name), samples))
    }
    let signals = order.flatMap { clock in
      let group = rows[clock, default: []]
      return clock.timings.enumerated().map { index, timing in
        Signal(
          sensor: clock.sensor, channels: group.map(\.channel), timing: timing,
          samples: group.map { $0.stretches[index] })
      }
    }
    return (signals, warnings)
  }
}
