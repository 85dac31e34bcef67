import SleepCore
import Training

/// Makes the pairs of each batch, for a head that may be told how each view was changed.
struct PairMaker {
  let options: PairOptions
  /// How many numbers a head reads behind each vector: the most that any of some sensors has; 0 where it is told nothing.
  let told: Int

  /// - Parameter inputs: The windows that pairs will be made of.
  init(_ options: PairOptions, _ inputs: [WindowContract]) {
    self.options = options
    let drawn = inputs.map { input in
      input.sensor.traits.showsBody ? MapAugmentation.drawn : SignalAugmentation.drawn * input.planes
    }
    told = options.told ? drawn.max() ?? 0 : 0
  }

  func callAsFunction(_ windows: PretextWindows, _ random: inout RandomSource) throws -> Pairs {
    try Pairs(windows, options, told: told, &random)
  }
}
