import SleepCore
import Corpora
import Tensors
import Training

/// Windows of a batch that were drawn from one short piece of a recording each, and those of the same recording that
/// are far from it.
package struct Pieces {
  /// Positions in the batch of each piece's windows, in order of time.
  package private(set) var near: [[Int]] = []
  /// Of each piece, the positions of what lies at least so many windows before or behind all of its windows: never
  /// empty.
  package private(set) var far: [[Int]] = []

  /// Pieces that nothing in the batch is far from are left out.
  ///
  /// - Parameters:
  ///   - windows: Those of a piece stand beside each other.
  ///   - size: Windows of each piece.
  ///   - distance: What is far, in windows.
  ///   - task: Who asks, for the error.
  /// - Throws: `TrainingError` where nothing is left, or the batch is not of whole pieces.
  package init(_ windows: PretextWindows, size: Int, far distance: Int, for task: String) throws {
    let places = windows.places
    guard places.count == windows.count, windows.count.isMultiple(of: size) else {
      throw TrainingError.nothingToTrain(
        "\(task): a batch of \(windows.count) windows, the places of \(places.count) known, expected whole pieces of \(size) with the "
          + "places of all")
    }
    for start in stride(from: 0, to: windows.count, by: size) {
      let piece = (start..<(start + size)).sorted { places[$0].window < places[$1].window }
      let (first, last) = (places[piece[0]], places[piece[size - 1]])
      let others = places.indices.filter { index in
        let other = places[index]
        return other.corpus == first.corpus && other.recording == first.recording
          && (other.window <= first.window - distance || other.window >= last.window + distance)
      }
      guard !others.isEmpty else { continue }
      near.append(piece)
      far.append(others)
    }
    guard !near.isEmpty else {
      throw TrainingError.nothingToTrain(
        "\(task): no two of a batch's \(windows.count) windows of \(windows.contract.sensor.rawValue) are of one recording and "
          + "\(distance) windows apart: lower 'far'")
    }
  }
}

extension Tensor {
  /// Some rows, in an order.
  func rows(_ positions: [Int]) throws -> Tensor {
    try select(0, indices: Tensor(positions.map(Int64.init)).to(device))
  }
}
