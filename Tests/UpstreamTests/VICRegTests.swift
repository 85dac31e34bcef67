import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

@Suite("VICReg")
struct VICRegTests {
  @Test("The loss, its terms and its gradient are lightly's")
  func reference() throws {
    let fixture = Fixture("vicreg")
    let (shape, values) = try fixture.floats("embeddings")
    let embeddings = try Tensor(values, shape: shape)
    try embeddings.setRequiresGradient(true)
    let parts = try embeddings.split(9, axis: 0)
    let terms = try [
      invarianceTerm(parts[0], parts[1]), varianceTerm(parts[0]), varianceTerm(parts[1]), covarianceTerm(parts[0]),
      covarianceTerm(parts[1]),
    ]
    expectClose(try Tensor.stack(terms).values(), try fixture.floats("terms").values)
    let loss = try varianceInvarianceCovariance(embeddings)
    try loss.backward()
    expectClose([Float(try loss.item())], try fixture.floats("loss").values)
    expectClose(
      try #require(try embeddings.gradient()).values(), try fixture.floats("gradient").values, relative: 1e-4,
      absolute: 1e-5)
  }

  @Test("Two embeddings by hand: one feature flat, or both the same")
  func byHand() throws {
    let flat = try Tensor([0, 7, 2, 7] as [Float], shape: [2, 2])
    // A deviation of root 2 is enough; one of 0 leaves the root of the epsilon, 0.01.
    expectClose([try varianceTerm(flat).item()], [0.495], relative: 1e-5)
    #expect(try covarianceTerm(flat).item() == 0)
    let same = try Tensor([1, 1, -1, -1] as [Float], shape: [2, 2])
    #expect(try covarianceTerm(same).item() == 4 && varianceTerm(same).item() == 0)
    #expect(try invarianceTerm(flat, same).item() == (1.0 + 36 + 9 + 64) / 4)
  }

  @Test("A single embedding has no deviation and no covariance")
  func single() throws {
    let one = try Tensor([3, 5] as [Float], shape: [1, 2])
    expectClose([try varianceTerm(one).item()], [0.99], relative: 1e-5)
    #expect(try covarianceTerm(one).item() == 0)
  }

  @Test("The weights are those that are asked for")
  func weights() throws {
    var random = RandomSource(seed: 3)
    let windows = Windows.structured(signalContract, 6, &random)
    func loss(_ invariance: Double, _ variance: Double, _ covariance: Double) throws -> Double {
      var run = try TaskOnNetwork(
        TaskRecipe(VICRegTask.self) {
          ($0.invariance, $0.variance, $0.covariance) = (invariance, variance, covariance)
        }, signalContract)
      return try run(windows).loss.item()
    }
    let parts = try [loss(0, 1, 0), loss(0, 0, 1), loss(1, 1, 0)]
    expectClose(
      [try loss(3, 5, 2)], [5 * parts[0] + 2 * parts[1] + 3 * (parts[2] - parts[0])], relative: 1e-4)
  }

  @Test("The expander has three layers, the first two of them normalised")
  func expander() throws {
    let run = try TaskOnNetwork(TaskRecipe(VICRegTask.self) { $0.expansion = 12 }, signalContract)
    let names = run.store.entries.filter { $0.name.hasPrefix("task.") && $0.kind == .parameter }
      .map { "\($0.name.dropFirst("task.expander.".count)) \($0.tensor.shape)" }
    #expect(
      names == [
        "hidden.weight [12, 8]", "hidden.bias [12]", "norm.weight [12]", "norm.bias [12]", "hidden2.weight [12, 12]",
        "hidden2.bias [12]", "norm2.weight [12]", "norm2.bias [12]", "output.weight [12, 12]", "output.bias [12]",
      ])
  }

  @Test("Options that cannot be are refused in words")
  func refusals() {
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(VICRegTask.self) { $0.variance = 0 })
        == "vicreg: 'variance' is 0, expected one above 0: all embeddings would fall together")
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(VICRegTask.self) { $0.expansion = 0 })
        == "vicreg: 'expansion' is 0, expected a whole number from 1 to 65536")
    #expect(
      TaskOnNetwork.refusal(TaskRecipe(VICRegTask.self) { $0.pairs.stays = 1 })
        == "vicreg: 'pairs.stays' is 1, expected a whole number from 2 to 4096")
  }
}

@Suite("Search for partners")
struct PartnerSearchTests {
  private func vectors(_ values: [Float]) throws -> Tensor { try Tensor(values, shape: [values.count, 1]) }

  @Test("Numbers on a line by hand")
  func byHand() throws {
    let search = try PartnerSearch(vectors([0, 1, 5]), among: vectors([0.4, 4, 5.1]), places: [0, 1, 2])
    // 1 is nearer to the first's partner than to its own.
    expectClose([search.found, search.chance], [2.0 / 3, 1.0 / 3], relative: 1e-6)
  }

  @Test("A window that was drawn twice is not told from itself")
  func twice() throws {
    let search = try PartnerSearch(vectors([0, 0, 5]), among: vectors([0.2, 0.1, 5]), places: [4, 4, 6])
    expectClose([search.found, search.chance], [1, (0.5 + 0.5 + 1.0 / 3) / 3], relative: 1e-6)
  }

  @Test("Where all have fallen together no more are found than by chance")
  func collapsed() throws {
    let search = try PartnerSearch(vectors([3, 3, 3, 3]), among: vectors([3, 3, 3, 3]), places: [0, 1, 2, 3])
    #expect(search.found == 0.25 && search.chance == 0.25)
  }

  @Test("Far from zero nothing is lost to rounding")
  func farAway() throws {
    let search = try PartnerSearch(
      vectors([4000, 4001, 4002]), among: vectors([4000.1, 4001.1, 4002.1]), places: [0, 1, 2])
    #expect(search.found == 1)
  }

  @Test("Vectors that know nothing are as good as chance, both ways")
  func unknowing() throws {
    let generator = try Generator(seed: 4)
    var sum = 0.0
    for _ in 0..<100 {
      let search = try PartnerSearch.bothWays(
        .normal([40, 8], generator: generator), among: .normal([40, 8], generator: generator),
        places: Array(0..<20) + Array(0..<20))
      expectClose([search.chance], [0.05])
      sum += search.found / 100
    }
    #expect(abs(sum - 0.05) < 0.015, "\(sum)")
  }
}
