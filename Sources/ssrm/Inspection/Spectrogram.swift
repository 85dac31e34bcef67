import Figures
import Foundation
import Signals
import SleepCore

/// The power of one channel over time and frequency, with no more columns than a picture shows.
struct Spectrogram {
  private let bins: Int
  private let binHz: Double
  private let startSeconds: Double
  private let columnSeconds: Double
  /// `[bins, columns]`, decibels.
  private let values: [Float]

  private static let mostColumns = 700
  /// Samples a second that a sensor of sleep can have.
  private static let rates = 1e-6...1e6
  private static let wantedBins = 120.0

  /// - Returns: `nil` where the channel is too short, or has too few samples a second, for one.
  init?(_ trace: Trace) throws {
    guard let (rate, start, samples) = try Self.regular(trace), Self.rates.contains(rate) else { return nil }
    let highest = min(trace.highestHz, rate / 2)
    let wanted = (rate * Self.wantedBins / highest / 8).rounded() * 8
    // A short recording gets fewer bins, so that there are columns to see.
    let window = min(Int(wanted), max(32, samples.count / 64 * 2), samples.count / 8 * 2)
    guard window >= 16 else { return nil }
    let hop = max(window / 2, samples.count / 20_000)
    let plan = try SpectrogramPlan(
      windowSamples: window, hopSamples: hop, detrend: true, quantity: .density(sampleRateHz: rate))
    let frames = plan.frames(samples: samples.count)
    let power = try plan(samples, samples: samples.count)
    binHz = rate / Double(window)
    bins = min(plan.bins, Int(highest / binHz) + 1)
    let perColumn = (frames + Self.mostColumns - 1) / Self.mostColumns
    let columns = frames / perColumn
    startSeconds = start + Double(window - hop) / 2 / rate
    columnSeconds = Double(hop * perColumn) / rate
    var values = [Float](repeating: .nan, count: bins * columns)
    for column in 0..<columns {
      for bin in 0..<bins {
        var (sum, count) = (Float(0), Float(0))
        for frame in column * perColumn..<(column + 1) * perColumn {
          let value = power[frame * plan.bins + bin]
          if value.isFinite { (sum, count) = (sum + value, count + 1) }
        }
        if count > 0 { values[bin * columns + column] = 10 * log10f(max(sum / count, 1e-20)) }
      }
    }
    self.values = values
  }

  /// A channel on even instants; an irregular one at its usual interval, with straight lines over gaps up to ten of them.
  private static func regular(_ trace: Trace) throws -> (rate: Double, start: Double, samples: [Float])? {
    switch trace.timing {
    case .regular(let start, let rate): return (rate, start, trace.samples)
    case .irregular(let seconds):
      guard let first = seconds.first, let last = seconds.last, let interval = trace.usualIntervalSeconds,
        interval > 0, (last - first) / interval < 1e8
      else { return nil }
      let grid = try RegularGrid(
        startSeconds: first, sampleRateHz: 1 / interval, count: Int((last - first) / interval) + 1)
      let samples = try IrregularSamples(seconds: seconds, values: trace.samples)
        .interpolated(onto: grid, maximalGapSeconds: 10 * interval)
      return (1 / interval, first, samples)
    }
  }

  func panel(title: String, clock: Clock, unit: String) -> Panel {
    let finite = values.filter(\.isFinite).sorted()
    let low = finite.isEmpty ? 0 : Double(finite[finite.count / 50])
    let high = finite.isEmpty ? 1 : Double(finite[finite.count - 1 - finite.count / 200])
    var panel = Panel.spectrogram(
      title: title, values: values, bins: bins, startHours: startSeconds / clock.unitSeconds,
      frameHours: columnSeconds / clock.unitSeconds, binHz: binHz, unit: "power (dB)",
      range: low...max(high, low + 1), xLabel: nil)
    panel.weight = 1.5
    return panel
  }
}
