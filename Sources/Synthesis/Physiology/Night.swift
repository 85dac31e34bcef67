import Foundation
import SleepCore

/// One night of one person: its stages, and what heart, breath and body do, four times a second.
struct Night {
  static let rateHz = 4.0

  let person: Person
  let stages: [Stage]
  /// Beats a minute.
  private(set) var heartRate: [Double] = []
  /// Excursion of the chest, about -1...1.
  private(set) var breath: [Double] = []
  /// Strength of body movement, 0 at rest.
  private(set) var movement: [Double] = []
  /// Times of the heart beats in seconds.
  private(set) var beats: [Double] = []

  var seconds: Double { Double(stages.count) * 30 }

  /// What a stage does to the body.
  private struct Response {
    /// Added to the resting heart rate; deviation of its slow wandering; swing with the breath. Beats a minute.
    let heartRate, heartWander, heartSwing: Double
    /// Added to the breathing rate, and deviation of it, in breaths a minute; relative deviation of the depth.
    let breathRate, breathWander, depthWander: Double
    /// Bursts a minute.
    let movements: Double
  }

  private static func response(to stage: Stage) -> Response {
    switch stage {
    case .wake:
      Response(
        heartRate: 7, heartWander: 4, heartSwing: 1.5, breathRate: 1.5, breathWander: 2.4, depthWander: 0.35,
        movements: 1.2)
    case .n1:
      Response(
        heartRate: 2, heartWander: 2.6, heartSwing: 2, breathRate: 0.5, breathWander: 1.5, depthWander: 0.22,
        movements: 0.5)
    case .n2, .nrem:
      Response(
        heartRate: 0, heartWander: 1.8, heartSwing: 2.6, breathRate: 0, breathWander: 0.8, depthWander: 0.14,
        movements: 0.15)
    case .n3:
      Response(
        heartRate: -1, heartWander: 0.9, heartSwing: 3.4, breathRate: 0.3, breathWander: 0.35, depthWander: 0.06,
        movements: 0.04)
    case .rem:
      Response(
        heartRate: 3.5, heartWander: 3.4, heartSwing: 1.3, breathRate: 1.4, breathWander: 2.2, depthWander: 0.32,
        movements: 0.25)
    }
  }

  init(_ person: Person, hours: Double, seed: UInt64, use: String) {
    var random = RandomSource(seed: seed, for: "night \(use) \(person.number)")
    self.person = person
    stages = StageSequence.make(hours: hours, random: &random)
    live(&random)
  }

  private mutating func live(_ random: inout RandomSource) {
    let step = 1 / Self.rateHz
    var drift = Wander(memorySeconds: 1500, stepSeconds: step)
    var heartWander = Wander(memorySeconds: 25, stepSeconds: step)
    var breathWander = Wander(memorySeconds: 12, stepSeconds: step)
    var depthWander = Wander(memorySeconds: 10, stepSeconds: step)
    var level = Follower(7, lagSeconds: 45, stepSeconds: step)
    var arousal = Follower(0, lagSeconds: 8, stepSeconds: step)
    var (phase, heartPhase) = (0.0, 0.0)
    var (burstLeft, burst) = (0.0, 0.0)
    let count = Int(seconds * Self.rateHz)
    for index in 0..<count {
      let response = Self.response(to: stages[Int(Double(index) * step / 30)])
      let progress = Double(index) / Double(count)
      if burstLeft <= 0 {
        burst = 0
        if Double.random(in: 0..<1, using: &random) < response.movements * person.restlessness / 60 * step {
          burstLeft = 2 + 6 * -log(Double.random(in: 0.01...1, using: &random))
          burst = exp(0.7 * random.normal()) * person.restlessness
        }
      }
      burstLeft -= step
      movement.append(burst * Double.random(in: 0.4...1.2, using: &random))

      let rate = person.breathsPerMinute + response.breathRate + response.breathWander * breathWander.next(&random)
      phase += 2 * .pi * max(6, rate) / 60 * step
      let depth = max(0.1, 1 + response.depthWander * depthWander.next(&random))
      breath.append(depth * (sin(phase) + 0.2 * sin(2 * phase + 0.6)))

      let reactivity = person.heartReactivity
      let heart =
        person.restingHeartRate - 3 * progress + 2.5 * drift.next(&random)
        + reactivity * level.follow(response.heartRate) + response.heartWander * heartWander.next(&random)
        + reactivity * response.heartSwing * sin(phase) + 9 * arousal.follow(min(burst, 1.5))
      heartRate.append(max(35, heart))
      let before = heartPhase
      heartPhase += max(35, heart) / 60 * step
      if heartPhase >= 1 {
        beats.append((Double(index) + (1 - before) / (heartPhase - before)) * step)
        heartPhase -= 1
      }
    }
  }

  /// A row of the night at a time, between its samples on a straight line.
  func value(_ row: KeyPath<Night, [Double]>, at seconds: Double) -> Double {
    Self.interpolate(self[keyPath: row], at: seconds)
  }

  static func interpolate(_ row: [Double], at seconds: Double) -> Double {
    let position = min(max(seconds * rateHz, 0), Double(row.count - 1))
    let index = min(Int(position), row.count - 2)
    guard index >= 0 else { return row.first ?? 0 }
    let weight = position - Double(index)
    return row[index] * (1 - weight) + row[index + 1] * weight
  }

  func stage(at seconds: Double) -> Stage { stages[min(max(Int(seconds / 30), 0), stages.count - 1)] }
}
