public import Encoders
import Signals
import SleepCore

/// Which transform a window went through.
public enum View: Int, CaseIterable, Sendable {
  case raw, quarterTurn, halfTurn, threeQuarterTurn, frequency

  /// The four that ``RotationTask`` tells apart.
  public static let rotations: [View] = [.raw, .quarterTurn, .halfTurn, .threeQuarterTurn]
}

/// Makes views of windows that keep the windows' contract, so that an encoder takes them as it takes the windows.
///
/// A map is resampled to a square, turned or transformed there, and resampled back; a one-dimensional channel is folded to a
/// square and unfolded. Every view goes the whole way, the raw one too, and ends with mean 0 and deviation 1: neither
/// blur nor amplitude tells which it is.
public struct ViewMaker: Sendable {
  private let contract: InputContract
  private let side: Int
  private let folding: Folding?
  private let toSquare: BilinearResampling?
  private let fromSquare: BilinearResampling?
  private let spectrum: MapSpectrum

  /// - Throws: ``SignalError`` for a contract without samples.
  public init(_ contract: InputContract) throws {
    self.contract = contract
    let (first, second) = (contract.shape[0], contract.shape[1])
    if contract.sensor.isMap {
      side = max(first, second)
      folding = nil
      toSquare = try BilinearResampling(rows: first, columns: second, newRows: side, newColumns: side)
      fromSquare = try BilinearResampling(rows: side, columns: side, newRows: first, newColumns: second)
    } else {
      let folding = try Folding(samples: second)
      self.folding = folding
      side = folding.side
      toSquare = nil
      fromSquare = nil
    }
    spectrum = try MapSpectrum(rows: side, columns: side, scale: .logarithmic)
  }

  /// - Parameter windows: `[windows, channels, samples]`, or rows and columns.
  /// - Returns: The same shape, each window seen as `view`.
  public func callAsFunction(_ windows: [Float], _ view: View) throws -> [Float] {
    let square = try toSquare?(windows) ?? folding?(windows) ?? windows
    let seen =
      try view == .frequency ? spectrum(square) : QuarterTurn(rawValue: view.rawValue)?(square, side: side) ?? square
    let back = try fromSquare?(seen) ?? folding?.unfolded(seen) ?? seen
    return standardised(back, each: contract.sensor.isMap ? contract.shape.reduce(1, *) : contract.shape[1])
  }

  /// Each run of `size` values with mean 0 and deviation 1; a flat one is all zeros.
  private func standardised(_ values: [Float], each size: Int) -> [Float] {
    var result = values
    for start in stride(from: 0, to: values.count, by: size) {
      let range = start..<(start + size)
      let mean = values[range].reduce(0, +) / Float(size)
      let deviation = (values[range].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(size)).squareRoot()
      let factor = deviation > 1e-6 ? 1 / deviation : 0
      for index in range { result[index] = (values[index] - mean) * factor }
    }
    return result
  }
}
