/// The length of the windows that somebody scored, out of the times of their stages.
struct ScoringWindow {
  let seconds: Double
  /// Whether the times themselves say so, and not a rule or the usual 30 s.
  let isMeasured: Bool

  private static let usual = 30.0
  private static let others = [20.0, 15, 10, 5, 4, 3, 2, 1]

  /// The share of times that must be multiples of a length: a stray onset among the others must not shrink the windows of a night.
  private static let enough = 0.8

  /// The longest of the usual lengths of which nearly all times are multiples; 30 s where none fits.
  ///
  /// - Parameters:
  ///   - onsets: Starts of the scored stages, in order.
  ///   - durations: Their lengths; 0 where there is none. The last, which may be cut short, does not count.
  init(onsets: [Double], durations: [Double]) {
    let steps = zip(onsets, onsets.dropFirst()).map { $1 - $0 }
    let times = (steps + (durations.count > 1 ? Array(durations.dropLast()) : durations)).filter { $0 > 0 }
    func divides(_ length: Double) -> Bool {
      let fitting = times.count { abs($0 / length - ($0 / length).rounded()) * length < 0.05 }
      return Double(fitting) >= Self.enough * Double(times.count)
    }
    guard !times.isEmpty, !divides(Self.usual), let length = Self.others.first(where: divides) else {
      self.init(seconds: Self.usual)
      return
    }
    self.init(seconds: length, isMeasured: true)
  }

  init(seconds: Double, isMeasured: Bool = false) {
    self.seconds = seconds
    self.isMeasured = isMeasured
  }
}
