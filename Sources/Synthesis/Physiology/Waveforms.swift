import Foundation
import SleepCore

/// Signals of one night as electrodes and belts would record them, regularly sampled.
struct Waveforms {
  let night: Night
  let seed: UInt64
  let use: String

  private func random(_ signal: String) -> RandomSource {
    RandomSource(seed: seed, for: "\(use) \(night.person.number) \(signal)")
  }

  private func count(_ rateHz: Double) -> Int { Int(night.seconds * rateHz) }

  /// Chest or belly effort, about -1...1.
  func effort(_ name: String, rateHz: Double, lagSeconds: Double = 0) -> [Float] {
    var random = random(name)
    return (0..<count(rateHz)).map { index in
      let time = Double(index) / rateHz - lagSeconds
      let moved = Night.interpolate(night.movement, at: time) * random.normal()
      return Float(0.25 * Night.interpolate(night.breath, at: time) + 0.007 * random.normal() + 0.12 * moved)
    }
  }

  /// An electrocardiogram in mV: five bumps a beat (after McSharry et al., "A dynamical model for generating synthetic
  /// electrocardiogram signals", 2003), with wander by the breath.
  func ecg(rateHz: Double) -> [Float] {
    var random = random("ecg")
    var samples = (0..<count(rateHz)).map { index in
      let time = Double(index) / rateHz
      let noise = 0.02 + 0.2 * Night.interpolate(night.movement, at: time)
      return Float(0.05 * Night.interpolate(night.breath, at: time) + noise * random.normal())
    }
    let bumps: [(at: Double, height: Double, width: Double)] = [
      (-0.17, 0.12, 0.025), (-0.03, -0.1, 0.01), (0, 1, 0.012), (0.03, -0.2, 0.012), (0.26, 0.28, 0.05),
    ]
    for beat in night.beats {
      for bump in bumps {
        let center = beat + bump.at
        let first = max(0, Int((center - 4 * bump.width) * rateHz))
        let last = min(samples.count, Int((center + 4 * bump.width) * rateHz) + 1)
        for index in first..<max(first, last) {
          let distance = (Double(index) / rateHz - center) / bump.width
          samples[index] += Float(bump.height * exp(-0.5 * distance * distance))
        }
      }
    }
    return samples
  }

  /// The pulse at a finger, a bump that follows each beat.
  func pulse(rateHz: Double) -> [Float] {
    var random = random("pulse")
    var samples = (0..<count(rateHz)).map { _ in Float(0.01 * random.normal()) }
    for beat in night.beats {
      let first = max(0, Int(beat * rateHz))
      for index in first..<max(first, min(samples.count, Int((beat + 0.8) * rateHz))) {
        let distance = (Double(index) / rateHz - beat - 0.3) / 0.1
        samples[index] += Float(0.8 * exp(-0.5 * distance * distance))
      }
    }
    return samples
  }

  /// Deviations of the brain's rhythms in uV.
  private static func rhythms(of stage: Stage) -> (delta: Double, theta: Double, alpha: Double, beta: Double) {
    switch stage {
    case .wake: (9, 6, 13, 5)
    case .n1: (11, 9, 6, 4)
    case .n2, .nrem: (19, 9, 4.5, 3)
    case .n3: (42, 9, 3.5, 2.2)
    case .rem: (10, 8, 4.5, 4)
    }
  }

  /// An EEG channel in uV: rhythms of the stage, spindles and K-complexes in N2.
  ///
  /// - Parameter alphaShare: More at the back of the head.
  func eeg(_ name: String, rateHz: Double, alphaShare: Double) -> [Float] {
    var random = random(name)
    let person = night.person
    var delta = BandNoise(centerHz: 1.3, widthHz: 1.2, sampleRateHz: rateHz)
    var theta = BandNoise(centerHz: 5.5, widthHz: 3, sampleRateHz: rateHz)
    var alpha = BandNoise(centerHz: person.alphaHz, widthHz: 1.2, sampleRateHz: rateHz)
    var beta = BandNoise(centerHz: 21, widthHz: 10, sampleRateHz: rateHz)
    var strength = Wander(memorySeconds: 8, stepSeconds: 1)
    var rise = 1.0
    var samples = [Float](repeating: 0, count: count(rateHz))
    for index in samples.indices {
      let time = Double(index) / rateHz
      let stage = night.stage(at: time)
      if index % Int(rateHz) == 0 { rise = exp(0.25 * strength.next(&random)) }
      let level = Self.rhythms(of: stage)
      var value = person.deltaGain * level.delta * rise * delta.next(&random)
      value += person.thetaGain * level.theta * theta.next(&random)
      value += person.alphaGain * level.alpha * alphaShare / rise * alpha.next(&random)
      value += person.betaGain * level.beta * beta.next(&random)
      value += 12 * Night.interpolate(night.movement, at: time) * random.normal()
      samples[index] += Float(person.brainGain * value + person.electrodeNoise * random.normal())
    }
    addGraphoelements(to: &samples, rateHz: rateHz, &random)
    return samples
  }

  private func addGraphoelements(to samples: inout [Float], rateHz: Double, _ random: inout RandomSource) {
    let person = night.person
    for second in 0..<Int(night.seconds) {
      let stage = night.stage(at: Double(second))
      let chance = stage == .n2 ? 0.09 : stage == .n3 ? 0.03 : 0.004
      if Double.random(in: 0..<1, using: &random) < chance {
        let amplitude = 22 * person.brainGain * exp(0.2 * random.normal())
        let start = Double(second) + Double.random(in: 0..<1, using: &random)
        for index in Int(start * rateHz)..<min(samples.count, Int((start + 1.4) * rateHz)) {
          let time = Double(index) / rateHz - start - 0.7
          samples[index] += Float(amplitude * exp(-0.5 * pow(time / 0.25, 2)) * sin(2 * .pi * person.spindleHz * time))
        }
      }
      if stage == .n2, Double.random(in: 0..<1, using: &random) < 0.025 {
        let start = Double(second) + Double.random(in: 0..<1, using: &random)
        for index in Int(start * rateHz)..<min(samples.count, Int((start + 1.2) * rateHz)) {
          let time = Double(index) / rateHz - start
          let shape = exp(-0.5 * pow((time - 0.7) / 0.15, 2)) - 1.2 * exp(-0.5 * pow((time - 0.35) / 0.09, 2))
          samples[index] += Float(90 * person.brainGain * shape)
        }
      }
    }
  }

  /// A horizontal EOG channel in uV: looking about and blinks awake, slow rolling in N1, rapid movements in REM, the brain's
  /// slow waves in deep sleep.
  func eog(_ name: String, rateHz: Double) -> [Float] {
    var random = random(name)
    var delta = BandNoise(centerHz: 1.3, widthHz: 1.2, sampleRateHz: rateHz)
    var rolling = BandNoise(centerHz: 0.3, widthHz: 0.15, sampleRateHz: rateHz)
    var gaze = 0.0
    var isBusy = false
    let decay = exp(-1 / (1.2 * rateHz))
    let person = night.person
    return (0..<count(rateHz)).map { index in
      let time = Double(index) / rateHz
      let stage = night.stage(at: time)
      if index % Int(5 * rateHz) == 0 { isBusy = Double.random(in: 0..<1, using: &random) < 0.55 }
      let saccades = stage == .wake ? 0.9 : stage == .rem && isBusy ? 1.4 : 0.01
      if Double.random(in: 0..<1, using: &random) < person.eyeActivity * saccades / rateHz {
        gaze += 70 * random.normal()
      }
      gaze *= decay
      let slow = stage == .n3 ? 16.0 : stage == .n2 ? 8 : 4
      let roll = stage == .n1 ? 35.0 : stage == .wake ? 8 : 3
      let value = gaze + slow * delta.next(&random) + roll * rolling.next(&random)
      let moved = 25 * Night.interpolate(night.movement, at: time) * random.normal()
      return Float(person.eyeGain * (value + moved) + person.electrodeNoise * random.normal())
    }
  }

  /// Tone of the chin's muscle in uV.
  private static func tone(_ stage: Stage) -> Double {
    switch stage {
    case .wake: 9
    case .n1: 6
    case .n2, .nrem: 4.5
    case .n3: 4
    case .rem: 2
    }
  }

  /// A chin EMG channel in uV; an envelope where the rate is below 10 Hz.
  func emg(_ name: String, rateHz: Double) -> [Float] {
    var random = random(name)
    var wander = Wander(memorySeconds: 60, stepSeconds: 1 / rateHz)
    return (0..<count(rateHz)).map { index in
      let time = Double(index) / rateHz
      let tone = Self.tone(night.stage(at: time)) * exp(0.3 * wander.next(&random)) + night.person.muscleNoise
      let level = night.person.muscleGain * (tone + 15 * Night.interpolate(night.movement, at: time))
      return Float(rateHz < 10 ? level * (1 + 0.1 * abs(random.normal())) : level * random.normal())
    }
  }
}
