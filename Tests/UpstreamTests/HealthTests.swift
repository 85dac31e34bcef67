import Corpora
import Encoders
import Foundation
import Layers
import NumPy
import SleepCore
import Tensors
import TestSupport
import Testing
import Upstream

@Suite("The health of vectors agrees with scikit-learn and NumPy")
struct HealthTests {
  private static let contract = WindowContract(
    sensor: .heartRate, channels: [Channel(name: "hr", unit: "bpm")], shape: [1, 4], sampleRateHz: 4.0 / 30)
  private let fixture = Fixture("probe")

  /// A window's own numbers are its vector.
  private struct Plain: Encoder {
    let inputs = [HealthTests.contract]
    let width = 4
    func callAsFunction(_ windows: Tensor, of sensor: Sensor, _ mode: Mode) throws -> Tensor {
      try windows.reshaped([windows.shape[0], windows.shape[1], 4])
    }
  }

  /// What a probe says of vectors with classes: those of people who are known, in two nights, and those of others.
  private func probe(
    known: (vectors: [Float], classes: [Int]), others: (vectors: [Float], classes: [Int])
  ) throws -> [String: Double] {
    try withTemporaryFolder { folder in
      let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages)
      // Wake, N2 and REM stand for the three classes.
      func write(_ name: String, _ vectors: [Float], _ classes: [Int]) throws {
        try writer.write(
          RecordingWindows(
            id: name, subject: Subject(name), labels: classes.map { $0 < 0 ? -1 : [0, 2, 4][$0] },
            sensors: [SensorWindows(contract: Self.contract, values: vectors)]))
      }
      let half = known.classes.count / 2
      try write("a", Array(known.vectors[..<(4 * half)]), Array(known.classes[..<half]))
      try write("b", Array(known.vectors[(4 * half)...]), Array(known.classes[half...]))
      try write("c", others.vectors, others.classes)
      let corpus = try writer.finish()
      let scheme = try #require(LabelScheme.named("w-nrem-rem"))
      func source(_ people: [String]) throws -> WindowSource {
        try WindowSource(corpus, sensors: [.heartRate], subjects: people.map { Subject($0) }, scheme: scheme)
      }
      return try Probe(training: source(["a", "b"]), validation: source(["c"]), scheme: scheme)(
        PretextNetwork(ParameterStore(seed: 1), encoder: Plain()))
    }
  }

  @Test("A probe's kappas are those of scikit-learn's neighbours and logistic regression, and so are its clusters")
  func probes() throws {
    let found = try probe(
      known: (fixture.floats("known").values, fixture.integers("known-labels")),
      others: (fixture.floats("others").values, fixture.integers("other-labels")))
    let (kappas, clusters) = (try fixture.doubles("kappas"), try fixture.doubles("clusters"))
    expectClose([found["probe/nearest neighbours"] ?? -1], [kappas[0]], absolute: 1e-9)
    // Two ways to fit and to shrink: a window or two between two classes may go the other way.
    expectClose([found["probe/logistic regression"] ?? -1], [kappas[1]], absolute: 0.03)
    // Ends of k-means that are about as good differ by a few of 120 windows.
    expectClose([found["probe/cluster purity"] ?? -1], [clusters[0]], absolute: 0.03)
    expectClose([found["probe/cluster mutual information"] ?? -1], [clusters[1]], absolute: 0.08)
    #expect(found.count == 4)
  }

  @Test("Vectors that say the class give 1, vectors that do not 0, and without labels nothing is said")
  func ends() throws {
    var random = RandomSource(seed: 1)
    let classes = (0..<90).map { $0 % 3 }
    let telling = classes.flatMap { own in
      (0..<4).map { Float(($0 == own ? 9.0 : 0) + 0.1 * random.normal()) }
    }
    let all = try probe(known: (telling, classes), others: (telling, classes))
    #expect(all.count == 4 && all.values.allSatisfy { abs($0 - 1) < 1e-9 }, "\(all)")
    let (some, more) = ((0..<360).map { _ in Float(random.normal()) }, (0..<360).map { _ in Float(random.normal()) })
    let none = try probe(known: (some, classes), others: (more, classes))
    #expect(abs(none["probe/nearest neighbours"] ?? 1) < 0.2 && abs(none["probe/logistic regression"] ?? 1) < 0.2)
    // A window without a label is not asked about, whatever its vector.
    let odd = telling + [Float](repeating: -50, count: 4)
    #expect(try probe(known: (odd, classes + [-1]), others: (odd, classes + [-1])) == all)
    #expect(try probe(known: (telling, classes.map { _ in -1 }), others: (telling, classes)).isEmpty)
    #expect(try probe(known: (telling, classes), others: (telling, classes.map { _ in -1 })).isEmpty)
    // Fewer windows than classes are not put into clusters.
    let two = try probe(known: (telling, classes), others: (Array(telling[..<8]), [0, 1]))
    #expect(two.keys.sorted() == ["probe/logistic regression", "probe/nearest neighbours"])
  }

  @Test("Behind a context a window's vector is the one at its own place in the night")
  func places() throws {
    try withTemporaryFolder { folder in
      // The class is that of the window's content; every third window has no label, so that places and rows differ.
      let writer = try CorpusWriter(folder, dataset: "toy", labels: .stages)
      var random = RandomSource(seed: 2)
      for name in ["a", "b"] {
        let classes = (0..<90).map { _ in Int.random(in: 0..<3, using: &random) }
        let values = classes.flatMap { own in (0..<4).map { Float(($0 == own ? 9.0 : 0) + 0.1 * random.normal()) } }
        try writer.write(
          RecordingWindows(
            id: name, subject: Subject(name),
            labels: classes.enumerated().map { $0.isMultiple(of: 3) ? -1 : [0, 2, 4][$1] },
            sensors: [SensorWindows(contract: Self.contract, values: values)]))
      }
      let corpus = try writer.finish()
      let scheme = try #require(LabelScheme.named("w-nrem-rem"))
      let sources = try ["a", "b"].map {
        try WindowSource(corpus, sensors: [.heartRate], subjects: [Subject($0)], scheme: scheme)
      }
      let network = try PretextNetwork(
        ParameterStore(seed: 1), encoder: EncoderRecipe(Perceptron.self) { $0.width = 16 },
        context: ContextRecipe(DilatedConvolutions.self) { ($0.width, $0.layers, $0.kernel) = (16, 1, 1) },
        inputs: [Self.contract])
      let found = try Probe(training: sources[0], validation: sources[1], scheme: scheme)(network)
      #expect(
        (found["probe/nearest neighbours"] ?? 0) > 0.95 && (found["probe/logistic regression"] ?? 0) > 0.95, "\(found)")
    }
  }

  @Test("Effective rank, alignment and uniformity are NumPy's")
  func numbers() throws {
    let expected = try fixture.doubles("health")
    let vectors = try Tensor(fixture.floats("known").values, shape: [160, 4])
    let lengths = try vectors.norm([1], keepAxes: true)
    let found = try [effectiveRank(vectors), alignment(vectors / lengths), uniformity(vectors / lengths)]
    expectClose(found, expected, relative: 1e-4)
  }

  @Test("Vectors that fall together have rank 1, alignment and uniformity 0")
  func collapsed() throws {
    let same = try Tensor([Float](repeating: 0.5, count: 24), shape: [6, 4])
    #expect(try effectiveRank(same) == 1)
    expectClose([try alignment(same), try uniformity(same)], [0, 0], absolute: 1e-6)
    // Opposite pairs are as far apart as can be: 2 squared.
    let opposite = try Tensor([1, 0, 0, 1, -1, 0, 0, -1], shape: [4, 2])
    expectClose([try alignment(opposite)], [4], relative: 1e-6)
    // Of six pairs four are at right angles and two opposite.
    expectClose([try uniformity(opposite)], [log((4 * exp(-4) + 2 * exp(-8)) / 6)], relative: 1e-5)
  }
}
