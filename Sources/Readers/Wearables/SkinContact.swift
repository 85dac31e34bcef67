import SleepCore

/// When a device on a wrist did not feel skin, by its own sensor.
struct SkinContact {
  private(set) var notWorn: [Range<Double>] = []
  private(set) var warning: String?

  /// - Parameters:
  ///   - states: In order of time, in seconds from the file's 0 s; each holds until the next.
  ///   - limb: Where the file says that it was worn; elsewhere than on a limb's end there are clothes between.
  ///   - end: The file's end.
  init(_ states: [(seconds: Double, isWorn: Bool)], limb: String, end: Double, name: String) {
    guard states.contains(where: { !$0.isWorn }) else { return }
    guard states.contains(where: \.isWorn) else {
      warning = "\(name): its sensor of skin never felt any, and is not followed"
      return
    }
    guard limb.isEmpty || limb == "Wrist" || limb == "Ankle" else {
      warning = "\(name): its sensor of skin is not followed, since it was worn at '\(printable(limb.utf8))'"
      return
    }
    for (index, state) in states.enumerated() where !state.isWorn {
      let to = min(end, index + 1 < states.count ? states[index + 1].seconds : end)
      if max(0, state.seconds) < to { notWorn.append(max(0, state.seconds)..<to) }
    }
    let seconds = notWorn.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
    if seconds > 0 {
      warning = "\(name): not on skin for \(BlockClock.duration(seconds)) by its own sensor: missing"
    }
  }
}
