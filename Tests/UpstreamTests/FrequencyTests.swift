import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

private let spectrogramContract = WindowContract(sensor: .spectrogram, shape: [20, 30])
private let referenceContract = WindowContract(sensor: .pressureMap, shape: [2, 16, 12])

@Suite("Masked spectra")
struct FrequencyTests {
  private let nothing = HiddenRuns(frames: 0..<0, bands: 0..<0)

  private func noise(_ count: Int, seed: UInt64) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in Float(random.normal()) }
  }

  private func spectrum(_ sensor: Sensor, _ shape: [Int]) throws -> any MaskedSpectrum {
    try FrequencyTask.spectrum(of: WindowContract(sensor: sensor, shape: shape), bands: 5)
  }

  @Test(
    "With nothing hidden the windows come back",
    arguments: [
      (Sensor.psg, [1, 150]), (.psg, [2, 600]), (.psg, [3, 7680]), (.psg, [1, 30]), (.psg, [2, 1001]),
      (.heartRate, [1, 1]), (.heartRate, [2, 2]), (.heartRate, [1, 7]), (.pressureMap, [32, 16]),
      (.pressureMap, [2, 7, 5]), (.pressureMap, [1, 1]), (.spectrogram, [20, 30]),
    ])
  func roundTrip(sensor: Sensor, shape: [Int]) throws {
    let spectrum = try spectrum(sensor, shape)
    let windows = noise(3 * shape.reduce(1, *), seed: 1)
    let masked = try spectrum.masked(windows, [nothing, nothing, nothing])
    expectClose(masked.windows, windows, relative: 0, absolute: 1e-4)
    #expect(masked.cells.count == 3 * spectrum.shape.reduce(1, *))
  }

  @Test("Cells are SciPy's, in bands and over three frames")
  func reference() throws {
    let fixture = Fixture("bands")
    let windows = try fixture.floats("windows")
    let spectrum = try SignalSpectrum(channels: 2, samples: 600, bands: 5)
    #expect(spectrum.bands == [0..<2, 2..<4, 4..<8, 8..<16, 16..<33])
    let expected = try fixture.floats("bands")
    expectClose(
      try spectrum.masked(windows.values, [nothing, nothing]).cells, expected.values, shape: [2] + spectrum.shape,
      expectedShape: expected.shape, relative: 1e-4, absolute: 1e-3)
  }

  @Test("A map's frequencies are NumPy's, and so is the map without some")
  func maps() throws {
    let fixture = Fixture("bands")
    let maps = try fixture.floats("maps")
    let frequencies = MapFrequencies(planes: 2, rows: 7, columns: 6)
    let hidden = HiddenRuns(frames: 2..<3, bands: 0..<0)
    let masked = try frequencies.masked(maps.values, [hidden, hidden, hidden])
    let expected = try fixture.floats("frequencies")
    expectClose(
      masked.cells, expected.values, shape: [3] + frequencies.shape, expectedShape: expected.shape, relative: 1e-4,
      absolute: 1e-3)
    expectClose(masked.windows, try fixture.floats("left").values, relative: 0, absolute: 1e-5)
  }

  @Test("A spectrogram's hidden rows and columns take on the mean of the rest")
  func spectrogram() throws {
    let ready = ReadySpectrogram(planes: 1, rows: 5, columns: 8, bands: 5)
    let values = (0..<40).map(Float.init)
    let masked = try ready.masked(values, [HiddenRuns(frames: 0..<1, bands: 4..<5)])
    // Columns 0 to 2 and rows 3 and 4 are lost; the rest is rows 0 to 2, columns 3 to 7, whose mean is 8 + 5.
    for (place, value) in masked.windows.enumerated() {
      let isKept = place % 8 > 2 && place / 8 < 3
      #expect(value == (isKept ? Float(place) : 13))
    }
    // Frames first, then bands; a mean over three frames of a line is its middle.
    #expect(Array(masked.cells[5..<10]) == [1, 9, 17, 25, 33] && masked.cells[0] == 0.5)
  }

  @Test("Bands are of equal ratio and none is empty")
  func bands() {
    #expect(bandsOfEqualRatio(3, bins: 5) == [0..<2, 2..<3, 3..<5])
    #expect(bandsOfEqualRatio(5, bins: 129) == [0..<3, 3..<7, 7..<18, 18..<49, 49..<129])
    #expect(bandsOfEqualRatio(9, bins: 2) == [0..<1, 1..<2])
    #expect(bandsOfEqualRatio(1, bins: 4) == [0..<4])
    #expect(bandsOfEqualRatio(20, bins: 24).map(\.count).allSatisfy { $0 > 0 })
  }

  @Test(
    "What is hidden is one run of frames and one of bands, of their shares' lengths and at any place",
    arguments: [(0.15, 0.2), (0.15, 0), (0, 0.2), (0.01, 0.01), (0.99, 0.99)])
  func shares(frameShare: Double, bandShare: Double) {
    var random = RandomSource(seed: 3)
    func wanted(_ share: Double, of total: Int) -> Int {
      share > 0 ? min(total - 1, max(1, Int((share * Double(total)).rounded()))) : 0
    }
    let runs = (0..<60).map { _ in
      HiddenRuns(frameShare: frameShare, bandShare: bandShare, of: [2, 20, 5], &random)
    }
    #expect(
      runs.allSatisfy { $0.frames.count == wanted(frameShare, of: 20) && (0...20).contains($0.frames.upperBound) })
    #expect(runs.allSatisfy { $0.bands.count == wanted(bandShare, of: 5) && (0...5).contains($0.bands.upperBound) })
    #expect(Set(runs).count > 1)
    let table = runs.table([2, 20, 5])
    for (place, value) in table.enumerated() {
      let run = runs[place / 200]
      #expect(value == (run.contains(frame: place / 5 % 20, band: place % 5) ? 1 : 0))
    }
  }

  @Test(
    "Of what is hidden nearly nothing is left in the window",
    arguments: [
      (Sensor.psg, [1, 150], 0.05), (.psg, [2, 600], 0.05), (.psg, [1, 7680], 0.05), (.pressureMap, [32, 16], 1e-6),
      (.pressureMap, [2, 15, 9], 1e-6),
    ])
  func nothingLeft(sensor: Sensor, shape: [Int], limit: Double) throws {
    var random = RandomSource(seed: 4)
    let spectrum = try spectrum(sensor, shape)
    let windows = noise(20 * shape.reduce(1, *), seed: 5)
    // Frames are gone but for what keeps the logarithm finite; a tapered frame lets a little of its neighbours in.
    for (frameShare, bandShare, limit) in [(0.15, 0.0, 1e-5), (0.0, 0.2, limit)] {
      let runs = (0..<20).map { _ in
        HiddenRuns(frameShare: frameShare, bandShare: bandShare, of: spectrum.shape, &random)
      }
      let masked = try spectrum.masked(windows, runs)
      let left = try spectrum.masked(masked.windows, [HiddenRuns](repeating: nothing, count: 20)).cells
      var (before, after) = (0.0, 0.0)
      for (cell, hidden) in runs.table(spectrum.shape).enumerated() where hidden == 1 {
        before += exp(Double(masked.cells[cell]))
        after += exp(Double(left[cell])) - 1e-8
      }
      #expect(after < limit * before, "\(after / before)")
    }
  }

  @Test("The truth explains all of the hidden variance, the mean none, and half of it three quarters")
  func explained() throws {
    let truth = try Tensor([1, 5, -1, 7, 3, 5, -3, 7].map { Float($0) }, shape: [4, 2])
    let hidden = try Tensor([1, 0, 1, 0, 1, 0, 1, 0].map { Float($0) }, shape: [4, 2])
    // Only the first column counts; its mean is 0.
    for (share, metric) in [(1.0, 1.0), (0.5, 0.75), (0.0, 0.0), (-1.0, -3.0)] {
      let result = try hiddenError(told: truth * share, truth: truth, hidden: hidden)
      #expect(abs(result.metric - metric) < 1e-5 && result.chance == 0)
      #expect(abs(try result.loss.item() - (1 - share) * (1 - share) * 5) < 1e-5)
    }
    #expect(try hiddenError(told: truth, truth: truth * 0, hidden: hidden).metric == 0)
  }

  @Test("Cells are standardised by what was seen so far, and by no more of it in inference")
  func standard() throws {
    let standard = try RunningStandard(ParameterStore(seed: 1).root, shape: [2])
    let mode = Mode.training(try Generator(seed: 1))
    let first = try standard(Tensor([0, 5, 4, 5] as [Float], shape: [2, 2]), mode)
    expectClose(try first.values(), [-1, 0, 1, 0] as [Float])
    // Means 2 and 4, variances 4 and 16: on average 3 and 10.
    let second = try standard(Tensor([0, 5, 8, 5] as [Float], shape: [2, 2]), mode)
    expectClose(try second.values(), [-3, 0, 5, 0].map { $0 / Float(10).squareRoot() })
    for _ in 0..<2 {
      expectClose(
        try standard(Tensor([3, 6] as [Float], shape: [1, 2]), .inference).values(), [0, 10] as [Float], absolute: 1e-5)
    }
  }

  @Test("Tokens are stretched to frames by straight lines")
  func stretching() {
    expectClose(FrameDecoder.stretching(2, frames: 4), [1, 0, 0.75, 0.25, 0.25, 0.75, 0, 1])
    expectClose(FrameDecoder.stretching(1, frames: 3), [1, 1, 1])
    expectClose(FrameDecoder.stretching(4, frames: 2), [0.5, 0.5, 0, 0, 0, 0, 0.5, 0.5])
  }

  @Test(
    "Flat windows explain nothing, and all windows give a finite loss",
    arguments: [
      signalContract, WindowContract(sensor: .heartRate, shape: [1, 30]),
      WindowContract(sensor: .activity, shape: [1, 2]),
      WindowContract(sensor: .heartRate, shape: [1, 1]), WindowContract(sensor: .radar, shape: [16, 40]), mapContract,
      referenceContract, spectrogramContract,
    ])
  func flat(contract: WindowContract) throws {
    let trial = try Trial(TaskRecipe(FrequencyTask.self), contract, steps: 3, batch: 2) { contract, count, _ in
      PretextWindows(contract: contract, count: count, values: [Float](repeating: 2, count: count * contract.size))
    }
    #expect(trial.metric == 0 && trial.losses.allSatisfy { $0.isFinite })
    let lively = try Trial(TaskRecipe(FrequencyTask.self), contract, steps: 3, batch: 2) { contract, count, random in
      PretextWindows(
        contract: contract, count: count, values: (0..<(count * contract.size)).map { _ in Float(random.normal()) })
    }
    #expect(lively.metric.isFinite && lively.losses.allSatisfy { $0.isFinite })
  }

  @Test(
    "Maps and spectrograms are learnt, and noise is not",
    arguments: [mapContract, referenceContract, spectrogramContract])
  func learns(contract: WindowContract) throws {
    func metric(_ smoothness: Bool) throws -> Double {
      try Trial(TaskRecipe(FrequencyTask.self), contract, steps: 60) { contract, count, random in
        let columns = contract.shape[contract.shape.count - 1]
        var values: [Float] = []
        for _ in 0..<count {
          // Waves over rows and columns of a strength and a length of the window's own, on a little noise; of a spectrogram,
          // which is logarithms, a level and a slope.
          let strength = smoothness ? exp(Double.random(in: -1..<1, using: &random)) : 1
          let pace = smoothness ? Double.random(in: 0.1..<1, using: &random) : 0
          for place in 0..<contract.size {
            let wave = sin(pace * Double(place / columns)) * cos(pace * Double(place % columns))
            let line = smoothness ? 3 * strength - pace * Double(place / columns) / 4 : 0
            let signal = contract.sensor == .spectrogram ? line : strength * 2 * wave
            values.append(Float(signal + 0.3 * strength * random.normal()))
          }
        }
        return PretextWindows(contract: contract, count: count, values: values)
      }.metric
    }
    let (learnt, noise) = (try metric(true), try metric(false))
    #expect(learnt > 0.2, "\(learnt)")
    #expect(noise < 0.05, "\(noise)")
  }
}
