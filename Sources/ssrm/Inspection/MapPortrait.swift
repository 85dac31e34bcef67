import Figures
import Signals
import SleepCore

/// Maps beside one another, one a class; or, of one class, a map, its spectrum and the whole pressure over time.
struct MapPortrait {
  let title: String
  let frames: PressureFrames
  let hypnogram: Hypnogram?

  private static let mostMaps = 20

  func figure() throws -> Figure {
    let chosen = examples
    guard chosen.count > 1 else { return try single(chosen.first?.index ?? 0) }
    let range = usualRange(frames.values)
    let panels = chosen.map { example in
      panel(example.name, values(example.index), ColourScale(.viridis, range: range))
    }
    let columns = min(panels.count, 6)
    let rows = (panels.count + columns - 1) / columns
    let width = 150
    let height = max(60, width * frames.rows / max(frames.columns, 1))
    return Figure(
      title: title, panels: panels, columns: columns, widthPixels: columns * (width + 40),
      heightPixels: 60 + rows * (min(height, 320) + 50))
  }

  private func single(_ index: Int) throws -> Figure {
    let map = values(index)
    let spectrum = try MapSpectrum(rows: frames.rows, columns: frames.columns)(map)
    let name = frames.postures[index]?.name
    return Figure(
      title: title,
      panels: [
        panel(
          (name.map { "\($0), " } ?? "") + "frame \(index + 1) of \(frames.count)", map,
          ColourScale(label: frames.sensor == .pressureMap ? "pressure (mat's units)" : "value", range: usualRange(map))
        ),
        panel("its spectrum, frequency 0 in the middle", spectrum, ColourScale(label: "log(1 + magnitude)")),
      ], columns: 2, widthPixels: 960, heightPixels: 720)
  }

  private func panel(_ title: String, _ values: [Float], _ colours: ColourScale) -> Panel {
    let isUpright = frames.sensor == .spectrogram
    return Panel(
      title: title, x: Axis(ticks: .none), y: Axis(ticks: .none, isReversed: !isUpright),
      series: [.image(Series.Grid(rows: frames.rows, columns: frames.columns, values: values))], colours: colours,
      hasEqualUnits: true)
  }

  private func values(_ index: Int) -> [Float] {
    let size = frames.rows * frames.columns
    return Array(frames.values[index * size..<(index + 1) * size])
  }

  /// The middle frame of each class, in the order of the classes; without classes, frames at equal distances.
  private var examples: [(index: Int, name: String)] {
    var byClass: [Int: [Int]] = [:]
    var names: [Int: String] = [:]
    for index in 0..<frames.count {
      if let posture = frames.postures[index] {
        byClass[Int(posture.rawValue), default: []].append(index)
        names[Int(posture.rawValue)] = posture.name
      } else if let stages = hypnogram?.stages, stages.indices.contains(index), let stage = stages[index] {
        byClass[Int(stage.rawValue), default: []].append(index)
        names[Int(stage.rawValue)] = stage.name
      }
    }
    if byClass.isEmpty {
      let count = min(frames.count, 12)
      return (0..<count).map { ($0 * frames.count / count, "frame \($0 * frames.count / count + 1)") }
    }
    return byClass.sorted { $0.key < $1.key }.prefix(Self.mostMaps).map { key, indices in
      (indices[indices.count / 2], names[key] ?? "")
    }
  }

  /// One range for all maps, that a few hot cells do not stretch.
  private func usualRange(_ values: [Float]) -> ClosedRange<Double> {
    let step = max(1, values.count / 100_000)
    let sorted = stride(from: 0, to: values.count, by: step).map { values[$0] }.filter(\.isFinite)
      .sorted()
    guard let least = sorted.first else { return 0...1 }
    let high = Double(sorted[sorted.count - 1 - sorted.count / 200])
    return Double(least)...max(high, Double(least) + 1e-6)
  }
}
