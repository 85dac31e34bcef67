import SleepCore

/// The stage that an EDF+ annotation names.
enum SleepStageText {
  /// `Sleep stage W|N1|N2|N3|1|2|3|4|R|?` and `Movement time`, stages 3 and 4 joined.
  ///
  /// - Returns: `.none` where the text names no stage; a run of `nil` for movement and unknown.
  static func stage(_ text: String) -> Stage?? {
    let words = text.split(separator: " ").map { $0.lowercased() }
    if words == ["movement", "time"] { return .some(nil) }
    guard words.count == 3, words[0] == "sleep", words[1] == "stage" else { return .none }
    switch words[2] {
    case "w": return .wake
    case "1", "n1": return .n1
    case "2", "n2": return .n2
    case "3", "4", "n3", "n4": return .n3
    case "r": return .rem
    case "?", "m": return .some(nil)
    default: return .none
    }
  }

  static let expectation = "'Sleep stage W', '1', '2', '3', '4', 'R' or '?', or 'Movement time'"
}

extension EDFAnnotations {
  /// The stages among the annotations; one without a duration lasts a window of 30 s.
  ///
  /// - Parameter mayHoldOthers: Whether annotations of other kinds are passed over.
  /// - Throws: ``ReadError`` for a stage that is not known, or where others may not stand, for any other text.
  func stageRuns(_ file: EDFFile, mayHoldOthers: Bool) throws -> [StageRun] {
    try entries.compactMap { entry in
      guard let stage = SleepStageText.stage(entry.text) else {
        if mayHoldOthers, !entry.text.lowercased().hasPrefix("sleep stage") { return nil }
        throw ReadError(
          file.url, found: "'\(entry.text)' at \(entry.onsetSeconds) s", expected: SleepStageText.expectation)
      }
      return StageRun(startSeconds: entry.onsetSeconds, durationSeconds: entry.durationSeconds ?? 30, stage: stage)
    }
  }
}
