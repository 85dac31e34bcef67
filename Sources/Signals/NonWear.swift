/// When a device that measures acceleration was not worn: it lay so still, for so long, as nobody who wears it does.
///
/// Follows [actipy](https://github.com/OxWearables/actipy), which took it from the accelerometer study of UK Biobank (Doherty et al., "Large
/// scale population assessment of physical activity using wrist worn accelerometers", 2017): windows of 10 s in which the standard deviation
/// of every axis is below 15 mg, one behind the other for longer than a number of minutes (90 there).
public enum NonWear {
  /// Seconds over which the standard deviation is taken.
  private static let windowSeconds = 10.0
  /// The standard deviation in g below which an axis is still.
  private static let stillDeviation = 0.015

  /// The stretches in which it was not worn.
  ///
  /// A missing sample counts as the one before it; a window without samples is not still.
  ///
  /// - Parameters:
  ///   - axes: `[axes][samples]` in g; a missing sample is not finite.
  ///   - seconds: When a sample was taken, in increasing order.
  ///   - minutes: The last of the windows that are still begins later than so many after the first.
  /// - Returns: From the first of these windows' start to the last one's.
  public static func stretches(
    _ axes: [[Float]], seconds: (Int) -> Double, stillMinutes minutes: Double
  ) -> [ClosedRange<Double>] {
    guard let count = axes.map(\.count).min(), count > 0 else { return [] }
    let start = seconds(0)
    func time(_ window: Double) -> Double { start + window * windowSeconds }
    var stretches: [ClosedRange<Double>] = []
    var run: (first: Double, last: Double)?
    func end() {
      if let run, (run.last - run.first) * windowSeconds > minutes * 60 {
        stretches.append(time(run.first)...time(run.last))
      }
      run = nil
    }
    var held = [Float](repeating: .nan, count: axes.count)
    var first = 0
    while first < count {
      let window = ((seconds(first) - start) / windowSeconds).rounded(.down)
      var next = first + 1
      while next < count, ((seconds(next) - start) / windowSeconds).rounded(.down) <= window { next += 1 }
      let areStill = axes.indices.map { isStill(axes[$0][first..<next], after: &held[$0]) }
      if let last = run?.last, window != last + 1 { end() }
      if areStill.allSatisfy({ $0 }) {
        run = (run?.first ?? window, window)
      } else {
        end()
      }
      first = next
    }
    end()
    return stretches
  }

  private static func isStill(_ samples: ArraySlice<Float>, after held: inout Float) -> Bool {
    var (count, mean, squares) = (0.0, 0.0, 0.0)
    for sample in samples {
      if sample.isFinite { held = sample }
      guard held.isFinite else { continue }
      count += 1
      let difference = Double(held) - mean
      mean += difference / count
      squares += difference * (Double(held) - mean)
    }
    return count > 1 && (squares / (count - 1)).squareRoot() < stillDeviation
  }
}
