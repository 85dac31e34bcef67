import Corpora
import Signals
import SleepCore

/// One channel of a recording, out of the signals of its sensor.
struct SelectedChannel {
  /// As the corpus calls it, with the unit it has there.
  let channel: Channel
  let timing: Timing
  let samples: [Float]
  /// Samples are multiplied by it to come to the channel's unit.
  let factor: Float
}

/// Finds the channels that a card asks for.
struct ChannelSelection {
  let signals: [Signal]
  let path: String

  /// - Returns: In the card's order; all channels where it names none.
  /// - Throws: ``PreparationError/absentChannel(path:name:present:nearest:)``, ``PreparationError/unknownUnit(path:channel:found:expected:)``.
  func select(_ settings: SensorPreprocessing) throws -> [SelectedChannel] {
    let present = signals.flatMap { signal in zip(signal.channels, signal.samples).map { (signal, $0, $1) } }
    func selected(_ found: (Signal, Channel, [Float]), name: String) throws -> SelectedChannel {
      let (signal, channel, samples) = found
      let (unit, factor) = try conversion(of: channel, to: settings.unit)
      return SelectedChannel(
        channel: Channel(name: name, unit: unit), timing: signal.timing, samples: samples, factor: factor)
    }
    guard let choices = settings.channels else {
      return try present.map { try selected($0, name: $0.1.name) }
    }
    return try choices.map { choice in
      let names = choice.from ?? [choice.name]
      for name in names {
        if let found = present.first(where: { Self.plain($0.1.name) == Self.plain(name) }) {
          return try selected(found, name: choice.name)
        }
      }
      let all = present.map(\.1.name)
      throw PreparationError.absentChannel(
        path: path, name: choice.name, present: all,
        nearest: names.lazy.compactMap { nearest($0, among: all) }.first)
    }
  }

  /// Makes one channel of several, and its derivative, as a card asks for.
  ///
  /// - Throws: ``PreparationError/otherTimings(path:channels:)`` where channels to combine were not taken at the same times.
  func derive(_ selected: [SelectedChannel], _ settings: SensorPreprocessing) throws -> [SelectedChannel] {
    var result = selected
    if settings.combine == .magnitude, let first = selected.first {
      guard selected.allSatisfy({ $0.timing == first.timing && $0.channel.unit == first.channel.unit }) else {
        throw PreparationError.otherTimings(path: path, channels: selected.map(\.channel.name))
      }
      let scaled = selected.map { channel in channel.samples.map { $0 * channel.factor } }
      result = [
        SelectedChannel(
          channel: Channel(name: "magnitude", unit: first.channel.unit), timing: first.timing,
          samples: magnitude(of: scaled), factor: 1)
      ]
    }
    guard settings.differentiate == true else { return result }
    return try result.map { channel in
      // Missing samples are left out; of a regular signal they leave their place as NaN.
      let clean = try IrregularSamples(
        seconds: channel.timing.seconds(count: channel.samples.count), values: channel.samples)
      let derivative = clean.derivative()
      let unit = channel.channel.unit.isEmpty ? "" : "\(channel.channel.unit)/s"
      let named = Channel(name: "\(channel.channel.name) derivative", unit: unit)
      if case .irregular = channel.timing {
        return SelectedChannel(
          channel: named, timing: .irregular(seconds: clean.seconds), samples: derivative, factor: channel.factor)
      }
      var next = derivative.makeIterator()
      return SelectedChannel(
        channel: named, timing: channel.timing,
        samples: channel.samples.map { $0.isFinite ? next.next() ?? .nan : .nan }, factor: channel.factor)
    }
  }

  /// Letters and digits alone, in one case: `EEG Fpz-Cz`, `eeg fpz cz` and `EEG(Fpz-Cz)` are one name.
  private static func plain(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  private func conversion(of channel: Channel, to wanted: String?) throws -> (unit: String, factor: Float) {
    guard let wanted else { return (channel.unit, 1) }
    let volts: [String: Double] = ["v": 1, "mv": 1e-3, "uv": 1e-6, "µv": 1e-6, "μv": 1e-6, "nv": 1e-9]
    if channel.unit.lowercased() == wanted.lowercased() { return (wanted, 1) }
    guard let from = volts[channel.unit.lowercased()], let to = volts[wanted.lowercased()] else {
      throw PreparationError.unknownUnit(path: path, channel: channel.name, found: channel.unit, expected: wanted)
    }
    return (wanted, Float(from / to))
  }
}
