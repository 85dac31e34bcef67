import Foundation
import Tensors
import Testing

@Suite("Many random numbers")
struct DrawTests {
  private static func noise(_ count: Int, seed: UInt64) throws -> [Float] {
    try Tensor.noise([count], generator: Generator(seed: seed)).values()
  }

  /// Of independent ones the greatest distance exceeds `1.95 / sqrt(count)` once in a thousand times (Kolmogorov and Smirnov).
  private func expectLike(_ distribution: (Double) -> Double, _ values: [Float]) {
    let (sorted, count) = (values.sorted(), Double(values.count))
    let distance = sorted.enumerated().map { abs(distribution(Double($1)) - (Double($0) + 0.5) / count) }.max() ?? 1
    #expect(distance < 1.95 / count.squareRoot())
  }

  @Test(
    "Noise is normal, neighbours and squares of neighbours have nothing in common, near ones and far ones",
    arguments: [1, 2, 99])
  func normal(seed: UInt64) throws {
    let values = try Self.noise(100_000, seed: seed)
    expectLike({ erfc(-$0 / 2.0.squareRoot()) / 2 }, values)
    for distance in [1, 8, 16, 16384] {
      let pairs = zip(values, values.dropFirst(distance)).map { (Double($0), Double($1)) }
      let (plain, squared) = pairs.reduce((0, 0)) {
        ($0.0 + $1.0 * $1.1, $0.1 + ($1.0 * $1.0 - 1) * ($1.1 * $1.1 - 1) / 2)
      }
      #expect(abs(plain) < 4.5 * Double(pairs.count).squareRoot())
      #expect(abs(squared) < 4.5 * Double(pairs.count).squareRoot())
    }
  }

  @Test(
    "A seed gives the same numbers on any number of threads, fewer or more of them; a state goes on; another seed gives others"
  )
  func repeats() throws {
    let threads = LibTorch.threads
    defer { LibTorch.threads = threads }
    let runs = try [1, 3].map { count in
      LibTorch.threads = count
      return try Self.noise(100_003, seed: 5)
    }
    #expect(runs[0] == runs[1])
    #expect(try Self.noise(17, seed: 5) == Array(runs[0].prefix(17)))
    #expect(try Self.noise(17, seed: 6) != Array(runs[0].prefix(17)))
    let generator = try Generator(seed: 5)
    #expect(try Tensor.noise([0], generator: generator).values(Float.self).isEmpty)
    let state = try generator.state()
    let next = try Tensor.noise([9], generator: generator).values(Float.self)
    try generator.restore(state)
    #expect(try Tensor.noise([9], generator: generator).values(Float.self) == next)
    #expect(next != Array(runs[0].prefix(9)))
  }

  @Test("Dropout drops its share, evenly, and keeps the mean", arguments: [0.1, 0.5])
  func dropout(share: Double) throws {
    let count = 100_000
    let dropped = try Tensor.ones([count]).dropout(share, generator: Generator(seed: 1)).values(Float.self)
    let kept = dropped.filter { $0 != 0 }
    #expect(kept.allSatisfy { abs(Double($0) - 1 / (1 - share)) < 1e-6 })
    #expect(
      abs(Double(kept.count) - Double(count) * (1 - share)) < 4 * (Double(count) * share * (1 - share)).squareRoot())
    let gaps = dropped.indices.filter { dropped[$0] == 0 }.map { Float($0) / Float(count) }
    expectLike({ $0 }, gaps)
  }
}
