import SleepCore
import Training

extension MapAugmentation {
  /// Which maps of a batch to turn left side right: all of a subject's or none, so that side tells its postures apart; `nil` where none is
  /// to be.
  func mirrored(_ windows: PretextWindows, _ random: inout RandomSource) -> [Bool]? {
    guard mirror else { return nil }
    let subjects = windows.subjects.isEmpty ? [Int](repeating: 0, count: windows.count) : windows.subjects
    var turned: [Int: Bool] = [:]
    for subject in subjects where turned[subject] == nil { turned[subject] = Bool.random(using: &random) }
    return subjects.map { turned[$0] ?? false }
  }
}
