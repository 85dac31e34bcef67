/// A label file's name as one may be known by: the name of a signal file with a word for scoring after it, `n1-Hypnogram.edf`,
/// `n1_sleepscoring.edf`, `n1-nsrr.xml`, or in text the signal file's own name, `n1.csv`.
struct ScoringName: Hashable, Sendable {
  /// The names, in small letters, of which a signal file may have one.
  let keys: [String]
  /// Whether the word can mean nothing but stages of sleep.
  let isPlain: Bool
  /// What no labels can be read of; `nil` for a label file.
  let document: LabelDocument?

  static let recordingExtensions: Set = ["edf", "bdf", "rec"]
  private static let textExtensions: Set = ["csv", "tsv", "txt", "xml", "st", "arousal", "annot", "eannot", "ids"]
  /// Beside a recording, JSON mostly tells about it: it is a label file by a word alone.
  private static let jsonWords = plainWords.union(["scoring"])
  private static let plainWords: Set = [
    "hypnogram", "hypno", "sleepscoring", "stages", "sleepstages", "staging", "nsrr", "profusion",
  ]
  private static let otherWords: Set = ["scoring", "annotations", "annotation", "labels", "events"]
  /// The words for scoring.
  static let words = plainWords.union(otherWords)

  /// - Returns: `nil` for a name that is no label file's.
  init?(_ file: FileName) {
    let isText = Self.textExtensions.contains(file.fileExtension)
    let isJSON = file.fileExtension == "json"
    document = LabelDocument(file.fileExtension)
    guard isText || isJSON || document != nil || Self.recordingExtensions.contains(file.fileExtension) else {
      return nil
    }
    var stem = file.stem.lowercased()
    // Compumedics names the export of `n1.edf` `n1.edf.xml`.
    if isText, let ending = Self.recordingExtensions.first(where: { stem.hasSuffix(".\($0)") }) {
      stem = String(stem.dropLast(ending.count + 1))
    }
    var keys = isText || document?.isSpreadsheet == true ? [stem] : []
    isPlain = Self.word(of: stem).map { Self.plainWords.contains($0.word) } ?? false
    if let (key, word) = Self.word(of: stem), !isJSON || Self.jsonWords.contains(word) {
      // The standard names `_events` after the entities of a recording; elsewhere it is no word for a scoring.
      if word != "events" || BIDSName(file.stem) != nil { keys.append(key) }
    }
    guard !keys.isEmpty else { return nil }
    self.keys = keys
  }

  /// What a signal file is called by in the names of its label files.
  static func keys(of signal: FileName) -> Set<String> {
    var keys: Set = [signal.stem.lowercased(), signal.base.lowercased()]
    if let name = BIDSName(signal.stem) { keys.insert(name.entities.lowercased()) }
    return keys
  }

  /// The word for scoring at a name's end, and what stands before it.
  private static func word(of stem: String) -> (key: String, word: String)? {
    guard let dash = stem.lastIndex(where: { "-_. ".contains($0) }), dash > stem.startIndex else { return nil }
    let word = String(stem[stem.index(after: dash)...])
    guard words.contains(word) else { return nil }
    return (String(stem[..<dash]), word)
  }
}
