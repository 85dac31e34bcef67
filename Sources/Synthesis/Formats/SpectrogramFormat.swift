import Foundation
import NumPy
import SleepCore

/// `samples.npy`, float32 `[images, 51, 59]`, `labels.npy`, int64 `[images]`, and, which the publication lacks, `subjects.npy`.
///
/// An image is 30 s of brain waves: power in decibels in bins of half a hertz, from 0 up, each half second. The stages come in
/// the shares of the published counts, in bouts.
struct SpectrogramFormat {
  static let rows = 51
  static let columns = 59
  /// W, N1, N2, N3, REM.
  static let publishedCounts = [2906, 237, 1755, 497, 418]

  let options: Synthesizer.Options

  init(_ options: Synthesizer.Options) { self.options = options }

  func write(to folder: URL) throws {
    let perSubject = max(5, Int(options.hours * 120))
    let stages = Self.stages(perSubject)
    var samples: [Float] = []
    var labels: [Int64] = []
    var subjects: [Int64] = []
    for number in 1...options.subjects {
      let person = Person(number, seed: options.seed)
      var random = RandomSource(seed: options.seed, for: "spectrograms \(number)")
      for stage in Self.inBouts(stages, using: &random) {
        appendImage(of: stage, person, &random, to: &samples)
        labels.append(Int64(stage.rawValue))
        subjects.append(Int64(number))
      }
    }
    try NpyArray<Float>(shape: [labels.count, Self.rows, Self.columns], values: samples)
      .write(to: folder.appendingPathComponent("samples.npy"))
    try NpyArray<Int64>(shape: [labels.count], values: labels).write(to: folder.appendingPathComponent("labels.npy"))
    try NpyArray<Int64>(shape: [labels.count], values: subjects)
      .write(to: folder.appendingPathComponent("subjects.npy"))
  }

  /// At least one of each stage, the rest in the published shares.
  private static func stages(_ count: Int) -> [Stage] {
    let total = Double(publishedCounts.reduce(0, +))
    var counts = publishedCounts.map { max(1, Int(Double($0) / total * Double(count))) }
    counts[0] += max(0, count - counts.reduce(0, +))
    return zip(Stage.allCases, counts).flatMap { Array(repeating: $0, count: $1) }
  }

  /// The same stages in bouts of up to ten images each, so that neighbours tell of each other as in a night.
  private static func inBouts(_ stages: [Stage], using random: inout RandomSource) -> [Stage] {
    Stage.allCases.flatMap { stage -> [[Stage]] in
      let count = stages.count { $0 == stage }
      return stride(from: 0, to: count, by: 10).map { Array(repeating: stage, count: min(10, count - $0)) }
    }.shuffled(using: &random).flatMap(\.self)
  }

  /// Powers of slow waves, theta, alpha, spindles and fast rhythms.
  private static func powers(_ stage: Stage) -> [Double] {
    switch stage {
    case .wake: [80, 36, 170, 2, 25]
    case .n1: [120, 80, 36, 2, 16]
    case .n2, .nrem: [360, 80, 20, 40, 9]
    case .n3: [1700, 80, 12, 12, 5]
    case .rem: [100, 64, 20, 2, 16]
    }
  }

  private func appendImage(
    of stage: Stage, _ person: Person, _ random: inout RandomSource, to samples: inout [Float]
  ) {
    let centers = [1.3, 5.5, person.alphaHz, person.spindleHz, 21]
    let widths = [1.0, 2, 1, 0.7, 6]
    let gain = person.brainGain * person.brainGain * exp(0.3 * random.normal())
    let powers = Self.powers(stage).map { $0 * exp(0.4 * random.normal()) }
    var envelopes = powers.map { _ in Wander(memorySeconds: 3, stepSeconds: 0.5) }
    var spindle = 0.0
    var image = [Float](repeating: 0, count: Self.rows * Self.columns)
    for column in 0..<Self.columns {
      if stage == .n2, Double.random(in: 0..<1, using: &random) < 0.06 { spindle = 8 }
      spindle *= 0.5
      var levels = envelopes.indices.map { powers[$0] * exp(0.4 * envelopes[$0].next(&random)) }
      levels[3] *= 0.4 + spindle
      for row in 0..<Self.rows {
        let hertz = 0.5 * Double(row)
        var power = 20 / (1 + hertz * hertz / 4) + 0.3
        for band in levels.indices {
          let distance = (hertz - centers[band]) / widths[band]
          power += levels[band] / widths[band] * exp(-0.5 * distance * distance)
        }
        let chance = -log(Double.random(in: 1e-6...1, using: &random))
        image[row * Self.columns + column] = Float(10 * log10(gain * power * (0.1 + chance)))
      }
    }
    samples += image
  }
}
