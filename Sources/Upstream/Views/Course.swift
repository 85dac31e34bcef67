import SleepCore
import Encoders

extension Sensor {
  /// Whether a window has a course in time: enough samples that their order means something.
  var hasCourse: Bool { traits.form == .signal && traits.hasSpectrum }
}

/// Refuses windows in whose few samples there is no order to be told.
///
/// - Throws: `EncoderError` with the first of the windows that is too short.
func requireSamples(_ least: Int, in inputs: [WindowContract], for task: String) throws {
  guard let short = inputs.first(where: { $0.mapShape.columns < least }) else { return }
  throw EncoderError.recipe(
    "\(task): windows of \(short.summary), expected at least \(least) samples; leave \(short.sensor.rawValue) out of the task's "
      + "'sensors'")
}

/// As many tosses of a coin.
func coins(_ count: Int, _ random: inout RandomSource) -> [Bool] {
  (0..<count).map { _ in Bool.random(using: &random) }
}
