import Foundation
import NumPy
import SleepCore
import Upstream

/// Views of windows by themselves, as the published tasks make them; all on one thread on both sides.
enum ViewBenchmarks {
  static let all = [signalViews, mapViews, maskedSpectra]

  private static let signalViews = views(of: .psg)
  private static let mapViews = views(of: .map)

  private static func views(of windows: PretrainingInput) -> Benchmark {
    Benchmark(
      name: "views-of-\(windows.rawValue)",
      title: "five views (raw, three turns, spectrum) of 256 windows, \(windows.title), with the raw one's values",
      peer: "NumPy and SciPy", target: .times(4), rounds: 3
    ) { folder in
      let contract = windows.contract
      let values = try batch(of: contract, as: "views-of-\(windows.rawValue)", in: folder)
      let maker = try ViewMaker(contract)
      var random = RandomSource(seed: 1)
      return {
        let views = try maker(values, View.allCases, &random)
        // Of the turns; where a spectrum begins is drawn.
        return views.prefix(4 * values.count).reduce(0) { $0 + Double(abs($1)) }
      }
    }
  }

  private static let maskedSpectra = Benchmark(
    name: "masked-spectra", title: "spectrograms of 256 windows of PSG, masked, and the windows without what is masked",
    peer: "scipy.signal.stft and istft", target: .times(4), rounds: 3
  ) { folder in
    let contract = PretrainingInput.psg.contract
    let values = try batch(of: contract, as: "masked-spectra", in: folder)
    let spectrum = try FrequencyTask.spectrum(of: contract, bands: 5)
    // The same for all windows, so that the peer can hide the same.
    let runs = [HiddenRuns](repeating: HiddenRuns(frames: 8..<12, bands: 2..<3), count: 256)
    return {
      let masked = try spectrum.masked(values, runs)
      return masked.windows.reduce(0) { $0 + Double(abs($1)) }
    }
  }

  private static func batch(of contract: WindowContract, as name: String, in folder: URL) throws -> [Float] {
    let values = noise(256 * contract.size, seed: 11).map { contract.sensor.isMap ? abs($0) : $0 }
    try NpyArray(shape: [256] + contract.shape, values: values).write(to: folder.appendingPathComponent("\(name).npy"))
    return values
  }
}
