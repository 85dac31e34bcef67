import Corpora
import Encoders
import Foundation
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training
import Upstream

/// The tasks that tell quantities, small enough for stretches of 24 windows.
private let tellers = [
  TaskRecipe(NightProfileTask.self),
  TaskRecipe(MaskedWindowsTask.self) { ($0.shortest, $0.longest, $0.share) = (3, 6, 0.4) },
  TaskRecipe(NextWindowsTask.self) { $0.windows = 4 },
]

@Suite("Trivial cues of nights")
struct NightCueTests {
  @Test(
    "Where each night goes its own way, neither the level of a stretch nor a window's place nor the clock tells quantities",
    arguments: tellers)
  func ownWays(recipe: TaskRecipe) throws {
    try Nights.with(28, Nights.walks(72)) { source in
      for cue in [NightCue.level, .place, .clock] {
        let trial = try NightTrial(recipe, source, cue: cue, known: 16)
        #expect(trial.chance == 0)
        #expect(trial.metric < 0.08, "\(recipe.name), \(cue): \(trial.metric)")
      }
    }
    // The windows themselves do, which are easier to read where all sleepers have one level.
    try Nights.with(28, Nights.walks(72, sleepers: 0)) { source in
      let seeing = try NightTrial(recipe, source, cue: .all, known: 16, steps: 150)
      #expect(seeing.metric > 0.1, "\(recipe.name): \(seeing.metric)")
    }
  }

  @Test(
    "Where all nights take one course, the clock tells of it what the mean night does, and no more", arguments: tellers)
  func oneCourse(recipe: TaskRecipe) throws {
    try Nights.with(28, Nights.falls(72)) { source in
      let profiles = try (16..<28).map { try NightProfile(source, recording: $0).values.map(Double.init) }
      // The mean of the very nights that are asked about: no model that knows the time alone does better on them.
      let mean = profiles[0].indices.map { index in profiles.reduce(0) { $0 + $1[index] } / 12 }
      let left = profiles.reduce(0) { $0 + zip($1, mean).reduce(0) { $0 + pow($1.0 - $1.1, 2) } }
      let all = profiles.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
      let stated = 1 - left / all
      #expect(stated > 0.2 && stated < 0.8, "\(stated)")
      let told = try NightTrial(recipe, source, cue: .clock, known: 16, steps: 100).metric
      #expect(told > 0.05 && told < stated + 0.05, "\(recipe.name): \(told), stated \(stated)")
    }
  }

  @Test("Which night it is cannot be told from the time of night or a window's place; a sleeper's own level tells it")
  func whichNight() throws {
    // Nights of six hours, so that the time would tell one stretch from another.
    try Nights.with(44, Nights.walks(720)) { source in
      for cue in [NightCue.clock, .place] {
        let trial = try NightTrial(TaskRecipe(WhichNightTask.self), source, cue: cue, known: 24, steps: 100)
        #expect(abs(trial.chance - 1.0 / 39) < 1e-9)
        #expect(trial.metric < trial.chance + 0.05, "\(cue): \(trial.metric)")
      }
      // It would be told from the time, if that were seen.
      let time = try NightTrial(TaskRecipe(WhichNightTask.self), source, cue: .time, known: 24, steps: 100)
      #expect(time.metric > 4 * time.chance, "\(time.metric)")
      // As the task's page says: the level is particular to the sleeper, and enough.
      let level = try NightTrial(TaskRecipe(WhichNightTask.self), source, cue: .level, known: 24)
      #expect(level.metric > 10 * level.chance, "\(level.metric)")
    }
    try Nights.with(
      44,
      { _, random in
        // Everyone has one level.
        (0..<72).map { _ in (60 + random.normal(), 0.3) }
      }
    ) { source in
      let seeing = try NightTrial(TaskRecipe(WhichNightTask.self), source, cue: .all, known: 24)
      #expect(seeing.metric < seeing.chance + 0.05, "\(seeing.metric)")
    }
  }
}

@Suite("What tasks of nights tell, by hand")
struct NightTaskTests {
  private static let lost: Set = [5, 6, 20]

  private static func huber(_ difference: Double) -> Double {
    abs(difference) < 1 ? difference * difference / 2 : abs(difference) - 0.5
  }

  /// Mean Huber loss and explained variance of one number that is told of all quantities of some windows.
  private static func byHand(_ told: Double, _ truth: [Double]) -> (loss: Double, metric: Double) {
    (
      truth.reduce(0) { $0 + huber(told - $1) } / Double(truth.count),
      1 - truth.reduce(0) { $0 + pow(told - $1, 2) } / truth.reduce(0) { $0 + $1 * $1 }
    )
  }

  /// The quantities of some windows of a batch.
  private static func quantities(_ nights: PretextNights, _ windows: [Int]) throws -> [Double] {
    let profile = try nights.profile()
    let width = profile.shape[2]
    let values = try profile.values(Float.self)
    return windows.flatMap { values[($0 * width)..<(($0 + 1) * width)].map(Double.init) }
  }

  private func withPlan(
    rows: [(night: Int, start: Int)] = [(0, 0), (1, 3), (2, 16)], length: Int = 24,
    _ body: (WindowSource, BatchPlan) throws -> Void
  ) throws {
    try Nights.with(3, lost: Self.lost, Nights.walks(36)) { source in
      // What goes beyond the night's 36 windows is padding.
      let windows = rows.flatMap { row in
        (row.start..<(row.start + length)).map { WindowReference(recording: row.night, window: $0 < 36 ? $0 : -1) }
      }
      try body(source, BatchPlan(sensors: source.sensors, length: length, windows: windows))
    }
  }

  private static func measured(_ plan: BatchPlan) -> [Int] {
    plan.windows.indices.filter { plan.windows[$0].window >= 0 && !lost.contains(plan.windows[$0].window) }
  }

  @Test(
    "A night's profile is NumPy's and SciPy's, of signals, of breath and of maps, and a gap is no movement",
    arguments: ["signals", "breath", "maps"])
  func profile(name: String) throws {
    let fixture = Fixture("nights")
    let (values, expected) = (try fixture.floats(name), try fixture.floats("\(name)-profile"))
    let measured = try fixture.integers("measured").map { $0 != 0 }
    let channels = [Channel(name: "a", unit: ""), Channel(name: "b", unit: "")]
    let contract =
      switch name {
      case "maps": WindowContract(sensor: .pressureMap, shape: [4, 3])
      case "breath": WindowContract(sensor: .respiration, channels: channels, shape: [2, 120], sampleRateHz: 4)
      default: WindowContract(sensor: .ecg, channels: channels, shape: [2, 6], sampleRateHz: 0.2)
      }
    try withTemporaryFolder { folder in
      let writer = try CorpusWriter(folder, dataset: "toy", labels: nil)
      try writer.write(
        RecordingWindows(
          id: "n", subject: Subject("s"), labels: [Int8](repeating: -1, count: measured.count),
          sensors: [SensorWindows(contract: contract, values: values.values, measured: measured)]))
      let profile = try NightProfile(WindowSource(writer.finish(), sensors: [contract.sensor]), recording: 0)
      #expect(profile.width == NightProfile.width([contract]))
      expectClose(
        profile.values, expected.values, shape: [measured.count, profile.width], expectedShape: expected.shape,
        relative: 1e-4, absolute: 1e-4)
      if name == "signals" { #expect(profile.values.max() == 4) }
    }
  }

  @Test(
    "A rate for which a window has no room, or none, makes a profile of finite numbers",
    arguments: [nil, 0.0001, 10_000])
  func oddRates(rate: Double?) throws {
    let contract = WindowContract(
      sensor: .respiration, channels: [Channel(name: "a", unit: "")], shape: [1, 30], sampleRateHz: rate)
    try withTemporaryFolder { folder in
      let writer = try CorpusWriter(folder, dataset: "toy", labels: nil)
      try writer.write(
        RecordingWindows(
          id: "n", subject: Subject("s"), labels: [-1, -1],
          sensors: [SensorWindows(contract: contract, values: (0..<60).map { Float($0 * $0 % 17) })]))
      let profile = try NightProfile(WindowSource(writer.finish(), sensors: [.respiration]), recording: 0)
      #expect(profile.values.count == 2 * profile.width)
      #expect(profile.values.allSatisfy { $0.isFinite })
    }
  }

  @Test("night-profile's loss is Huber's over the quantities of windows that were measured, and no others")
  func nightProfile() throws {
    try withPlan { source, plan in
      let made = try NightTaskOnNetwork(TaskRecipe(NightProfileTask.self), source)
      var random = RandomSource(seed: 1)
      for bias in [0, 0.7, -1.6] {
        try made.fill("output.weight", 0)
        try made.fill("output.bias", bias)
        let nights = try made.nights(plan)
        let result = try made.task(nights, made.network, &random, .inference)
        let (loss, metric) = Self.byHand(bias, try Self.quantities(nights, Self.measured(plan)))
        expectClose([try result.loss.item(), result.metric], [loss, metric], relative: 1e-4, absolute: 1e-5)
        #expect(result.chance == 0)
      }
    }
  }

  @Test(
    "masked-windows' loss is of hidden windows alone: their quantities, and the copy's vectors, which it standardises")
  func maskedWindows() throws {
    try withPlan { source, plan in
      for weight in [0, 0.5] {
        let recipe = TaskRecipe(MaskedWindowsTask.self) {
          ($0.vectors, $0.shortest, $0.longest, $0.share) = (weight, 2, 4, 0.5)
        }
        let made = try NightTaskOnNetwork(recipe, source)
        for name in ["profile.weight", "vectors.weight", "vectors.bias"] { try made.fill(name, 0) }
        try made.fill("profile.bias", 0.4)
        let nights = try made.nights(plan)
        var random = RandomSource(seed: 4)
        var same = random
        let result = try made.task(nights, made.network, &random, .inference)
        let options = recipe.choice.options as? MaskedWindowsTask.Options ?? .init()
        let hidden = MaskedWindowsTask.hidden(nights, options, &same)
        let places = hidden.indices.filter { hidden[$0] }
        var (loss, metric) = Self.byHand(0.4, try Self.quantities(nights, places))
        if weight > 0 {
          // The copy is equal before the first step, and reads the whole stretch.
          let vectors = try LibTorch.withoutGradients {
            try made.network.reader(made.network.vectors(nights.batch, .inference), nights.batch, .inference)
          }
          let width = vectors.shape[2]
          let values = try vectors.values(Float.self).map(Double.init)
          let count = Double(values.count / width)
          var sum = 0.0
          for feature in 0..<width {
            let column = stride(from: feature, to: values.count, by: width).map { values[$0] }
            let mean = column.reduce(0, +) / count
            let deviation = (column.reduce(0) { $0 + pow($1 - mean, 2) } / count).squareRoot()
            sum += places.reduce(0) { $0 + Self.huber((column[$1] - mean) / (deviation + 1e-3)) }
          }
          loss += weight * sum / Double(places.count * width)
        }
        expectClose([try result.loss.item(), result.metric], [loss, metric], relative: 1e-4, absolute: 1e-5)
      }
    }
  }

  @Test("Runs of the share that is asked for are hidden, never a whole stretch, and nothing that was not measured")
  func hidden() throws {
    try withPlan(rows: [(0, 0), (1, 12), (2, 34), (0, 35)]) { source, plan in
      let made = try NightTaskOnNetwork(TaskRecipe(MaskedWindowsTask.self), source)
      let nights = try made.nights(plan)
      var random = RandomSource(seed: 1)
      var options = MaskedWindowsTask.Options()
      for (share, expected) in [(0.4, [8, 9, 1, 0]), (0.01, [1, 1, 1, 0]), (0.99, [20, 22, 1, 0])] {
        options.share = share
        for _ in 0..<20 {
          let hidden = MaskedWindowsTask.hidden(nights, options, &random)
          // Of 21, 23, 2 and 1 windows that were measured.
          #expect((0..<4).map { row in hidden[(row * 24)..<((row + 1) * 24)].count { $0 } } == expected)
          #expect(zip(hidden, nights.batch.mask).allSatisfy { !$0 || $1 })
        }
      }
      // A run goes over a gap, and is not broken by anything else.
      (options.share, options.shortest, options.longest) = (0.2, 4, 4)
      let one = MaskedWindowsTask.hidden(nights, options, &random)
      let measured = (0..<24).filter { nights.batch.mask[$0] }
      let places = measured.indices.filter { one[measured[$0]] }
      #expect(places.count == 4 && places[3] - places[0] == 3)
    }
  }

  @Test("What is hidden, or comes later, is not read: another content there changes nothing", arguments: [1, 2])
  func blind(index: Int) throws {
    let recipe = tellers[index]
    let contexts = [
      Nights.context, ContextRecipe(DilatedConvolutions.self) { ($0.width, $0.layers, $0.kernel) = (8, 3, 3) },
      ContextRecipe(Transformer.self) { ($0.width, $0.layers, $0.heads, $0.feedForward) = (8, 1, 2, 8) },
    ]
    try withPlan { source, plan in
      for context in contexts {
        let made = try NightTaskOnNetwork(
          recipe.name == "masked-windows"
            ? TaskRecipe(MaskedWindowsTask.self) { ($0.vectors, $0.shortest, $0.longest) = (0, 3, 6) } : recipe,
          source, context: context)
        var options = MaskedWindowsTask.Options()
        (options.vectors, options.shortest, options.longest) = (0, 3, 6)
        var random = RandomSource(seed: 8)
        var (same, drawing) = (random, random)
        let nights = try made.nights(plan)
        let secret: [Bool]
        if recipe.name == "masked-windows" {
          secret = MaskedWindowsTask.hidden(nights, options, &drawing)
        } else {
          // Half of the stretch, or more, is read, to where four windows are left.
          let seen = Int.random(in: 12...20, using: &drawing)
          secret = plan.windows.indices.map { $0 % 24 >= seen }
        }
        let changed = try made.nights(plan) { batch in
          var batch = batch
          for (window, isSecret) in secret.enumerated() where isSecret && batch.mask[window] != 0 {
            for sample in 0..<6 { batch.inputs[0].values[window * 6 + sample] = Float(sample * 50 - window) }
          }
          return batch
        }
        // What comes later is not read for batch statistics either.
        func mode() throws -> Mode {
          recipe.name == "masked-windows" ? .inference : .training(try Generator(seed: 1))
        }
        let first = try made.task(nights, made.network, &random, mode())
        let second = try made.task(changed, made.network, &same, mode())
        expectClose([try second.loss.item()], [try first.loss.item()], relative: 1e-6)
        #expect(random.next() == same.next())
        // What is not secret is read.
        var again = RandomSource(seed: 8)
        let open = try made.nights(plan) { batch in
          var batch = batch
          for (window, isSecret) in secret.enumerated() where !isSecret && batch.mask[window] != 0 {
            for sample in 0..<6 { batch.inputs[0].values[window * 6 + sample] = Float(sample * 50 - window) }
          }
          return batch
        }
        let other = try made.task(open, made.network, &again, mode())
        #expect(try abs(other.loss.item() - first.loss.item()) > 1e-4, "\(context.name)")
      }
    }
  }

  @Test("next-windows' loss is of the windows behind the place that is read to, of stretches that were measured there")
  func nextWindows() throws {
    // Rows begin so that the windows at the place read to, the first, are: measured, lost, measured, measured.
    try withPlan(rows: [(0, 0), (1, 5), (2, 18), (0, 33)], length: 5) { source, plan in
      let made = try NightTaskOnNetwork(TaskRecipe(NextWindowsTask.self) { $0.windows = 4 }, source)
      try made.fill("output.weight", 0)
      try made.fill("output.bias", -0.3)
      let nights = try made.nights(plan)
      var random = RandomSource(seed: 1)
      let result = try made.task(nights, made.network, &random, .inference)
      // Windows 1 to 4; none of the second row; 19, 21 and 22; 34 and 35, then padding.
      let places = [1, 2, 3, 4, 11, 13, 14, 16, 17]
      let (loss, metric) = Self.byHand(-0.3, try Self.quantities(nights, places))
      expectClose([try result.loss.item(), result.metric], [loss, metric], relative: 1e-4, absolute: 1e-5)
    }
  }

  @Test("which-night compares the means of measured windows of halves, by NT-Xent, without the time of night")
  func whichNight() throws {
    // No half ends with a window that was not measured.
    let rows = [(night: 0, start: 7), (1, 3), (2, 10), (0, 16), (1, 30)]
    try withPlan(rows: rows, length: 12) { source, plan in
      var context = Nights.context
      context.clock = true
      let recipe = TaskRecipe(WhichNightTask.self) { ($0.projection, $0.temperature) = (5, 0.5) }
      let made = try NightTaskOnNetwork(recipe, source, context: context)
      let nights = try made.nights(plan)
      var random = RandomSource(seed: 1)
      let result = try made.task(nights, made.network, &random, .inference)
      // The last stretch has nothing in its second half, and is left out.
      var halves: [[Double]] = []
      for half in 0..<2 {
        for row in 0..<4 {
          let windows = (0..<6).map { plan.windows[row * 12 + half * 6 + $0] }
          let batch = try made.nights(BatchPlan(sensors: plan.sensors, length: 6, windows: windows)).batch
          let read = try LibTorch.withoutGradients {
            try made.network.reader(
              made.network.vectors(batch, .inference), hours: .zeros([1, 6]), batch.extent(), .inference)
          }
          let (values, width) = (try read.values(Float.self), read.shape[2])
          let kept = (0..<6).filter { batch.mask[$0] }
          halves.append(
            (0..<width).map { feature in
              kept.reduce(0) { $0 + Double(values[$1 * width + feature]) } / Double(kept.count)
            })
        }
      }
      func layer(_ x: [Double], _ name: String) throws -> [Double] {
        let weight = try #require(made.store["task.\(name).weight"]).values(Float.self).map(Double.init)
        let bias = try #require(made.store["task.\(name).bias"]).values(Float.self).map(Double.init)
        return bias.indices.map { output in
          bias[output] + x.indices.reduce(0) { $0 + x[$1] * weight[output * x.count + $1] }
        }
      }
      let vectors = try halves.map { half -> [Double] in
        let projected = try layer(layer(half, "hidden").map { max(0, $0) }, "output")
        let length = projected.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return projected.map { $0 / length }
      }
      let whose = [0, 1, 2, 0]
      var (loss, right, chance) = (0.0, 0.0, 0.0)
      for one in 0..<8 {
        let partner = (one + 4) % 8
        // Another stretch of the same night is not compared with.
        let others = (0..<8).filter { $0 == partner || $0 != one && whose[$0 % 4] != whose[one % 4] }
        let likeness = others.map { other in zip(vectors[one], vectors[other]).reduce(0) { $0 + $1.0 * $1.1 } / 0.5 }
        let own = likeness[others.firstIndex(of: partner) ?? 0]
        loss += log(likeness.reduce(0) { $0 + exp($1) }) - own
        right += own == likeness.max() ? 1 : 0
        chance += 1 / Double(others.count)
      }
      expectClose(
        [try result.loss.item(), result.metric, result.chance], [loss / 8, right / 8, chance / 8], relative: 1e-4,
        absolute: 1e-5)
    }
  }

  @Test(
    "Stretches none of which has two halves teach nothing, and stay finite",
    arguments: PretextTasks.ofNights.filter { !PretextTasks.acrossSensors.contains($0) })
  func short(name: String) throws {
    let contexts = [
      Nights.context,
      ContextRecipe(Transformer.self) { ($0.width, $0.layers, $0.heads, $0.feedForward) = (8, 1, 2, 8) },
    ]
    for context in contexts {
      // Two windows behind a gap, two before padding, and one alone.
      try withPlan(rows: [(0, 34), (1, 34), (2, 35)]) { source, plan in
        let made = try NightTaskOnNetwork(TaskRecipe(named: name), source, context: context)
        var random = RandomSource(seed: 1)
        let result = try made.task(made.nights(plan), made.network, &random, .training(Generator(seed: 1)))
        #expect(try result.loss.item().isFinite && result.metric.isFinite)
        try result.loss.backward()
        for entry in made.store.entries where entry.kind == .parameter {
          if let gradient = try entry.tensor.gradient() { #expect(try gradient.isFinite(), "\(entry.name)") }
        }
      }
    }
  }

  @Test("Windows that begin late in a stretch stay finite under attention that sees none of those before")
  func late() throws {
    try Nights.with(2, lost: Set(0..<20), Nights.walks(24)) { source in
      let windows = (0..<2).flatMap { night in (0..<24).map { WindowReference(recording: night, window: $0) } }
      let plan = BatchPlan(sensors: source.sensors, length: 24, windows: windows)
      for recipe in [tellers[2], TaskRecipe(WhichNightTask.self)] {
        let made = try NightTaskOnNetwork(
          recipe, source,
          context: ContextRecipe(Transformer.self) { ($0.width, $0.layers, $0.heads, $0.feedForward) = (8, 1, 2, 8) })
        for seed in 0..<6 {
          var random = RandomSource(seed: UInt64(seed))
          let result = try made.task(made.nights(plan), made.network, &random, .training(Generator(seed: 1)))
          #expect(try result.loss.item().isFinite, "\(recipe.name)")
          try made.store.clearGradients()
          try result.loss.backward()
          for entry in made.store.entries where entry.kind == .parameter {
            if let gradient = try entry.tensor.gradient() { #expect(try gradient.isFinite(), "\(entry.name)") }
          }
        }
      }
    }
  }

  @Test("Tasks that ask about the windows around are refused without a context; night-profile needs none")
  func refusals() throws {
    func refused(_ name: String, _ network: PretextNetwork) throws -> String? {
      do {
        _ = try TaskRecipe(named: name).make(network.store.root(name), network)
        return nil
      } catch let error as EncoderError {
        return words(of: error)
      }
    }
    let alone = try PretextNetwork(ParameterStore(seed: 1), encoder: Nights.encoder, inputs: [Nights.rate])
    #expect(try refused("night-profile", alone) == nil)
    for name in ["masked-windows", "next-windows", "which-night"] {
      #expect(
        try refused(name, alone)
          == "\(name): found no context to read the night around a window, expected 'context.kind' to be one of transformer, "
          + "bilstm, bigru, tcn, and no published 'model'")
    }
    // An encoder that looks beside a window sees what is hidden, or comes later.
    let looking = try PretextNetwork(
      ParameterStore(seed: 1), encoder: EncoderRecipe(WaveformEncoder.self) { $0.width = 8 }, context: Nights.context,
      inputs: [Nights.rate])
    #expect(try refused("night-profile", looking) == nil)
    for name in ["masked-windows", "next-windows", "which-night"] {
      #expect(
        try refused(name, looking)
          == "\(name): found an encoder that reads the windows beside each, which gives the answer away, expected one that reads "
          + "every window by itself")
    }
  }
}
