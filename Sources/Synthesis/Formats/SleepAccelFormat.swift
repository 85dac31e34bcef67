import Foundation
import SleepCore

/// `motion`, `heart_rate`, `steps`, `labels` and `activity_counts` of a wrist device.
struct SleepAccelFormat {
  let options: Synthesizer.Options

  init(_ options: Synthesizer.Options) { self.options = options }

  func write(to folder: URL) throws {
    for number in 1...options.subjects {
      let person = Person(number, seed: options.seed)
      let night = Night(person, hours: options.hours, seed: options.seed, use: "sleep-accel")
      let id = 1_000_000 + 7919 * number
      func put(_ path: String, _ text: NumberText) throws {
        try Synthesizer.write(text.data, to: folder.appendingPathComponent(path))
      }
      try put("labels/\(id)_labeled_sleep.txt", labels(night))
      try put("heart_rate/\(id)_heartrate.txt", heartRate(night))
      try put("steps/\(id)_steps.txt", steps(night))
      try put("motion/\(id)_acceleration.txt", motion(night))
      try put("activity_counts/\(id)_activity_counts.csv", counts(night))
    }
  }

  private func random(_ night: Night, _ file: String) -> RandomSource {
    RandomSource(seed: options.seed, for: "sleep-accel \(file) \(night.person.number)")
  }

  /// The first and last minute are unscored, and a part of the deep sleep is scored by the old rules, as stage 4.
  private func labels(_ night: Night) -> NumberText {
    var random = random(night, "labels")
    var text = NumberText(capacity: night.stages.count * 8)
    for (window, stage) in night.stages.enumerated() {
      let isEdge = window < 2 || window >= night.stages.count - 2
      let isFour = stage == .n3 && Double.random(in: 0..<1, using: &random) < 0.03
      text.append(window * 30)
      text.append(" ")
      text.append(isEdge ? -1 : stage == .rem ? 5 : isFour ? 4 : Int(stage.rawValue))
      text.append("\n")
    }
    return text
  }

  /// Whole beats a minute about every five seconds, with an hour of the evening before.
  private func heartRate(_ night: Night) -> NumberText {
    var random = random(night, "heart rate")
    var text = NumberText(capacity: Int(night.seconds) * 4)
    var time = -3600.0
    while time < night.seconds {
      let rate =
        time < 0 ? night.person.restingHeartRate + 20 + 8 * random.normal() : night.value(\.heartRate, at: time)
      text.append(time, decimals: 5)
      text.append(",")
      text.append(Int((rate + 1.2 * random.normal()).rounded()))
      text.append("\n")
      time += Double.random(in: 4...6, using: &random)
    }
    return text
  }

  private func steps(_ night: Night) -> NumberText {
    var random = random(night, "steps")
    var text = NumberText(capacity: 4096)
    for bin in -12..<Int(night.seconds / 600) {
      text.append(bin * 600)
      text.append(",")
      text.append(bin < 0 ? Int.random(in: 0...400, using: &random) : 0)
      text.append("\n")
    }
    return text
  }

  /// Acceleration in g about every 20 ms: gravity, turned over by strong movements, and the movements.
  private func motion(_ night: Night) -> NumberText {
    var random = random(night, "motion")
    var text = NumberText(capacity: Int(night.seconds) * 2200)
    func direction() -> [Double] {
      let axes = (0..<3).map { _ in random.normal() }
      let length = axes.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return axes.map { $0 / max(length, 1e-6) }
    }
    var target = direction()
    var gravity = target
    var time = -30.0
    while time < night.seconds {
      let moved = time < 0 ? 0.5 : Night.interpolate(night.movement, at: time)
      if moved > 0.5, Double.random(in: 0..<1, using: &random) < 0.004 { target = direction() }
      text.append(time, decimals: 6)
      for axis in 0..<3 {
        gravity[axis] += 0.02 * (target[axis] - gravity[axis])
        let breath = time < 0 ? 0 : 0.002 * Night.interpolate(night.breath, at: time)
        text.append(" ")
        text.append(gravity[axis] + breath + (0.004 + 0.12 * moved) * random.normal(), decimals: 6)
      }
      text.append("\n")
      time += 0.02 * Double.random(in: 0.9...1.1, using: &random)
    }
    return text
  }

  /// A count about every 15 s, 0 at rest.
  private func counts(_ night: Night) -> NumberText {
    var random = random(night, "counts")
    var text = NumberText(capacity: Int(night.seconds) * 2)
    var time = 0.0
    while time + 15.01 < night.seconds {
      let moved = (0..<15).reduce(0) { $0 + night.value(\.movement, at: time + Double($1)) }
      text.append(time, decimals: 6)
      text.append(",")
      text.append(max(0, (9 * moved * exp(0.3 * random.normal()) + 4 * random.normal() - 6) * 3.07), decimals: 3)
      text.append("\n")
      time += 15.010747
    }
    return text
  }
}
