import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing

import Upstream

@Suite("The course of a window")
struct CourseTests {
  private static let recipes = [
    TaskRecipe(ArrowTask.self), TaskRecipe(PermutationTask.self), TaskRecipe(WarpTask.self),
  ]

  @Test("The logistic loss and its gradient are PyTorch's, the metric the share of right answers")
  func logistic() throws {
    let fixture = Fixture("course")
    let (shape, values) = try fixture.floats("logits")
    let logits = try Tensor(values, shape: shape)
    try logits.setRequiresGradient(true)
    let truth = try fixture.floats("answers").values.map { $0 > 0 }
    let result = try yesOrNo(logits, truth: truth)
    try result.loss.backward()
    expectClose([Float(try result.loss.item())], try fixture.floats("loss").values)
    expectClose(try #require(try logits.gradient()).values(), try fixture.floats("gradient").values)
    let right = zip(values, truth).count { ($0 > 0) == $1 }
    expectClose([result.metric], [Double(right) / 9], relative: 1e-6)
    #expect(result.chance == 0.5)
  }

  @Test("A reversed window has each channel's samples in the opposite order")
  func reversal() {
    let contract = WindowContract(sensor: .respiration, shape: [2, 3], sampleRateHz: 5)
    let windows = PretextWindows(contract: contract, count: 2, values: (0..<12).map(Float.init))
    #expect(ArrowTask.reversed(windows, where: [false, true]) == [0, 1, 2, 3, 4, 5, 8, 7, 6, 11, 10, 9])
  }

  @Test("Every choice of segments of at least the shortest length is as likely")
  func segments() {
    let contract = WindowContract(sensor: .respiration, shape: [1, 9], sampleRateHz: 5)
    let shuffle = SegmentShuffle(contract, segments: 3, shortest: 0.2, gap: 0)
    var random = RandomSource(seed: 1)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<10_000 { counts[shuffle.cut(&random).map(\.count), default: 0] += 1 }
    // Three samples that are free, among three segments of two: ten ways.
    #expect(counts.count == 10)
    #expect(counts.keys.allSatisfy { $0.reduce(0, +) == 9 && $0.allSatisfy { $0 >= 2 } })
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 130 }, "\(counts)")
  }

  @Test("A shuffled window has its segments in another order, the same in all channels; the others stay")
  func shuffled() {
    let contract = WindowContract(sensor: .respiration, shape: [2, 12], sampleRateHz: 5)
    let shuffle = SegmentShuffle(contract, segments: 4, shortest: 0.17, gap: 0)
    var random = RandomSource(seed: 2)
    let values = (0..<48).map(Float.init)
    var orders = Set<[Float]>()
    for _ in 0..<200 {
      let result = shuffle(values, where: [true, false], &random)
      #expect(Array(result[24...]) == Array(values[24...]))
      let first = Array(result[0..<12])
      #expect(first.sorted() == Array(values[0..<12]) && first != Array(values[0..<12]))
      #expect(Array(result[12..<24]) == first.map { $0 + 12 })
      // Three cuts at the most.
      #expect((1..<12).count { first[$0] != first[$0 - 1] + 1 } <= 3)
      orders.insert(first)
    }
    #expect(orders.count > 100)
  }

  @Test("About each cut a window has its channel's mean, whether it is shuffled or not")
  func gaps() {
    let contract = WindowContract(sensor: .respiration, shape: [1, 40], sampleRateHz: 5)
    let shuffle = SegmentShuffle(contract, segments: 4, shortest: 0.1, gap: 0.05)
    var random = RandomSource(seed: 3)
    let values = (0..<80).map { Float(1 << ($0 % 20)) }
    let means = [0, 40].map { start in values[start..<(start + 40)].reduce(0, +) / 40 }
    for _ in 0..<50 {
      let result = shuffle(values, where: [true, false], &random)
      for (window, mean) in means.enumerated() {
        // Three cuts, two samples each.
        #expect(result[(40 * window)..<(40 * window + 40)].count { $0 == mean } == 6)
      }
    }
  }

  @Test("The curve of speeds is SciPy's natural spline")
  func spline() throws {
    let fixture = Fixture("course")
    let curve = NaturalSpline(try fixture.floats("knots").values.map(Double.init))
    expectClose((0..<37).map { Float(curve(Double($0) * 5 / 36)) }, try fixture.floats("curve").values, relative: 1e-5)
    #expect(NaturalSpline([1, 3])(0.25) == 1.5)
  }

  @Test("Time goes forwards in every window, evenly in those that are not warped, and within the window")
  func places() {
    let warp = TimeWarp(Courses.signal, knots: 4, strength: 0.5, crop: 0.3)
    var random = RandomSource(seed: 4)
    for round in 0..<400 {
      let places = warp.places(round % 2 == 0, &random)
      let steps = zip(places, places.dropFirst()).map { $1 - $0 }
      #expect(places.count == 120 && places[0] >= 0 && places[119] <= 119 + 1e-9)
      #expect(places[119] - places[0] >= 0.7 * 119 - 1e-9)
      #expect(steps.allSatisfy { $0 > 0 })
      let spread = (steps.max() ?? 0) - (steps.min() ?? 0)
      #expect(round % 2 == 0 ? spread > 0.05 : spread < 1e-9)
    }
  }

  @Test("A straight line that is read at other places stays the line at those places, in all channels")
  func interpolation() {
    let contract = WindowContract(sensor: .accelerometer, shape: [2, 30], sampleRateHz: 30)
    let warp = TimeWarp(contract, knots: 4, strength: 0.2, crop: 0.2)
    let values = (0..<30).map { 3 * Float($0) } + (0..<30).map { 5 - Float($0) }
    var random = RandomSource(seed: 5)
    var same = random
    let result = warp(values, where: [true], &random)
    let places = warp.places(true, &same)
    expectClose(result, places.map { Float(3 * $0) } + places.map { Float(5 - $0) }, absolute: 1e-4)
  }

  @Test(
    "Noise reversed or in pieces is noise: the whole encoder is at chance", arguments: [Courses.signal, Courses.axes])
  func noise(contract: WindowContract) throws {
    for recipe in Self.recipes.prefix(2) {
      let trial = try TimeTrial(recipe, contract, steps: 50, Courses.noise)
      #expect(trial.chance == 0.5)
      #expect(abs(trial.metric - 0.5) < 0.06, "\(recipe.name): \(trial.metric)")
    }
  }

  @Test("Neither ends nor amplitude nor roughness nor jumps tell", arguments: CourseCue.Cue.allCases)
  func cues(cue: CourseCue.Cue) throws {
    // Where time runs faster than elsewhere the jumps are greater: that is what a change of speed is.
    for recipe in cue == .jumps ? Array(Self.recipes.prefix(2)) : Self.recipes {
      // The ends of a window with a course are content.
      let contents: [Courses.Content] = cue == .ends ? [Courses.noise] : [Courses.noise, Courses.smooth]
      for (index, content) in contents.enumerated() {
        let trial = try TimeTrial(
          recipe, Courses.signal, cue: cue, steps: 150, count: 64, tests: 1000, rate: 2e-2, content)
        #expect(abs(trial.metric - 0.5) < 0.06, "\(recipe.name), \(cue) of \(index): \(trial.metric)")
      }
    }
  }

  @Test("In windows of noise a change of speed hardly shows: a hundred steps leave the whole encoder near chance")
  func warpedNoise() throws {
    let trial = try TimeTrial(TaskRecipe(WarpTask.self), Courses.signal, steps: 100, tests: 1000, Courses.noise)
    #expect(trial.metric < 0.6, "\(trial.metric)")
  }

  @Test("Without a blank at the cuts, jumps tell of smooth windows whether they are shuffled")
  func seams() throws {
    let recipe = TaskRecipe(PermutationTask.self) { ($0.gap, $0.shortest) = (0, 0.033) }
    let trial = try TimeTrial(
      recipe, Courses.signal, cue: .jumps, steps: 150, count: 64, tests: 1000, rate: 2e-2, Courses.smooth)
    #expect(trial.metric > 0.75, "\(trial.metric)")
  }

  @Test("Each is learnt from windows with a course, and its loss falls")
  func learns() throws {
    let cases: [(TaskRecipe, Courses.Content, Int)] = [
      (TaskRecipe(ArrowTask.self), Courses.pulses, 60), (TaskRecipe(PermutationTask.self), Courses.chirp, 100),
      (TaskRecipe(WarpTask.self) { $0.strength = 0.5 }, Courses.swing, 200),
    ]
    for (recipe, content, steps) in cases {
      let trial = try TimeTrial(recipe, Courses.signal, steps: steps, content)
      #expect(trial.metric > 0.7, "\(recipe.name): \(trial.metric)")
      #expect(trial.remaining < 0.9, "\(recipe.name): \(trial.remaining)")
    }
  }

  @Test("Flat windows, two windows and the shortest ones give finite losses")
  func edges() throws {
    let short = WindowContract(
      sensor: .heartRate, channels: [Channel(name: "HR", unit: "bpm")], shape: [1, 8], sampleRateHz: 1)
    for recipe in Self.recipes {
      for contract in [short, Courses.axes] {
        for content in [Courses.flat, Courses.noise] as [Courses.Content] {
          let trial = try TimeTrial(recipe, contract, steps: 3, count: 2, tests: 2, content)
          #expect(trial.losses.allSatisfy { $0.isFinite } && trial.metric.isFinite, "\(recipe.name)")
        }
      }
    }
  }

  @Test("The same seed gives the same losses, another one others")
  func repeatable() throws {
    for recipe in Self.recipes {
      func losses(_ seed: UInt64) throws -> [Double] {
        try TimeTrial(recipe, Courses.signal, steps: 3, count: 8, tests: 8, seed: seed, Courses.chirp).losses
      }
      #expect(try losses(1) == losses(1))
      #expect(try losses(1) != losses(2))
    }
  }

  @Test("They serve signals with samples enough, and refuse short windows and odd options in words")
  func refusals() throws {
    for recipe in Self.recipes {
      #expect(
        Sensor.allCases.filter(recipe.serves) == [
          .radar, .psg, .ecg, .respiration, .accelerometer, .heartRate, .ppg, .snore,
        ])
    }
    func refused(_ recipe: TaskRecipe, samples: Int = 120) throws -> String {
      let contract = WindowContract(
        sensor: .heartRate, channels: [Channel(name: "HR", unit: "bpm")], shape: [1, samples], sampleRateHz: 1)
      let error = #expect(throws: EncoderError.self) { try windowTask(recipe, contract, width: 8) }
      return error.map { words(of: $0) } ?? ""
    }
    for recipe in Self.recipes {
      #expect(
        try refused(recipe, samples: 7)
          == "\(recipe.name): windows of heart-rate 1 x 7 at 1 Hz (HR in bpm), expected at least 8 samples; leave heart-rate out of "
          + "the task's 'sensors'")
    }
    let many = TaskRecipe(PermutationTask.self) { $0.segments = 10 }
    #expect(
      try refused(many, samples: 19)
        == "permutation: windows of heart-rate 1 x 19 at 1 Hz (HR in bpm), expected at least 20 samples; leave heart-rate out of "
        + "the task's 'sensors'")
    func permutation(_ change: (inout PermutationTask.Options) -> Void) throws -> String {
      try refused(TaskRecipe(PermutationTask.self, change))
    }
    #expect(try permutation { $0.segments = 1 } == "permutation: 'segments' is 1, expected a whole number from 2 to 64")
    #expect(
      try permutation { $0.shortest = 0.3 }
        == "permutation: 'shortest' is 0.3, expected at most 0.25: there are 4 segments")
    #expect(try permutation { $0.gap = 0.1 } == "permutation: 'gap' is 0.1, expected less than 'shortest', 0.1")
    func warp(_ change: (inout WarpTask.Options) -> Void) throws -> String {
      try refused(TaskRecipe(WarpTask.self, change))
    }
    #expect(try warp { $0.knots = 0 } == "warp: 'knots' is 0, expected a whole number from 1 to 64")
    #expect(try warp { $0.strength = 0 } == "warp: 'strength' is 0.0, expected a number above 0 and at most 1")
    #expect(try warp { $0.crop = 1 } == "warp: 'crop' is 1.0, expected a number above 0 and below 1")
  }
}
