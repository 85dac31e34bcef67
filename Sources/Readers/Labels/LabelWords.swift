import Foundation
import SleepCore

/// The words of a label file, understood or not.
struct LabelWords {
  struct Scored {
    let entry: LabelFile.Entry
    let word: StageWord
  }

  /// The entries that name a stage or say that a window is unscored.
  let scored: [Scored]
  private let file: LabelFile
  private let unknown: [String]
  /// Texts that are no labels, as a card says.
  private let others: [String]
  private let only: String?
  private let vocabulary: StageVocabulary

  init(_ file: LabelFile, _ rules: LabelRules?) {
    self.file = file
    let vocabulary = StageVocabulary(rules?.vocabulary, numbers: file.numbers)
    self.vocabulary = vocabulary
    only = rules?.only
    let filter = LabelFilter(rules, vocabulary)
    var scored: [Scored] = []
    var unknown: [String] = []
    var others: [String] = []
    for entry in file.entries {
      guard filter.isLabel(entry.word) else {
        others.append(entry.word)
        continue
      }
      let isEvent =
        file.isEventList && Self.events.contains(entry.word.lettersAndDigits) && !vocabulary.isOwn(entry.word)
      if !isEvent, let word = vocabulary.meaning(of: entry.word) {
        scored.append(Scored(entry: entry, word: word))
      } else if !file.mayHoldOthers || !Self.isMark(entry.word) {
        unknown.append(entry.word)
      }
    }
    // A lone letter or number among a signal's own annotations may be a trigger as well: it is a stage beside other stages.
    if file.isSignalFile {
      func isBare(_ text: String) -> Bool { StageVocabulary.isBare(text) && !vocabulary.isOwn(text) }
      let isScored = scored.contains { !isBare($0.entry.word) }
      func isTrigger(_ text: String) -> Bool { isBare(text) && (!isScored || StageVocabulary.number(text) != nil) }
      unknown += scored.map(\.entry.word).filter(isTrigger)
      scored.removeAll { isTrigger($0.entry.word) }
    }
    self.scored = scored
    self.unknown = unknown
    self.others = others
  }

  /// What to tell of words that were not understood, or that are numbers.
  ///
  /// - Throws: ``ReadError`` where a label file holds no word that was understood, or a 4 that may be REM or stage 4.
  func warnings() throws -> [String] {
    guard !scored.isEmpty else {
      if file.isSignalFile {
        guard !unknown.isEmpty else { return [] }
        return [
          "\(file.name): none of its annotations names a stage: \(Self.counted(unknown)); "
            + "where some do, labels.vocabulary in the card says which"
        ]
      }
      guard !unknown.isEmpty else {
        guard let only, !others.isEmpty else {
          throw ReadError(file.url, found: "no stages", expected: Self.expectation)
        }
        throw ReadError(
          file.url, found: "no text as \(quotedName(only)) among \(Self.counted(others))",
          expected: "some of such labels, as labels.only in the card says")
      }
      throw ReadError(file.url, found: "no stage among \(Self.counted(unknown))", expected: Self.expectation)
    }
    var warnings: [String] = []
    if !unknown.isEmpty {
      let what =
        file.mayHoldOthers
        ? (unknown.count == 1
          ? "text names no known stage and is passed over" : "texts name no known stage and are passed over")
        : (unknown.count == 1
          ? "window is unscored, its word not known" : "windows are unscored, their words not known")
      warnings.append("\(file.name): \(unknown.count) \(what): \(Self.counted(unknown))")
    }
    return warnings + (try numbers())
  }

  /// Numbers have several meanings: which one was taken is told, and refused where it cannot be.
  private func numbers() throws -> [String] {
    guard file.numbers == .unsaid else { return [] }
    var meanings: [Double: StageWord] = [:]
    for one in scored where !vocabulary.isOwn(one.entry.word) {
      if let number = StageVocabulary.number(one.entry.word) { meanings[number] = one.word }
    }
    guard meanings.contains(where: { $0.key >= 0 }) else { return [] }
    if meanings[4] != nil, !scored.contains(where: { $0.word == .rem }) {
      throw ReadError(
        file.url, found: "the stage 4 and no 5",
        expected: "what 4 is, as the card says it: 'labels: {vocabulary: {4: REM}}' or 'labels: {vocabulary: {4: N3}}'")
    }
    let list = meanings.sorted { $0.key < $1.key }.map { "\(plain($0.key)) as \($0.value.rawValue)" }
    return ["\(file.name): its stages are numbers: \(list.joined(separator: ", "))"]
  }

  private static let expectation =
    "words such as 'W', 'N1', 'N2', 'N3' and 'REM'; labels.vocabulary in the card says what others mean"

  /// Words that mean an unscored window among stages, and may be of a moment among events.
  private static let events: Set = ["artifact", "artefact", "movement", "m", "u", "none", "no", "unknown", ""]

  /// Texts that scorers' programs put beside the stages.
  private static func isMark(_ text: String) -> Bool {
    let plain = text.lettersAndDigits
    return ["lights", "lighto", "recordingstart", "startrecording", "recordingend"].contains { plain.hasPrefix($0) }
  }

  /// The words with how often each occurs, the most frequent first.
  static func counted(_ words: [String]) -> String {
    let counts = Dictionary(words.map { (printable($0.utf8), 1) }, uniquingKeysWith: +)
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = counts.prefix(6).map { "'\($0.key)' (\($0.value))" }.joined(separator: ", ")
    return counts.count > 6 ? "\(shown) and \(counts.count - 6) more" : shown
  }
}
