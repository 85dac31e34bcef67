import Corpora
import Figures
import Foundation
import Signals
import SleepCore

/// A night of acceleration in three panels over one time axis: the spectrogram of the magnitude's derivative, the derivative, and
/// the stages.
struct MotionPortrait {
  let title: String
  /// What the first panel shows.
  private let image: Image
  /// Of the magnitude, in g a second; `nil` where a corpus kept no acceleration.
  private let derivative: Trace?
  private let hypnogram: Hypnogram?

  private enum Image {
    /// Made of the derivative itself.
    case whole
    /// Of a corpus's windows: `[frequencies, windows]` in decibels.
    case windows([Float], bins: Int, binHz: Double, startSeconds: Double, windowSeconds: Double)
  }

  /// Of raw acceleration.
  ///
  /// - Returns: `nil` where the recording has none.
  init?(_ recording: Recording, title: String) throws {
    guard let signal = recording.signals.first(where: { $0.sensor == .accelerometer }), signal.count > 1 else {
      return nil
    }
    derivative = try Self.derivative(of: signal.samples, signal.timing)
    hypnogram = recording.hypnogram
    image = .whole
    self.title = title
  }

  /// Of prepared windows: of each image the mean of the frames inside of the window itself, without its context.
  ///
  /// - Parameters:
  ///   - frames: The spectrograms.
  ///   - settings: How the card made them.
  ///   - acceleration: The corpus's own channels of acceleration, none where it kept none.
  init(
    title: String, frames: PressureFrames, settings: SensorPreprocessing, startSeconds: Double, windowSeconds: Double,
    acceleration: [Trace], hypnogram: Hypnogram?
  ) throws {
    let rate = settings.sampleRateHz ?? 1
    let frameSamples = settings.spectrogram?.frameSamples ?? 2
    let hop = Double(settings.spectrogram?.hopSamples ?? frameSamples / 2)
    // The middle of frame i lies on sample i * hop of the window with its context.
    let inside = (0..<frames.columns).filter { column in
      let seconds = Double(column) * hop / rate - (settings.contextSeconds ?? 0)
      return seconds >= 0 && seconds < windowSeconds
    }
    var values = [Float](repeating: .nan, count: frames.rows * frames.count)
    for window in 0..<frames.count {
      let image = frames.values[window * frames.rows * frames.columns..<(window + 1) * frames.rows * frames.columns]
      // Windows that are not valid hold zeros alone.
      guard image.contains(where: { $0 != 0 }) else { continue }
      for row in 0..<frames.rows {
        let sum = inside.reduce(Float(0)) { $0 + image[image.startIndex + row * frames.columns + $1] }
        values[row * frames.count + window] = sum / Float(max(1, inside.count))
      }
    }
    image = .windows(
      values, bins: frames.rows, binHz: rate / Double(frameSamples), startSeconds: startSeconds,
      windowSeconds: windowSeconds)
    derivative = try acceleration.first.map { try Self.derivative(of: acceleration.map(\.samples), $0.timing) }
    self.hypnogram = hypnogram
    self.title = title
  }

  private static func derivative(of channels: [[Float]], _ timing: Timing) throws -> Trace {
    let magnitudes = magnitude(of: channels)
    let clean = try IrregularSamples(seconds: timing.seconds(count: magnitudes.count), values: magnitudes)
    return Trace(
      name: "derivative of the magnitude", sensor: nil, unit: "g/s", timing: .irregular(seconds: clean.seconds),
      samples: clean.derivative())
  }

  func figure() throws -> Figure {
    let stages = hypnogram.map { [$0.startSeconds...$0.startSeconds + $0.windowSeconds * Double($0.stages.count)] }
    let clock = Clock([derivative?.span].compactMap(\.self) + (stages ?? []))
    var panels: [Panel] = []
    let name = "spectrogram of the magnitude's derivative"
    switch image {
    case .whole:
      if let derivative, let spectrogram = try Spectrogram(derivative) {
        panels.append(spectrogram.panel(title: name, clock: clock, unit: derivative.unit))
      }
    case .windows(let values, let bins, let binHz, let start, let seconds):
      let finite = values.filter(\.isFinite).sorted()
      let low = finite.isEmpty ? 0 : Double(finite[finite.count / 50])
      let high = finite.isEmpty ? 1 : Double(finite[finite.count - 1 - finite.count / 200])
      panels.append(
        .spectrogram(
          title: "\(name), a column a window", values: values, bins: bins, startHours: start / clock.unitSeconds,
          frameHours: seconds / clock.unitSeconds, binHz: binHz, unit: "power (dB)", range: low...max(high, low + 1),
          xLabel: nil))
      panels[0].weight = 1.5
    }
    if let derivative {
      let line = derivative.line
      panels.append(
        .trace(
          name: derivative.name, unit: derivative.unit, x: line.seconds.map { $0 / clock.unitSeconds }, y: line.values,
          xLabel: nil))
    }
    if let hypnogram { panels.append(clock.panel(of: hypnogram)) }
    panels = clock.aligned(panels)
    return Figure(title: title, panels: panels, heightPixels: 110 + panels.map { Int(170 * $0.weight) }.reduce(0, +))
  }
}
