import Layers
import Tensors
import TestSupport
import Testing

@Suite("CRF layer")
struct CRFLayerTests {
  let fixture = Fixture("crf")

  /// pytorch-crf's batch in single precision: the layer, its store, and emissions.
  func make() throws -> (ConditionalRandomField, ParameterStore, Tensor) {
    let (batch, tags) = (try fixture.integers("lengths").count, try fixture.integers("tags").count)
    let shape = [batch, tags / batch, try fixture.doubles("start").count]
    let store = try ParameterStore(seed: 1)
    let layer = try ConditionalRandomField(store.root, classes: shape[2])
    for (name, file) in [
      ("start_transitions", "start"), ("end_transitions", "end"), ("transitions", "transitions"),
    ] {
      let tensor = try #require(store[name])
      let values = try fixture.doubles(file)
      try LibTorch.withoutGradients { try tensor.assign(Tensor(values, shape: tensor.shape)) }
    }
    let emissions = try Tensor(fixture.doubles("emissions").map { Float($0) }, shape: shape)
    return (layer, store, emissions)
  }

  @Test(
    "Loss and gradients are pytorch-crf's, divided by the labelled windows within the lengths", arguments: [1.0, 3])
  func agrees(scale: Double) throws {
    let (layer, store, emissions) = try make()
    let lengths = try fixture.integers("lengths")
    let tags = try fixture.integers("tags").map { Int8($0) }
    try emissions.setRequiresGradient(true)
    let loss = try layer.loss(emissions, tags: tags, lengths: lengths)
    let known = Double(lengths.reduce(0, +))
    expectClose([try loss.item()], [-(try fixture.doubles("likelihoods").reduce(0, +)) / known], relative: 1e-6)
    try (loss * scale).backward()
    for (tensor, name) in [
      (emissions, "emissions"), (store["start_transitions"], "start"), (store["end_transitions"], "end"),
      (store["transitions"], "transitions"),
    ] {
      let gradient = try #require(try tensor?.gradient()).values(Double.self)
      expectClose(
        gradient, try fixture.doubles(name + "_gradient").map { -$0 / known * scale }, relative: 1e-5, absolute: 1e-7)
    }
  }

  @Test("Frozen emissions get no gradient, the chain does; a frozen chain leaves the emissions theirs")
  func frozen() throws {
    let (layer, store, emissions) = try make()
    let lengths = try fixture.integers("lengths")
    let tags = try fixture.integers("tags").map { Int8($0) }
    try layer.loss(emissions, tags: tags, lengths: lengths).backward()
    #expect(try emissions.gradient() == nil)
    #expect(try store.parameters().allSatisfy { try $0.gradient() != nil })

    try store.clearGradients()
    try store.train(.none)
    #expect(try layer.loss(emissions, tags: tags, lengths: lengths).requiresGradient == false)
    let scores = try emissions.clone()
    try scores.setRequiresGradient(true)
    try layer.loss(scores * 1, tags: tags, lengths: lengths).backward()
    #expect(try scores.gradient() != nil)
    #expect(try store.parameters().allSatisfy { try $0.gradient() == nil })
  }

  @Test("Open windows: the gradient is that of finite differences")
  func finiteDifferences() throws {
    let store = try ParameterStore(seed: 5)
    let layer = try ConditionalRandomField(store.root, classes: 3)
    let values = try Tensor.normal([2, 4, 3], generator: Generator(seed: 6)).values(Float.self)
    let tags: [Int8] = [0, -1, 2, 1, -1, 1, 0, 0]
    let emissions = try Tensor(values, shape: [2, 4, 3])
    try emissions.setRequiresGradient(true)
    try layer.loss(emissions, tags: tags, lengths: [4, 2]).backward()
    let gradient = try #require(try emissions.gradient()).values(Double.self)
    for index in values.indices {
      let ends = try [-1, 1].map { (sign: Float) in
        var moved = values
        moved[index] += sign * 0.05
        return try layer.loss(Tensor(moved, shape: [2, 4, 3]), tags: tags, lengths: [4, 2]).item()
      }
      expectClose([gradient[index]], [(ends[1] - ends[0]) / 0.1], relative: 2e-2, absolute: 2e-4)
    }
  }

  @Test("Best paths are pytorch-crf's; marginals of a window add up to 1")
  func decoding() throws {
    let (layer, _, emissions) = try make()
    let lengths = try fixture.integers("lengths")
    #expect(try layer.decode(emissions, lengths: lengths).tags == fixture.integers("paths").map { Int64($0) })
    let marginals = try layer.marginals(emissions)
    for window in stride(from: 0, to: marginals.count, by: 5) {
      expectClose([marginals[window..<window + 5].reduce(0, +)], [1], relative: 1e-9)
    }
  }

  @Test("Emissions of another rank or classes, and tags of another count, are refused")
  func refusals() throws {
    let (layer, _, _) = try make()
    let rank = #expect(throws: TensorError.self) { try layer.loss(.ones([4, 5]), tags: [0, 1, 2, 3]) }
    #expect(words(of: try #require(rank)) == "a tensor of shape [4, 5], expected 3 axes")
    let classes = #expect(throws: CRFError.self) { try layer.decode(.ones([1, 2, 3])) }
    #expect(
      words(of: try #require(classes)) == "CRF emissions: found 3 classes, expected the 5 of the transition scores")
    let count = #expect(throws: CRFError.self) { try layer.loss(.ones([1, 2, 5]), tags: [0]) }
    #expect(words(of: try #require(count)) == "CRF tags: found 1 values, expected 2 for shape [1, 2]")
  }
}
