import Figures
import Foundation
import SleepCore

/// One figure of each kind, on seeded numbers.
enum Gallery {
  static var all: [(name: String, figure: Figure)] {
    [
      ("hypnograms", hypnograms), ("night", night), ("signal", signal), ("pressure-map", pressureMap),
      ("confusion-5", confusion(LabelScheme.fiveStages.classes)),
      ("confusion-17", confusion(LabelScheme.postures17.classes)), ("label-efficiency", labelEfficiency),
      ("label-efficiency-12", manyArms), ("learning-curves", learningCurves), ("grid", GridTests.grid),
      ("ranking", ranking), ("bars", bars), ("reachability", reachability),
    ]
  }

  static let stages = LabelScheme.fiveStages.classes

  static func track(_ name: String, seed: UInt64, mistakes: Double = 0) -> StageTrack {
    var random = RandomSource(seed: 1)
    var noise = RandomSource(seed: seed)
    var classes: [Int?] = []
    var stage = 0
    while classes.count < 960 {
      let night = Double(classes.count) / 960
      let next =
        [0: [1], 1: [2, 2, 0], 2: night < 0.5 ? [3, 3, 4, 1] : [4, 4, 1, 2], 3: [2], 4: [2, 0]][stage] ?? [0]
      let length = Int.random(in: stage == 1 ? 3...10 : 15...60, using: &random)
      for _ in 0..<length {
        classes.append(
          Double.random(in: 0..<1, using: &noise) < mistakes ? Int.random(in: 0...4, using: &noise) : stage)
      }
      stage = next[Int.random(in: 0..<next.count, using: &random)]
    }
    for index in 500..<520 { classes[index] = nil }
    return StageTrack(name: name, classes: Array(classes[..<960]))
  }

  static var hypnograms: Figure {
    .hypnograms(
      title: "Subject s_07's night {1} of 'sleep-accel'",
      [track("scored", seed: 1), track("predicted by BiLSTM + CRF", seed: 2, mistakes: 0.08)], classNames: stages)
  }

  static var night: Figure {
    var random = RandomSource(seed: 5)
    let scored = track("scored stages", seed: 1)
    let (bins, frames) = (65, 480)
    var values = [Float](repeating: 0, count: bins * frames)
    for bin in 0..<bins {
      for frame in 0..<frames {
        let stage = Double(scored.classes[2 * frame] ?? 0)
        values[bin * frames + frame] = Float(-0.6 * Double(bin) - 6 * stage * Double(bin) / 65 + 3 * random.normal())
      }
    }
    let hours = (0..<960).map { Double($0) / 120 }
    let motion = scored.classes.map { $0 == 0 ? abs(random.normal()) : 0.05 * abs(random.normal()) }
    return Figure(
      title: "A night of wrist acceleration",
      panels: [
        .spectrogram(
          title: "spectrogram", values: values, bins: bins, frameHours: 8 / 480, binHz: 25 / 64, unit: "power (dB)",
          xLabel: nil),
        .trace(name: "derivative of the magnitude", unit: "g/s", x: hours, y: motion, xLabel: nil),
        .hypnogram(scored, classNames: stages),
      ], heightPixels: 760)
  }

  static var signal: Figure {
    var random = RandomSource(seed: 8)
    let time = (0..<3000).map { Double($0) / 100 }
    let waves: [[Float]] = [
      time.map { Float(20 * sin(2 * .pi * 1.5 * $0) + 5 * random.normal()) },
      time.map { Float(30 * sin(2 * .pi * 0.3 * $0) + 3 * random.normal()) },
      time.map {
        Float(0.9 * exp(-200 * pow(($0 * 1.1).truncatingRemainder(dividingBy: 1) - 0.5, 2)) + 0.02 * random.normal())
      },
    ]
    return .signal(
      title: "30 s of a polysomnogram",
      Signal(
        sensor: .psg,
        channels: [
          Channel(name: "EEG Fpz-Cz", unit: "uV"), Channel(name: "EOG_left", unit: "uV"),
          Channel(name: "ECG", unit: "mV"),
        ], timing: .regular(startSeconds: 0, sampleRateHz: 100), samples: waves))
  }

  static var pressureMap: Figure {
    var values: [Float] = []
    for row in 0..<64 {
      for column in 0..<32 {
        let (y, x) = (Double(row), Double(column))
        let body =
          300 * exp(-pow((x - 16) / 5, 2) - pow((y - 22) / 9, 2)) + 200
          * exp(-pow((x - 16) / 6, 2) - pow((y - 40) / 6, 2))
        values.append(Float(body + 150 * exp(-pow((x - 16) / 3, 2) - pow((y - 6) / 3, 2))))
      }
    }
    return .pressureMap(title: "S1, supine", values: values, rows: 64, columns: 32)
  }

  static func confusion(_ names: [String]) -> Figure {
    var random = RandomSource(seed: 3)
    let counts = names.indices.map { row in
      names.indices.map {
        $0 == row ? Int.random(in: 300...900, using: &random) : Int.random(in: 0...(600 / names.count), using: &random)
      }
    }
    return .confusion(title: "fine-tuned, 21 nights", counts: counts, classNames: names)
  }

  static var labelEfficiency: Figure {
    let budgets = [1.0, 2, 4, 8, 16]
    let arms = ["scratch", "frozen", "fine-tuned", "random-frozen", "logistic regression", "majority"].enumerated().map
    { index, name in
      let values = budgets.map { 0.2 + 0.08 * Double(index % 3 + 1) * log2($0 + 1) / 2 }
      return Figure.Arm(
        name: name, budgets: budgets, values: values, low: values.map { $0 - 0.05 }, high: values.map { $0 + 0.04 })
    }
    return .labelEfficiency(
      title: "W/NREM/REM from heart rate", arms: arms, budgetLabel: "labelled subjects", metricLabel: "Cohen's kappa")
  }

  static var manyArms: Figure {
    let budgets = [120.0, 480, 1920, 7680]
    let arms = (0..<12).map { index in
      let values = budgets.map { 0.2 + 0.02 * Double(index * 5 % 12) + 0.03 * log2($0 / 60) }
      return Figure.Arm(
        name: index == 4 ? "transformer over the night, frozen, from a run" : "arm number \(index + 1)",
        budgets: index == 7 ? [480, 7680] : budgets, values: index == 7 ? [0.4, 0.6] : values,
        low: (index == 7 ? [0.4, 0.6] : values).map { $0 - 0.06 },
        high: (index == 7 ? [0.4, 0.6] : values).map { $0 + 0.04 })
    }
    return .labelEfficiency(
      title: "sleep-accel-3: Sleep-Accel",
      subtitle:
        "With 2 subjects labelled, fine-tuned is better than scratch: +0.063 Cohen's kappa a person (95 % +0.024 to "
        + "+0.107; p 0.008, Holm's over 4 questions), 21 people.",
      arms: arms, budgetLabel: "labelled windows", metricLabel: "Cohen's kappa")
  }

  static var learningCurves: Figure {
    let epochs = (1...30).map(Double.init)
    return .learningCurves(
      title: "run_3",
      panels: [
        (
          "cross-entropy (nat)",
          [
            Curve("training", x: epochs, y: epochs.map { 1.6 * exp(-$0 / 8) + 0.1 }),
            Curve("validation", x: epochs, y: epochs.map { 1.5 * exp(-$0 / 7) + 0.3 + $0 / 200 }),
          ]
        ),
        ("macro-F1", [Curve("validation", x: epochs, y: epochs.map { 0.7 - 0.5 * exp(-$0 / 5) })]),
      ])
  }

  static var ranking: Figure {
    func curve(_ power: Double) -> RankingCurve {
      let x = (0...50).map { Double($0) / 50 }
      return RankingCurve(x: x, y: x.map { pow($0, power) }, area: 1 / (1 + power))
    }
    let subjects = (0..<31).map { curve(0.15 + 0.012 * Double($0)) }
    func flipped(_ curve: RankingCurve) -> RankingCurve {
      RankingCurve(x: curve.x, y: curve.x.map { 1 - pow($0, 6) * 0.6 - curve.area * 0.1 }, area: 0.91)
    }
    return Figure(
      title: "Wake against sleep, leave one subject out",
      panels: [
        .roc(title: "ROC", subjects: subjects, mean: curve(0.3)),
        .precisionRecall(
          title: "precision-recall", subjects: subjects.map(flipped), mean: flipped(curve(0.3)), positiveShare: 0.4),
      ], columns: 2, widthPixels: 1240, heightPixels: 470)
  }

  static var bars: Figure {
    .bars(
      title: "Throughput against what a user would run instead",
      [
        ("CRF loss and gradient", 190, nil), ("Viterbi", 150, 140...170), ("BiLSTM + CRF step", 2.1, 1.9...2.3),
        ("STFT of a night", 2.4, nil),
      ], valueLabel: "times as fast")
  }

  static var reachability: Figure {
    var random = RandomSource(seed: 6)
    let values = (0..<600).map { index -> Double in
      index == 0 ? .infinity : (index % 150 < 20 ? 2.0 : 0.6) + 0.1 * abs(random.normal())
    }
    return .reachability(
      title: "OPTICS of one night", values, clusters: (0..<600).map { $0 % 150 < 20 ? nil : $0 / 150 })
  }
}
