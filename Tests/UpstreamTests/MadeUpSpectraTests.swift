import Encoders
import Foundation
import Layers
import Signals
import SleepCore
import TestSupport
import Testing
import Upstream

@Suite("Made-up spectra")
struct MadeUpSpectraTests {
  private func maker(_ samples: Int, channels: Int = 1, bins: Int = 20, spread: Double = 0.5) throws -> MadeUpSpectra {
    try #require(
      MadeUpSpectra(
        channels: channels, samples: samples, bins: bins, lowestCycles: 3, highestShare: 0.7, spread: spread))
  }

  @Test("Bins are of equal ratio, and no narrower than one cycle a window")
  func bins() throws {
    let long = try maker(3000)
    #expect(long.bins == 20 && long.edges.first == 3)
    #expect(abs(long.edges[20] - 1050) < 1e-9)
    let ratios = zip(long.edges.dropFirst(), long.edges).map { $0 / $1 }
    #expect(ratios.allSatisfy { abs($0 - ratios[0]) < 1e-9 })
    // From 3 to 23.1 cycles: a ratio of 4/3 goes seven times into 7.7.
    let short = try maker(66)
    #expect(short.bins == 7 && short.edges[1] - short.edges[0] >= 1)
    // As published, in windows of 30 s: 0.3 to 35 Hz.
    let published = try #require(
      MadeUpSpectra(channels: 1, samples: 3000, bins: 20, lowestCycles: 9, highestShare: 0.7, spread: 0))
    #expect(published.bins == 20 && abs(published.edges[20] / 30 - 35) < 1e-9 && published.edges[0] / 30 == 0.3)
    #expect(MadeUpSpectra(channels: 1, samples: 15, bins: 20, lowestCycles: 3, highestShare: 0.7, spread: 0) == nil)
    #expect(MadeUpSpectra(channels: 1, samples: 1, bins: 20, lowestCycles: 3, highestShare: 0.7, spread: 0) == nil)
  }

  @Test("A window has power where it says so and nowhere else, and is of mean 0 and deviation 1")
  func power() throws {
    var random = RandomSource(seed: 1)
    let maker = try maker(1200, channels: 2, bins: 8)
    let (windows, present) = maker(30, &random)
    #expect(windows.count == 30 * 2 * 1200 && present.count == 30 * 8)
    let spectrum = try PowerSpectrum.periodogram(windows, samples: 1200, sampleRateHz: 1200, window: .hann)
    for row in 0..<60 {
      let signal = windows[(row * 1200)..<((row + 1) * 1200)].map(Double.init)
      #expect(abs(signal.reduce(0, +)) < 1e-2)
      #expect(abs(signal.reduce(0) { $0 + $1 * $1 } / 1200 - 1) < 1e-4)
      for bin in 0..<8 {
        let inside = Int(maker.edges[bin])...Int(maker.edges[bin + 1].rounded(.up))
        let strongest = inside.map { spectrum.density[row * 601 + $0] }.max() ?? 0
        let middle = Int((maker.edges[bin] + maker.edges[bin + 1]) / 2)
        // A hidden neighbour's sine reaches two frequencies into a bin; the middle of a wide bin is out of its reach.
        if present[row / 2 * 8 + bin] == 1 {
          #expect(strongest > 1e-3)
        } else if maker.edges[bin + 1] - maker.edges[bin] > 8 {
          #expect(spectrum.density[row * 601 + middle] < 1e-4)
        }
      }
    }
    let numbers = (0..<30).map { window in present[(window * 8)..<((window + 1) * 8)].reduce(0, +) }
    #expect(numbers.allSatisfy { (1...8).contains($0) } && Set(numbers).count > 4)
  }

  @Test("Without a spread one sine in one channel has the frequency and phase that were drawn")
  func sine() throws {
    var (random, same) = (RandomSource(seed: 4), RandomSource(seed: 4))
    let maker = try maker(100, bins: 2, spread: 0)
    let (windows, present) = maker(1, &random)
    let number = Int.random(in: 1...2, using: &same)
    let chosen = (0..<2).shuffled(using: &same).prefix(number).map {
      ($0, Double.random(in: 0..<(2 * .pi), using: &same))
    }
    var expected = [Double](repeating: 0, count: 100)
    for (bin, phase) in chosen {
      #expect(present[bin] == 1)
      let cycles = Double.random(in: maker.edges[bin]..<maker.edges[bin + 1], using: &same)
      for sample in 0..<100 { expected[sample] += sin(2 * .pi * cycles * Double(sample) / 100 + phase) }
    }
    let mean = expected.reduce(0, +) / 100
    let deviation = (expected.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100).squareRoot()
    expectClose(windows, expected.map { Float(($0 - mean) / deviation) }, relative: 1e-4, absolute: 1e-5)
  }

  @Test("One answer for all bins is right half of the time, and windows of one kind of bin do not count")
  func balanced() {
    let present: [Float] = [1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0]
    #expect(balancedAccuracy(told: [Bool](repeating: true, count: 12), present, bins: 4) == 0.5)
    #expect(balancedAccuracy(told: [Bool](repeating: false, count: 12), present, bins: 4) == 0.5)
    #expect(balancedAccuracy(told: present.map { $0 == 1 }, present, bins: 4) == 1)
    // 1 and 1/3 in the first window, 1/2 and 1 in the last.
    let told = [true, true, true, false, false, false, false, false, true, false, false, false]
    #expect(abs(balancedAccuracy(told: told, present, bins: 4) - (2.0 / 3 + 0.75) / 2) < 1e-12)
    #expect(balancedAccuracy(told: [true, true], [1, 1], bins: 2) == 0.5)
  }

  @Test("Frequencies are learnt, and cannot be told from border or amplitude, nor does the recording matter")
  func learns() throws {
    let contract = WindowContract(sensor: .psg, shape: [2, 300])
    let trial = try Trial(TaskRecipe(MadeUpSpectraTask.self), contract, steps: 150, rate: 1e-2, Windows.noise)
    #expect(trial.metric > 0.62 && trial.chance == 0.5, "\(trial.metric)")
    let (first, last) = (trial.losses.prefix(5).reduce(0, +), trial.losses.suffix(5).reduce(0, +))
    #expect(last < 0.97 * first)
    for cue in [CueEncoder.Cue.border, .corners, .amplitude] {
      let blind = try Trial(TaskRecipe(MadeUpSpectraTask.self), signalContract, cue: cue, steps: 60, Windows.noise)
      #expect(abs(blind.metric - 0.5) < 0.05, "\(cue): \(blind.metric)")
    }
    func losses(_ value: Float) throws -> [Double] {
      try Trial(TaskRecipe(MadeUpSpectraTask.self), contract, steps: 2, batch: 4) { contract, count, _ in
        PretextWindows(
          contract: contract, count: count, values: [Float](repeating: value, count: count * contract.size))
      }.losses
    }
    #expect(try losses(0) == losses(100))
  }

  @Test("Many channels, short windows and batches of two give a finite loss")
  func finite() throws {
    for shape in [[16, 300], [1, 16], [2, 66]] {
      let trial = try Trial(
        TaskRecipe(MadeUpSpectraTask.self), WindowContract(sensor: .heartRate, shape: shape), steps: 2, batch: 2,
        Windows.noise)
      #expect(trial.losses.allSatisfy { $0.isFinite } && (0...1).contains(trial.metric))
    }
  }

  @Test("Windows that are too short and options out of range are refused, and maps are not served")
  func refused() throws {
    #expect(MadeUpSpectraTask.serves(.radar) && !MadeUpSpectraTask.serves(.pressureMap))
    #expect(!MadeUpSpectraTask.serves(.activity) && !MadeUpSpectraTask.serves(.spectrogram))
    func refusal(_ contract: WindowContract, _ change: (inout MadeUpSpectraTask.Options) -> Void = { _ in }) throws
      -> String?
    {
      let store = try ParameterStore(seed: 1)
      let error = #expect(throws: EncoderError.self) {
        try TaskRecipe(MadeUpSpectraTask.self, change).windowTask(store, CueEncoder(.border, contract))
      }
      return error.map { words(of: $0) }
    }
    #expect(
      try refusal(WindowContract(sensor: .heartRate, channels: ["HR"], shape: [1, 12], sampleRateHz: 0.2))
        == "made-up-spectra: windows of heart-rate 1 x 12 at 0.2 Hz (HR) are too short for two bins of frequencies, each one "
        + "cycle wide: lower 'lowest_cycles', or leave the sensor out of 'sensors'")
    #expect(
      try refusal(signalContract) { $0.bins = 1 }
        == "made-up-spectra: 'bins' is 1, expected a whole number from 2 to 1000")
    #expect(
      try refusal(signalContract) { $0.highestShare = 1.5 }
        == "made-up-spectra: 'highest_share' is 1.5, expected a number above 0 and at most 1")
    #expect(
      try refusal(signalContract) { $0.lowestCycles = 0 }
        == "made-up-spectra: 'lowest_cycles' is 0.0, expected a number from 0.1 to 1000000")
    #expect(
      try refusal(signalContract) { $0.amplitudeSpread = -1 }
        == "made-up-spectra: 'amplitude_spread' is -1.0, expected a number from 0 to 10")
  }
}
