import Corpora
import Signals
import SleepCore

/// One channel of a recording, out of the signals of its sensor.
struct SelectedChannel {
  /// Samples without a gap in their clock; a recording that paused has several.
  struct Part {
    let timing: Timing
    let samples: [Float]
  }

  /// As the corpus calls it, with the unit it has there.
  let channel: Channel
  let parts: [Part]
  /// Samples are multiplied by it to come to the channel's unit.
  let factor: Float
  /// What of the file it is, in words: `'C4-M1'`, `'C4' less 'M1'`.
  let lead: String
}

/// Finds the channels that a card asks for.
struct ChannelSelection {
  let signals: [Signal]
  let path: String

  /// - Returns: In the card's order; all channels where it names none.
  /// - Throws: ``PreparationError/absentChannel(path:name:present:nearest:)``, ``PreparationError/unknownUnit(path:channel:found:expected:)``.
  func select(_ settings: SensorPreprocessing) throws -> [SelectedChannel] {
    let present = channels
    func selected(_ found: SelectedChannel, _ choice: ChannelChoice) throws -> SelectedChannel {
      let scaled = Channel(name: found.channel.name, unit: choice.unit ?? found.channel.unit)
      let (unit, factor, offset) = try conversion(
        of: scaled, to: settings.unit, whereKnown: settings.unitWhereKnown == true)
      return found.converted(
        to: Channel(name: choice.name, unit: unit), factor: factor * (choice.scale ?? 1), offset: offset,
        lead: found.lead + (choice.scale.map { " times \(short($0))" } ?? ""))
    }
    guard let choices = settings.channels else {
      return try present.map { try selected($0, ChannelChoice($0.channel.name)) }
    }
    return try choices.map { choice in
      let names = choice.from ?? [choice.name]
      for name in names {
        if let found = present.first(where: { Self.plain($0.channel.name) == Self.plain(name) }) {
          return try selected(found, choice)
        }
      }
      if let made = names.lazy.compactMap({ Self.derived($0, from: present) }).first {
        return try selected(made, choice)
      }
      let all = present.map(\.channel.name)
      throw PreparationError.absentChannel(
        path: path, name: choice.name, present: all,
        nearest: names.lazy.compactMap { nearest($0, among: all) }.first)
    }
  }

  /// Every channel once, with all stretches in which it was recorded, in the order of the signals.
  private var channels: [SelectedChannel] {
    var order: [Channel] = []
    var parts: [Channel: [SelectedChannel.Part]] = [:]
    for signal in signals {
      for (channel, samples) in zip(signal.channels, signal.samples) {
        if parts[channel] == nil { order.append(channel) }
        parts[channel, default: []].append(SelectedChannel.Part(timing: signal.timing, samples: samples))
      }
    }
    return order.map { SelectedChannel(channel: $0, parts: parts[$0] ?? [], factor: 1, lead: "'\($0.name)'") }
  }

  /// Makes one channel of several, and its derivative, as a card asks for.
  ///
  /// - Throws: ``PreparationError/otherTimings(path:channels:)`` where channels to combine were not taken at the same times.
  func derive(_ selected: [SelectedChannel], _ settings: SensorPreprocessing) throws -> [SelectedChannel] {
    var result = selected
    if settings.combine == .magnitude, let first = selected.first {
      let timings = first.parts.map(\.timing)
      guard selected.allSatisfy({ $0.parts.map(\.timing) == timings && $0.channel.unit == first.channel.unit }) else {
        throw PreparationError.otherTimings(path: path, channels: selected.map(\.channel.name))
      }
      let parts = timings.indices.map { part in
        SelectedChannel.Part(
          timing: timings[part],
          samples: magnitude(of: selected.map { channel in channel.parts[part].samples.map { $0 * channel.factor } }))
      }
      result = [
        SelectedChannel(
          channel: Channel(name: "magnitude", unit: first.channel.unit), parts: parts, factor: 1, lead: first.lead)
      ]
    }
    guard let kind = settings.differentiate, kind != .no else { return result }
    return try result.map { channel in
      let unit = channel.channel.unit.isEmpty ? "" : "\(channel.channel.unit)/s"
      return SelectedChannel(
        channel: Channel(name: "\(channel.channel.name) derivative", unit: unit),
        parts: try channel.parts.map { try Self.derivative($0, kind) }, factor: channel.factor, lead: channel.lead)
    }
  }

  /// Missing samples are left out; of a regular signal they leave their place as NaN, and so does a first one that has no difference.
  private static func derivative(_ part: SelectedChannel.Part, _ kind: Differentiation) throws -> SelectedChannel.Part {
    let clean = try IrregularSamples(
      seconds: part.timing.seconds(count: part.samples.count), values: part.samples)
    let isBackward = kind == .backward
    if case .irregular = part.timing {
      return SelectedChannel.Part(
        timing: .irregular(seconds: isBackward ? Array(clean.seconds.dropFirst()) : clean.seconds),
        samples: isBackward ? clean.backwardDifferences() : clean.derivative())
    }
    let derivative = isBackward ? [.nan] + clean.backwardDifferences() : clean.derivative()
    var next = derivative.makeIterator()
    return SelectedChannel.Part(
      timing: part.timing, samples: part.samples.map { $0.isFinite ? next.next() ?? .nan : .nan })
  }

  /// Letters and digits alone, in one case: `EEG Fpz-Cz`, `eeg fpz cz` and `EEG(Fpz-Cz)` are one name.
  static func plain(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// What the values of a channel are multiplied by, and what is then added, to have them in a unit.
  private func conversion(
    of channel: Channel, to wanted: String?, whereKnown: Bool
  ) throws -> (unit: String, factor: Double, offset: Double) {
    guard let wanted else { return (channel.unit, 1, 0) }
    if channel.unit.lowercased() == wanted.lowercased() { return (wanted, 1, 0) }
    guard let from = PhysicalUnit(channel.unit), let to = PhysicalUnit(wanted),
      let conversion = from.conversion(to: to)
    else {
      if whereKnown { return (channel.unit, 1, 0) }
      throw PreparationError.unknownUnit(path: path, channel: channel.name, found: channel.unit, expected: wanted)
    }
    return (wanted, conversion.factor, conversion.offset)
  }
}

extension SelectedChannel {
  /// The same in another unit. What is to be added is added at once; the factor waits until the samples are used.
  fileprivate func converted(to channel: Channel, factor: Double, offset: Double, lead: String) -> SelectedChannel {
    guard offset != 0 else {
      return SelectedChannel(channel: channel, parts: parts, factor: self.factor * Float(factor), lead: lead)
    }
    let all = Double(self.factor) * factor
    return SelectedChannel(
      channel: channel,
      parts: parts.map { Part(timing: $0.timing, samples: $0.samples.map { Float(Double($0) * all + offset) }) },
      factor: 1, lead: lead)
  }
}
