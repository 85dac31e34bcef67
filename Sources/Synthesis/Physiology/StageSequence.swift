import Foundation
package import SleepCore

/// Stages of a night of 30-s windows: a Markov chain whose next stage depends on the time within the cycle and the night.
///
/// Deep sleep comes early in the night and early in a cycle, REM at the ends of cycles and longer in each. A cycle takes
/// about 95 minutes; short nights have two shorter ones, so that all stages come.
package enum StageSequence {
  /// Mean windows in a row.
  private static func meanRun(of stage: Stage) -> Double {
    switch stage {
    case .wake: 4
    case .n1: 2.5
    case .n2, .nrem: 9
    case .n3: 11
    case .rem: 14
    }
  }

  /// What may follow a stage, besides itself, and how readily.
  private static func successors(of stage: Stage) -> [(Stage, Double)] {
    switch stage {
    case .wake: [(.n1, 1), (.n2, 0.15)]
    case .n1: [(.n2, 1), (.wake, 0.8), (.rem, 0.3)]
    case .n2, .nrem: [(.n3, 1), (.rem, 1), (.n1, 0.6), (.wake, 1)]
    case .n3: [(.n2, 1), (.n1, 0.15), (.wake, 0.3)]
    case .rem: [(.n2, 0.6), (.n1, 1), (.wake, 1.5)]
    }
  }

  /// How much a stage belongs at `phase` 0...1 of a cycle and `progress` 0...1 of the night.
  private static func preference(_ stage: Stage, phase: Double, progress: Double) -> Double {
    func bump(_ center: Double, _ width: Double) -> Double {
      exp(-0.5 * pow((phase - center) / width, 2))
    }
    return switch stage {
    case .wake: 0.12
    case .n1: 0.15 + 0.5 * bump(0, 0.08)
    case .n2, .nrem: 0.6
    case .n3: 3.6 * bump(0.38, 0.16) * pow(1 - progress, 1.3)
    case .rem: (0.7 + 1.6 * progress) * (phase > 0.72 ? 1.5 : 0.02)
    }
  }

  /// The stages of a night of `hours`, one a window.
  package static func make(hours: Double, random: inout RandomSource) -> [Stage] {
    let count = max(1, Int((hours * 120).rounded()))
    let cycles = max(2, (hours * 60 / 95).rounded())
    let cycleLength = Double(count) / cycles
    var latency = Int(Double(min(count / 12, 40)) * Double.random(in: 0.5...1.5, using: &random))
    var stages: [Stage] = []
    var stage = Stage.wake
    for window in 0..<count {
      let phase = (Double(window) / cycleLength).truncatingRemainder(dividingBy: 1)
      let progress = Double(window) / Double(count)
      let here = preference(stage, phase: phase, progress: progress)
      // A stage is left sooner when it no longer belongs here.
      let run = meanRun(of: stage) * min(1, cycleLength / 190) * min(1.3, max(0.25, here / 0.5))
      if latency > 0 {
        latency -= 1
      } else if stage == .wake
        ? Double.random(in: 0..<1, using: &random) < 1 / meanRun(of: stage)
        : Double.random(in: 0..<1, using: &random) < 1 / max(1.2, run)
      {
        stage = draw(after: stage, phase: phase, progress: progress, &random)
      }
      stages.append(stage)
    }
    return stages
  }

  private static func draw(
    after stage: Stage, phase: Double, progress: Double, _ random: inout RandomSource
  ) -> Stage {
    let weights = successors(of: stage).map {
      ($0, $1 * preference($0, phase: phase, progress: progress))
    }
    var rest = Double.random(in: 0..<weights.reduce(0) { $0 + $1.1 }, using: &random)
    for (next, weight) in weights {
      rest -= weight
      if rest < 0 { return next }
    }
    return stage
  }
}
