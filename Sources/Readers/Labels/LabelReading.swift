import Foundation
import SleepCore

/// The stages of one label file on the signal's clock, and what there is to tell about them.
struct LabelReading {
  /// `nil` where the file is a signal's own and holds no stages.
  let hypnogram: Hypnogram?
  private(set) var warnings: [String]
  /// When the lights went off, on the signal's clock, where the file says so.
  private(set) var lightsOffSeconds: Double?

  private static let farthestSeconds = 14.0 * 86_400

  /// - Parameters:
  ///   - rules: As the card says.
  ///   - signal: What the labels belong to; `nil` where there is no signal, so that all of them are kept.
  /// - Throws: ``ReadError`` where no word was understood, a number has two meanings, or nothing lies within the signal.
  init(_ file: LabelFile, rules: LabelRules?, signal: SignalClock?) throws {
    warnings = file.warnings
    if let seconds = rules?.windowSeconds, !LabelRules.windowRange.contains(seconds) {
      throw ReadError(file.url, found: "labels.window_seconds of \(plain(seconds))", expected: "0.1 to 3600")
    }
    let words = LabelWords(file, rules)
    warnings += try words.warnings()
    let scored = rules?.untilNext == true ? words.scored.lastingUntilNext() : words.scored
    guard !scored.isEmpty else {
      hypnogram = nil
      return
    }
    let window = Self.window(scored, rules, file)
    if window.isMeasured {
      warnings.append("\(file.name): its stages were scored in windows of \(plain(window.seconds)) s")
    }
    let length = window.seconds
    var runs = scored.map { one in
      StageRun(
        startSeconds: one.entry.onsetSeconds,
        durationSeconds: one.entry.hasLength ? one.entry.durationSeconds ?? length : length,
        stage: one.word.stage)
    }.enumerated().sorted { ($0.element.startSeconds, $0.offset) < ($1.element.startSeconds, $1.offset) }.map(\.element)
    try StageOverlap.check(runs, length / 2, file)
    warnings += Self.gaps(scored, length, file)
    guard let signal else {
      hypnogram = Hypnogram(runs: runs, signalSeconds: nil, windowSeconds: length)
      return
    }
    let shift = try LabelClock.shift(file, start: rules?.start, signal: signal)
    warnings += shift.warnings
    lightsOffSeconds = file.lightsOffSeconds.map { $0 + shift.seconds }
    if shift.seconds != 0 {
      runs = runs.map {
        StageRun(
          startSeconds: $0.startSeconds + shift.seconds, durationSeconds: $0.durationSeconds, stage: $0.stage)
      }
    }
    // A damaged time must not stretch the night.
    let near = runs.filter { abs($0.startSeconds) < Self.farthestSeconds }
    if near.count < runs.count, !near.isEmpty {
      warnings.append(
        "\(file.name): \(runs.count - near.count) of \(runs.count) stages lie more than two weeks from the signal's start and are "
          + "left out")
      runs = near
    }
    if !file.isSignalFile { try LabelClock.checkOverlap(runs, file, signal: signal) }
    warnings += Self.extent(runs, length, file, signal, shift: shift.seconds)
    hypnogram = Hypnogram(runs: runs, signalSeconds: signal.seconds, windowSeconds: length)
  }

  /// Reads a label file in the format that the card, its name or its first line tells.
  init(_ url: URL, rules: LabelRules?, signal: SignalClock?) throws {
    let own = rules?.rules(of: url)
    if own?.format != .mat { try LabelDocument.refuse(url) }
    let format = try own?.format ?? LabelFormat(of: url)
    try self.init(
      try format.reader.read(url, rules: own ?? LabelRules(), signal: signal), rules: own, signal: signal)
  }

  private static func window(_ scored: [LabelWords.Scored], _ rules: LabelRules?, _ file: LabelFile) -> ScoringWindow {
    if let seconds = rules?.windowSeconds ?? file.windowSeconds { return ScoringWindow(seconds: seconds) }
    let known = scored.filter { $0.word != .unscored }.map(\.entry).sorted { $0.onsetSeconds < $1.onsetSeconds }
    return ScoringWindow(onsets: known.map(\.onsetSeconds), durations: known.map { $0.durationSeconds ?? 0 })
  }

  /// What to tell where there are more scored windows than the signal has, or fewer of a file that has one for each.
  private static func extent(
    _ runs: [StageRun], _ window: Double, _ file: LabelFile, _ signal: SignalClock, shift: Double
  ) -> [String] {
    let scored = runs.filter { $0.stage != nil }
    let all = scored.reduce(0) { $0 + min($1.durationSeconds, farthestSeconds) } / window
    let inside =
      scored.reduce(0) { sum, run in
        sum + max(0, min(run.endSeconds, signal.seconds) - max(run.startSeconds, 0))
      } / window
    if all - inside > 1.5 {
      return [
        "\(file.name): \(Int((all - inside).rounded())) of \(Int(all.rounded())) scored windows of \(plain(window)) s lie outside "
          + "\(signal.name) and are left out"
      ]
    }
    guard file.windowSeconds != nil,
      let last = file.entries.map({ $0.onsetSeconds + ($0.durationSeconds ?? window) }).max()
    else { return [] }
    let end = last + shift
    guard signal.seconds - end > 1.5 * window else { return [] }
    return [
      "\(file.name): its windows of \(plain(window)) s end \(plain((signal.seconds - end).rounded())) s before \(signal.name) does"
    ]
  }

  /// What to tell where stages that say no length leave time between them.
  private static func gaps(_ scored: [LabelWords.Scored], _ window: Double, _ file: LabelFile) -> [String] {
    let ordered = scored.map(\.entry).sorted { $0.onsetSeconds < $1.onsetSeconds }
    let count = zip(ordered, ordered.dropFirst()).count {
      !$0.hasLength && $1.onsetSeconds - $0.onsetSeconds > 1.5 * window
    }
    guard count > 0 else { return [] }
    return [
      "\(file.name): \(count) \(count == 1 ? "stage says" : "stages say") no length before a gap: "
        + "\(count == 1 ? "it lasts" : "each lasts") one window of \(plain(window)) s"
    ]
  }
}

extension LabelFile {
  /// When the lights went off, by the first text that says so.
  var lightsOffSeconds: Double? {
    entries.first { $0.word.saysLightsOff }?.onsetSeconds
  }
}

extension String {
  /// Whether an annotation says that the lights went off.
  var saysLightsOff: Bool { ["lightsoff", "lightsout", "lightoff", "lightout"].contains(lettersAndDigits) }
}

extension LabelFile.Entry {
  /// Whether the file says how long it lasts; a length of 0 is none.
  var hasLength: Bool { (durationSeconds ?? 0) > 0 }
}
