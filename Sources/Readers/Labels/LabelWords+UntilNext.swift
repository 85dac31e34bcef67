extension [LabelWords.Scored] {
  /// The same in order of time, those that say no length lasting until the next one. The last, which nothing follows, keeps none; of two at
  /// one time the later one of the file holds.
  func lastingUntilNext() -> [LabelWords.Scored] {
    let ordered = enumerated().sorted {
      ($0.element.entry.onsetSeconds, $0.offset) < ($1.element.entry.onsetSeconds, $1.offset)
    }.map(\.element)
    return ordered.indices.compactMap { index in
      let (entry, word) = (ordered[index].entry, ordered[index].word)
      guard !entry.hasLength, index + 1 < ordered.count else { return ordered[index] }
      let length = ordered[index + 1].entry.onsetSeconds - entry.onsetSeconds
      guard length > 0 else { return nil }
      return LabelWords.Scored(
        entry: LabelFile.Entry(onsetSeconds: entry.onsetSeconds, durationSeconds: length, word: entry.word), word: word)
    }
  }
}
