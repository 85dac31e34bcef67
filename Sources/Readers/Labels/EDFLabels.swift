import Foundation
import SleepCore

/// Stages among the annotations of an EDF+ or BDF+ file.
struct EDFLabels: LabelFileReader {
  func read(_ url: URL, rules: LabelRules, signal: SignalClock?) throws -> LabelFile {
    let file = try EDFFile(url)
    let found = try file.annotations()
    var labels = LabelFile(found, of: file)
    labels.isSignalFile = false
    labels.zero = .own(file.start(found))
    labels.warnings = file.warnings + found.warnings
    return labels
  }
}

extension LabelFile {
  /// The annotations of a file, from its first record on.
  init(_ found: EDFAnnotations, of file: EDFFile) {
    self.init(url: file.url)
    entries = found.entries.map {
      Entry(onsetSeconds: $0.onsetSeconds, durationSeconds: $0.durationSeconds, word: $0.text)
    }
    mayHoldOthers = true
    isSignalFile = !file.channels.isEmpty
  }
}

extension EDFFile {
  /// What the clock said at the first record; `nil` where the header holds a placeholder.
  func start(_ own: EDFAnnotations) -> LocalTime? {
    guard abs(own.startOffsetSeconds) < 1e7 else { return header.clock }
    return header.clock?.adding(seconds: own.startOffsetSeconds)
  }
}

extension EDFAnnotations {
  /// When the lights went off, by the first text that says so.
  var lightsOffSeconds: Double? {
    entries.first { $0.text.saysLightsOff }?.onsetSeconds
  }
}
