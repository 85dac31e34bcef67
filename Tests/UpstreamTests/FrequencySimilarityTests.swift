import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

@Suite("Frequency similarity")
struct FrequencySimilarityTests {
  /// Noise of a slowness of its own, of deviation 1 but for a random gain.
  private func coloured(_ contract: WindowContract, _ count: Int, _ random: inout RandomSource) -> PretextWindows {
    let samples = contract.size
    var values: [Float] = []
    for _ in 0..<count {
      let memory = Double.random(in: -0.9..<0.9, using: &random)
      let gain = exp(Double.random(in: -1..<1, using: &random)) * (1 - memory * memory).squareRoot()
      var last = 0.0
      for _ in 0..<samples {
        last = memory * last + random.normal()
        values.append(Float(gain * last))
      }
    }
    return PretextWindows(contract: contract, count: count, values: values)
  }

  @Test("Distances are Hellinger's between SciPy's spectra, and how strong a window is changes none")
  func distances() throws {
    let fixture = Fixture("frequency-similarity")
    let windows = try fixture.floats("windows").values
    let profile = SpectralProfile(WindowContract(sensor: .psg, shape: [2, 300]))
    let expected = try fixture.floats("distances").values
    expectClose(try profile.distances(windows).values(), expected, relative: 1e-3, absolute: 1e-3)
    expectClose(try profile.distances(windows.map { $0 * 7 }).values(), expected, relative: 1e-3, absolute: 1e-3)
  }

  @Test("Maps are as far from each other as their frequencies are, wherever they are shifted")
  func maps() throws {
    let contract = WindowContract(sensor: .pressureMap, shape: [2, 8, 6])
    func map(_ wave: (Int, Int) -> Double) -> [Float] {
      (0..<96).map { $0 < 48 ? Float(wave($0 / 6, $0 % 6)) : 9 }
    }
    let windows =
      map { row, _ in sin(Double(row) * .pi / 4) } + map { row, _ in 3 * sin(Double(row + 3) * .pi / 4) }
      + map { _, column in sin(Double(column) * .pi / 3) }
    let distances = try SpectralProfile(contract).distances(windows).values(Float.self)
    expectClose(distances, [0, 0, 1, 0, 0, 1, 1, 1, 0], absolute: 2e-3)
  }

  @Test("The soft loss and its gradient are PyTorch's")
  func reference() throws {
    let fixture = Fixture("frequency-similarity")
    let (shape, values) = try fixture.floats("vectors")
    let vectors = try Tensor(values, shape: shape)
    try vectors.setRequiresGradient(true)
    let distances = try Tensor(fixture.floats("distances").values, shape: [6, 6])
    let loss = try softContrast(vectors, distances: distances, temperature: 0.2, softness: 0.4)
    try loss.backward()
    expectClose([Float(try loss.item())], try fixture.floats("loss").values)
    expectClose(
      try #require(try vectors.gradient()).values(), try fixture.floats("gradient").values, relative: 1e-4,
      absolute: 1e-6)
  }

  @Test("Between two windows there is nothing to tell, and none are equally far")
  func small() throws {
    let vectors = try Tensor([1, 2, 3, 1] as [Float], shape: [2, 2])
    let loss = try softContrast(vectors, distances: Tensor.zeros([2, 2]), temperature: 0.2, softness: 0.4)
    #expect(try loss.item() == 0)
    var random = RandomSource(seed: 1)
    #expect(Triplets(distances: [0, 1, 1, 0], count: 2, &random).isEmpty)
    #expect(Triplets(distances: [Float](repeating: 0, count: 25), count: 5, &random).isEmpty)
  }

  @Test("Of two windows the nearer one is told by likeness; likeness that says nothing is right half of the time")
  func triplets() throws {
    var random = RandomSource(seed: 2)
    let places: [Float] = [0, 1, 3, 7, 15, 31]
    let distances = places.flatMap { one in places.map { abs(one - $0) } }
    var (sum, count) = (0.0, 0)
    for _ in 0..<200 {
      let triplets = Triplets(distances: distances, count: 6, &random)
      for (index, anchor) in triplets.anchors.enumerated() {
        let (one, other) = (triplets.first[index], triplets.second[index])
        #expect(Set([anchor, one, other]).count == 3)
        #expect(triplets.firstIsNearer[index] == (distances[anchor * 6 + one] < distances[anchor * 6 + other]))
      }
      #expect(triplets.accuracy(distances.map { -$0 }) == 1 && triplets.accuracy(distances) == 0)
      #expect(triplets.accuracy([Float](repeating: 1, count: 36)) == 0.5)
      sum += triplets.accuracy((0..<36).map { _ in Float(random.normal()) })
      count += 1
    }
    #expect(abs(sum / Double(count) - 0.5) < 0.04)
  }

  @Test(
    "Likeness of spectra is learnt, and cannot be told from amplitude",
    arguments: FrequencySimilarityTask.Comparison.allCases)
  func learns(comparison: FrequencySimilarityTask.Comparison) throws {
    let recipe = TaskRecipe(FrequencySimilarityTask.self) { $0.compare = comparison }
    let trial = try Trial(recipe, signalContract, steps: 80, coloured)
    #expect(trial.metric > 0.75 && trial.chance == 0.5, "\(trial.metric)")
    let (first, last) = (trial.losses.prefix(5).reduce(0, +), trial.losses.suffix(5).reduce(0, +))
    #expect(last < first)
    for cue in [CueEncoder.Cue.border, .corners] {
      let blind = try Trial(recipe, signalContract, cue: cue, steps: 40, Windows.noise)
      #expect(abs(blind.metric - 0.5) < 0.06, "\(cue): \(blind.metric)")
    }
    let loud = try Trial(recipe, signalContract, cue: .amplitude, steps: 40) { contract, count, random in
      var windows = Windows.noise(contract, count, &random).values
      for window in 0..<count {
        let gain = Float(exp(Double.random(in: -1..<1, using: &random)))
        for index in (window * contract.size)..<((window + 1) * contract.size) { windows[index] *= gain }
      }
      return PretextWindows(contract: contract, count: count, values: windows)
    }
    #expect(abs(loud.metric - 0.5) < 0.06, "\(loud.metric)")
  }

  @Test(
    "Flat windows, short ones, many channels, maps with a reference and batches of two give a finite loss",
    arguments: [
      signalContract, WindowContract(sensor: .heartRate, shape: [1, 1]),
      WindowContract(sensor: .radar, shape: [16, 40]),
      mapContract, WindowContract(sensor: .pressureMap, shape: [2, 16, 12]),
    ], FrequencySimilarityTask.Comparison.allCases)
  func finite(contract: WindowContract, comparison: FrequencySimilarityTask.Comparison) throws {
    let recipe = TaskRecipe(FrequencySimilarityTask.self) { $0.compare = comparison }
    for batch in [2, 5] {
      let trial = try Trial(recipe, contract, steps: 2, batch: batch) { contract, count, _ in
        PretextWindows(contract: contract, count: count, values: [Float](repeating: 2, count: count * contract.size))
      }
      #expect(trial.metric == 0.5 && trial.losses.allSatisfy { $0.isFinite })
    }
  }

  @Test("Sensors without a spectrum are not served, and options out of range are refused")
  func options() throws {
    #expect([.psg, .heartRate, .pressureMap].allSatisfy(FrequencySimilarityTask.serves))
    #expect(![.activity, .spectrogram].contains(where: FrequencySimilarityTask.serves))
    let cases: [((inout FrequencySimilarityTask.Options) -> Void, String)] = [
      ({ $0.temperature = 0 }, "'temperature' is 0.0, expected a number above 0 and at most 1000"),
      ({ $0.softness = -1 }, "'softness' is -1.0, expected a number above 0 and at most 1000"),
      ({ $0.projection = 0 }, "'projection' is 0, expected a whole number from 1 to 65536"),
    ]
    for (change, message) in cases {
      let store = try ParameterStore(seed: 1)
      let error = #expect(throws: EncoderError.self) {
        try TaskRecipe(FrequencySimilarityTask.self, change).windowTask(store, CueEncoder(.border, signalContract))
      }
      #expect(error.map { words(of: $0) } == "frequency-similarity: " + message)
    }
  }
}
