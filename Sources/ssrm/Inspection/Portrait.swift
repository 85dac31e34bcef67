import Figures
import Foundation
import Signals
import SleepCore

/// What can be drawn of one recording: channels over time with a spectrogram and the hypnogram, or maps.
struct Portrait {
  let title: String
  var traces: [Trace] = []
  var frames: PressureFrames?
  var hypnogram: Hypnogram?
  /// Drawn instead of all else, where there is one.
  var motion: MotionPortrait?

  static let mostTraces = 6

  init(title: String, traces: [Trace] = [], frames: PressureFrames? = nil, hypnogram: Hypnogram? = nil) {
    self.title = title
    self.traces = traces
    self.frames = frames
    self.hypnogram = hypnogram
  }

  init(_ recording: Recording, title: String) {
    self.init(
      title: title, traces: Trace.all(of: recording.signals), frames: recording.frames,
      hypnogram: recording.hypnogram)
  }

  func figure() throws -> Figure {
    if let motion { return try motion.figure() }
    if let frames, frames.count > 0 {
      if let night = MapNightPortrait(title: title, frames: frames) { return night.figure() }
      return try MapPortrait(title: title, frames: frames, hypnogram: hypnogram).figure()
    }
    let clock = Clock(spans + hypnogramSpan)
    var panels: [Panel] = []
    for trace in chosen {
      let line = trace.line
      var panel = Panel.trace(
        name: trace.name, unit: trace.unit, x: line.seconds.map { $0 / clock.unitSeconds }, y: line.values, xLabel: nil,
        colour: .series(panels.count))
      panel.y.range = Self.usualRange(trace.samples)
      panels.append(panel)
    }
    if let trace = richest, let spectrogram = try Spectrogram(trace) {
      panels.append(spectrogram.panel(title: "spectrogram of \(trace.name)", clock: clock, unit: trace.unit))
    }
    if let hypnogram { panels.append(clock.panel(of: hypnogram)) }
    panels = clock.aligned(panels)
    let left = traces.count - chosen.count
    return Figure(
      title: left > 0 ? "\(title), the first \(chosen.count) of \(traces.count) channels" : title, panels: panels,
      heightPixels: 110 + panels.map { Int(130 * $0.weight) }.reduce(0, +))
  }

  private var chosen: [Trace] { Array(traces.filter { !$0.samples.isEmpty }.prefix(Self.mostTraces)) }
  /// The channel whose spectrogram says most: the fastest of a known sensor, the first of several.
  private var richest: Trace? {
    let known = chosen.filter { $0.sensor != nil }
    return (known.isEmpty ? chosen : known).min {
      ($0.usualIntervalSeconds ?? .infinity) < ($1.usualIntervalSeconds ?? .infinity)
    }
  }
  private var spans: [ClosedRange<Double>] { chosen.compactMap(\.span) }
  private var hypnogramSpan: [ClosedRange<Double>] {
    hypnogram.map { [$0.startSeconds...$0.startSeconds + $0.windowSeconds * Double($0.stages.count)] } ?? []
  }

  /// A range that a few artefacts do not stretch, or that has room above and below where the data's own has no width to draw;
  /// `nil` where the data's own is no wider than twice that.
  private static func usualRange(_ samples: [Float]) -> ClosedRange<Double>? {
    let step = max(1, samples.count / 20_000)
    let sorted = stride(from: 0, to: samples.count, by: step).map { samples[$0] }.filter(\.isFinite).sorted()
    guard let least = sorted.first.map(Double.init), let greatest = sorted.last.map(Double.init) else { return nil }
    let size = max(abs(least), abs(greatest))
    guard size < 1e6 || greatest - least > 1e-6 * size else { return least - 0.1 * size...greatest + 0.1 * size }
    guard sorted.count > 1000 else { return nil }
    let low = Double(sorted[sorted.count / 200])
    let high = Double(sorted[sorted.count - 1 - sorted.count / 200])
    guard high > low, greatest - least > 3 * (high - low) else { return nil }
    return low - 0.5 * (high - low)...high + 0.5 * (high - low)
  }
}

/// The unit in which a recording's time is told.
struct Clock {
  let unitSeconds: Double
  let label: String
  /// In units.
  let range: ClosedRange<Double>

  init(_ spans: [ClosedRange<Double>]) {
    let start = spans.map(\.lowerBound).min() ?? 0
    let end = max(spans.map(\.upperBound).max() ?? 1, start + 1e-3)
    (unitSeconds, label) =
      switch end - start {
      case ..<180: (1, "time (s)")
      case ..<7200: (60, "time (min)")
      default: (3600, "time (h)")
      }
    range = start / unitSeconds...end / unitSeconds
  }

  /// The stages, under signals of the same clock.
  func panel(of hypnogram: Hypnogram) -> Panel {
    // NREM of unknown depth has a line of its own where it occurs.
    let stages = hypnogram.stages.contains(.nrem) ? Stage.stored : Stage.allCases
    return .hypnogram(
      StageTrack(name: "stages", hypnogram), classNames: stages.map(\.name),
      startHours: hypnogram.startSeconds / unitSeconds,
      windowSeconds: hypnogram.windowSeconds * 3600 / unitSeconds, xLabel: nil)
  }

  /// Panels one above the other, all of this clock's range; the lowest one says what it is.
  func aligned(_ panels: [Panel]) -> [Panel] {
    var panels = panels
    for index in panels.indices { panels[index].x.range = range }
    if let last = panels.indices.last { panels[last].x = Axis(label, range: range) }
    return panels
  }
}
