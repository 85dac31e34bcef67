import Foundation
import SleepCore
import Synthesis

/// A recording of a few windows whose channels are made up, of the size that their units have.
struct SmallNight: Sendable {
  struct Channel: Sendable {
    let label: String
    let unit: String
    let rateHz: Int

    /// What a recorder of such a unit can store.
    var range: ClosedRange<Double> {
      switch unit.lowercased() {
      case "uv": -500...500
      case "mv": -5...5
      case "v": -0.001...0.001
      case "%": 0...100
      default: -10...10
      }
    }

    init(_ label: String, _ unit: String, _ rateHz: Int) {
      self.label = label
      self.unit = unit
      self.rateHz = rateHz
    }
  }

  let channels: [Channel]
  var windows = 6
  var annotations: [EDFWriter.Annotation] = []
  var start = DateComponents(year: 1985, month: 1, day: 1, hour: 22, minute: 0, second: 0)

  /// - Parameter channels: Labels by unit and rate, `["uV 100": ["C3", "C4"]]` in the way of a montage's table.
  init(
    _ channels: [String: [String]], windows: Int = 6, annotations: [EDFWriter.Annotation] = [],
    start: DateComponents? = nil
  ) {
    self.channels = channels.sorted { $0.key < $1.key }.flatMap { kind, labels in
      let parts = kind.split(separator: " ")
      return labels.map { Channel($0, parts.count == 2 ? String(parts[0]) : "", Int(parts.last ?? "") ?? 1) }
    }
    self.windows = windows
    self.annotations = annotations
    if let start { self.start = start }
  }

  /// A file of annotations alone.
  init(annotations: [EDFWriter.Annotation]) {
    self.init([:], annotations: annotations)
  }

  /// - Parameter seed: Nights of other seeds are other nights.
  func edf(seed: String) -> Data {
    var writer = EDFWriter(
      format: annotations.isEmpty ? .edf : .edfPlus,
      channels: channels.map {
        EDFWriter.Channel(label: $0.label, unit: $0.unit, samplesPerRecord: 30 * $0.rateHz, physicalRange: $0.range)
      }, recordSeconds: channels.isEmpty ? 0 : 30)
    writer.start = start
    return writer.encode(samples(seed: seed), annotations: annotations)
  }

  /// A row a channel.
  func samples(seed: String) -> [[Float]] { channels.map { samples($0, seed) } }

  /// A wave and noise within the middle of a range; saturation lies near its upper end.
  private func samples(_ channel: Channel, _ seed: String) -> [Float] {
    var random = RandomSource(seed: 1, for: seed + channel.label)
    let size = Float(channel.range.upperBound)
    let step = 2 * Float.pi / Float(channel.rateHz) * (channel.unit == "%" ? 0.02 : 0.3)
    return (0..<30 * windows * channel.rateHz).map { index in
      let noise = Float(random.next() >> 40) / Float(1 << 24) - 0.5
      let wave = sin(step * Float(index)) + noise
      return channel.unit == "%" ? size * (0.95 + 0.02 * wave) : size * 0.2 * wave
    }
  }
}
