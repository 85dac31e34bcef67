import Corpora
import Encoders
import Foundation
import Layers
import SleepCore
import TestSupport
import Testing
import Upstream

@Suite("Stays and labels")
struct CoincidenceTests {
  private static let maps = WindowContract(sensor: .pressureMap, shape: [4, 4])

  /// What is found of people who lie in stays of 10 windows each.
  ///
  /// - Parameter people: Of each person the labels of each stay's windows; -1 is none.
  private func found(_ people: [[[Int8]]], _ recipe: TaskRecipe? = nil) throws -> Coincidence? {
    try withTemporaryFolder { folder in
      var random = RandomSource(seed: 1)
      let writer = try CorpusWriter(folder, dataset: "toy", labels: .postures)
      for (number, stays) in people.enumerated() {
        // A map that is nearly the same throughout a stay, and unlike any other stay's.
        let values = stays.flatMap { stay -> [Float] in
          let posture = (0..<16).map { _ in Float(random.normal()) }
          return stay.flatMap { _ in posture.map { $0 + 0.01 * Float(random.normal()) } }
        }
        try writer.write(
          RecordingWindows(
            id: "r\(number)", subject: Subject("s\(number)"), labels: stays.flatMap(\.self),
            sensors: [SensorWindows(contract: Self.maps, values: values)]))
      }
      let scheme = try #require(LabelScheme.named("postures-17"))
      let source = try WindowSource(writer.finish(), sensors: [.pressureMap], scheme: scheme)
      let store = try ParameterStore(seed: 1)
      let network = try PretextNetwork(
        store, encoder: EncoderRecipe(SharedEncoder.self) { ($0.width, $0.map.channels) = (4, [2]) },
        inputs: [Self.maps])
      let neighbours = TaskRecipe(ContrastTask.self) { ($0.pairs.of, $0.negatives) = (.neighbours, .sameSubject) }
      return try Coincidence((recipe ?? neighbours).make(store.root("task"), network), sources: [source], seed: 1)
    }
  }

  /// A stay of 10 windows: of one label, but for some of another.
  private static func stay(_ label: Int8, but others: Int = 0, of other: Int8 = 0) -> [Int8] {
    [Int8](repeating: label, count: 10 - others) + [Int8](repeating: other, count: others)
  }

  @Test("Purity, mutual information, stays a label and negatives of one label are as counted by hand")
  func byHand() throws {
    let found = try #require(
      try found([
        [Self.stay(0), Self.stay(1, but: 2, of: 0), Self.stay(0)],
        [Self.stay(2), Self.stay(1), [Int8](repeating: -1, count: 10)],
      ]))
    // The stay without a label is none.
    #expect(found.task == "contrast" && found.stays == 5)
    expectClose([found.purity], [48.0 / 50])
    // Of five stays of 10 windows each, and labels of 22, 18 and 10.
    func entropy(_ counts: [Double]) -> Double { -counts.reduce(0) { $0 + $1 / 50 * log($1 / 50) } }
    let (stays, labels) = (entropy([10, 10, 10, 10, 10]), entropy([22, 18, 10]))
    let both = entropy([10, 8, 2, 10, 10, 10])
    expectClose([found.mutualInformation], [(stays + labels - both) / ((stays + labels) / 2)])
    // The first has three stays of two labels, the second two of two.
    expectClose([found.staysPerLabel], [5.0 / 4])
    // Of the first one's six ordered pairs two are of one label, of the second one's two none.
    expectClose([found.sameLabelNegatives], [2.0 / 8])
    #expect(
      found.text
        == "contrast: 96 % of labelled windows have the label of their stay (5 stays, 1.2 a label and group; mutual information "
        + "\(String(format: "%.2f", found.mutualInformation))), 25 % of what a stay is told apart from has its label")
  }

  @Test("Where stays are told apart from everybody's, those of other people count")
  func everybody() throws {
    let people = [[Self.stay(0), Self.stay(1)], [Self.stay(0), Self.stay(1)]]
    let own = try #require(try found(people))
    let all = try #require(
      try found(people, TaskRecipe(ContrastTask.self) { ($0.pairs.of, $0.negatives) = (.neighbours, .all) }))
    // Of two ordered pairs each none is of one label; of all twelve, four are.
    expectClose([own.sameLabelNegatives, all.sameLabelNegatives], [0, 4.0 / 12])
    #expect(own.isNearlyTheLabels && !all.isNearlyTheLabels)
  }

  @Test("It warns where each label is held once, in words, and not where it is held again")
  func warning() throws {
    let once = try #require(try found([(0..<6).map { Self.stay($0) }]))
    #expect(once.isNearlyTheLabels)
    #expect(
      once.text == """
        contrast: 100 % of labelled windows have the label of their stay (6 stays, 1.0 a label and group; mutual information \
        1.00), 0 % of what a stay is told apart from has its label
        warning: the stays of 'contrast' are nearly the labels, each held about once: a gain may be of that coincidence, and \
        not be had where labels recur
        """)
    let twice = try #require(try found([(0..<6).flatMap { [Self.stay($0), Self.stay($0)] }]))
    #expect(!twice.isNearlyTheLabels && !twice.text.contains("warning"))
    expectClose([twice.purity, twice.staysPerLabel, twice.sameLabelNegatives], [1, 2, 12.0 / 132])
  }

  @Test("Each of the three limits is where the warning ends")
  func limits() throws {
    // Nine in ten windows have their stay's label: not more than nine in ten.
    let tenth = (1..<9).map { Self.stay(Int8($0), but: 1) }
    let mixed = try #require(try found([tenth]))
    expectClose([mixed.purity], [0.9])
    #expect(!mixed.isNearlyTheLabels)
    let purer = try #require(try found([tenth + [Self.stay(9)]]))
    expectClose([purer.purity], [82.0 / 90])
    #expect(purer.isNearlyTheLabels)
    // One label twice: 2 of 72 ordered pairs of 9 stays are below three in a hundred, 2 of 56 of 8 stays are not.
    let nine = try #require(try found([((0..<8) + [0]).map { Self.stay($0) }]))
    expectClose([nine.sameLabelNegatives], [2.0 / 72])
    #expect(nine.isNearlyTheLabels)
    let eight = try #require(try found([((0..<7) + [0]).map { Self.stay($0) }]))
    expectClose([eight.sameLabelNegatives], [2.0 / 56])
    #expect(!eight.isNearlyTheLabels && eight.purity == 1 && eight.staysPerLabel < 1.5)
    // Of 17 labels 8 are held twice, and then 9: 25 stays, and 26.
    for (again, warns) in [(8, true), (9, false)] {
      let more = try #require(try found([(Array(0..<17) + Array(0..<again)).map { Self.stay(Int8($0)) }]))
      expectClose([more.staysPerLabel], [Double(17 + again) / 17])
      #expect(more.sameLabelNegatives < 0.03 && more.isNearlyTheLabels == warns, "\(again)")
    }
  }

  @Test("A task that takes any windows has none, nor have windows without labels")
  func none() throws {
    let labelled = [(0..<4).map { Self.stay($0) }]
    #expect(try found(labelled, Published.rotation) == nil)
    #expect(try found([[Self.stay(-1), Self.stay(-1)]]) == nil)
    #expect(try found(labelled) != nil)
  }
}
