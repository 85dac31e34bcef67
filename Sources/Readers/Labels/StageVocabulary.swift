import SleepCore

/// What the words of label files mean: those of the AASM, of Rechtschaffen and Kales, of NSRR, Grass Twin, CAP, BIDS and Compumedics, and
/// a card's own. Case, spaces and punctuation do not count.
struct StageVocabulary {
  private let own: [String: StageWord]
  /// A card's words with stars, of which the one with the most letters counts.
  private let patterns: [(pattern: WordPattern, word: StageWord)]
  /// What every text is that is not known otherwise, as a card may say.
  private let others: StageWord?
  private let numbers: StageNumbers

  init(_ own: [String: StageWord]?, numbers: StageNumbers) {
    let words = (own ?? [:]).map { (pattern: WordPattern($0.key), word: $0.value) }
    self.own = Dictionary(
      words.filter { !$0.pattern.hasStar }.map { ($0.pattern.key, $0.word) }, uniquingKeysWith: { first, _ in first })
    patterns = words.filter { $0.pattern.hasStar && !$0.pattern.isAnything }
      .sorted { ($1.pattern.letters, $0.pattern.key) < ($0.pattern.letters, $1.pattern.key) }
    others = words.first { $0.pattern.isAnything }?.word
    self.numbers = numbers
  }

  /// - Returns: `nil` where the word is not known.
  func meaning(of text: String) -> StageWord? { meaningByItself(of: text) ?? others }

  /// What a text means without the word for all others that a card may have.
  func meaningByItself(of text: String) -> StageWord? {
    let key = Self.key(text)
    if let word = own(key) { return word }
    if let number = Self.number(text) { return meaning(of: number) }
    let words = key.split(separator: " ")
    let rest = words.filter { !Self.fillers.contains($0) }
    guard !rest.isEmpty || words.isEmpty else { return nil }
    let word = rest.joined()
    return Self.known[word] ?? (word.hasPrefix("stage") ? Self.known[String(word.dropFirst(5))] : nil)
  }

  /// What a card says of a word, without what it says of all others.
  private func own(_ key: String) -> StageWord? {
    own[key] ?? patterns.first { $0.pattern.matches(key: key) }?.word
  }

  /// Whether a card says what a word means.
  func isOwn(_ text: String) -> Bool { own(Self.key(text)) != nil }

  /// Whether a text of one letter or number says too little to be a stage among texts of other kinds.
  static func isBare(_ text: String) -> Bool { number(text) != nil || key(text).count <= 1 }

  /// The number that a text is, `2` or `2.0`.
  static func number(_ text: String) -> Double? {
    guard let value = Double(text.trimmingBlanks), value.isFinite else { return nil }
    return value
  }

  private func meaning(of number: Double) -> StageWord? {
    switch (number, numbers) {
    case (-1, _), (-2, _), (-3, _): .unscored
    case (0, _): .wake
    case (1, _): .n1
    case (2, _): .n2
    case (3, _): .n3
    case (4, .fiveStages): .rem
    case (4, _): .n3
    case (5, .older), (5, .unsaid): .rem
    case (6, .older), (6, .unsaid), (9, .older), (9, .unsaid): .unscored
    default: nil
    }
  }

  /// What counts of a word: `Stage - N2`, `stage_n2` and `STAGE N2` are one; `|2` at the end is NSRR's number of the words before it.
  static func key(_ text: String) -> String {
    number(text).map { plain($0) } ?? words(text)
  }

  /// The words of a text in small letters, without punctuation, even where they are a number.
  static func words(_ text: String) -> String {
    let words = text.prefix { $0 != "|" }.lowercased()
      .map { $0.isLetter || $0.isNumber || $0 == "?" ? $0 : " " }
    return String(words).split(separator: " ").joined(separator: " ")
  }

  /// Words that say that a stage follows, in several languages.
  private static let fillers: Set<Substring> = [
    "sleep", "stage", "stadium", "schlafstadium", "stade", "sommeil", "slaapstadium",
  ]

  private static let known: [String: StageWord] = {
    let table: [(StageWord, String)] = [
      (.wake, "0 w wake awake wakefulness s0 wk"),
      (.wake, "wach wachzustand éveil eveil veille vigilia veglia vaken våken vågen wakker despierto"),
      (.n1, "1 n1 s1 nrem1 nonrem1"),
      (.n2, "2 n2 s2 nrem2 nonrem2"),
      (.n3, "3 4 n3 n4 s3 s4 nrem3 nrem4 nonrem3 nonrem4 sws slowwave"),
      (.rem, "r re rem remschlaf remsleep paradoxal"),
      (.nrem, "n nrem nonrem"),
      (.n1, "sn1"), (.n2, "sn2"), (.n3, "sn3"),
      (
        .unscored,
        "? m mt movement movementtime artifact artefact u unknown unscored unscorable unscoreable unstaged notscored no none na "
          + "nan undefined indeterminate art uns"
      ),
    ]
    return Dictionary(
      uniqueKeysWithValues: table.flatMap { word, names in names.split(separator: " ").map { (String($0), word) } }
        + [("", .unscored)])
  }()
}

extension String {
  var trimmingBlanks: Substring {
    let start = drop { $0.isWhitespace }
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...end]
  }
}
