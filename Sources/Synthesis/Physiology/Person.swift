import SleepCore

/// What tells one made-up person from another.
///
/// People differ as much as real ones do, so that a level that tells a stage or posture of one does not tell it of another: by a
/// factor of 1.5 to 2 in the strength of a rhythm or of an electrode's noise, by a hand or two in where they lie on the mat.
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
  /// Multiplies each of the brain's rhythms besides.
  let deltaGain, thetaGain, alphaGain, betaGain: Double
  /// Noise of the electrodes of EEG and EOG, and of the chin's muscle, in uV.
  let electrodeNoise, muscleNoise: Double
  /// Multiplies how often the eyes move.
  let eyeActivity: Double
  let heightMeters: Double
  let weightKilograms: Double
  /// Where the person is wont to lie: the crown of the head from the mat's first row and the spine from its middle, in metres, and the turn
  /// in radians.
  let placeTop, placeSide, placeTurn: Double
  /// Multiplies the noise of the mat's sensors under this person.
  let matNoise: Double
  let age: Int

  init(_ number: Int, seed: UInt64) {
    var random = RandomSource(seed: seed, for: "person \(number)")
    /// A normal deviate that is not odd.
    func usual() -> Double { min(2.5, max(-2.5, random.normal())) }
    self.number = number
    restingHeartRate = 61 + 8 * usual()
    breathsPerMinute = 14.5 + 2 * usual()
    heartReactivity = exponential(0.35 * usual())
    restlessness = exponential(0.3 * usual())
    alphaHz = 10 + 0.8 * usual()
    spindleHz = 13.2 + 0.6 * usual()
    brainGain = exponential(0.35 * usual())
    eyeGain = exponential(0.35 * usual())
    muscleGain = exponential(0.5 * usual())
    deltaGain = exponential(0.3 * usual())
    thetaGain = exponential(0.3 * usual())
    alphaGain = exponential(0.5 * usual())
    betaGain = exponential(0.5 * usual())
    electrodeNoise = 3 * exponential(0.6 * usual())
    muscleNoise = 2 * exponential(0.6 * usual())
    eyeActivity = exponential(0.4 * usual())
    heightMeters = 1.72 + 0.08 * usual()
    weightKilograms = 76 + 13 * usual()
    placeTop = max(0, 0.11 + 0.05 * usual())
    placeSide = 0.06 * usual()
    placeTurn = 0.09 * usual()
    matNoise = exponential(0.3 * usual())
    age = Int.random(in: 19...64, using: &random)
  }
}
