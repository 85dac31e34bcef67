import Signals
package import SleepCore
package import Tensors
package import Training

/// How windows' power is shared among frequencies, whatever its amount, and how far apart two windows are in it.
package struct SpectralProfile: Sendable {
  private let contract: WindowContract

  package init(_ contract: WindowContract) { self.contract = contract }

  /// Shares of power, each channel's sum 1: of a signal Welch's, over frames of 256 samples as SciPy's are by default, of a map
  /// its two-dimensional spectrum's without frequency 0. A flat channel's shares are all equal.
  ///
  /// - Parameter windows: `[windows]` and the contract's shape.
  /// - Returns: `[windows, channels, frequencies]`.
  package func callAsFunction(_ windows: [Float]) throws -> (shares: [Float], channels: Int) {
    let (first, second) = contract.mapShape
    var power: [Float]
    let (channels, frequencies): (Int, Int)
    if contract.sensor.isMap {
      power = try MapSpectrum(rows: first, columns: second, scale: .linear, centered: false)(
        contract.withoutReference(windows))
      (channels, frequencies) = (1, first * second)
      for index in power.indices { power[index] = index % frequencies == 0 ? 0 : power[index] * power[index] }
    } else {
      let spectrum = try PowerSpectrum.welch(
        windows, samples: second, sampleRateHz: 1, windowSamples: min(256, second))
      (power, channels, frequencies) = (spectrum.density, first, spectrum.frequenciesHz.count)
    }
    for start in stride(from: 0, to: power.count, by: frequencies) {
      let row = start..<(start + frequencies)
      let sum = row.reduce(Float(0)) { $0 + power[$1] }
      for index in row { power[index] = sum > 1e-12 ? power[index] / sum : 1 / Float(frequencies) }
    }
    return (power, channels)
  }

  /// Hellinger distances between windows, 0 between equal spectra and 1 between those that share no frequency; the root of the
  /// mean square over channels.
  ///
  /// - Parameters:
  ///   - windows: `[windows]` and the contract's shape: those of `share`.
  ///   - share: Of which batch these are the windows; all where `nil`.
  /// - Returns: `[windows, windows]`, of the whole batch.
  package func distances(_ windows: [Float], of share: RowShare? = nil) throws -> Tensor {
    let (shares, channels) = try self(windows)
    let count = windows.count / contract.size
    let own = try Tensor(shares, shape: [count, shares.count / count]).squareRoot()
    let roots = try share?.joined(own) ?? own
    let affinity = try roots.matmul(roots.transposed(0, 1)) / Double(channels)
    return try (affinity * -1 + 1).clamp(0, 1).squareRoot()
  }
}
