import SleepCore

/// How far a label file begins after its signal, by the clocks of both.
enum LabelClock {
  /// Headers hold whole seconds: less is no difference.
  private static let least = 1.0
  private static let day = 86_400.0

  /// Seconds to move the labels by, with what to tell.
  ///
  /// - Throws: ``ReadError`` where the card asks for clocks that cannot be compared.
  static func shift(
    _ file: LabelFile, start: LabelStart?, signal: SignalClock
  ) throws -> (seconds: Double, warnings: [String]) {
    guard case .own(let own) = file.zero, start != .signal else {
      guard start == .labels else { return (0, []) }
      throw ReadError(
        file.url, found: "labels without a start of their own",
        expected: "onsets from the first sample of \(signal.name), as 'labels: {start: signal}' in the card says")
    }
    guard let own, let theirs = signal.start else {
      let silent = own == nil && signal.start == nil ? "both" : own == nil ? file.name : signal.name
      if let start {
        throw ReadError(
          file.url, found: "no start that can be compared with that of \(signal.name)",
          expected: "dates and times in both headers, for 'labels: {start: \(start.rawValue)}' in the card")
      }
      return (
        0,
        [
          "\(file.name): its clock and that of \(signal.name) cannot be compared, since \(silent) "
            + "\(silent == "both" ? "have" : "has") none: its stages are taken to begin with the signal"
        ]
      )
    }
    let seconds = difference(own, theirs)
    guard abs(seconds) >= least else { return (0, []) }
    let amount = plain((abs(seconds) * 1000).rounded() / 1000)
    return (
      seconds,
      [
        "\(file.name) begins \(amount) s \(seconds > 0 ? "after" : "before") \(signal.name): its stages are moved by "
          + "\(seconds > 0 ? "" : "-")\(amount) s"
      ]
    )
  }

  /// - Throws: ``ReadError`` with both times where no stage lies within the signal.
  static func checkOverlap(_ runs: [StageRun], _ file: LabelFile, signal: SignalClock) throws {
    let begin = runs.map(\.startSeconds).min() ?? 0
    let end = runs.map(\.endSeconds).max() ?? 0
    guard !runs.isEmpty, begin >= signal.seconds || end <= 0 else { return }
    func span(_ from: Double, _ to: Double) -> String {
      guard let start = signal.start, abs(from) < 1e9, abs(to) < 1e9 else {
        return "from \(plain(from.rounded())) to \(plain(to.rounded())) s"
      }
      return "from \(start.adding(seconds: from).text) to \(start.adding(seconds: to).text)"
    }
    var fix = ""
    if case .own = file.zero { fix = "; where a clock is wrong, 'labels: {start: signal}' in the card" }
    throw ReadError(
      file.url, found: "stages \(span(begin, end))",
      expected: "some of them while \(signal.name) was recorded, \(span(0, signal.seconds))\(fix)")
  }

  /// Seconds from one reading to the other: by the dates where both have one, else to the nearest such time of day.
  private static func difference(_ labels: LocalTime, _ signal: LocalTime) -> Double {
    let seconds = labels.seconds(since: signal)
    guard labels.day == nil || signal.day == nil else { return seconds }
    return seconds > day / 2 ? seconds - day : seconds
  }
}
