import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

@Suite("Masked spectra")
struct FrequencyTests {
  @Test("With nothing hidden the windows come back", arguments: [(1, 150), (2, 600), (3, 7680), (1, 30), (2, 1001)])
  func roundTrip(channels: Int, samples: Int) throws {
    var random = RandomSource(seed: 1)
    let windows = (0..<(3 * channels * samples)).map { _ in Float(random.normal()) }
    let spectrum = try MaskedSpectrum(channels: channels, samples: samples, bands: 5)
    let masked = try spectrum.masked(windows, frames: 0, bins: 0, random: &random)
    expectClose(masked.windows, windows, relative: 0, absolute: 1e-4)
    #expect(masked.hidden.allSatisfy { $0 == 0 })
    #expect(masked.spectrogram.count == 3 * spectrum.cells && masked.powers.count == 3 * spectrum.powers)
  }

  @Test("Spectrogram and band powers are SciPy's and NumPy's")
  func reference() throws {
    let fixture = Fixture("bands")
    let windows = try fixture.floats("windows")
    var random = RandomSource(seed: 2)
    let spectrum = try MaskedSpectrum(channels: windows.shape[1], samples: windows.shape[2], bands: 5)
    let masked = try spectrum.masked(windows.values, frames: 0.15, bins: 0.2, random: &random)
    let expected = try fixture.floats("spectrogram")
    expectClose(
      masked.spectrogram, expected.values, shape: [windows.shape[0]] + spectrum.shape, expectedShape: expected.shape,
      relative: 1e-4, absolute: 2e-3)
    expectClose(masked.powers, try fixture.floats("bands").values, relative: 1e-4, absolute: 1e-4)
  }

  @Test(
    "The hidden cells are one run of frames and one of frequencies, the same in all channels",
    arguments: [(0.15, 0.2), (0.15, 0), (0, 0.2), (0.01, 0.01), (0.99, 0.99)])
  func shares(frameShare: Double, binShare: Double) throws {
    var random = RandomSource(seed: 3)
    let spectrum = try MaskedSpectrum(channels: 2, samples: 600, bands: 5)
    let (frames, bins) = (spectrum.shape[1], spectrum.shape[2])
    let windows = (0..<(40 * 1200)).map { _ in Float(random.normal()) }
    let hidden = try spectrum.masked(windows, frames: frameShare, bins: binShare, random: &random).hidden
    func wanted(_ share: Double, of total: Int) -> Int {
      share > 0 ? min(total - 1, max(1, Int((share * Double(total)).rounded()))) : 0
    }
    var starts = Set<[Int]>()
    for window in 0..<40 {
      func isHidden(_ channel: Int, _ frame: Int, _ bin: Int) -> Bool {
        hidden[((window * 2 + channel) * frames + frame) * bins + bin] == 1
      }
      let wholeFrames = (0..<frames).filter { frame in (0..<bins).allSatisfy { isHidden(0, frame, $0) } }
      let wholeBins = (0..<bins).filter { bin in (0..<frames).allSatisfy { isHidden(0, $0, bin) } }
      #expect(wholeFrames.count == wanted(frameShare, of: frames) && wholeBins.count == wanted(binShare, of: bins))
      for run in [wholeFrames, wholeBins] where !run.isEmpty { #expect(run == Array(run[0]...(run[run.count - 1]))) }
      for frame in 0..<frames {
        for bin in 0..<bins {
          let expected = wholeFrames.contains(frame) || wholeBins.contains(bin)
          #expect(isHidden(0, frame, bin) == expected && isHidden(1, frame, bin) == expected)
        }
      }
      starts.insert([wholeFrames.first ?? 0, wholeBins.first ?? 0])
    }
    #expect(starts.count > 1)
  }

  @Test("Of what is hidden nearly nothing is left in the window", arguments: [(1, 150), (2, 600), (1, 7680)])
  func nothingLeft(channels: Int, samples: Int) throws {
    var random = RandomSource(seed: 4)
    let windows = (0..<(20 * channels * samples)).map { _ in Float(random.normal()) }
    let spectrum = try MaskedSpectrum(channels: channels, samples: samples, bands: 5)
    // Frames are gone but for what keeps the logarithm finite; a tapered frame lets a little of its neighbours in.
    for (frameShare, binShare, limit) in [(0.15, 0, 1e-5), (0, 0.2, 0.02)] {
      let masked = try spectrum.masked(windows, frames: frameShare, bins: binShare, random: &random)
      let left = try spectrum.masked(masked.windows, frames: 0, bins: 0, random: &random).spectrogram
      var (before, after) = (0.0, 0.0)
      for cell in left.indices where masked.hidden[cell] == 1 {
        before += exp(Double(masked.spectrogram[cell]))
        after += exp(Double(left[cell]))
      }
      #expect(after < limit * before, "\(after / before)")
    }
  }

  /// Vectors that were made beforehand, whatever the windows.
  private struct Oracle: Encoder {
    let inputs = [signalContract]
    let vectors: Tensor
    var width: Int { vectors.shape[1] }
    func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
      try vectors.unsqueezed(1)
    }
  }

  @Test("The truth explains all of the hidden variance, the mean none, and half of it three quarters")
  func explained() throws {
    var random = RandomSource(seed: 5)
    let windows = Windows.coloured(signalContract, 30, &random)
    let spectrum = try MaskedSpectrum(channels: 1, samples: 150, bands: 5)
    var same = random
    let masked = try spectrum.masked(windows.values, frames: 0.15, bins: 0.2, random: &same)
    let table = try Tensor(masked.spectrogram, shape: [30, spectrum.cells])
    let centred = try table - table.mean([0], keepAxes: true)
    let truth = try centred / centred.power(2).mean([0], keepAxes: true).squareRoot()
    for (share, metric) in [(1.0, 1.0), (0.5, 0.75), (0.0, 0.0)] {
      let encoder = Oracle(vectors: try truth * share)
      let store = try ParameterStore(seed: 1)
      let task = try TaskRecipe(FrequencyTask.self).windowTask(store, encoder)
      // Cells are told from the vector as it is, powers as their mean: an error of 1.
      for entry in store.entries {
        try LibTorch.withoutGradients {
          try entry.tensor.assign(
            entry.name == "task.respiration.cells.weight"
              ? Tensor.identity(spectrum.cells) : Tensor.zeros(entry.tensor.shape))
        }
      }
      same = random
      let result = try task(windows, encoder, &same, .inference)
      #expect(abs(result.metric - metric) < 1e-4)
      let hidden = try Tensor(masked.hidden, shape: truth.shape)
      let variance = try (truth.power(2) * hidden).sum().item() / hidden.sum().item()
      #expect(abs(try result.loss.item() - (1 + (1 - share) * (1 - share) * variance)) < 1e-3)
    }
  }

  @Test("Flat windows explain nothing and give a finite loss")
  func flat() throws {
    let windows = PretextWindows(contract: signalContract, count: 4, values: [Float](repeating: 2, count: 600))
    let trial = try Trial(TaskRecipe(FrequencyTask.self), signalContract, steps: 3, batch: 4) { contract, count, _ in
      count == 4 ? windows : PretextWindows(contract: contract, count: 2, values: [Float](repeating: 2, count: 300))
    }
    #expect(trial.metric == 0 && trial.losses.allSatisfy { $0.isFinite })
  }
}
