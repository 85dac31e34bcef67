package import Corpora
package import SleepCore
import Tensors

/// Windows of rare classes that nobody recorded: each lies between a recorded one and one of its nearest neighbours of the
/// same class.
///
/// Chawla, Bowyer, Hall and Kegelmeyer, "SMOTE: Synthetic Minority Over-sampling Technique" (Journal of Artificial Intelligence
/// Research, 2002). Distances are Euclidean, over the values of all sensors in their own units.
public struct SyntheticWindows: Sendable {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// The window itself again.
    case none
    /// Between it and one of its five nearest neighbours of the same class.
    case smote
  }

  private struct Neighbour {
    let row: Int
    let distance: Float
  }

  /// Of each window of a rare class.
  private let rows: [WindowReference: Int]
  /// `[rows, size]`: a window's values, sensor by sensor.
  private let values: [Float]
  private let size: Int
  /// The nearest rows of each row, its own class alone; empty where the class has no other window.
  private let neighbours: [[Int]]

  /// Reads the windows of the rare classes.
  ///
  /// - Parameters:
  ///   - source: The training part, with the labels that may be seen.
  ///   - count: A class with fewer windows is rare.
  package init(_ source: WindowSource, below count: Int, neighbours nearest: Int = 5) throws {
    var (rows, values, neighbours): ([WindowReference: Int], [Float], [[Int]]) = ([:], [], [])
    let reader = BatchReader([source])
    size = source.contracts.reduce(0) { $0 + $1.size }
    for windows in Self.windows(of: source) where windows.count < count {
      let first = rows.count
      for window in windows { rows[window] = rows.count }
      let batch = try reader.read(BatchPlan(sensors: source.sensors, length: 1, windows: windows))
      let own = windows.indices.flatMap { position in batch.inputs.flatMap { $0.window(position, of: windows.count) } }
      values += own
      neighbours += try Self.nearest(nearest, own, count: windows.count).map { $0.map { $0 + first } }
    }
    (self.rows, self.values, self.neighbours) = (rows, values, neighbours)
  }

  /// The labelled windows of each class, without empty classes.
  private static func windows(of source: WindowSource) -> [[WindowReference]] {
    Dictionary(grouping: source.recordings.flatMap(source.labelled), by: \.label)
      .sorted { $0.key < $1.key }.map { $0.value.map(\.window) }
  }

  /// The rows nearest to each row.
  private static func nearest(_ wanted: Int, _ values: [Float], count: Int) throws -> [[Int]] {
    guard count > 1 else { return Array(repeating: [], count: count) }
    let products = try LibTorch.withoutGradients { () -> [Float] in
      let rows = try Tensor(values, shape: [count, values.count / count])
      // Distances stay as they are, and large common offsets do not drown them.
      let centred = try rows - rows.mean([0])
      return try centred.matmul(centred.transposed(0, 1)).values(Float.self)
    }
    return (0..<count).map { row in
      var best: [Neighbour] = []
      for other in 0..<count where other != row {
        let distance = products[other * count + other] - 2 * products[row * count + other]
        if best.count == wanted, let last = best.last, distance >= last.distance { continue }
        let place = best.firstIndex { distance < $0.distance } ?? best.count
        best.insert(Neighbour(row: other, distance: distance), at: place)
        if best.count > wanted { best.removeLast() }
      }
      return best.map(\.row)
    }
  }

  /// Puts a synthetic window of the same class in the place of a window of a rare one; others stay.
  package func replace(_ position: Int, in batch: inout Batch, using random: inout RandomSource) {
    guard let row = rows[batch.windows[position]], let other = neighbours[row].randomElement(using: &random) else {
      return
    }
    let share = Float.random(in: 0..<1, using: &random)
    var start = 0
    for input in batch.inputs.indices {
      let length = batch.inputs[input].values.count / batch.windows.count
      for index in 0..<length {
        let value = values[row * size + start + index]
        batch.inputs[input].values[position * length + index] =
          value + share * (values[other * size + start + index] - value)
      }
      start += length
    }
  }
}

extension BatchInput {
  /// The values of one of the batch's windows.
  fileprivate func window(_ position: Int, of count: Int) -> ArraySlice<Float> {
    let length = values.count / count
    return values[(position * length)..<((position + 1) * length)]
  }
}
