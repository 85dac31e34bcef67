import Foundation
import Layers
import TestSupport
import Testing

@Suite("Linear-chain CRF")
struct CRFKernelTests {
  /// Small enough to list every path: classes, length.
  static let smallCases = (1...3).flatMap { classes in (1...4).map { (classes, $0) } }

  @Test("Every tagging of every small chain agrees with the sum over all paths", arguments: smallCases, [1.0, 400])
  func bruteForce(size: (classes: Int, length: Int), scale: Double) throws {
    // With scores of ±400 the parameters range too widely for the scaled recursions.
    let (classes, length) = size
    var random = Numbers(seed: UInt64(10 * classes + length))
    let chain = random.chain(classes, scale: scale)
    let kernel = CRFKernel(start: chain.start, transitions: chain.transitions, end: chain.end)
    let emissions = random.values(length * classes, scale: scale)
    let tagging = taggings(classes, length)
    // One batch of all taggings, each sequence one of them.
    let batch = try makeBatch(
      Array(repeating: emissions, count: tagging.count).flatMap { $0 }, tagging.flatMap { $0 },
      (tagging.count, length, classes))
    let likelihoods = try kernel.logLikelihoods(batch)
    let gradient = try kernel.gradient(batch)
    #expect(likelihoods == gradient.logLikelihoods)

    let free = chain.logPartition(emissions)
    let freeCounts = chain.expectedCounts(emissions)
    var sums = [Double](repeating: 0, count: 2 * classes + classes * classes)
    for (index, tags) in tagging.enumerated() {
      let expected = chain.logPartition(emissions, agreeingWith: tags) - free
      expectClose([likelihoods[index]], [expected], relative: 1e-11, absolute: 1e-11 * scale)
      let counts = zip(chain.expectedCounts(emissions, agreeingWith: tags), freeCounts).map { $0 - $1 }
      let cells = index * length * classes..<(index + 1) * length * classes
      expectClose(
        Array(gradient.emissions[cells]), Array(counts[..<(length * classes)]), absolute: 1e-11)
      for (offset, count) in counts.dropFirst(length * classes).enumerated() { sums[offset] += count }
    }
    expectClose(gradient.start + gradient.end + gradient.transitions, sums, absolute: 1e-9)

    let open = try makeBatch(emissions, nil, (1, length, classes))
    expectClose(
      try kernel.marginals(open), Array(freeCounts[..<(length * classes)]), absolute: 1e-11)
    let best = try #require(chain.paths(emissions).max { $0.score < $1.score })
    let decoded = try kernel.decode(open)
    #expect(decoded.tags == best.path.map(Int64.init))
    expectClose(decoded.scores, [best.score])
  }

  @Test("A batch of unequal lengths is its sequences one by one")
  func unequalLengths() throws {
    var random = Numbers(seed: 7)
    let (classes, length) = (3, 6)
    let chain = random.chain(classes)
    let kernel = CRFKernel(start: chain.start, transitions: chain.transitions, end: chain.end)
    let lengths = [6, 0, 1, 4]
    let emissions = random.values(lengths.count * length * classes)
    let tags = random.tags(lengths.count * length, classes)
    let weights = [0.5, 2, -1, 0.25]
    let whole = try makeBatch(emissions, tags, (4, length, classes), lengths)
    let gradient = try kernel.gradient(whole, weights: weights)
    let marginals = try kernel.marginals(try makeBatch(emissions, nil, (4, length, classes), lengths))
    let paths = try kernel.decode(whole)

    var start = [Double](repeating: 0, count: classes)
    for (sequence, count) in lengths.enumerated() {
      let cells = sequence * length * classes..<(sequence * length + count) * classes
      let own = Array(emissions[cells])
      let ownTags = Array(tags[(sequence * length)..<(sequence * length + count)])
      let single = try makeBatch(own, ownTags, (1, count, classes))
      let alone = try kernel.gradient(single)
      #expect(gradient.logLikelihoods[sequence] == alone.logLikelihoods[0])
      expectClose(Array(gradient.emissions[cells]), alone.emissions.map { $0 * weights[sequence] })
      for index in start.indices { start[index] += weights[sequence] * alone.start[index] }
      #expect(Array(marginals[cells]) == (try kernel.marginals(try makeBatch(own, nil, (1, count, classes)))))
      let row = Array(paths.tags[(sequence * length)..<((sequence + 1) * length)])
      #expect(row == (try kernel.decode(single).tags) + Array(repeating: -1, count: length - count))

      let padding = cells.upperBound..<(sequence + 1) * length * classes
      #expect(gradient.emissions[padding].allSatisfy { $0 == 0 })
      #expect(marginals[padding].allSatisfy { $0 == 0 })
    }
    expectClose(gradient.start, start)
  }

  @Test("The gradient agrees with finite differences in every score", arguments: [1.0, 150])
  func finiteDifferences(scale: Double) throws {
    var random = Numbers(seed: 11)
    let (batch, length, classes) = (2, 5, 4)
    let chain = random.chain(classes, scale: scale)
    let emissions = random.values(batch * length * classes, scale: scale)
    var tags = random.tags(batch * length, classes)
    tags[3] = -1
    tags[9] = -1
    let all = [emissions, chain.start, chain.end, chain.transitions]
    func value(_ scores: [[Double]]) throws -> Double {
      let kernel = CRFKernel(start: scores[1], transitions: scores[3], end: scores[2])
      let values = try kernel.logLikelihoods(
        makeBatch(scores[0], tags, (batch, length, classes), [5, 3]))
      return values[0] - 2 * values[1]
    }
    let gradient = try CRFKernel(start: chain.start, transitions: chain.transitions, end: chain.end)
      .gradient(makeBatch(emissions, tags, (batch, length, classes), [5, 3]), weights: [1, -2])
    for (array, analytic) in [gradient.emissions, gradient.start, gradient.end, gradient.transitions].enumerated() {
      for index in analytic.indices {
        var (above, below) = (all, all)
        above[array][index] += 1e-5
        below[array][index] -= 1e-5
        let numeric = try (value(above) - value(below)) / 2e-5
        expectClose([analytic[index]], [numeric], relative: 1e-6, absolute: 1e-7 * scale)
      }
    }
  }

  @Test("pytorch-crf gives the same likelihoods, gradients and paths")
  func pytorchCRF() throws {
    let fixture = Fixture("crf")
    let kernel = try CRFKernel(
      start: fixture.doubles("start"), transitions: fixture.doubles("transitions"),
      end: fixture.doubles("end"))
    let batch = try makeBatch(
      fixture.doubles("emissions"), fixture.integers("tags").map(Int64.init), (5, 12, 5),
      fixture.integers("lengths"))
    let gradient = try kernel.gradient(batch)
    expectClose(gradient.logLikelihoods, try fixture.doubles("likelihoods"))
    expectClose(gradient.emissions, try fixture.doubles("emissions_gradient"), absolute: 1e-11)
    expectClose(gradient.start, try fixture.doubles("start_gradient"), absolute: 1e-11)
    expectClose(gradient.end, try fixture.doubles("end_gradient"), absolute: 1e-11)
    expectClose(gradient.transitions, try fixture.doubles("transitions_gradient"), absolute: 1e-11)
    #expect(try kernel.decode(batch).tags.map(Int.init) == fixture.integers("paths"))
  }

  @Test("Emissions and parameters of ten thousand either way stay finite", arguments: [1.0, 280, 1e4])
  func extremes(parameterScale: Double) throws {
    var random = Numbers(seed: 5)
    let (length, classes) = (200, 5)
    let signs = random.values(length * classes).map { $0 < 0 ? -1e4 : 1e4 }
    let chain = random.chain(classes, scale: parameterScale / 2)
    let kernel = CRFKernel(start: chain.start, transitions: chain.transitions, end: chain.end)
    let tags = random.tags(length, classes)
    let batch = try makeBatch(signs, tags, (1, length, classes))
    let gradient = try kernel.gradient(batch)
    #expect(gradient.logLikelihoods[0].isFinite && gradient.logLikelihoods[0] <= 0)
    for values in [gradient.emissions, gradient.start, gradient.end, gradient.transitions] {
      #expect(values.allSatisfy { $0.isFinite })
    }
    let marginals = try kernel.marginals(try makeBatch(signs, nil, (1, length, classes)))
    for window in 0..<length {
      expectClose([marginals[(window * classes)..<((window + 1) * classes)].reduce(0, +)], [1], relative: 1e-7)
    }
    // The best path's log-probability is its share of the partition.
    let best = try kernel.decode(batch)
    let likelihood = try kernel.logLikelihoods(makeBatch(signs, best.tags, (1, length, classes)))
    #expect(likelihood[0] <= 1e-6 && likelihood[0] >= -Double(length) * log(Double(classes)))
  }

  @Test("The scaled recursions and the logarithmic domain agree on a long sequence")
  func domains() throws {
    var random = Numbers(seed: 2)
    let (length, classes) = (500, 4)
    let chain = random.chain(classes)
    let emissions = random.values(length * classes, scale: 30)
    let tags = random.tags(length, classes)
    let batch = try makeBatch(emissions, tags, (1, length, classes))
    let scaled = try CRFKernel(start: chain.start, transitions: chain.transitions, end: chain.end).gradient(batch)
    // A fifth class out of reach makes the range too wide for the scaled recursions and changes nothing else.
    var transitions = [Double](repeating: -1e5, count: 25)
    var widened = [Double](repeating: 0, count: length * 5)
    for from in 0..<4 {
      for to in 0..<4 { transitions[from * 5 + to] = chain.transitions[from * 4 + to] }
    }
    for window in 0..<length {
      for tag in 0..<4 { widened[window * 5 + tag] = emissions[window * 4 + tag] }
    }
    let wide = try CRFKernel(start: chain.start + [-1e5], transitions: transitions, end: chain.end + [-1e5])
      .gradient(makeBatch(widened, tags, (1, length, 5)))
    expectClose(wide.logLikelihoods, scaled.logLikelihoods, relative: 1e-10)
    expectClose(Array(wide.start[..<4]), scaled.start, absolute: 1e-9)
    expectClose(Array(wide.end[..<4]), scaled.end, absolute: 1e-9)
    for from in 0..<4 {
      expectClose(
        Array(wide.transitions[(from * 5)..<(from * 5 + 4)]),
        Array(scaled.transitions[(from * 4)..<(from * 4 + 4)]), absolute: 1e-8)
    }
  }

  @Test("A large batch, run on several threads, gives the same bits each time and as one by one")
  func threads() throws {
    var random = Numbers(seed: 3)
    let (batch, length, classes) = (24, 900, 5)
    let chain = random.chain(classes)
    let kernel = CRFKernel(start: chain.start, transitions: chain.transitions, end: chain.end)
    let emissions = random.values(batch * length * classes)
    let tags = random.tags(batch * length, classes)
    let whole = try makeBatch(emissions, tags, (batch, length, classes))
    let first = try kernel.gradient(whole)
    for _ in 0..<3 {
      let again = try kernel.gradient(whole)
      #expect(again.transitions == first.transitions && again.logLikelihoods == first.logLikelihoods)
    }
    let size = length * classes
    let fifth = try kernel.gradient(
      makeBatch(
        Array(emissions[(5 * size)..<(6 * size)]), Array(tags[(5 * length)..<(6 * length)]), (1, length, classes)))
    #expect(fifth.logLikelihoods[0] == first.logLikelihoods[5])
    #expect(fifth.emissions == Array(first.emissions[(5 * size)..<(6 * size)]))
  }

  @Test("Single-precision emissions give what their double-precision values give")
  func singlePrecision() throws {
    var random = Numbers(seed: 4)
    let chain = random.chain(3)
    let kernel = CRFKernel(
      start: chain.start.map(Float.init), transitions: chain.transitions.map(Float.init),
      end: chain.end.map(Float.init))
    let emissions = random.values(12).map(Float.init)
    let single = try emissions.withUnsafeBufferPointer {
      try kernel.marginals(CRFBatch(emissions: $0, shape: (1, 4, 3)))
    }
    #expect(single == (try kernel.marginals(makeBatch(emissions.map(Double.init), nil, (1, 4, 3)))))
  }

  @Test("Equally good paths: the first class wins")
  func ties() throws {
    let kernel = indifferent(2)
    let paths = try kernel.decode(makeBatch([0, 0, 0, 0, 0, 0], nil, (1, 3, 2)))
    #expect(paths.tags == [0, 0, 0] && paths.scores == [0])
  }

  @Test("NaN emissions give NaN, not a crash")
  func notANumber() throws {
    let kernel = indifferent(2)
    let batch = try makeBatch([.nan, .nan, 0, .nan, .infinity, -.infinity], [0, 1, -1], (1, 3, 2))
    #expect(try kernel.gradient(batch).logLikelihoods[0].isNaN)
    #expect(try kernel.decode(batch).tags.allSatisfy { (0...1).contains($0) })
  }

  @Test("A mask of valid windows first becomes lengths; any other is refused")
  func masks() throws {
    func lengths(_ mask: [Bool]) throws -> [Int] {
      try mask.withUnsafeBufferPointer { try CRFBatch.lengths(mask: $0, batch: 2, length: 3) }
    }
    #expect(try lengths([true, true, false, true, true, true]) == [2, 3])
    #expect(try lengths([false, false, false, true, false, false]) == [0, 1])
    #expect(throws: CRFError.mask(sequence: 1, window: 2)) { try lengths([true, true, true, true, false, true]) }
    #expect(throws: CRFError.count(array: "mask", found: 1, shape: [2, 3])) { try lengths([true]) }
  }

  @Test("Batches that do not fit are refused in words")
  func errors() throws {
    func refusal(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return words(of: error) }
      return nil
    }
    let kernel = indifferent(2)
    #expect(
      refusal { _ = try makeBatch([0, 0, 0], nil, (1, 2, 2)) }
        == "CRF emissions: found 3 values, expected 4 for shape [1, 2, 2]")
    #expect(
      refusal { _ = try makeBatch([0, 0, 0, 0], [0, 2], (1, 2, 2)) }
        == "CRF tags: found 2 at sequence 0, window 1, expected 0...1, or -1 where the window is unscored")
    #expect(
      refusal { _ = try makeBatch([0, 0, 0, 0], [0, -2], (1, 2, 2)) }
        == "CRF tags: found -2 at sequence 0, window 1, expected 0...1, or -1 where the window is unscored")
    #expect(
      refusal { _ = try makeBatch([0, 0, 0, 0], [0], (1, 2, 2)) }
        == "CRF tags: found 1 values, expected 2 for shape [1, 2]")
    #expect(
      refusal { _ = try makeBatch([0, 0, 0, 0], nil, (1, 2, 2), [3]) }
        == "CRF lengths: found 3 for sequence 0, expected 0...2")
    #expect(
      refusal { _ = try makeBatch([0, 0, 0, 0], nil, (1, 2, 2), [1, 1]) }
        == "CRF lengths: found 2 values, expected 1 for shape [1]")
    #expect(
      refusal { _ = try kernel.decode(makeBatch([0, 0, 0], nil, (1, 1, 3))) }
        == "CRF emissions: found 3 classes, expected the 2 of the transition scores")
    #expect(
      refusal { _ = try kernel.gradient(makeBatch([0, 0], [0], (1, 1, 2)), weights: []) }
        == "CRF weights: found 0 values, expected 1 for shape [1]")
    #expect(
      words(of: CRFError.mask(sequence: 1, window: 2))
        == "CRF mask: found a valid window 2 after an invalid one in sequence 1, expected valid windows first: "
        + "give gaps the tag -1 instead")
  }

  @Test("An empty batch has no likelihoods")
  func empty() throws {
    let kernel = indifferent(1)
    #expect(try kernel.gradient(makeBatch([], [], (0, 3, 1))).logLikelihoods.isEmpty)
    #expect(try kernel.decode(makeBatch([], nil, (2, 0, 1))).scores == [0, 0])
  }
}

/// A chain whose paths all score 0.
private func indifferent(_ classes: Int) -> CRFKernel {
  let zeros = [Double](repeating: 0, count: classes * classes)
  return CRFKernel(start: Array(zeros[..<classes]), transitions: zeros, end: Array(zeros[..<classes]))
}

/// Every tagging of a sequence, -1 for an open window among them.
private func taggings(_ classes: Int, _ length: Int) -> [[Int64]] {
  var result: [[Int64]] = [[]]
  for _ in 0..<length {
    result = result.flatMap { tags in (-1..<Int64(classes)).map { tags + [$0] } }
  }
  return result
}

private func makeBatch(
  _ emissions: [Double], _ tags: [Int64]?, _ shape: (Int, Int, Int), _ lengths: [Int]? = nil
) throws -> CRFBatch {
  let shape = (batch: shape.0, length: shape.1, classes: shape.2)
  return try emissions.withUnsafeBufferPointer { emissions in
    try tags?.withUnsafeBufferPointer { tags in
      try CRFBatch(emissions: emissions, tags: tags, lengths: lengths, shape: shape)
    } ?? CRFBatch(emissions: emissions, lengths: lengths, shape: shape)
  }
}

/// Seeded numbers: a linear congruential generator, its high bits.
private struct Numbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 32 | (state &* 0xd130_2b97) << 32
  }

  mutating func values(_ count: Int, scale: Double = 1) -> [Double] {
    (0..<count).map { _ in scale * Double.random(in: -1...1, using: &self) }
  }

  mutating func tags(_ count: Int, _ classes: Int) -> [Int64] {
    (0..<count).map { _ in Int64.random(in: 0..<Int64(classes), using: &self) }
  }

  mutating func chain(_ classes: Int, scale: Double = 1) -> BruteForceChain {
    BruteForceChain(
      start: values(classes, scale: scale), transitions: values(classes * classes, scale: scale),
      end: values(classes, scale: scale))
  }
}
