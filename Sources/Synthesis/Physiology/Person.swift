import SleepCore

/// What tells one made-up person from another.
struct Person {
  let number: Int
  let restingHeartRate: Double
  let breathsPerMinute: Double
  /// Multiplies how far the heart rate follows the stage and the breath.
  let heartReactivity: Double
  /// Multiplies how often and how far the person moves.
  let restlessness: Double
  let alphaHz: Double
  let spindleHz: Double
  /// Multiplies the amplitude of the EEG, of the EOG and of the EMG.
  let brainGain, eyeGain, muscleGain: Double
  let heightMeters: Double
  let weightKilograms: Double
  let age: Int

  init(_ number: Int, seed: UInt64) {
    var random = RandomSource(seed: seed, for: "person \(number)")
    self.number = number
    restingHeartRate = 60 + 6 * random.normal()
    breathsPerMinute = 14.5 + 1.5 * random.normal()
    heartReactivity = exponential(0.25 * random.normal())
    restlessness = exponential(0.3 * random.normal())
    alphaHz = 10 + 0.6 * random.normal()
    spindleHz = 13.2 + 0.5 * random.normal()
    brainGain = exponential(0.25 * random.normal())
    eyeGain = exponential(0.25 * random.normal())
    muscleGain = exponential(0.35 * random.normal())
    heightMeters = 1.74 + 0.07 * random.normal()
    weightKilograms = 76 + 11 * random.normal()
    age = Int.random(in: 19...64, using: &random)
  }
}
