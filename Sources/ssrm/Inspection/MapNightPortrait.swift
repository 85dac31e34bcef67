import Figures
import SleepCore

/// A night of maps in which postures recur: who lay how when, where the weight lay, and an example of each posture.
struct MapNightPortrait {
  let title: String
  let frames: PressureFrames

  private static let fewestFrames = 100

  /// - Returns: `nil` where no posture recurs after another, or of a few single maps.
  init?(title: String, frames: PressureFrames) {
    var turns: [Posture] = []
    for case let posture? in frames.postures where turns.last != posture { turns.append(posture) }
    guard frames.sensor == .pressureMap, frames.count >= Self.fewestFrames, turns.count > Set(turns).count else {
      return nil
    }
    self.title = title
    self.frames = frames
  }

  func figure() -> Figure {
    Figure(
      title: title,
      panels: [
        track, profile("weight from head to foot", frames.rows) { row, _ in row },
        profile("weight across the mat", frames.columns) { _, column in column }, examples,
      ], widthPixels: 1200, heightPixels: 980)
  }

  /// The postures that occur, in order of their numbers.
  private var postures: [Posture] {
    Set(frames.postures.compactMap(\.self)).sorted { $0.rawValue < $1.rawValue }
  }

  /// Seconds a frame, and what the axis counts: frames where nobody knows their rate.
  private var step: (length: Double, label: String) {
    frames.framesPerSecond.map { (1 / $0, "time (s)") } ?? (1, "frame")
  }

  private var range: ClosedRange<Double> { 0...Double(frames.count) * step.length }

  private var track: Panel {
    let places = Dictionary(uniqueKeysWithValues: postures.enumerated().map { ($1, Double($0)) })
    let x = (0...frames.count).map { Double($0) * step.length }
    let heights = frames.postures.map { $0.flatMap { places[$0] } ?? .nan }
    return Panel(
      title: "postures", x: Axis(range: range, ticks: .unlabelled),
      y: Axis(
        range: -0.5...Double(postures.count) - 0.5, ticks: .at(postures.enumerated().map { (Double($0), $1.name) }),
        isReversed: true),
      series: [.steps(x: x, y: heights + [heights.last ?? .nan], style: .init(.blue, width: 1.6))], weight: 1.6)
  }

  /// The mean of each row, or column, of each frame.
  private func profile(_ title: String, _ count: Int, _ place: (_ row: Int, _ column: Int) -> Int) -> Panel {
    let cells = frames.rows * frames.columns
    var means = [Float](repeating: 0, count: count * frames.count)
    for frame in 0..<frames.count {
      for cell in 0..<cells {
        let bin = place(cell / frames.columns, cell % frames.columns)
        means[bin * frames.count + frame] += frames.values[frame * cells + cell] * Float(count) / Float(cells)
      }
    }
    return Panel(
      title: title,
      x: count == frames.columns ? Axis(step.label, range: range) : Axis(range: range, ticks: .unlabelled),
      y: Axis(ticks: .none, isReversed: true),
      series: [
        .image(
          Series.Grid(
            rows: count, columns: frames.count, values: means, x: (start: step.length / 2, step: step.length),
            y: (start: 0, step: 1)))
      ], colours: ColourScale(.viridis), weight: 0.8)
  }

  /// The middle frame of each posture, side by side.
  private var examples: Panel {
    let width = frames.columns + 1
    let columns = width * postures.count
    var values = [Float](repeating: 0, count: frames.rows * columns)
    for (place, posture) in postures.enumerated() {
      let held = frames.postures.indices.filter { frames.postures[$0] == posture }
      let start = held[held.count / 2] * frames.rows * frames.columns
      for row in 0..<frames.rows {
        for column in 0..<frames.columns {
          values[row * columns + place * width + column] = frames.values[start + row * frames.columns + column]
        }
      }
    }
    return Panel(
      title: "a frame of each posture",
      x: Axis(
        range: 0...Double(columns),
        ticks: .at(postures.enumerated().map { (Double($0 * width) + Double(frames.columns) / 2, $1.name) }),
        hasSlantedTicks: true), y: Axis(ticks: .none, isReversed: true),
      series: [
        .image(
          Series.Grid(
            rows: frames.rows, columns: columns, values: values, x: (start: 0.5, step: 1), y: (start: 0, step: 1)))
      ], colours: ColourScale(.viridis))
  }
}
