public import SleepCore

/// The classes of one night, one a window, as scored or as predicted.
public struct StageTrack: Sendable {
  public let name: String
  /// Class indices, one a window; `nil` is unscored.
  public let classes: [Int?]

  public init(name: String, classes: [Int?]) {
    self.name = name
    self.classes = classes
  }

  /// A scored night in the five stages.
  public init(name: String, _ hypnogram: Hypnogram) {
    self.init(name: name, classes: hypnogram.stages.map { $0.map { Int($0.rawValue) } })
  }
}

extension Panel {
  /// A hypnogram: a step plot over hours, REM drawn bold.
  ///
  /// - Parameter classNames: By class index. Wake stands on top, REM below it, and then sleep from light to deep.
  public static func hypnogram(
    _ track: StageTrack, classNames: [String], startHours: Double = 0, windowSeconds: Double = 30,
    xLabel: String? = "time (h)"
  ) -> Panel {
    let levels = Self.levels(of: classNames)
    let hours = (0...track.classes.count).map { startHours + Double($0) * windowSeconds / 3600 }
    var heights = track.classes.map { $0.flatMap { levels.indices.contains($0) ? levels[$0] : nil } ?? .nan }
    heights.append(heights.last ?? .nan)
    var series = [Series.steps(x: hours, y: heights, style: .init(.blue, width: 1.4))]
    if let rem = classNames.firstIndex(of: "REM") {
      let boxes = runs(of: rem, in: track.classes).map { run in
        Series.Box(
          x: hours[run.lowerBound]...hours[run.upperBound], y: levels[rem] - 0.1...levels[rem] + 0.1,
          colour: .vermilion)
      }
      series.append(.boxes(boxes))
    }
    return Panel(
      title: track.name,
      x: Axis(
        xLabel, range: startHours...max(hours.last ?? 1, startHours + 1e-3),
        ticks: xLabel == nil ? .unlabelled : .automatic),
      y: Axis(
        range: -0.5...Double(max(classNames.count, 1)) - 0.5,
        ticks: .at(zip(levels, classNames).map { ($0, $1) })),
      series: series)
  }

  /// The height of each class: wake on top, REM below it, the rest in their order downwards.
  private static func levels(of classNames: [String]) -> [Double] {
    var order = Array(classNames.indices)
    if let rem = classNames.firstIndex(of: "REM"), rem > 0, classNames.count > 2 {
      order.remove(at: rem)
      order.insert(rem, at: 1)
    }
    return classNames.indices.map { index in
      Double(classNames.count - 1 - (order.firstIndex(of: index) ?? 0))
    }
  }

  private static func runs(of wanted: Int, in classes: [Int?]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for (index, value) in classes.enumerated() where value == wanted {
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    return runs
  }

  /// A spectrogram or other map over time with a colour bar.
  ///
  /// - Parameters:
  ///   - values: `[bins, frames]`, row-major: the lowest frequency first.
  ///   - frameHours: Hours from one frame to the next.
  ///   - binHz: Hertz from one bin to the next.
  ///   - unit: Of the values: `power (dB)`.
  public static func spectrogram(
    title: String? = nil, values: [Float], bins: Int, startHours: Double = 0, frameHours: Double,
    binHz: Double, unit: String, range: ClosedRange<Double>? = nil, xLabel: String? = "time (h)"
  ) -> Panel {
    let frames = bins > 0 ? values.count / bins : 0
    return Panel(
      title: title,
      x: Axis(
        xLabel, range: startHours...startHours + max(Double(frames) * frameHours, 1e-6),
        ticks: xLabel == nil ? .unlabelled : .automatic),
      y: Axis("frequency (Hz)", range: 0...max(Double(bins - 1) * binHz, 1e-6)),
      series: [
        .image(
          Series.Grid(
            rows: bins, columns: frames, values: values,
            x: (start: startHours + frameHours / 2, step: frameHours), y: (start: 0, step: binHz)))
      ], colours: ColourScale(.viridis, label: unit, range: range))
  }

  /// One channel of a signal over time.
  public static func trace(
    name: String, unit: String, x: [Double], y: [Double], xLabel: String? = "time (s)", colour: Colour = .blue
  ) -> Panel {
    Panel(
      title: name, x: Axis(xLabel, ticks: xLabel == nil ? .unlabelled : .automatic),
      y: Axis(unit.isEmpty ? nil : unit), series: [.line(x: x, y: y, style: .init(colour, width: 1))])
  }
}

extension Figure {
  /// Hypnograms under one another over the same hours; with exactly two, marks where they differ.
  public static func hypnograms(
    title: String? = nil, _ tracks: [StageTrack], classNames: [String], windowSeconds: Double = 30
  ) -> Figure {
    var panels = tracks.enumerated().map { index, track in
      Panel.hypnogram(
        track, classNames: classNames, windowSeconds: windowSeconds,
        xLabel: index == tracks.count - 1 ? "time (h)" : nil)
    }
    if tracks.count == 2 {
      let hour = windowSeconds / 3600
      let differing = zip(tracks[0].classes, tracks[1].classes).enumerated().compactMap { index, pair in
        pair.0 != nil && pair.1 != nil && pair.0 != pair.1
          ? Series.Box(x: Double(index) * hour...Double(index + 1) * hour, y: 0...1, colour: .vermilion) : nil
      }
      panels.insert(
        Panel(
          title: "disagreement", x: Axis(range: panels[1].x.range, ticks: .unlabelled),
          y: Axis(range: 0...1, ticks: .none), series: [.boxes(differing)], weight: 0.12), at: 1)
    }
    return Figure(title: title, panels: panels, heightPixels: 130 + 190 * tracks.count)
  }

  /// Channels under one another, sharing the time axis.
  public static func signal(
    title: String? = nil, _ signal: Signal, seconds: ClosedRange<Double>? = nil
  ) -> Figure {
    let times = signal.timing.seconds(count: signal.count)
    let shown = times.indices.filter { seconds?.contains(times[$0]) ?? true }
    let span = (times.last ?? 0) - (times.first ?? 0)
    let inHours = seconds == nil && span > 7200
    let x = shown.map { inHours ? times[$0] / 3600 : times[$0] }
    let panels = zip(signal.channels, signal.samples).enumerated().map { index, pair in
      Panel.trace(
        name: pair.0.name, unit: pair.0.unit, x: x, y: shown.map { Double(pair.1[$0]) },
        xLabel: index < signal.channels.count - 1 ? nil : inHours ? "time (h)" : "time (s)",
        colour: .series(index))
    }
    return Figure(title: title, panels: panels, heightPixels: 110 + 120 * max(panels.count, 1))
  }

  /// One frame of a pressure mat, head up.
  public static func pressureMap(
    title: String? = nil, values: [Float], rows: Int, columns: Int, unit: String = "pressure (mat's units)"
  ) -> Figure {
    Figure(
      title: title,
      panels: [
        Panel(
          x: Axis("column"), y: Axis("row, head to foot", isReversed: true),
          series: [.image(Series.Grid(rows: rows, columns: columns, values: values))],
          colours: ColourScale(.viridis, label: unit), hasEqualUnits: true)
      ], widthPixels: 520, heightPixels: 720)
  }
}
