import Encoders
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing

@Suite("Overlapping sequences")
struct SequencesTests {
  private static let cases: [Sequences] = [
    Sequences(starts: [0], length: 23), Sequences(starts: [0, 1], length: 22),
    Sequences(starts: [0, 5, 10], length: 13),
    Sequences(starts: [0, 4, 8, 12], length: 9), Sequences(starts: [0, 6, 12, 18], length: 5),
    Sequences(starts: [0, 5, 10, 15, 20], length: 3), Sequences(starts: Array(0..<22), length: 2),
  ]

  /// Running statistics, scales and shifts unlike those of a new network.
  private static func encoder(_ recipe: EncoderRecipe, _ contract: WindowContract) throws -> (any Encoder)? {
    let store = try ParameterStore(seed: 5)
    guard let encoder = try? recipe.make(store.root("encoder"), inputs: [contract]) else { return nil }
    let random = try Generator(seed: 6)
    try LibTorch.withoutGradients {
      for entry in store.entries where entry.tensor.dtype == .float32 && entry.tensor.shape.count == 1 {
        try entry.tensor.assign(.uniform(entry.tensor.shape, generator: random) + 0.5)
      }
    }
    return encoder
  }

  @Test(
    "Sequences of a stretch have the vectors of each by itself, in every encoder, whichever their starts and length",
    arguments: EncoderTests.kinds, cases)
  func vectors(recipe: EncoderRecipe, sequences: Sequences) throws {
    try LibTorch.withoutGradients {
      for contract in EncoderTests.contracts {
        guard let encoder = try Self.encoder(recipe, contract) else { continue }
        let stretch = try EncoderTests.windows(contract, batch: 1, length: 23)
        let found = try encoder.vectors(sequences, in: stretch, of: contract.sensor)
        let parts = try sequences.starts.map {
          try encoder(stretch.narrowed(1, $0..<($0 + sequences.length)), of: contract.sensor, .inference)
        }
        let expected = try Tensor.concatenate(parts, axis: 0)
        #expect(found.shape == expected.shape)
        let largest = try expected.values(Float.self).reduce(0) { max($0, abs($1)) }
        expectClose(
          try found.values(Float.self), try expected.values(Float.self), relative: 0, absolute: Double(largest) * 1e-5)
      }
    }
  }

  @Test("A sequence's ends do matter: the vectors beside them are not those of the whole stretch")
  func ends() throws {
    let contract = EncoderTests.contracts[2]
    let encoder = try #require(try Self.encoder(EncoderRecipe(WaveformEncoder.self) { $0.width = 16 }, contract))
    let stretch = try EncoderTests.windows(contract, batch: 1, length: 32)
    // Starts that pooling joins to the same pairs.
    let sequences = Sequences(starts: [0, 16], length: 16)
    let alone = try sequences(stretch).detach()
    let own = try encoder(alone, of: .ecg, .inference).values(Float.self)
    let cut = try sequences(encoder(stretch, of: .ecg, .inference)).values(Float.self)
    let differing = (0..<32).filter { window in
      (0..<16).contains { abs(own[window * 16 + $0] - cut[window * 16 + $0]) > 1e-4 }
    }
    #expect(differing.contains(15) && differing.contains(16) && !differing.contains(8))
  }

  @Test("Sequences overlap where one begins before another ends")
  func overlap() {
    #expect(Self.cases.map(\.overlap) == [false, true, true, true, false, false, true])
  }
}
